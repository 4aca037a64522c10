package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func texts(t *testing.T, s *db.Store, actor chat.Actor, deleted bool) string {
	t.Helper()
	p, err := s.Messages(ctx, actor, db.MessageQuery{App: "shop", Conversation: "fair", Deleted: deleted, Window: db.Window{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range p.Items {
		all = append(all, fmt.Sprintf("%s:%s", m.Sender, m.Text))
	}
	return strings.Join(all, " ")
}

// A message is sent, edited, deleted: what is listed, what the conversation says of itself, and the events.
func TestMessagesFromSendingToDeleting(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	me, backend := maya(chat.Security{}), dbtest.Backend("shop")
	start := newestEvent(t, s)
	send := func(a chat.Actor, m chat.NewMessage) chat.Message {
		t.Helper()
		clock.Add(time.Minute)
		sent, err := s.SendMessage(ctx, a, "shop", "fair", m)
		if err != nil {
			t.Fatal(err)
		}
		return sent
	}
	one := send(me, chat.NewMessage{Text: "hello", Custom: map[string]string{"k": "v"}})
	two := send(backend, chat.NewMessage{Sender: "bob", Text: "hi"})
	three := send(backend, chat.NewMessage{Type: chat.SystemMessage, Text: "Bob waves"})
	if one.Seq != 1 || two.Seq != 2 || three.Seq != 3 || one.Origin != "web" || two.Origin != "rest" || three.Sender != "" || one.SenderName != "Maya" {
		t.Fatalf("%+v %+v %+v", one, two, three)
	}
	if got := texts(t, s, me, false); got != ":Bob waves bob:hi maya:hello" {
		t.Fatal(got)
	}
	c, _ := s.Conversation(ctx, "shop", "fair")
	if c.Messages != 3 || c.LastMessage.Text != "Bob waves" || !c.LastActivityAt.Equal(clock.Now()) {
		t.Fatalf("%+v", c)
	}
	clock.Add(time.Minute)
	edit := chat.MessageChange{Text: chat.Some("hello all")}
	if e, err := s.EditMessage(ctx, me, "shop", "fair", one.ID, edit); err != nil || e.Type != chat.MessageEdited {
		t.Fatalf("%+v %v", e, err)
	}
	if e, err := s.EditMessage(ctx, me, "shop", "fair", one.ID, edit); err != nil || e.Seq != 0 {
		t.Fatalf("the same again: %+v %v", e, err)
	}
	m, err := s.Message(ctx, me, "shop", "fair", one.ID)
	if err != nil || m.Text != "hello all" || !m.EditedAt.Equal(clock.Now()) || m.Custom["k"] != "v" {
		t.Fatalf("%+v %v", m, err)
	}
	if e, err := s.DeleteMessage(ctx, dbtest.Tom, "shop", "fair", three.ID); err != nil || e.Type != chat.MessageRemoved {
		t.Fatalf("%+v %v", e, err)
	}
	if e, err := s.DeleteMessage(ctx, dbtest.Tom, "shop", "fair", three.ID); err != nil || e.Seq != 0 {
		t.Fatalf("deleted again: %+v %v", e, err)
	}
	if c, _ = s.Conversation(ctx, "shop", "fair"); c.Messages != 2 || c.LastMessage.Text != "hi" {
		t.Fatalf("%+v %+v", c, c.LastMessage)
	}
	if got, all := texts(t, s, me, false), texts(t, s, me, true); got != "bob:hi maya:hello all" || all != ": bob:hi maya:hello all" {
		t.Fatalf("%q %q", got, all)
	}
	if four := send(me, chat.NewMessage{Text: "on"}); four.Seq != 4 {
		t.Fatalf("a deleted place was given away: %d", four.Seq)
	}
	// Listeners hear all of it in order; the audit log has only what an admin did.
	heard, err := s.EventsAfter(ctx, start, 100)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range heard {
		kinds = append(kinds, strings.TrimPrefix(string(e.Type), "message."))
	}
	if got := strings.Join(kinds, " "); got != "sent sent sent edited removed sent" || heard[0].Subject != one.ID || heard[0].User != "maya" {
		t.Fatalf("%s: %+v", got, heard[0])
	}
	p, err := s.Events(ctx, db.EventQuery{App: "shop", Conversation: "fair", Window: db.Window{Limit: 1}})
	if err != nil || p.Items[0].Type != chat.MessageRemoved || len(p.Items[0].Before) > 0 {
		t.Fatalf("%+v %v", p.Items, err)
	}
}

// Who may send, edit, delete and read: by relation, and never by the switches.
func TestWhatBrowsersMaySay(t *testing.T) {
	for relation, access := range map[string]chat.Access{"RW": chat.ReadWrite, "R": chat.Read, "none": "", "banned": chat.AccessNone, "guest": "", "guest shut out": "", "guest shown out": ""} {
		t.Run(relation, func(t *testing.T) {
			s, _ := dbtest.New(t)
			dbtest.App(t, s, "shop", "maya", "bob")
			dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
			backend, me := dbtest.Backend("shop"), maya(chat.Security{})
			mine, err := s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Text: "mine"})
			if err != nil {
				t.Fatal(err)
			}
			his, err := s.SendMessage(ctx, backend, "shop", "fair", chat.NewMessage{Sender: "bob", Text: "his"})
			if err != nil {
				t.Fatal(err)
			}
			if access == "" {
				_, err = s.RemoveParticipant(ctx, backend, place("maya"))
			} else {
				_, err = s.PutParticipant(ctx, backend, place("maya"), accessOf(access))
			}
			if err != nil {
				t.Fatal(err)
			}
			me.AsGuest = strings.HasPrefix(relation, "guest")
			changes := []chat.SettingChange{{Key: chat.SettingUserSync, Value: "true"}, {Key: chat.SettingConversationSync, Value: "true"}}
			if relation == "guest shown out" {
				if _, err := s.BlockGuest(ctx, dbtest.Tom, place("maya"), chat.NewGuestBlock{For: chat.BlockDay}); err != nil {
					t.Fatal(err)
				}
			}
			if relation == "guest" || relation == "guest shown out" {
				changes = append(changes, chat.SettingChange{Key: chat.SettingGuests, Value: string(chat.GuestsEvery)})
			}
			if _, err := s.SaveSettings(ctx, dbtest.Ana, "shop", changes); err != nil {
				t.Fatal(err)
			}
			sees := relation == "RW" || relation == "R" || relation == "guest"
			writes := relation == "RW" || relation == "guest"
			for name, x := range map[string]struct {
				err error
				ok  bool
			}{
				"read":         {second(s.Messages(ctx, me, db.MessageQuery{App: "shop", Conversation: "fair"})), sees},
				"read one":     {second(s.Message(ctx, me, "shop", "fair", his.ID)), sees},
				"send":         {second(s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Text: "more"})), writes},
				"edit own":     {second(s.EditMessage(ctx, me, "shop", "fair", mine.ID, chat.MessageChange{Text: chat.Some("edited")})), writes},
				"edit other":   {second(s.EditMessage(ctx, me, "shop", "fair", his.ID, chat.MessageChange{Text: chat.Some("edited")})), false},
				"delete other": {second(s.DeleteMessage(ctx, me, "shop", "fair", his.ID)), false},
				"send as bob":  {second(s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Sender: "bob", Text: "x"})), false},
				"send system":  {second(s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Type: chat.SystemMessage, Text: "x"})), false},
				"send button":  {second(s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Text: "<actionbutton:pay|Pay>"})), false},
				"hide a link":  {second(s.EditMessage(ctx, me, "shop", "fair", mine.ID, chat.MessageChange{Text: chat.Some("<https://evil.example|bank>")})), false},
				"mark read":    {s.SetRead(ctx, me, "fair", 1), relation == "RW" || relation == "R"},
				"mark unread":  {s.MarkUnread(ctx, me, "fair", 1), relation == "RW" || relation == "R"},
				"readers":      {second(s.Readers(ctx, me, "fair")), sees},
				"open":         {second(s.ConversationOf(ctx, me, "fair")), sees},
				"list":         {second(s.ParticipantsOf(ctx, me, "fair", db.Window{})), sees},
				"see one":      {second(s.ParticipantOf(ctx, me, place("bob"))), sees},
				"nowhere":      {second(s.SendMessage(ctx, me, "shop", "nowhere", chat.NewMessage{Text: "x"})), false},
			} {
				if (x.err == nil) != x.ok || x.err != nil && chat.AsError(x.err) == nil {
					t.Errorf("%s: %v", name, x.err)
				}
			}
			if _, err := s.DeleteMessage(ctx, me, "shop", "fair", mine.ID); (err == nil) != writes {
				t.Errorf("delete own: %v", err)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// What a message can't be, and who can't be its sender.
func TestMessagesThatAreRefused(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "zoe")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	before := dbtest.Dump(t, s)
	for want, m := range map[string]chat.NewMessage{
		"text is empty":                {Sender: "maya", Text: " \n"},
		"longer than 10000 characters": {Sender: "maya", Text: strings.Repeat("é", chat.MaxText+1)},
		"contains a NUL":               {Sender: "maya", Text: "a\x00"},
		"is not a participant":         {Sender: "zoe", Text: "x"},
		"no user “nobody”":             {Sender: "nobody", Text: "x"},
		"has an empty key":             {Sender: "maya", Text: "x", Custom: map[string]string{"": "x"}},
	} {
		if _, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", m); err == nil || !strings.Contains(fmt.Sprint(err, chat.AsError(err).Fields), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	if _, err := s.SendMessage(ctx, dbtest.Tom, "shop", "fair", chat.NewMessage{Sender: "maya", Text: "x"}); chat.AsError(err) == nil {
		t.Errorf("an admin spoke for somebody: %v", err)
	}
	if dbtest.Dump(t, s) != before {
		t.Error("something was changed")
	}
}

// What somebody wrote as a guest stays marked when they come on the list; what they write then is not.
func TestMessagesOfGuestsAreMarked(t *testing.T) {
	s, _ := guestStore(t)
	write := func(actor chat.Actor, text string) {
		t.Helper()
		if _, err := s.SendMessage(ctx, actor, "shop", "fair", chat.NewMessage{Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	write(gus, "one")
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("gus"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	write(gus, "two")
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, place("gus")); err != nil {
		t.Fatal(err)
	}
	p, err := s.Messages(ctx, gus, db.MessageQuery{App: "shop", Conversation: "fair"})
	if err != nil || len(p.Items) != 2 || p.Items[0].AsGuest || !p.Items[1].AsGuest {
		t.Errorf("%+v %v", p.Items, err)
	}
}
