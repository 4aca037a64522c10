package db_test

import (
	"context"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

var ctx = context.Background()

func TestJoinOverwritesAndChangeKeeps(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	ref := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}

	clock.Add(time.Minute)
	if _, err := s.ChangeParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}, chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Participant(ctx, ref)
	if err != nil || p.Access != chat.ReadWrite || p.Notify != chat.NotifyNone {
		t.Fatalf("after PATCH: %+v %v", p, err)
	}
	e, err := s.PutParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{Access: chat.Some(chat.Read)})
	if err != nil || e.Type != chat.ParticipantUpdated {
		t.Fatalf("%+v %v", e, err)
	}
	p, _ = s.Participant(ctx, ref)
	if p.Access != chat.Read || p.Notify != chat.NotifyAll {
		t.Fatalf("a repeated Join overwrites: %+v", p)
	}
	if e, err := s.PutParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{Access: chat.Some(chat.Read)}); err != nil || e.Seq != 0 {
		t.Fatalf("the same Join again is no change: %+v %v", e, err)
	}
	c, _ := s.Conversation(ctx, "shop", "fair")
	if c.Counts != (chat.Counts{Read: 1}) {
		t.Fatalf("counts %+v", c.Counts)
	}
	if _, err := s.Undo(ctx, dbtest.Ana, "shop", e.Seq); err != nil {
		t.Fatal(err)
	}
	if p, _ = s.Participant(ctx, ref); p.Access != chat.ReadWrite || p.Notify != chat.NotifyNone {
		t.Fatalf("undone: %+v", p)
	}
	if _, err := s.Undo(ctx, dbtest.Ana, "shop", e.Seq); chat.ReasonOf(err) != chat.CannotUndo {
		t.Fatalf("undo twice: %v", err)
	}
}

func TestBulkRemoveAndUndo(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "kit")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob", "kit")
	r, err := s.RemoveParticipants(ctx, dbtest.Tom, "shop", "fair", []chat.UserID{"maya", "bob", "maya"})
	if err != nil || len(r.Changed) != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	u, err := s.UndoBatch(ctx, dbtest.Tom, "shop", r.Batch)
	if err != nil || u.Undone != 2 {
		t.Fatalf("%+v %v", u, err)
	}
	page, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "fair"})
	if err != nil || len(page.Items) != 3 {
		t.Fatalf("%+v %v", page, err)
	}
	a, _ := s.App(ctx, "shop")
	if a.Participants != 3 || a.Users != 3 || a.Conversations != 1 {
		t.Fatalf("%+v", a)
	}
	found, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "fair", Search: "ÁYA"})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("%+v %v", found, err)
	}
	users, err := s.Users(ctx, db.UserQuery{App: "shop", Search: "m"})
	if err != nil || len(users.Items) != 1 || users.Items[0].ID != "maya" {
		t.Fatalf("%+v %v", users, err)
	}
}
