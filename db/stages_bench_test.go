package db_test

import (
	"fmt"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
)

// BenchmarkStage looks at 50,000 pasted lines: known ids, addresses and names among unknown ones, in a database that is as
// large as GUESTLIST_BENCH_ROWS says. Its page is what an admin sees first.
func BenchmarkStage(b *testing.B) {
	s := seeded(b, rows())
	lines := func() []chat.StagedLine {
		all := make([]chat.StagedLine, 50_000)
		for i := range all {
			all[i] = chat.StagedLine{N: i + 1, Typed: fmt.Sprintf("user-%d", i*7%(2*rows()))}
			switch i % 10 {
			case 7:
				all[i].Typed = fmt.Sprintf("somebody.%d@shop.example", i)
			case 8:
				all[i].Typed = fmt.Sprintf("Maya Lindqvist %d", i)
			}
		}
		return all
	}
	for _, mode := range []chat.StageMode{chat.StageAdd, chat.StageExact} {
		b.Run(string(mode), func(b *testing.B) {
			for b.Loop() {
				ref, err := s.MakeStage(ctx, chat.CommandLine, chat.NewStage{App: "shop", Conversation: "big", Mode: mode, Access: chat.ReadWrite, Notify: chat.NotifyAll}, lines())
				if err != nil {
					b.Fatal(err)
				}
				st, err := s.Stage(ctx, ref)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := s.StagedLines(ctx, db.StagedQuery{Stage: st.N, App: "shop", Window: db.Window{Limit: 50}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("apply", func(b *testing.B) {
		for n := range b.N {
			b.StopTimer()
			ref, err := s.MakeStage(ctx, chat.CommandLine, chat.NewStage{App: "shop", Conversation: chat.ConversationID(fmt.Sprint("conv-", n)), Mode: chat.StageAdd, Access: chat.ReadWrite, Notify: chat.NotifyAll}, lines())
			if err != nil {
				b.Fatal(err)
			}
			if _, err = s.ApplyStage(ctx, chat.CommandLine, ref, chat.StageApply{}); err != nil {
				b.Fatal(err)
			}
			j, ok, err := s.NextJob(ctx)
			if err != nil || !ok {
				b.Fatal(ok, err)
			}
			b.StartTimer()
			for !j.State.Ended() {
				if j, err = s.StageStep(ctx, j.JobRef); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(j.Done), "lines")
		}
	})
}
