package jobs

import (
	"context"
	"log/slog"
	"time"

	"guestlist/db"
)

// Care is the work that nobody asked for and somebody must do. Each of its loops runs until ctx ends, and goes on where the
// database says.
type Care struct {
	Store *db.Store
	Log   *slog.Logger
}

// How often the messages are looked after, and how long one step lets others go first.
const (
	messagesEvery = 2 * time.Second
	messagesPause = 5 * time.Millisecond
)

// Messages enters long conversations in the search, and forgets what admins deleted long ago.
func (c Care) Messages(ctx context.Context) error {
	for {
		for _, step := range []func(context.Context) (bool, error){c.Store.IndexMessages, c.Store.ForgetMessages} {
			for more := true; more && ctx.Err() == nil; wait(ctx, messagesPause) {
				var err error
				if more, err = step(ctx); err != nil && ctx.Err() == nil {
					c.Log.Error("jobs: messages are not looked after", "error", err)
					more = false
				}
			}
		}
		if wait(ctx, messagesEvery); ctx.Err() != nil {
			return nil
		}
	}
}
