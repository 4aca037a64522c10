package db_test

import (
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Whoever had an admin's old password is out: a new one ends all sessions but the one it is changed in, if any.
func TestANewPasswordEndsSessions(t *testing.T) {
	s, _ := dbtest.New(t)
	vic, tom := signedIn(t, s, "vic", "one", "two"), signedIn(t, s, "tom", "three")
	if err := s.ChangePassword(ctx, lately(), vic, "hash", []byte("one")); err != nil {
		t.Fatal(err)
	}
	sessions(t, s, vic, 1)
	if err := s.ChangePassword(ctx, lately(), vic, "hash", nil); err != nil {
		t.Fatal(err)
	}
	sessions(t, s, vic, 0)
	sessions(t, s, tom, 1)
}

func TestEndingTheOtherSessions(t *testing.T) {
	s, _ := dbtest.New(t)
	vic, tom := signedIn(t, s, "vic", "one", "two", "four"), signedIn(t, s, "tom", "three")
	if err := s.EndOtherSessions(ctx, vic, []byte("two")); err != nil {
		t.Fatal(err)
	}
	sessions(t, s, vic, 1)
	sessions(t, s, tom, 1)
	if v, _, _, err := s.Session(ctx, []byte("two")); err != nil || v.ID != "ses_two" {
		t.Errorf("the wrong session is left: %+v %v", v, err)
	}
}

func signedIn(t *testing.T, s *db.Store, name string, hashes ...string) string {
	t.Helper()
	a, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: name + "@guestlist.example", Role: chat.Viewer}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range hashes {
		if err := s.StartSession(ctx, []byte(hash), nil, chat.AdminSession{ID: "ses_" + hash, Admin: a.ID, AuthAt: dbtest.Start}); err != nil {
			t.Fatal(err)
		}
	}
	return a.ID
}

func sessions(t *testing.T, s *db.Store, admin string, want int) {
	t.Helper()
	if all, err := s.Sessions(ctx, admin); err != nil || len(all) != want {
		t.Errorf("%d sessions, want %d: %v", len(all), want, err)
	}
}
