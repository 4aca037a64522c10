package jobs

import (
	"context"
	"log/slog"
	"time"

	"guestlist/db"
)

// Tidy moves what is large into the trash and out of it, and users off lists and back on them, step by step; it purges what
// has been in the trash for its time, and ends bans. No rule waits for it.
func Tidy(store *db.Store, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		woken, stop := store.Wake()
		defer stop()
		tick := time.NewTicker(tidyEvery)
		defer tick.Stop()
		for {
			more, err := store.TidyTrash(ctx)
			if err != nil && ctx.Err() == nil {
				log.Error("jobs: the trash can't be tidied yet", "error", err)
			}
			next := tick.C
			if more && err == nil {
				next = time.After(breath)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-next:
			case <-woken:
			}
		}
	}
}

const (
	tidyEvery = 10 * time.Second     // what a clock ends
	breath    = 5 * time.Millisecond // between steps, for others to write
)
