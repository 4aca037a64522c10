package db

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"guestlist/db/chat"
)

// within are what a statement puts together itself.
var within = []string{"SCAN brought", "SCAN names", "SCAN texts", "SCAN told"}

// A step of the trash or of a ban looks at no more rows than it moves: no table that grows is scanned for it.
func TestStepsOfTheTrashNeedNoScan(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}))
	must(nil, s.Seed(ctx, SeedOptions{App: "app", Users: 1000, Conversations: 1000, Participants: 2, Big: 900}))
	tidy := func() {
		t.Helper()
		for {
			more, err := s.TidyTrash(ctx)
			must(nil, err)
			if !more {
				return
			}
		}
	}
	already := map[string]bool{}
	for text := range s.write.conn.stmts {
		already[text] = true
	}
	e, err := s.DeleteConversation(ctx, chat.CommandLine, "app", "big")
	must(e, err)
	tidy()
	must(s.Undo(ctx, chat.CommandLine, "app", e.Seq))
	tidy()
	must(s.BanUser(ctx, chat.CommandLine, "app", "user-1", chat.NewBan{For: chat.BanUntilLifted}))
	must(s.LiftBan(ctx, chat.CommandLine, "app", "user-1", true))
	must(s.BanUser(ctx, chat.CommandLine, "app", "user-1", chat.NewBan{For: chat.BanUntilLifted}))
	e, err = s.DeleteUser(ctx, chat.CommandLine, "app", "user-1")
	must(e, err)
	must(s.Undo(ctx, chat.CommandLine, "app", e.Seq))
	must(s.LiftBan(ctx, chat.CommandLine, "app", "user-1", false))
	must(nil, s.EraseUser(ctx, chat.CommandLine, "app", "user-2"))
	tidy()
	e, err = s.DeleteConversation(ctx, chat.CommandLine, "app", "big")
	must(e, err)
	tidy()
	must(nil, s.Purge(ctx, chat.CommandLine, "app", e.Trash()))
	tidy()
	seen := 0
	for text := range s.write.conn.stmts {
		if already[text] || strings.HasPrefix(text, "BEGIN") || strings.HasPrefix(text, "COMMIT") || strings.HasPrefix(text, "ROLLBACK") {
			continue
		}
		seen++
		if strings.Contains(text, "UPDATE call_hours") || strings.Contains(text, "UPDATE refusals") {
			continue // once for each erasure, and bounded by what is kept
		}
		most := 0
		for _, m := range argument.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			most = max(most, n)
		}
		rows, err := s.write.conn.c.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, make([]any, most)...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for rows.Next() {
			var id, parent, unused int
			var step string
			must(nil, rows.Scan(&id, &parent, &unused, &step))
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "VIRTUAL TABLE") && !strings.Contains(step, "CONSTANT ROW") && !strings.HasPrefix(step, "SCAN (") && !contains(within, step) && step != "SCAN p" && step != "SCAN m" && !strings.Contains(step, "_in_motion") {
				t.Errorf("%s\n  in %s", step, strings.Join(strings.Fields(text), " "))
			}
		}
		must(nil, rows.Close())
	}
	if seen < 40 {
		t.Errorf("only %d statements were seen", seen)
	}
}

// Events stay as they are; while a person is erased only what names that person goes, and nothing else can be written there.
func TestEventsAreNeverAltered(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []chat.UserID{"bob", "zoe"} {
		if _, err := s.PutUser(ctx, chat.CommandLine, "app", id, chat.UserChange{Name: chat.Some("Bob")}, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
	}
	refused := []string{
		"UPDATE events SET type = 'x'", "UPDATE events SET at = 1", "UPDATE events SET class = 0", "UPDATE events SET batch = 'x'", "UPDATE events SET reason = 'x'", "UPDATE events SET part = 1",
		"UPDATE events SET subject = 'x'", "UPDATE events SET after = after || 'x'", "UPDATE events SET user_id = 'x' WHERE user_id = 'bob'", "UPDATE events SET subject = '' WHERE user_id = 'zoe'",
		"UPDATE events SET actor_id = 'x'", "UPDATE events SET conversation_id = 'x'", "UPDATE events SET undoes = 7", "DELETE FROM events",
	}
	for _, during := range []bool{false, true} {
		if during {
			if err := s.write.conn.run(`INSERT INTO trash (app_id, kind, id, key, name, object, places, messages, at, by, batch, state, erase) VALUES ('app', 'user', 'bob', '/9', 'Bob', '', 0, 0, 1, '', '', 'purging', 1)`); err != nil {
				t.Fatal(err)
			}
		}
		for _, sql := range refused {
			if err := s.write.conn.run(sql); err == nil || !strings.Contains(err.Error(), "events are never") {
				t.Errorf("during an erasure %v: %s: %v", during, sql, err)
			}
		}
	}
	if err := s.write.conn.run("UPDATE events SET user_id = '/9', subject = '', after = '' WHERE user_id = 'bob'"); err != nil {
		t.Error(err)
	}
}
