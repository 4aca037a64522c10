package jobs

import (
	"context"
	"time"
)

// endingsEvery is how often it is looked for those whose access is over. It is over when its time has come; this only
// takes them off the lists.
const endingsEvery = time.Second

// Endings takes those off their lists whose access is over.
func (c Care) Endings(ctx context.Context) error {
	for {
		more, err := c.Store.EndAccess(ctx)
		if err != nil && ctx.Err() == nil {
			c.Log.Error("jobs: ended participants are not taken off their lists", "error", err)
			more = false
		}
		pause := endingsEvery
		if more {
			pause = messagesPause
		}
		if wait(ctx, pause); ctx.Err() != nil {
			return nil
		}
	}
}
