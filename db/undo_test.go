package db_test

import (
	"fmt"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Every kind of change that can be undone: the state before and after the undo is the same, an undo is a change of its
// own, and a change that something was built on is kept.
func TestUndoBringsBackWhatWas(t *testing.T) {
	ref := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}
	gold, text := "gold", func(s string) chat.Opt[string] { return chat.Some(s) }
	for name, x := range map[string]struct {
		do, again func(s *db.Store) (chat.Event, error)
	}{
		"joined": {
			func(s *db.Store) (chat.Event, error) {
				return s.PutParticipant(ctx, dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "zoe"}, chat.ParticipantChange{})
			},
			func(s *db.Store) (chat.Event, error) {
				return s.ChangeParticipant(ctx, dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "zoe"}, chat.ParticipantChange{Access: chat.Some(chat.Read)}, chat.ParticipantChange{})
			},
		},
		"left": {
			func(s *db.Store) (chat.Event, error) { return s.RemoveParticipant(ctx, dbtest.Tom, ref) },
			func(s *db.Store) (chat.Event, error) {
				return s.PutParticipant(ctx, dbtest.Tom, ref, chat.ParticipantChange{})
			},
		},
		"access": {
			func(s *db.Store) (chat.Event, error) {
				return s.ChangeParticipant(ctx, dbtest.Tom, ref, chat.ParticipantChange{Access: chat.Some(chat.AccessNone)}, chat.ParticipantChange{})
			},
			func(s *db.Store) (chat.Event, error) {
				return s.ChangeParticipant(ctx, dbtest.Tom, ref, chat.ParticipantChange{Access: chat.Some(chat.Read)}, chat.ParticipantChange{})
			},
		},
		"conversation": {
			func(s *db.Store) (chat.Event, error) {
				return s.EditConversation(ctx, dbtest.Tom, "shop", "fair", chat.ConversationChange{Subject: text("New"), Guests: chat.Some(chat.GuestsRead), Custom: chat.Some(chat.Custom{"tier": &gold, "old": nil}),
					WelcomeMessages: chat.Some([]string{"Hi"})}, chat.ConversationChange{})
			},
			func(s *db.Store) (chat.Event, error) {
				return s.EditConversation(ctx, dbtest.Tom, "shop", "fair", chat.ConversationChange{Subject: text("Newer")}, chat.ConversationChange{})
			},
		},
		"user": {
			func(s *db.Store) (chat.Event, error) {
				return s.EditUser(ctx, dbtest.Tom, "shop", "maya", chat.UserChange{Name: text("Mia"), Role: text("seller"), Email: chat.Some([]string{"m@x.example"}), Custom: chat.Some(chat.Custom{"tier": &gold})}, chat.UserChange{})
			},
			func(s *db.Store) (chat.Event, error) {
				return s.EditUser(ctx, dbtest.Tom, "shop", "maya", chat.UserChange{Role: text("buyer")}, chat.UserChange{})
			},
		},
		"settings": {
			func(s *db.Store) (chat.Event, error) {
				return save(s, map[chat.SettingKey]string{chat.SettingUserSync: "true", chat.SettingParticipantLimit: "50"})
			},
			func(s *db.Store) (chat.Event, error) {
				return save(s, map[chat.SettingKey]string{chat.SettingParticipantLimit: "60"})
			},
		},
		"app": {
			func(s *db.Store) (chat.Event, error) { return s.RenameApp(ctx, dbtest.Tom, "shop", "Store") },
			func(s *db.Store) (chat.Event, error) { return s.RenameApp(ctx, dbtest.Tom, "shop", "Market") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, clock := dbtest.New(t)
			dbtest.App(t, s, "shop", "maya", "zoe")
			dbtest.Conversation(t, s, "shop", "fair", "maya")
			clock.Add(time.Minute)
			ana := dbtest.Ana
			ana.AuthAt = clock.Now()
			before := state(t, s)
			e, err := x.do(s)
			if err != nil || e.Seq == 0 {
				t.Fatalf("%+v %v", e, err)
			}
			undo, err := s.Undo(ctx, ana, "shop", e.Seq)
			if err != nil || undo.Undoes != e.Seq || undo.ActorName != "Ana" {
				t.Fatalf("%+v %v", undo, err)
			}
			if after := state(t, s); after != before {
				t.Errorf("after the undo:\n%s\nbefore the change:\n%s", after, before)
			}
			if _, err := s.Undo(ctx, ana, "shop", e.Seq); chat.ReasonOf(err) != chat.CannotUndo {
				t.Errorf("undone twice: %v", err)
			}
			e, err = x.do(s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x.again(s); err != nil {
				t.Fatal(err)
			}
			kept := dbtest.Dump(t, s)
			if _, err := s.Undo(ctx, ana, "shop", e.Seq); chat.ReasonOf(err) != chat.CannotUndo {
				t.Errorf("undone although it was built on: %v", err)
			}
			if dbtest.Dump(t, s) != kept {
				t.Error("a refused undo changed something")
			}
			if _, err := s.Undo(ctx, dbtest.Vic, "shop", e.Seq); chat.ReasonOf(err) != chat.RoleTooLow {
				t.Errorf("a viewer: %v", err)
			}
			if _, err := s.Undo(ctx, ana, "other", e.Seq); chat.ReasonOf(err) != chat.EventNotFound {
				t.Errorf("from another app: %v", err)
			}
		})
	}
}

// save saves settings as somebody would who has just loaded them.
func save(s *db.Store, values map[chat.SettingKey]string) (chat.Event, error) {
	now, err := s.Settings(ctx, "shop")
	if err != nil {
		return chat.Event{}, err
	}
	var changes []chat.SettingChange
	for key, value := range values {
		changes = append(changes, chat.SettingChange{Key: key, Value: value, Version: now[key].Version})
	}
	return s.SaveSettings(ctx, dbtest.Tom, "shop", changes)
}

// state is what the app looks like, without its history and the versions of its settings.
func state(t *testing.T, s *db.Store) string {
	t.Helper()
	u, err := s.User(ctx, "shop", "maya")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Conversation(ctx, "shop", "fair")
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "fair"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.App(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := s.Settings(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	if u.Custom == nil {
		u.Custom = map[string]string{}
	}
	if c.Custom == nil {
		c.Custom = map[string]string{}
	}
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%+v\n%+v", u, c, list.Items, a, settings.Security(), settings.ParticipantLimit())
}

// Undoing what loosens the switches asks for the password like loosening them by hand.
func TestUndoOfAProtectionNeedsThePassword(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	e, err := s.SaveSettings(ctx, dbtest.Tom, "shop", []chat.SettingChange{{Key: chat.SettingConversationSync, Value: "true"}})
	if err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Errorf("%v", err)
	}
	if dbtest.Dump(t, s) != before {
		t.Error("something was changed")
	}
}

// A form that lost the name of its bulk change takes nothing back: without a name, every change would be in it.
func TestUndoOfNoBulkChangeIsRefused(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "zoe")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	for _, batch := range []string{"", "nope"} {
		if got, err := s.UndoBatch(ctx, dbtest.Ana, "shop", batch); chat.ReasonOf(err) != chat.CannotUndo {
			t.Errorf("batch %q: %+v %v", batch, got, err)
		}
	}
	if after := dbtest.Dump(t, s); after != before {
		t.Errorf("something was taken back:\n%s", after)
	}
}
