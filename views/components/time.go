package components

import (
	"fmt"
	"time"
)

// Relative is a time in the words of someone reading at now, in now's zone: under a day how long ago, then the date.
func Relative(at, now time.Time) string {
	at = at.In(now.Location())
	ago := now.Sub(at)
	switch {
	case ago < 0 && ago > -time.Minute, ago >= 0 && ago < 10*time.Second:
		return "just now"
	case ago < 0 && ago > -24*time.Hour:
		return "in " + span(-ago)
	case ago >= 0 && ago < 24*time.Hour:
		return span(ago) + " ago"
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

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
}
