package db_test

import (
	"os"
	"strconv"
	"testing"

	"guestlist/db"
	"guestlist/db/dbtest"
)

// rows is how large the large database is: GUESTLIST_BENCH_ROWS users and conversations, 20,000 unless set, and one
// conversation with a tenth of the users.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("GUESTLIST_BENCH_ROWS")); err == nil {
		return n
	}
	return 20_000
}

func seeded(b *testing.B, n int) *db.Store {
	b.Helper()
	s, _ := dbtest.New(b)
	dbtest.App(b, s, "shop")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: n, Conversations: n, Participants: 2, Big: max(n/10, 60)}); err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkPages reads the same pages in a small and in a large database.
func BenchmarkPages(b *testing.B) {
	for name, n := range map[string]int{"small": 500, "large": rows()} {
		s := seeded(b, n)
		deep := ""
		for range min(10_000, n/50-1) {
			p, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Window: db.Window{After: deep, Limit: 50}})
			if err != nil || p.Next == "" {
				break
			}
			deep = p.Next
		}
		b.Run(name+"/participants", func(b *testing.B) {
			for b.Loop() {
				p, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "big", Window: db.Window{Limit: 50}})
				if err != nil || len(p.Items) != 50 {
					b.Fatal(len(p.Items), err)
				}
			}
		})
		for where, after := range map[string]string{"first": "", "deep": deep} {
			b.Run(name+"/conversations/"+where, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Window: db.Window{After: after, Limit: 50}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		for what, q := range map[string]string{"rare": "user-" + strconv.Itoa(n/2), "common": "maya", "one-letter": "m", "two-words": "yuki herr", "none": "zzzqqq"} {
			b.Run(name+"/search/"+what, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Users(ctx, db.UserQuery{App: "shop", Search: q, Window: db.Window{Limit: 50}}); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(name+"/search-participants/"+what, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "big", Search: q, Window: db.Window{Limit: 50}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkFind answers the palette, from the narrowest texts to those that everything and nothing has in it.
func BenchmarkFind(b *testing.B) {
	s := seeded(b, rows())
	for _, text := range []string{"user-777", "maya", "m", "ma", "yuki herr", "order 4711", "C-0000123", "4711@shop", "zzzqqq", "lindqvist", "the big"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Find(ctx, "shop", text, 6); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
