package db_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// said fills fair with n messages of one a minute, each with its number as a word, straight into the tables.
func said(t testing.TB, s *db.Store, n int) {
	t.Helper()
	dbtest.Exec(t, filepath.Join(s.Dir(), db.File), fmt.Sprintf(`INSERT INTO messages (app_id, conversation_id, seq, id, sender_id, text, origin, created_at)
		WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %[1]d)
		SELECT 'shop', 'fair', i, 'msg_' || i, iif(i %% 10 = 1, 'bob', 'maya'), 'Stall number' || i || ' is near the Café gate, see you there at noon', 'import', %[2]d + 60000 * (i - 1) FROM numbers;
		UPDATE conversations SET messages = %[1]d, last_seq = %[1]d, last_activity_at = %[2]d + 60000 * (%[1]d - 1) WHERE app_id = 'shop' AND id = 'fair'`, n, dbtest.Start.UnixMilli()))
}

// long is said, with what was said in the index.
func long(t testing.TB, s *db.Store, n int) {
	t.Helper()
	said(t, s, n)
	for {
		more, err := s.IndexMessages(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

func finds(t testing.TB, s *db.Store, ms db.MessageSearch) string {
	t.Helper()
	ms.App, ms.Conversation = "shop", "fair"
	found, err := s.SearchMessages(ctx, dbtest.Tom, ms)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range found.Items {
		all = append(all, m.ID)
	}
	return strings.Join(all, " ")
}

// last are the ids of those of the n messages whose number begins with these digits, newest first.
func last(n int, digits string) string {
	var all []string
	for i := n; i > 0; i-- {
		if strings.HasPrefix(fmt.Sprint(i), digits) {
			all = append(all, fmt.Sprint("msg_", i))
		}
	}
	return strings.Join(all, " ")
}

// A search finds the same in a short conversation, which has no index, and in a long one, whose index lags behind.
func TestMessagesAreFound(t *testing.T) {
	for _, n := range []int{300, 3000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s, clock := dbtest.New(t)
			dbtest.App(t, s, "shop", "maya", "bob")
			dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
			long(t, s, n)
			clock.Add(time.Duration(n) * time.Minute)
			sent, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: "ünïque words"})
			if err != nil {
				t.Fatal(err)
			}
			for search, want := range map[string]string{
				"CAFE Number299": last(n, "299"),
				"unique":         sent.ID,
				"words UNIQUE":   sent.ID,
				"iq":             sent.ID,
				"w":              sent.ID,
				"nothing at all": "",
				`"; DROP`:        "",
			} {
				if got := finds(t, s, db.MessageSearch{Text: search}); got != want {
					t.Errorf("%q finds %q, not %q", search, got, want)
				}
			}
			if got := finds(t, s, db.MessageSearch{Text: "stall", Window: db.Window{Limit: 2}}); got != fmt.Sprintf("msg_%d msg_%d", n, n-1) {
				t.Errorf("newest first: %q", got)
			}
			if got := finds(t, s, db.MessageSearch{Text: "stall", From: "bob", Window: db.Window{Limit: 2}}); got != fmt.Sprintf("msg_%d msg_%d", n-9, n-19) {
				t.Errorf("of bob: %q", got)
			}
			if got := finds(t, s, db.MessageSearch{From: "bob", Window: db.Window{Limit: 2}}); got != sent.ID+" "+fmt.Sprintf("msg_%d", n-9) {
				t.Errorf("all of bob: %q", got)
			}
			// Pages lead through all finds, each once.
			seen := map[string]bool{}
			for after := ""; ; {
				found, err := s.SearchMessages(ctx, dbtest.Tom, db.MessageSearch{App: "shop", Conversation: "fair", Text: "gate", Window: db.Window{After: after, Limit: 97}})
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range found.Items {
					if seen[m.ID] {
						t.Fatalf("%s twice", m.ID)
					}
					seen[m.ID] = true
				}
				if after = found.Next; after == "" {
					break
				}
			}
			if len(seen) != n {
				t.Errorf("%d of %d", len(seen), n)
			}

			// What is edited, deleted or brought back is found as it is now.
			edit := func(id, text string) {
				t.Helper()
				if _, err := s.EditMessage(ctx, dbtest.Backend("shop"), "shop", "fair", id, chat.MessageChange{Text: chat.Some(text)}); err != nil {
					t.Fatal(err)
				}
			}
			edit("msg_5", "Zebra crossing")
			if a, b := finds(t, s, db.MessageSearch{Text: "zebra"}), finds(t, s, db.MessageSearch{Text: "number5 is"}); a != "msg_5" || strings.Contains(b+" ", "msg_5 ") {
				t.Errorf("edited: %q %q", a, b)
			}
			if _, err := s.DeleteMessage(ctx, dbtest.Tom, "shop", "fair", "msg_5"); err != nil {
				t.Fatal(err)
			}
			if got := finds(t, s, db.MessageSearch{Text: "zebra"}); got != "" {
				t.Errorf("deleted: %q", got)
			}
			if _, err := s.RestoreMessage(ctx, dbtest.Tom, "shop", "fair", "msg_5"); err != nil {
				t.Fatal(err)
			}
			if got := finds(t, s, db.MessageSearch{Text: "zebra"}); got != "msg_5" {
				t.Errorf("restored: %q", got)
			}
			if err := s.Check(ctx); err != nil {
				t.Error(err)
			}
			// Another conversation's messages are not found here.
			if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"); err != nil {
				t.Fatal(err)
			}
			dbtest.Conversation(t, s, "shop", "fair", "maya")
			if got := finds(t, s, db.MessageSearch{Text: "zebra"}); got != "" {
				t.Errorf("of a deleted conversation: %q", got)
			}
		})
	}
}

// A page that looked through very much says how far it came, and the next goes on from there.
func TestALongSearchGoesOnPageByPage(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	said(t, s, 45_000)
	ms := db.MessageSearch{App: "shop", Conversation: "fair", Guests: true}
	pages := 0
	for ; ; pages++ {
		found, err := s.SearchMessages(ctx, dbtest.Tom, ms)
		if err != nil || len(found.Items) > 0 {
			t.Fatal(found, err)
		}
		if ms.After = found.Next; found.Next == "" {
			break
		}
		if found.Back.IsZero() {
			t.Error("the page doesn't say how far it looked")
		}
	}
	if pages != 2 {
		t.Errorf("%d pages", pages)
	}
}

func TestJumpingToATime(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	first := func(at time.Time) string {
		t.Helper()
		cursor, err := s.MessagesSince(ctx, dbtest.Tom, "shop", "fair", at)
		if err != nil {
			t.Fatal(err)
		}
		if cursor == "" {
			return ""
		}
		p, err := s.ReadMessages(ctx, dbtest.Tom, db.MessageQuery{App: "shop", Conversation: "fair", Window: db.Window{Before: cursor, Limit: 3}})
		if err != nil {
			t.Fatal(err)
		}
		return p.Items[len(p.Items)-1].ID
	}
	if got := first(dbtest.Start); got != "" {
		t.Errorf("in an empty conversation: %q", got)
	}
	long(t, s, 1000)
	for at, want := range map[time.Duration]string{-time.Hour: "msg_1", 0: "msg_1", time.Second: "msg_2", 10 * time.Minute: "msg_11", 999 * time.Minute: "msg_1000", 1000 * time.Minute: ""} {
		if got := first(dbtest.Start.Add(at)); got != want {
			t.Errorf("%s after the start: %q, not %q", at, got, want)
		}
	}
}

// BenchmarkMessageSearch searches a conversation of a million messages; GUESTLIST_BENCH_ROWS sets another number.
func BenchmarkMessageSearch(b *testing.B) {
	s, _ := dbtest.New(b)
	dbtest.App(b, s, "shop", "maya", "bob")
	dbtest.Conversation(b, s, "shop", "fair", "maya", "bob")
	begun := time.Now()
	long(b, s, rows())
	b.Logf("%d messages imported and indexed in %s", rows(), time.Since(begun))
	for name, text := range map[string]string{"rare": "number777", "common": "stall", "two words": "gate number4", "two letters": "af", "none": "zzzqqq", "never together": "stall zoo"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				finds(b, s, db.MessageSearch{Text: text})
			}
		})
	}
	b.Run("jump", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.MessagesSince(ctx, dbtest.Tom, "shop", "fair", dbtest.Start.Add(time.Duration(rows()/3)*time.Minute)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSend appends messages from 64 goroutines, as many as share a commit.
func BenchmarkSend(b *testing.B) {
	s, _ := dbtest.New(b)
	dbtest.App(b, s, "shop", "maya", "bob")
	for i := range 100 {
		dbtest.Conversation(b, s, "shop", chat.ConversationID(fmt.Sprint("fair", i)), "maya", "bob")
	}
	backend := dbtest.Backend("shop")
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := s.SendMessage(ctx, backend, "shop", chat.ConversationID(fmt.Sprint("fair", i%100)), chat.NewMessage{Sender: "maya", Text: "Pitch map is final. Sellers can see their number in the app from noon."}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
