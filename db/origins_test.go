package db_test

import (
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestOriginsAreThoseOfTheNewestCalls(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	count := func(app chat.AppID, origin string) {
		t.Helper()
		if err := s.CountCalls(t.Context(), []chat.Call{{App: app, At: clock.Now(), Command: "user.get", Outcome: chat.CallAllowed, Origin: origin}}); err != nil {
			t.Fatal(err)
		}
	}
	count("shop", "https://old.example")
	clock.Add(8 * 24 * time.Hour)
	count("shop", "https://a.example")
	clock.Add(2 * time.Hour)
	count("shop", "https://b.example")
	clock.Add(2 * time.Hour)
	count("shop", "https://a.example")
	clock.Add(2 * time.Hour)
	count("shop", "")
	count("other", "https://c.example")
	all, err := s.Origins(t.Context(), "shop", clock.Now().Add(-7*24*time.Hour))
	if err != nil || len(all) != 2 || all[0].Origin != "https://a.example" || all[1].Origin != "https://b.example" || !all[0].At.After(all[1].At) {
		t.Errorf("%+v %v", all, err)
	}
}

func TestEventsOfOneRequest(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	dbtest.App(t, s, "other", "maya")
	actor := dbtest.Tom
	actor.RequestID = "req_1"
	for _, app := range []chat.AppID{"shop", "other"} {
		if _, err := s.CreateConversation(t.Context(), actor, app, "fair", chat.ConversationChange{}, "maya"); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Events(t.Context(), db.EventQuery{App: "shop", RequestID: "req_1"})
	if err != nil || len(p.Items) != 2 {
		t.Fatalf("%+v %v", p.Items, err)
	}
	for _, e := range p.Items {
		if e.App != "shop" || e.RequestID != "req_1" {
			t.Errorf("%+v", e)
		}
	}
}
