package db

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"guestlist/db/chat"
)

// schemaOf is what a file is made of.
func schemaOf(t *testing.T, path string) string {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.Query("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		all = append(all, name+": "+text)
	}
	return strings.Join(all, "\n")
}

// A file of each earlier schema is upgraded, with what is in it, to what a new file is; a copy of it is kept.
func TestUpgradesFromEachStep(t *testing.T) {
	ctx := context.Background()
	fresh := t.TempDir()
	s, err := Open(ctx, Options{Dir: fresh})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) < 3 {
		t.Fatal(names, err)
	}
	slices.Sort(names)
	for upTo := 1; upTo < len(names); upTo++ {
		t.Run(names[upTo-1], func(t *testing.T) {
			t.Parallel()
			steps := fstest.MapFS{}
			for _, name := range names[:upTo] {
				b, err := migrations.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				steps[filepath.Base(name)] = &fstest.MapFile{Data: b}
			}
			dir := t.TempDir()
			path := filepath.Join(dir, File)
			older(t, path, steps)
			key, err := os.ReadFile(filepath.Join(fresh, "master.key"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "master.key"), key, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(ctx, Options{Dir: dir})
			if err != nil {
				t.Fatalf("from step %d: %v", upTo, err)
			}
			if _, err := s.BlockGuest(ctx, chat.CommandLine, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "gus"}, chat.NewGuestBlock{For: chat.BlockDay}); err != nil {
				t.Errorf("from step %d: %v", upTo, err)
			}
			events, err := s.Events(ctx, EventQuery{App: "shop", Conversation: "fair"})
			if err != nil || len(events.Items) != 2 || events.Items[1].Type != chat.ConversationCreated {
				t.Errorf("from step %d: %+v %v", upTo, events, err)
			}
			if err := s.Check(ctx); err != nil {
				t.Errorf("from step %d: %v", upTo, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if got, want := schemaOf(t, path), schemaOf(t, filepath.Join(fresh, File)); got != want {
				t.Errorf("from step %d it became\n%s\n\nand not\n%s", upTo, got, want)
			}
			if kept, _ := filepath.Glob(filepath.Join(dir, "before-upgrade-*.db")); len(kept) != 1 {
				t.Errorf("from step %d: kept %v", upTo, kept)
			}
		})
	}
}

// older makes a file of an earlier schema with a conversation, a user and what happened in it.
func older(t *testing.T, path string, steps fs.FS) {
	t.Helper()
	file, err := openWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, file, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"PRAGMA application_id = 1198289780",
		"INSERT INTO apps (id, name, live, created_at) VALUES ('shop', 'Shop', 0, 1)",
		"INSERT INTO users (app_id, id, name, email, phone, photo_url, welcome_message, role, locale, availability_text, header_photo_url, custom, push_tokens, created_at) VALUES ('shop', 'gus', 'Gus', '', '', '', '', '', '', '', '', '', '', 1)",
		"INSERT INTO conversations (app_id, id, subject, photo_url, welcome_messages, custom, guest_access, created_at, last_activity_at) VALUES ('shop', 'fair', '', '', '', '', 'Inherit', 1, 1)",
		`INSERT INTO events (app_id, at, actor_kind, actor_id, actor_name, source, request_id, ip, type, conversation_id, user_id, subject, before, after, batch, undoes)
			VALUES ('shop', 1, 'admin', 'a', 'Ana', 'dashboard', '', '', 'conversation.created', 'fair', '', '', '', '', '', 0)`,
	} {
		if _, err := file.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
