package db_test

import (
	"fmt"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// What is unread: messages of others behind what one has read. Reading moves on, marking as unread moves back, each
// tells those who listen, and what moves nothing tells nothing.
func TestUnread(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	me, bob := maya(chat.Security{}), chat.Actor{Kind: chat.UserActor, ID: "bob", Name: "Bob", Source: chat.Browser, App: "shop"}
	send := func(a chat.Actor) chat.Message {
		t.Helper()
		m, err := s.SendMessage(ctx, a, "shop", "fair", chat.NewMessage{Text: "hello"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	seen, err := s.LastSeq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	is := func(step string, read int64, unread int, told ...string) {
		t.Helper()
		list, err := s.UserConversations(ctx, "maya", db.ConversationQuery{App: "shop"})
		if err != nil || len(list.Items) != 1 || list.Items[0].ReadSeq != read || list.Items[0].Unread != unread {
			t.Errorf("%s: %+v %v", step, list.Items, err)
		}
		if m, err := s.ConversationOf(ctx, me, "fair"); err != nil || m.ReadSeq != read || m.Unread != unread {
			t.Errorf("%s: %+v %v", step, m, err)
		}
		if all, err := s.Readers(ctx, bob, "fair"); err != nil || len(all) != 2 || all["maya"] != read {
			t.Errorf("%s: %v %v", step, all, err)
		}
		events, err := s.EventsAfter(ctx, seen, 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range events {
			seen = e.Seq
			if e.Type == chat.MessageRead && e.User == "maya" && e.Conversation == "fair" {
				got = append(got, string(e.After))
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(told) {
			t.Errorf("%s: told %v, want %v", step, got, told)
		}
	}
	is("at first", 0, 0)
	last := send(bob)
	for range 2 {
		last = send(bob)
	}
	is("three of bob's", 0, 3)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(s.SetRead(ctx, me, "fair", 2))
	is("two read", 2, 1, `{"seq":2}`)
	do(s.SetRead(ctx, me, "fair", 1))
	is("read before", 2, 1)
	do(s.SetRead(ctx, me, "fair", 99))
	is("further than there is", 3, 0, `{"seq":3}`)
	do(s.MarkUnread(ctx, me, "fair", 0))
	is("the last unread", 2, 1, `{"seq":2}`)
	do(s.MarkUnread(ctx, me, "fair", 3))
	is("unread already", 2, 1)
	do(s.MarkUnread(ctx, me, "fair", 1))
	is("all unread", 0, 3, `{"seq":0}`)
	do(s.SetRead(ctx, me, "fair", 0))
	is("all read", 3, 0, `{"seq":3}`)
	send(me)
	is("one's own is read", 4, 0)
	do(s.MarkUnread(ctx, me, "fair", 3))
	is("one's own is never unread", 2, 1, `{"seq":2}`)
	if _, err := s.DeleteMessage(ctx, bob, "shop", "fair", last.ID); err != nil {
		t.Fatal(err)
	}
	is("nor are deleted ones", 2, 0)
	for range db.MaxUnread + 5 {
		send(bob)
	}
	is("as far as is counted", 2, db.MaxUnread)
	audit, err := s.Events(ctx, db.EventQuery{App: "shop", Conversation: "fair"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range audit.Items {
		if e.Type.Talk() {
			t.Errorf("the audit log has %s", e.Type)
		}
	}
}

// In large conversations reading is remembered and told to nobody.
func TestManyReaders(t *testing.T) {
	s, _ := dbtest.New(t)
	var users []chat.UserID
	for i := range db.MaxReaders + 1 {
		users = append(users, chat.UserID(fmt.Sprintf("u%d", i)))
	}
	dbtest.App(t, s, "shop", append(users, "maya")...)
	dbtest.Conversation(t, s, "shop", "fair", append(users[2:], "maya")...)
	me := maya(chat.Security{})
	if _, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "u5", Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	told := func() bool {
		t.Helper()
		before, _ := s.LastSeq(ctx)
		if err := s.SetRead(ctx, me, "fair", 0); err != nil {
			t.Fatal(err)
		}
		after, err := s.LastSeq(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.MarkUnread(ctx, me, "fair", 0); err != nil {
			t.Fatal(err)
		}
		return after > before
	}
	if all, err := s.Readers(ctx, me, "fair"); !told() || err != nil || len(all) != db.MaxReaders {
		t.Errorf("with %d: %d readers, %v", db.MaxReaders, len(all), err)
	}
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("u0"), accessOf(chat.AccessNone)); err != nil {
		t.Fatal(err)
	}
	if !told() {
		t.Error("a banned one counts as a reader")
	}
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("u1"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Readers(ctx, me, "fair"); told() || err != nil || len(all) != 0 {
		t.Errorf("with one more: %d readers, %v", len(all), err)
	}
	if m, err := s.ConversationOf(ctx, me, "fair"); err != nil || m.Unread != 1 {
		t.Errorf("%+v %v", m, err)
	}
}
