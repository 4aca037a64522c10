package db_test

import (
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func signalled(woken <-chan struct{}) bool {
	select {
	case <-woken:
		return true
	default:
		return false
	}
}

// Whoever follows the events is woken after each commit that wrote some, and finds them there; several commits may be
// one signal. Changes of nothing, refusals and counts of use wake nobody.
func TestWake(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	woken, stop := s.Wake()
	other, stopOther := s.Wake()
	defer stopOther()
	if signalled(woken) {
		t.Error("woken by what was there")
	}
	seq, err := s.LastSeq(ctx)
	if err != nil || seq == 0 {
		t.Fatal(seq, err)
	}
	send := func() {
		t.Helper()
		if _, err := s.SendMessage(ctx, maya(chat.Security{}), "shop", "fair", chat.NewMessage{Text: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	send()
	if !signalled(woken) || signalled(woken) || !signalled(other) {
		t.Error("one change is one signal for each")
	}
	events, err := s.EventsAfter(ctx, seq, 10)
	if err != nil || len(events) != 1 || events[0].Type != chat.MessageSent {
		t.Errorf("%+v %v", events, err)
	}
	if n := events[0].News(); n.Seq != events[0].Seq || n.App != "shop" || n.Type != chat.MessageSent || n.Conversation != "fair" || n.User != "maya" || n.Kind != chat.UserActor || n.ActorID != "maya" || n.ActorName != "Maya" {
		t.Errorf("%+v", n)
	}
	send()
	send()
	if !signalled(woken) || signalled(woken) {
		t.Error("signals that wait are one")
	}
	if last, err := s.LastSeq(ctx); err != nil || last != seq+3 {
		t.Errorf("%d %v, want %d", last, err, seq+3)
	}
	signalled(other)
	for name, err := range map[string]error{
		"refused": one(s.PutParticipant(ctx, dbtest.Vic, place("bob"), chat.ParticipantChange{})),
		"nothing": one(s.RemoveParticipant(ctx, dbtest.Tom, place("bob"))),
		"counted": s.CountCalls(ctx, []chat.Call{{App: "shop", At: clock.Now(), Command: "user.get", Outcome: chat.CallAllowed}}),
	} {
		if (err != nil) != (name == "refused") || signalled(woken) {
			t.Errorf("%s: %v, or somebody was woken", name, err)
		}
	}
	stop()
	send()
	if signalled(woken) || !signalled(other) {
		t.Error("who stopped is woken, or who didn't isn't")
	}
}

// The changes of a request are found by its id.
func TestEventsOfARequest(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair")
	tom := dbtest.Tom
	for user, request := range map[chat.UserID]string{"maya": "req_1", "bob": "req_2"} {
		tom.RequestID = request
		if _, err := s.PutParticipant(ctx, tom, place(user), chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	for request, want := range map[string]int{"req_1": 1, "req_2": 1, "req_3": 0} {
		p, err := s.Events(ctx, db.EventQuery{App: "shop", RequestID: request})
		if err != nil || len(p.Items) != want || want == 1 && p.Items[0].RequestID != request {
			t.Errorf("%s: %+v %v", request, p.Items, err)
		}
	}
}
