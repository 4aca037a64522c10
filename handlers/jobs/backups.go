package jobs

import (
	"context"
	"time"
)

// planEvery is how often the plan is asked whether it wants a backup.
const planEvery = 30 * time.Second

// Backups makes backups by the plan, at the hour of the server's clock.
func (c Care) Backups(ctx context.Context) error {
	for wait(ctx, planEvery) {
		if err := c.Store.KeepPlan(ctx, time.Local); err != nil && ctx.Err() == nil {
			c.Log.Error("jobs: the planned backup failed", "error", err)
		}
	}
	return nil
}
