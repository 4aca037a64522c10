package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// maya is a browser of shop's user maya.
func maya(s chat.Security) chat.Actor {
	return chat.Actor{Kind: chat.UserActor, ID: "maya", Name: "Maya", Source: chat.Browser, App: "shop", Verified: s.RequireIdentity}
}

func place(user chat.UserID) chat.ParticipantRef {
	return chat.ParticipantRef{App: "shop", Conversation: "fair", User: user}
}

func accessOf(a chat.Access) chat.ParticipantChange {
	return chat.ParticipantChange{Access: chat.Some(a)}
}

// What a browser wants to do, and how many events it leaves when it may: by relation to the conversation (RW, R, none,
// banned, out: shown out as a guest, and here again as one) and switches.
type browserCall struct {
	name string
	do   func(s *db.Store, a chat.Actor) error
	want func(relation string, s chat.Security) int // events; -1: refused
}

func one(_ chat.Event, err error) error    { return err }
func many(_ []chat.Event, err error) error { return err }

// unless is how often something happens unless it is forbidden.
func unless(forbidden bool, events int) int {
	if forbidden {
		return -1
	}
	return events
}

var browserCalls = []browserCall{
	{"set oneself", func(s *db.Store, a chat.Actor) error {
		return one(s.SetUser(ctx, a, "maya", chat.UserChange{Name: chat.Some("Mia")}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowUserSync, 1) }},
	{"set one's role", func(s *db.Store, a chat.Actor) error {
		return one(s.SetUser(ctx, a, "maya", chat.UserChange{Role: chat.Some("boss")}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowUserSync || s.RequireIdentity, 1) }},
	{"set another", func(s *db.Store, a chat.Actor) error {
		return one(s.SetUser(ctx, a, "bob", chat.UserChange{Name: chat.Some("Bo")}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowUserSync || s.RequireIdentity, 1) }},
	{"create a user", func(s *db.Store, a chat.Actor) error {
		return one(s.CreateUserIfMissing(ctx, a, "new", chat.UserChange{Name: chat.Some("New")}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowUserSync, 1) }},
	{"create a user who is there", func(s *db.Store, a chat.Actor) error {
		return one(s.CreateUserIfMissing(ctx, a, "bob", chat.UserChange{Name: chat.Some("New")}))
	}, func(string, chat.Security) int { return 0 }},
	{"create a conversation", func(s *db.Store, a chat.Actor) error {
		return many(s.CreateConversationIfMissing(ctx, a, "new", chat.ConversationChange{Subject: chat.Some("New")}, chat.Opt[chat.Notify]{}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowConversationSync, 2) }},
	{"set a missing conversation", func(s *db.Store, a chat.Actor) error {
		return many(s.SetConversation(ctx, a, "new", chat.ConversationChange{Subject: chat.Some("New")}, chat.Opt[chat.Notify]{}))
	}, func(_ string, s chat.Security) int { return unless(s.DisallowConversationSync, 2) }},
	{"join", func(s *db.Store, a chat.Actor) error {
		return many(s.CreateConversationIfMissing(ctx, a, "fair", chat.ConversationChange{Subject: chat.Some("Mine")}, chat.Opt[chat.Notify]{}))
	}, func(relation string, s chat.Security) int {
		switch relation {
		case "RW", "R":
			return 0
		case "none":
			return unless(s.DisallowConversationSync, 1)
		}
		return -1
	}},
	{"join as a participant", func(s *db.Store, a chat.Actor) error {
		return one(s.CreateParticipantIfMissing(ctx, a, place("maya"), chat.ParticipantChange{}))
	},
		func(relation string, s chat.Security) int {
			switch relation {
			case "RW", "R":
				return 0
			case "none":
				return unless(s.DisallowConversationSync, 1)
			}
			return -1
		}},
	{"set attributes", func(s *db.Store, a chat.Actor) error {
		return many(s.SetConversation(ctx, a, "fair", chat.ConversationChange{Subject: chat.Some("Mine")}, chat.Opt[chat.Notify]{}))
	}, func(relation string, s chat.Security) int {
		switch relation {
		case "RW":
			return unless(s.DisallowConversationSync, 1)
		case "none":
			return unless(s.DisallowConversationSync, 2)
		}
		return -1
	}},
	{"set notify alone", func(s *db.Store, a chat.Actor) error {
		return many(s.SetConversation(ctx, a, "fair", chat.ConversationChange{}, chat.Some(chat.NotifyNone)))
	}, func(relation string, s chat.Security) int {
		switch relation {
		case "RW", "R":
			return 1
		case "none":
			return unless(s.DisallowConversationSync, 1)
		}
		return -1
	}},
	{"set notify and more", func(s *db.Store, a chat.Actor) error {
		return many(s.SetConversation(ctx, a, "fair", chat.ConversationChange{Subject: chat.Some("Mine")}, chat.Some(chat.NotifyNone)))
	}, func(relation string, s chat.Security) int {
		if relation == "RW" || relation == "none" {
			return unless(s.DisallowConversationSync, 2)
		}
		return -1
	}},
	{"edit one's notify", func(s *db.Store, a chat.Actor) error {
		return one(s.EditParticipant(ctx, a, place("maya"), chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}))
	}, func(relation string, _ chat.Security) int { return unless(relation != "RW" && relation != "R", 1) }},
	{"raise one's access", func(s *db.Store, a chat.Actor) error {
		return one(s.EditParticipant(ctx, a, place("maya"), accessOf(chat.ReadWrite)))
	}, func(relation string, _ chat.Security) int { return unless(relation != "RW", 0) }},
	{"lower one's access", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("maya"), accessOf(chat.Read)))
	},
		func(relation string, s chat.Security) int {
			switch relation {
			case "RW", "none":
				return unless(s.DisallowConversationSync, 1)
			case "R":
				return 0
			}
			return -1
		}},
	{"ban oneself", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("maya"), accessOf(chat.AccessNone)))
	},
		func(string, chat.Security) int { return -1 }},
	{"add another", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("zoe"), chat.ParticipantChange{}))
	},
		func(relation string, s chat.Security) int {
			return unless(relation != "RW" || s.DisallowConversationSync, 1)
		}},
	{"add one who is there", func(s *db.Store, a chat.Actor) error {
		return one(s.CreateParticipantIfMissing(ctx, a, place("bob"), accessOf(chat.Read)))
	},
		func(relation string, s chat.Security) int { return unless(relation != "RW" && relation != "R", 0) }},
	{"add a banned one", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("eve"), accessOf(chat.ReadWrite)))
	},
		func(string, chat.Security) int { return -1 }},
	{"change another's access", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("bob"), accessOf(chat.Read)))
	},
		func(relation string, s chat.Security) int {
			return unless(relation != "RW" || s.DisallowConversationSync, 1)
		}},
	{"change another's notify", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("bob"), chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}))
	}, func(string, chat.Security) int { return -1 }},
	{"edit one who is not there", func(s *db.Store, a chat.Actor) error {
		return one(s.EditParticipant(ctx, a, place("zoe"), accessOf(chat.Read)))
	},
		func(string, chat.Security) int { return -1 }},
	{"remove another", func(s *db.Store, a chat.Actor) error { return one(s.DeleteParticipant(ctx, a, place("bob"))) },
		func(relation string, s chat.Security) int {
			return unless(relation != "RW" || s.DisallowConversationSync, 1)
		}},
	{"remove a banned one", func(s *db.Store, a chat.Actor) error { return one(s.DeleteParticipant(ctx, a, place("eve"))) },
		func(string, chat.Security) int { return -1 }},
	{"leave", func(s *db.Store, a chat.Actor) error { return one(s.DeleteParticipant(ctx, a, place("maya"))) },
		func(relation string, s chat.Security) int {
			switch relation {
			case "RW", "R":
				return 1 // also while conversations are not synchronized
			case "none", "out":
				return unless(s.DisallowConversationSync, 0)
			}
			return -1
		}},
	{"bring back one who was shown out", func(s *db.Store, a chat.Actor) error {
		return one(s.SetParticipant(ctx, a, place("gus"), chat.ParticipantChange{}))
	},
		func(string, chat.Security) int { return -1 }},
	{"mark as read", func(s *db.Store, a chat.Actor) error { return s.SetRead(ctx, a, "fair", 0) },
		func(relation string, _ chat.Security) int { return unless(relation != "RW" && relation != "R", 0) }},
	{"mark as unread", func(s *db.Store, a chat.Actor) error { return s.MarkUnread(ctx, a, "fair", 0) },
		func(relation string, _ chat.Security) int { return unless(relation != "RW" && relation != "R", 0) }},
}

// Every call of a browser that changes something, against every switch and every relation: what is refused leaves
// everything as it was, what is allowed leaves its events.
func TestWhatBrowsersMayChange(t *testing.T) {
	for relation, access := range map[string]chat.Access{"RW": chat.ReadWrite, "R": chat.Read, "none": "", "banned": chat.AccessNone, "out": ""} {
		for bits := range 8 {
			security := chat.Security{DisallowUserSync: bits&1 > 0, DisallowConversationSync: bits&2 > 0, RequireIdentity: bits&4 > 0}
			t.Run(fmt.Sprintf("%s/%+v", relation, security), func(t *testing.T) {
				t.Parallel()
				tryBrowserCalls(t, relation, access, security)
			})
		}
	}
}

// browserTemplate is a closed store in which maya has this relation to the conversation, under these settings.
func browserTemplate(t *testing.T, relation string, access chat.Access, settings ...chat.SettingChange) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := db.Open(ctx, db.Options{Dir: dir, Now: dbtest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.People(t, s)
	dbtest.App(t, s, "shop", "maya", "bob", "zoe", "eve", "gus")
	dbtest.Conversation(t, s, "shop", "fair", "bob", "eve")
	backend := dbtest.Backend("shop")
	if _, err := s.PutParticipant(ctx, backend, place("eve"), accessOf(chat.AccessNone)); err != nil {
		t.Fatal(err)
	}
	if access != "" {
		if _, err := s.PutParticipant(ctx, backend, place("maya"), accessOf(access)); err != nil {
			t.Fatal(err)
		}
	}
	shownOut := []chat.UserID{"gus"}
	if relation == "out" {
		shownOut = append(shownOut, "maya")
	}
	for _, user := range shownOut {
		if _, err := s.BlockGuest(ctx, dbtest.Tom, place(user), chat.NewGuestBlock{For: chat.BlockUntilLifted}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.SaveSettings(ctx, dbtest.Ana, "shop", settings); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func tryBrowserCalls(t *testing.T, relation string, access chat.Access, security chat.Security) {
	var changes []chat.SettingChange
	for key, on := range map[chat.SettingKey]bool{chat.SettingUserSync: security.DisallowUserSync, chat.SettingConversationSync: security.DisallowConversationSync, chat.SettingIdentity: security.RequireIdentity} {
		if on {
			changes = append(changes, chat.SettingChange{Key: key, Value: "true"})
		}
	}
	template := browserTemplate(t, relation, access, changes...)
	var s *db.Store
	for _, call := range browserCalls {
		if s == nil {
			s = copied(t, template)
		}
		before, was := dbtest.Dump(t, s), newestEvent(t, s)
		me := maya(security)
		me.AsGuest = relation == "out"
		err := call.do(s, me)
		got, want := int(newestEvent(t, s)-was), call.want(relation, security)
		if err != nil && chat.AsError(err) == nil {
			t.Errorf("%s: %v", call.name, err)
		}
		same := dbtest.Dump(t, s) == before
		if err != nil {
			got = -1
			if !same {
				t.Errorf("%s was refused and changed something", call.name)
			}
		}
		if got != want {
			t.Errorf("%s: %d events, want %d: %v", call.name, got, want, err)
		}
		if same {
			continue // the next one finds what this one found
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s = nil
	}
	if s != nil {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func newestEvent(t *testing.T, s *db.Store) int64 {
	t.Helper()
	p, err := s.Events(ctx, db.EventQuery{App: "shop", Window: db.Window{Limit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return p.Items[0].Seq
}

// copied opens a copy of a closed store.
func copied(t *testing.T, from string) *db.Store {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{db.File, "master.key"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := db.Open(ctx, db.Options{Dir: dir, Now: dbtest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a server left a user stays the most that a browser can take, by whatever way round.
func TestCeilingsHold(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	backend, me := dbtest.Backend("shop"), maya(chat.Security{})
	bob := me
	bob.ID, bob.Name = "bob", "Bob"
	put := func(a chat.Access) {
		t.Helper()
		if _, err := s.PutParticipant(ctx, backend, place("maya"), accessOf(a)); err != nil {
			t.Fatal(err)
		}
	}
	has := func(want chat.Access) {
		t.Helper()
		p, err := s.Participant(ctx, place("maya"))
		if want == "" && chat.ReasonOf(err) == chat.ParticipantMissing {
			return
		}
		if err != nil || p.Access != want {
			t.Fatalf("%s, want %s: %v", p.Access, want, err)
		}
	}
	put(chat.Read)
	if _, err := s.DeleteParticipant(ctx, me, place("maya")); err != nil {
		t.Fatal(err)
	}
	has("")
	for _, err := range []error{one(s.SetParticipant(ctx, me, place("maya"), accessOf(chat.ReadWrite))), one(s.SetParticipant(ctx, bob, place("maya"), accessOf(chat.ReadWrite)))} {
		if chat.ReasonOf(err) != chat.AccessCeiling {
			t.Fatalf("more than was left: %v", err)
		}
	}
	has("")
	if _, err := s.SetParticipant(ctx, me, place("maya"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	has(chat.Read) // as much as was left
	put(chat.ReadWrite)
	if _, err := s.DeleteParticipant(ctx, bob, place("maya")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetParticipant(ctx, me, place("maya"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	has(chat.ReadWrite) // a server lifted it
	// Undo lifts and lays it like the change by hand.
	e, err := s.ChangeParticipant(ctx, dbtest.Tom, place("maya"), accessOf(chat.Read), chat.ParticipantChange{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq); err != nil {
		t.Fatal(err)
	}
	for _, again := range []error{one(s.DeleteParticipant(ctx, me, place("maya"))), one(s.SetParticipant(ctx, me, place("maya"), accessOf(chat.ReadWrite)))} {
		if again != nil {
			t.Fatal(again)
		}
	}
	has(chat.ReadWrite)
	// What another browser took is no ceiling.
	if _, err := s.SetParticipant(ctx, bob, place("maya"), accessOf(chat.Read)); err != nil {
		t.Fatal(err)
	}
	for _, again := range []error{one(s.DeleteParticipant(ctx, me, place("maya"))), one(s.SetParticipant(ctx, me, place("maya"), accessOf(chat.ReadWrite)))} {
		if again != nil {
			t.Fatal(again)
		}
	}
	has(chat.ReadWrite)
}
