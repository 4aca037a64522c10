package db_test

import (
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// BenchmarkTrash puts a conversation into the trash and brings it back, and a user of many conversations off all lists
// and back on them: the longest that one transaction held the writer, and how long it took in all.
func BenchmarkTrash(b *testing.B) {
	const hall, places = 100_000, 10_000
	s, _ := dbtest.New(b)
	dbtest.App(b, s, "shop")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: hall, Conversations: places, Participants: 2, Big: hall}); err != nil {
		b.Fatal(err)
	}
	everywhere := chat.UserID("everywhere")
	if _, err := s.PutUser(ctx, dbtest.Ana, "shop", everywhere, chat.UserChange{Name: chat.Some("Everywhere")}, chat.UserChange{}); err != nil {
		b.Fatal(err)
	}
	var convs []chat.ConversationID
	w := db.Window{Limit: 1000}
	for {
		p, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Order: db.ByAge, Window: w})
		if err != nil {
			b.Fatal(err)
		}
		convs = convs[:0]
		for _, c := range p.Items {
			convs = append(convs, c.ID)
		}
		if _, err := s.AddToConversations(ctx, dbtest.Ana, "shop", everywhere, convs); err != nil {
			b.Fatal(err)
		}
		if w.After = p.Next; w.After == "" {
			break
		}
	}
	var longest time.Duration
	timed := func(do func() error) {
		b.Helper()
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		longest = max(longest, time.Since(start))
	}
	all := func(do func() error) {
		b.Helper()
		timed(do)
		for more := true; more; {
			timed(func() (err error) { more, err = s.TidyTrash(ctx); return err })
		}
	}
	var e chat.Event
	for name, x := range map[string]struct{ there, back func() error }{
		"conversation of 100,000": {func() (err error) { e, err = s.DeleteConversation(ctx, dbtest.Ana, "shop", "big"); return err },
			func() error { _, err := s.Undo(ctx, dbtest.Ana, "shop", e.Seq); return err }},
		"user in 10,000": {func() (err error) { e, err = s.DeleteUser(ctx, dbtest.Ana, "shop", everywhere); return err },
			func() error { _, err := s.Undo(ctx, dbtest.Ana, "shop", e.Seq); return err }},
		"ban in 10,000": {func() error {
			_, err := s.BanUser(ctx, dbtest.Ana, "shop", everywhere, chat.NewBan{For: chat.BanUntilLifted})
			return err
		}, func() error { _, err := s.LiftBan(ctx, dbtest.Ana, "shop", everywhere, true); return err }},
	} {
		b.Run(name, func(b *testing.B) {
			var there, back time.Duration
			longest = 0
			for b.Loop() {
				start := time.Now()
				all(x.there)
				there += time.Since(start)
				start = time.Now()
				all(x.back)
				back += time.Since(start)
			}
			b.ReportMetric(float64(longest.Milliseconds()), "ms-longest")
			b.ReportMetric(there.Seconds()/float64(b.N), "s-away")
			b.ReportMetric(back.Seconds()/float64(b.N), "s-back")
		})
	}
}
