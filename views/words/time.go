package words

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// dates are how a language writes days.
type dates struct {
	months, short []string
	day           string // of a month in short: 3 Mar
	dayYear       string // with its year: 3 Mar 2026
	long          string // 3 March
	longYear      string // 3 March 2026
	ago, in       string
}

var calendar = map[string]dates{
	"en": {strings.Fields("January February March April May June July August September October November December"),
		strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"), "%d %s", "%d %s %d", "%d %s", "%d %s %d", "%s ago", "in %s"},
	"de": {strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
		strings.Fields("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."), "%d. %s", "%d. %s %d", "%d. %s", "%d. %s %d", "vor %s", "in %s"},
	"es": {strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
		strings.Fields("ene feb mar abr may jun jul ago sept oct nov dic"), "%d %s", "%d %s %d", "%d de %s", "%d de %s de %d", "hace %s", "dentro de %s"},
}

// Relative is a time in the words of someone reading at now, in now's zone: under a day how long ago, then the date.
func Relative(ctx context.Context, at, now time.Time) string {
	ago := now.Sub(at)
	switch {
	case ago < 0 && ago > -time.Minute, ago >= 0 && ago < 10*time.Second:
		return T(ctx, "just now")
	case ago < 0 && ago > -24*time.Hour:
		return fmt.Sprintf(calendar[Of(ctx)].in, span(-ago))
	case ago >= 0 && ago < 24*time.Hour:
		return fmt.Sprintf(calendar[Of(ctx)].ago, span(ago))
	}
	return Day(ctx, at, now)
}

// Day is a day in short, with its year when that is not now's.
func Day(ctx context.Context, at, now time.Time) string {
	c := calendar[Of(ctx)]
	if at = at.In(now.Location()); at.Year() == now.Year() {
		return fmt.Sprintf(c.day, at.Day(), c.short[at.Month()-1])
	}
	return fmt.Sprintf(c.dayYear, at.Day(), c.short[at.Month()-1], at.Year())
}

// LongDay is a day and its month.
func LongDay(ctx context.Context, at time.Time) string {
	c := calendar[Of(ctx)]
	return fmt.Sprintf(c.long, at.Day(), c.months[at.Month()-1])
}

// Date is a day with its year.
func Date(ctx context.Context, at time.Time) string {
	c := calendar[Of(ctx)]
	return fmt.Sprintf(c.longYear, at.Day(), c.months[at.Month()-1], at.Year())
}

// Full is a time to the second with its zone.
func Full(ctx context.Context, at, now time.Time) string {
	at = at.In(now.Location())
	return Date(ctx, at) + at.Format(", 15:04:05 MST")
}

// Moment is a time to the minute with its zone.
func Moment(ctx context.Context, at, now time.Time) string {
	at = at.In(now.Location())
	return Date(ctx, at) + at.Format(", 15:04 MST")
}

// span is a length of time under a day, in its largest unit. The units are written alike in all languages.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h", int(d.Hours()))
}
