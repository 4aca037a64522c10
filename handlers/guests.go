package handlers

import (
	"context"
	"time"

	"guestlist/db/chat"
)

// guestsEvery is how often guests are counted, for the charts.
const guestsEvery = 5 * time.Second

// countGuests notes the most guests that each app has at once in an hour, until ctx ends. It writes only what is more than
// before.
func (s *Server) countGuests(ctx context.Context) error {
	tick := time.NewTicker(guestsEvery)
	defer tick.Stop()
	most, hour := map[chat.AppID]int64{}, time.Time{}
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if now := s.care.Store.Now().Truncate(time.Hour); !now.Equal(hour) {
			clear(most)
			hour = now
		}
		more, err := s.moreGuests(ctx, most)
		if err == nil && len(more) > 0 {
			err = s.care.Store.CountGuests(ctx, more)
		}
		if err != nil && ctx.Err() == nil {
			s.care.Log.Error("guests were not counted", "error", err)
			clear(most)
		}
	}
}

// moreGuests are the apps that have more guests now than the most so far, which it remembers.
func (s *Server) moreGuests(ctx context.Context, most map[chat.AppID]int64) (map[chat.AppID]int64, error) {
	apps, err := s.care.Store.Apps(ctx)
	if err != nil {
		return nil, err
	}
	more := map[chat.AppID]int64{}
	for _, a := range apps {
		var n int64
		for _, guests := range s.live.GuestCounts(a.ID) {
			n += int64(guests)
		}
		if n > most[a.ID] {
			most[a.ID], more[a.ID] = n, n
		}
	}
	return more, nil
}
