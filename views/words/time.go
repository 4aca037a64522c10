package words

import (
	"context"
	"strconv"
	"time"
)

// Relative is a time in the words of someone reading at now, in now's zone: under a day how long ago, then the date.
func Relative(ctx context.Context, at, now time.Time) string {
	at = at.In(now.Location())
	ago := now.Sub(at)
	switch {
	case ago < 0 && ago > -time.Minute, ago >= 0 && ago < 10*time.Second:
		return T(ctx, "just now")
	case ago < 0 && ago > -24*time.Hour:
		return T(ctx, "in %s", Span(ctx, -ago))
	case ago >= 0 && ago < 24*time.Hour:
		return T(ctx, "%s ago", Span(ctx, ago))
	case at.Year() == now.Year():
		return T(ctx, "%[1]s %[2]s", strconv.Itoa(at.Day()), short(ctx, at.Month()))
	}
	return T(ctx, "%[1]s %[2]s %[3]s", strconv.Itoa(at.Day()), short(ctx, at.Month()), strconv.Itoa(at.Year()))
}

// Date is a day with its year.
func Date(ctx context.Context, at time.Time) string {
	return T(ctx, "%[1]s %[2]s %[3]s", strconv.Itoa(at.Day()), long(ctx, at.Month()), strconv.Itoa(at.Year()))
}

// Full is a time to the second with its zone.
func Full(ctx context.Context, at, now time.Time) string {
	at = at.In(now.Location())
	return T(ctx, "%[1]s, %[2]s", Date(ctx, at), at.Format("15:04:05 MST"))
}

// Span is a length of time under a day, in its largest unit.
func Span(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return T(ctx, "%d s", int(d.Seconds()))
	case d < time.Hour:
		return T(ctx, "%d min", int(d.Minutes()))
	}
	return T(ctx, "%d h", int(d.Hours()))
}

func long(ctx context.Context, m time.Month) string {
	return [...]string{T(ctx, "January"), T(ctx, "February"), T(ctx, "March"), T(ctx, "April"), T(ctx, "May"), T(ctx, "June"), T(ctx, "July"),
		T(ctx, "August"), T(ctx, "September"), T(ctx, "October"), T(ctx, "November"), T(ctx, "December")}[m-1]
}

func short(ctx context.Context, m time.Month) string {
	return [...]string{T(ctx, "Jan"), T(ctx, "Feb"), T(ctx, "Mar"), T(ctx, "Apr"), T(ctx, "May "), T(ctx, "Jun"), T(ctx, "Jul"),
		T(ctx, "Aug"), T(ctx, "Sep"), T(ctx, "Oct"), T(ctx, "Nov"), T(ctx, "Dec")}[m-1]
}
