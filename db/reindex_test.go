package db

import (
	"context"
	"fmt"
	"testing"

	"guestlist/db/chat"
)

// What was stored before custom values were searched is found by them once it was indexed again, whenever that was cut off.
func TestReindex(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "shop", Name: "Shop"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(ctx, SeedOptions{App: "shop", Users: 2*reindexStep + 500, Conversations: 10}); err != nil {
		t.Fatal(err)
	}
	gold := "Gold plated"
	if _, err := s.PutConversation(ctx, chat.CommandLine, "shop", "conv-3", chat.ConversationChange{Custom: chat.Some(chat.Custom{"plan": &gold})}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	// As an older program left it: nothing is found by its custom values.
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		for i := range 2*reindexStep + 500 {
			id := fmt.Sprintf("user-%d", i)
			u, err := loadUser(t, "shop", chat.UserID(id))
			if err != nil {
				return err
			}
			if err := t.index("users_search", "shop", u.n, searchText(u.v.Name, id)); err != nil {
				return err
			}
		}
		c, err := loadNumberedConversation(t, "shop", "conv-3")
		if err != nil {
			return err
		}
		if err := t.index("conversations_search", "shop", c.n, searchText(c.v.Subject, "conv-3")); err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO reindex (what, n) VALUES ('users', 0), ('conversations', 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	finds := func(text string) int {
		t.Helper()
		f, err := s.Find(ctx, "shop", text, 6)
		if err != nil {
			t.Fatal(err)
		}
		return len(f.Users) + len(f.Conversations)
	}
	last := fmt.Sprintf("C-%07d", 2*reindexStep+499)
	if finds("C-0000001") != 0 || finds(last) != 0 || finds("gold") != 0 {
		t.Fatal("the index has custom values already")
	}
	if left, err := s.reindexStep(ctx); !left || err != nil || finds("gold") != 1 || finds("C-0000001") != 0 {
		t.Fatal("the first step", left, err, finds("gold"))
	}
	if left, err := s.reindexStep(ctx); !left || err != nil || finds("C-0000001") != 1 || finds(last) != 0 {
		t.Fatal("the second step", left, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(ctx, Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if err := s.Reindex(ctx); err != nil || finds(last) != 1 || finds("C-0000001") != 1 {
		t.Fatal("after a restart", err, finds(last))
	}
	if left, err := s.reindexStep(ctx); left || err != nil {
		t.Error("there is always more", err)
	}
}
