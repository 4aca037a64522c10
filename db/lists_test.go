package db_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Every list, read forward by pages and then backward, gives each of its items exactly once, in the same order, also
// where all of them have the same time.
func TestListsGiveEachItemOnce(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	const n = 23
	for i := range n {
		user, conv := chat.UserID(fmt.Sprintf("u%02d", i)), chat.ConversationID(fmt.Sprintf("c%02d", i))
		if _, err := s.PutUser(ctx, chat.CommandLine, "shop", user, chat.UserChange{Name: chat.Some("User")}, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
		dbtest.Conversation(t, s, "shop", conv, "maya")
	}
	dbtest.Conversation(t, s, "shop", "all")
	var people []db.NewParticipant
	for i := range n {
		people = append(people, db.NewParticipant{User: chat.UserID(fmt.Sprintf("u%02d", i))})
	}
	if _, err := s.AddParticipants(ctx, dbtest.Tom, "shop", "all", people, chat.ParticipantChange{Access: chat.Some(chat.Read)}); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(db.Window) ([]string, string, string, error){
		"users": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Users(ctx, db.UserQuery{App: "shop", Window: w})
			return names(p.Items, func(u chat.User) string { return string(u.ID) }), p.Prev, p.Next, err
		},
		"users found": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Users(ctx, db.UserQuery{App: "shop", Search: "user", Window: w})
			return names(p.Items, func(u chat.User) string { return string(u.ID) }), p.Prev, p.Next, err
		},
		"conversations by activity": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Window: w})
			return names(p.Items, func(c chat.Conversation) string { return string(c.ID) }), p.Prev, p.Next, err
		},
		"conversations, oldest first": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", OldestFirst: true, Window: w})
			return names(p.Items, func(c chat.Conversation) string { return string(c.ID) }), p.Prev, p.Next, err
		},
		"conversations by age, oldest first": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Order: db.ByAge, OldestFirst: true, Window: w})
			return names(p.Items, func(c chat.Conversation) string { return string(c.ID) }), p.Prev, p.Next, err
		},
		"participants": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "all", Window: w})
			return names(p.Items, func(p chat.Participant) string { return string(p.User) }), p.Prev, p.Next, err
		},
		"participants, newest first": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "all", Newest: true, Window: w})
			return names(p.Items, func(p chat.Participant) string { return string(p.User) }), p.Prev, p.Next, err
		},
		"participants with access": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "all", Access: chat.Read, Window: w})
			return names(p.Items, func(p chat.Participant) string { return string(p.User) }), p.Prev, p.Next, err
		},
		"events": func(w db.Window) ([]string, string, string, error) {
			p, err := s.Events(ctx, db.EventQuery{App: "shop", User: "maya", Window: w})
			return names(p.Items, func(e chat.Event) string { return fmt.Sprint(e.Seq) }), p.Prev, p.Next, err
		},
		"a user's conversations": func(w db.Window) ([]string, string, string, error) {
			p, err := s.UserConversations(ctx, "maya", db.ConversationQuery{App: "shop", Window: w})
			return names(p.Items, func(m db.Membership) string { return string(m.Conversation.ID) }), p.Prev, p.Next, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			whole, _, next, err := read(db.Window{Limit: 1000})
			if err != nil || len(whole) < n || next != "" {
				t.Fatalf("%d items, next %q, %v", len(whole), next, err)
			}
			for _, size := range []int{1, 4, 23, 24} {
				var forward []string
				after, before := "", ""
				for {
					items, prev, next, err := read(db.Window{Limit: size, After: after})
					if err != nil {
						t.Fatal(err)
					}
					if (prev == "") != (after == "") {
						t.Errorf("pages of %d: prev %q after %q", size, prev, after)
					}
					forward = append(forward, items...)
					if next == "" {
						before = prev
						break
					}
					after = next
				}
				if !slices.Equal(forward, whole) {
					t.Errorf("pages of %d, forward: %v", size, forward)
				}
				backward := forward[len(forward)-(len(forward)-1)%size-1:]
				backward = slices.Clone(backward)
				for before != "" {
					items, prev, next, err := read(db.Window{Limit: size, Before: before})
					if err != nil || next == "" {
						t.Fatalf("backward: next %q, %v", next, err)
					}
					backward = append(slices.Clone(items), backward...)
					before = prev
				}
				if !slices.Equal(backward, whole) {
					t.Errorf("pages of %d, backward: %v", size, backward)
				}
			}
		})
	}
}

func names[T any](items []T, name func(T) string) []string {
	var all []string
	for _, item := range items {
		all = append(all, name(item))
	}
	return all
}

// Sixty-four at once on one place of one list leave totals that fit the rows, and one event for each change.
func TestManyAtOnceOnOnePlace(t *testing.T) {
	dir := t.TempDir()
	s, _ := dbtest.Open(t, dir)
	dbtest.People(t, s)
	dbtest.App(t, s, "shop", "maya")
	dbtest.Conversation(t, s, "shop", "fair")
	ref := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for j := range 20 {
				var err error
				switch (i + j) % 4 {
				case 0:
					_, err = s.PutParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{})
				case 1:
					_, err = s.RemoveParticipant(ctx, dbtest.Backend("shop"), ref)
				case 2:
					_, err = s.ChangeParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{Access: chat.Some(chat.Accesses[j%3])}, chat.ParticipantChange{})
				case 3:
					_, err = s.PutParticipant(ctx, dbtest.Backend("shop"), ref, chat.ParticipantChange{Access: chat.Some(chat.Read)})
				}
				if err != nil && chat.ReasonOf(err) != chat.ParticipantMissing {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	recount(t, dir)
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// A search in one app never finds another app's people, and finds every part of a name.
func TestSearchFindsPartsWithinOneApp(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	for _, app := range []chat.AppID{"shop", "other"} {
		for id, name := range map[chat.UserID]string{"1": "Søren Kjær", "2": "Łukasz Żółw", "3": "Ana María", "4": `O'Neil "Q" AND x*`, "5": "李小龙", "6": "STRASSE straße"} {
			if _, err := s.PutUser(ctx, chat.CommandLine, app, id, chat.UserChange{Name: chat.Some(name)}, chat.UserChange{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for query, want := range map[string]string{"soren": "1", "KJÆR": "1", "kj": "1", "lukasz zolw": "2", "olw": "2", "maria ana": "3", "m": "3", `"Q"`: "4", "neil": "4", "小龙": "5", "re": "1", "zw": "", "uk": "2", "ol": "2", "x*": "4", "李小": "5", "strasse": "6", "AND": "4",
		"nobody": "", "*": "", `"`: "4", "app:": "", "NEAR(": "", "-": ""} {
		p, err := s.Users(ctx, db.UserQuery{App: "shop", Search: query})
		if err != nil {
			t.Errorf("%q: %v", query, err)
		}
		got := names(p.Items, func(u chat.User) string {
			if u.App != "shop" {
				t.Errorf("%q finds somebody of %s", query, u.App)
			}
			return string(u.ID)
		})
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%q: %v, want %s", query, got, want)
		}
	}
	for _, nothing := range []string{" ", "\x00", "\u0301", "\ufe0f", " \u0301 ", "\u093c"} {
		if p, err := s.Users(ctx, db.UserQuery{App: "shop", Search: nothing}); err != nil || len(p.Items) != 6 {
			t.Errorf("%q: %d, %v", nothing, len(p.Items), err)
		}
	}
	// A name that changed is found by the new one only.
	if _, err := s.PutUser(ctx, chat.CommandLine, "shop", "1", chat.UserChange{Name: chat.Some("Nils")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	for query, n := range map[string]int{"soren": 0, "nils": 1} {
		if p, _ := s.Users(ctx, db.UserQuery{App: "shop", Search: query}); len(p.Items) != n {
			t.Errorf("%q: %d", query, len(p.Items))
		}
	}
}
