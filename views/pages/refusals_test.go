package pages

import (
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func init() {
	v := RefusalsView{Frame: sampleSettings(chat.Owner, "").Frame, App: "shop"}
	samples["Refusals, none"] = Refusals(v)
	v.Rows = []chat.Call{sampleCall("user.set", chat.CallObserved, chat.UserSyncOff), sampleCall("participant.set", chat.CallRefused, chat.AccessCeiling),
		{At: now, Command: "user.get", Outcome: chat.CallRefused, Reason: "new_reason", RequestID: "req_x"}}
	v.Older = "/apps/shop/refusals?after=x"
	samples["Refusals"] = Refusals(v)
	v.Rows, v.Filter = nil, RefusalFilter{Reason: "read_only"}
	samples["Refusals, no match"] = Refusals(v)
	v.Filter = RefusalFilter{Request: "req_nope"}
	samples["Refusals, no request"] = Refusals(v)
}

// Every reason that the rules refuse a browser for has its words and its remedy.
func TestEveryRefusalOfABrowserIsExplained(t *testing.T) {
	user := chat.Actor{Kind: chat.UserActor, ID: "u", App: "app", Source: chat.Browser, Verified: true}
	nobody := user
	nobody.Verified = false
	seen := map[chat.Reason]bool{}
	for _, s := range everySecurity() {
		for _, op := range []chat.Operation{chat.OpUserCreate, chat.OpUserSetSelf, chat.OpUserSetRole, chat.OpUserSetOther, chat.OpConversationRead, chat.OpConversationCreate, chat.OpConversationEdit,
			chat.OpParticipantAdd, chat.OpParticipantJoin, chat.OpParticipantEditAccess, chat.OpParticipantEditNotify, chat.OpParticipantRemove, chat.OpParticipantLeave,
			chat.OpMessageRead, chat.OpMessageSend, chat.OpMessageSendAs, chat.OpMessageEditOther, chat.OpMessageMarkRead, chat.OpGuestEnter} {
			for _, place := range append([]chat.Access{""}, chat.Accesses...) {
				for bits := range 32 {
					f := chat.Facts{App: "app", Security: s, Exists: bits&1 != 0, AsGuest: bits&2 != 0, Self: bits&4 != 0, Blocked: bits&8 != 0, Place: place}
					if bits&16 != 0 {
						f.Ceiling = chat.AccessNone
					}
					for _, who := range []chat.Actor{user, nobody} {
						if r := chat.ReasonOf(chat.Allow(who, op, f)); r != "" {
							seen[r] = true
						}
					}
				}
			}
		}
	}
	if len(seen) < 8 {
		t.Fatalf("only %d reasons", len(seen))
	}
	for r := range seen {
		if _, ok := ruleWords[r]; !ok {
			t.Errorf("%s is not explained", r)
		}
	}
	for r, w := range ruleWords {
		if w.rule == "" || w.why == "" || w.remedy == "" || (w.to == nil) != (w.link == "") {
			t.Errorf("%s: %+v", r, w)
		}
	}
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	doc := viewtest.Render(t, samples["Refusals"])
	row := doc.Find("[data-testid=refusal]").First()
	text := strings.Join(strings.Fields(row.Text()), " ")
	for _, want := range []string{"u_maya", "user.set", "User synchronization is disallowed", "a box only observes", "PUT /v1/{appId}/users/{userId}", "https://market.example", "req_user"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if row.Find("a[href='/apps/shop/settings/security']").Length() != 1 || row.Find("a[href='/apps/shop/users/u_maya']").Length() != 1 {
		t.Error("no way to the remedy or to the user")
	}
}
