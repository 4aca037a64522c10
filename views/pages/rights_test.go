package pages

import (
	"context"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleRights(s chat.Security) RightsView {
	h := sampleConversation(true)
	h.Security, h.Tab = s, "rights"
	return RightsView{ConversationHead: h, Relations: Relations(context.Background(), s, h.Conversation)}
}

func init() {
	v := sampleRights(chat.Security{Guests: chat.GuestsFollow})
	samples["Rights"] = Rights(v)
	facts := chat.Facts{App: "shop", Security: v.Security, Exists: true}
	v.Picked = &PersonRights{App: "shop", User: chat.User{ID: "u_maya", Name: "Maya"}, Conversation: v.Conversation, Relations: RelationsOf(context.Background(), facts)}
	samples["Rights, picked"] = Rights(v)
	v.Picked, v.User, v.Error = nil, "nobody", "There is no user “nobody” in this app."
	samples["Rights, nobody"] = Rights(v)
}

// The table says what the rules say, in every state of the switches, for every relation.
func TestTheRightsAreTheRules(t *testing.T) {
	for _, s := range everySecurity() {
		for _, guests := range chat.ConversationGuestValues {
			conv := chat.Conversation{App: "app", ID: "fair", Guests: guests}
			for i, r := range Relations(t.Context(), s, conv) {
				f := chat.Facts{App: "app", Security: s, Exists: true, Guests: guests, AsGuest: i == 3}
				if i < 2 {
					f.Place = []chat.Access{chat.ReadWrite, chat.Read}[i]
				}
				for _, a := range r.Abilities {
					if a.Allowed != (chat.Allow(somebody("app"), a.Operation, f) == nil) {
						t.Errorf("%s, %s under %+v with %s: the table says %v", r.Name, a.What, s, guests, a.Allowed)
					}
					if strings.TrimSpace(a.Why) == "" {
						t.Errorf("%s, %s: no rule is named", r.Name, a.What)
					}
				}
			}
		}
	}
}

func TestEveryCellSaysYesOrNoAndWhy(t *testing.T) {
	doc := viewtest.Render(t, samples["Rights"])
	if rows := doc.Find("[data-testid=right]"); rows.Length() != 6 || rows.Find("td").Length() != 24 {
		t.Fatalf("%d rows, %d cells", rows.Length(), rows.Find("td").Length())
	}
	for _, node := range doc.Find("[data-testid=right] td").Nodes {
		if text := doc.FindNodes(node).Text(); !strings.Contains(text, "Yes") && !strings.Contains(text, "No") {
			t.Errorf("%q", text)
		}
	}
}

func TestThoseWhoAreKeptOutAreToldApart(t *testing.T) {
	for want, p := range map[string]PersonRights{"Kept out": {Place: chat.AccessNone}, "On the list: Read only.": {Place: chat.Read}, "shown out as a guest": {Blocked: true},
		"can’t come back": {Ceiling: chat.AccessNone}, "is to read": {Ceiling: chat.Read}, "Not on the list.": {}} {
		if got := p.standing(t.Context()); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
