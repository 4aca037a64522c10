package jobs

import (
	"context"
	"time"
)

// settingsEvery is how often the store is asked what of the settings is due. It is a look into two short indexes.
const settingsEvery = time.Second

// Settings takes back settings that nobody confirmed in time and makes planned changes, until ctx ends. What is due is in
// the store, so a restart is late and loses nothing.
func (c Care) Settings(ctx context.Context) error {
	tick := time.NewTicker(settingsEvery)
	defer tick.Stop()
	for {
		if _, err := c.Store.DueSettings(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("settings that are due were not changed", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
