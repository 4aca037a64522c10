// Package dbtest gives tests a real store: a migrated file in a temporary directory, a clock that tests move by hand,
// and people by name.
package dbtest

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// Start is when the clock of a new store stands still.
var Start = time.Date(2026, 3, 14, 11, 0, 0, 0, time.UTC)

// Clock is a clock that only tests move.
type Clock struct{ since atomic.Int64 } // nanoseconds since Start

// NewClock is a clock that stands at Start.
func NewClock() *Clock { return &Clock{} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return Start.Add(time.Duration(c.since.Load())) }

// Add moves the clock.
func (c *Clock) Add(d time.Duration) { c.since.Add(int64(d)) }

// The actors of most tests.
var (
	Ana = chat.Actor{Kind: chat.AdminActor, ID: "adm_ana", Name: "Ana", Role: chat.Owner, Source: chat.Dashboard, AuthAt: Start.Add(24 * 365 * time.Hour)}
	Tom = chat.Actor{Kind: chat.AdminActor, ID: "adm_tom", Name: "Tom", Role: chat.Manage, Source: chat.Dashboard}
	Vic = chat.Actor{Kind: chat.AdminActor, ID: "adm_vic", Name: "Vic", Role: chat.Viewer, Source: chat.Dashboard}
)

// Backend is a server with a key of app.
func Backend(app chat.AppID) chat.Actor {
	return chat.Actor{Kind: chat.BackendActor, ID: "key_1", Name: "Key “Orders”", Source: chat.REST, App: app}
}

// New opens a store without anything but Ana, Tom and Vic, which is closed when the test ends.
func New(t testing.TB) (*db.Store, *Clock) {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, peopled)
	return Open(t, dir)
}

// Bare opens an empty store, in which nobody can sign in.
func Bare(t testing.TB) (*db.Store, *Clock) {
	t.Helper()
	return Open(t, t.TempDir())
}

// People makes Ana, Tom and Vic admins, where they aren't. They have no way to sign in.
func People(t fataler, s *db.Store) {
	t.Helper()
	if err := people(s); err != nil {
		t.Fatal(err)
	}
}

func people(s *db.Store) error {
	file, err := sql.Open("sqlite", "file:"+filepath.Join(s.Dir(), db.File)+"?_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer file.Close()
	for _, a := range []chat.Actor{Ana, Tom, Vic} {
		email := strings.ToLower(a.Name) + "@people.example"
		if _, err := file.Exec(`INSERT OR IGNORE INTO admins (id, email, email_key, name, role, password_hash, created_at) VALUES ($1, $2, $2, $3, $4, '', $5)`,
			a.ID, email, a.Name, string(a.Role), Start.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// Open opens the store in dir, an empty one where there is none.
func Open(t testing.TB, dir string) (*db.Store, *Clock) {
	t.Helper()
	Blank(t, dir)
	clock := NewClock()
	s, err := db.Open(context.Background(), db.Options{Dir: dir, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, clock
}

// App creates a test app with users of these ids, whose names are their ids with a capital.
func App(t testing.TB, s *db.Store, id chat.AppID, users ...chat.UserID) {
	t.Helper()
	ctx := context.Background()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: id, Name: string(id)}); err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		name := string(u[0]-'a'+'A') + string(u[1:])
		if _, err := s.PutUser(ctx, chat.CommandLine, id, u, chat.UserChange{Name: chat.Some(name)}, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
}

// Conversation creates a conversation with these participants.
func Conversation(t testing.TB, s *db.Store, app chat.AppID, id chat.ConversationID, users ...chat.UserID) {
	t.Helper()
	if _, err := s.PutConversation(context.Background(), chat.CommandLine, app, id, chat.ConversationChange{}, chat.ConversationChange{}, users...); err != nil {
		t.Fatal(err)
	}
}
