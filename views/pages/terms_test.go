package pages

import (
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/viewtest"
)

func init() {
	head := sampleConversation(true)
	row := sampleRow(head, "maya", "Maya Lindqvist", chat.Read)
	row.Until, row.HistoryFrom = now.Add(20*time.Hour), now.AddDate(0, 0, -9)
	watched := row
	watched.Head.CanModerate = false
	samples["ParticipantRow, until"] = ParticipantRow(row)
	samples["ParticipantRow, until, viewer"] = ParticipantRow(watched)
	samples["Terms"] = Terms(TermsView{ConversationHead: head, Participant: row.Participant, Form: TermsFormOf(row.Participant, now), Back: "/back"})
	samples["Terms, refused"] = Terms(TermsView{ConversationHead: head, Participant: row.Participant, Form: TermsForm{Until: "x", History: "days", Days: "0"}, Back: "/back", Error: "Not saved.",
		Errors: map[string]string{"accessUntil": "must lie ahead", "days": "must be a number", "historyFrom": "is wrong"}})
	over := head.Conversation
	over.GuestsUntil = now.Add(-time.Hour)
	soon := head.Conversation
	soon.GuestsUntil = now.AddDate(0, 0, 20)
	view := EndingsView{Frame: head.Frame, App: "shop", CanModerate: true, CanManage: true, Older: "/older", Guests: []chat.Conversation{over, soon},
		Rows: []EndingRow{{Participant: row.Participant, Subject: "Spring fair"}, {Participant: sampleRow(head, "kit", "", chat.ReadWrite).Participant}}}
	samples["Endings"] = Endings(view)
	view.CanModerate, view.CanManage, view.Error = false, false, "Not extended."
	samples["Endings, viewer"] = Endings(view)
	samples["Endings, none"] = Endings(EndingsView{Frame: head.Frame, App: "shop"})
	samples["Endings, no match"] = Endings(EndingsView{Frame: head.Frame, App: "shop", Filter: EndingsFilter{Within: "7"}})
	for name, c := range map[string]chat.Conversation{"over": over, "soon": soon} {
		h := head
		h.Conversation, h.Tab = c, "guests"
		samples["Guests, "+name] = Guests(GuestsView{ConversationHead: h})
	}
}

func TestEndsInWords(t *testing.T) {
	for want, at := range map[string]time.Time{"ended": now, "ends within a minute": now.Add(time.Second), "ends in 20 h": now.Add(20 * time.Hour), "until 20 Mar": now.AddDate(0, 0, 6), "until 3 Mar 2027": time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC)} {
		if got := untilText(t.Context(), at, now); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	if untilTone(now.Add(time.Hour), now) != components.Warn || untilTone(now.AddDate(0, 1, 0), now) != components.Outline {
		t.Error("what ends soon stands out no more than the rest")
	}
	for _, ref := range []chat.ParticipantRef{{Conversation: "a b/ü", User: "x y+%"}, {Conversation: "c", User: ""}} {
		if got, ok := ReadEndingValue(EndingValue(ref.Conversation, ref.User)); !ok || got != ref {
			t.Errorf("%+v as %+v", ref, got)
		}
	}
	if _, ok := ReadEndingValue("nonsense"); ok {
		t.Error("nonsense is read")
	}
}

// Once their time is over guests are let in again by the setting that held before, with one press.
func TestGuestsWhoseTimeIsOverAreLetInAgain(t *testing.T) {
	head := sampleConversation(true)
	head.Conversation.GuestsUntil = now
	if label, to, ok := head.guestSwitch(t.Context()); !ok || label != "Allow guests" || to != chat.GuestsInherit {
		t.Errorf("%s %s %t", label, to, ok)
	}
	if doc := viewtest.Render(t, ConversationPage(head)); doc.Find("[data-testid=guests] .badge").Text() != "ended" {
		t.Error(doc.Find("[data-testid=guests]").Text())
	}
}
