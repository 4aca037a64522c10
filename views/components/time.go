package components

import (
	"context"
	"fmt"
	"time"

	"guestlist/views/words"
)

// Relative is a time in the words of someone reading at now, in now's zone: under a day how long ago, then the date.
func Relative(ctx context.Context, at, now time.Time) string {
	at = at.In(now.Location())
	ago := now.Sub(at)
	switch {
	case ago < 0 && ago > -time.Minute, ago >= 0 && ago < 10*time.Second:
		return words.T(ctx, "just now")
	case ago < 0 && ago > -24*time.Hour:
		return "in " + span(ctx, -ago)
	case ago >= 0 && ago < 24*time.Hour:
		return words.T(ctx, "%s ago", span(ctx, ago))
	case at.Year() == now.Year():
		return at.Format("2 Jan")
	default:
		return at.Format("2 Jan 2006")
	}
}

// Full is a time to the second with its zone, for a tip.
func Full(at, now time.Time) string {
	return at.In(now.Location()).Format("2 January 2006, 15:04:05 MST")
}

func span(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return words.T(ctx, "%d min", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
}
