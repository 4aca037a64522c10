package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// Range is how far back the charts of the overview go.
type Range struct {
	Value, Label string
	Points       int
	Step         time.Duration // of a point
	Each         string        // "per hour"
	Before       string        // what it is compared with
}

// Ranges are the choices, the first of which is the ordinary one.
var Ranges = []Range{
	{"24h", words.Key("24 hours"), 24, time.Hour, words.Key("per hour"), words.Key("the 24 hours before")},
	{"7d", words.Key("7 days"), 28, 6 * time.Hour, words.Key("per 6 hours"), words.Key("the 7 days before")},
	{"30d", words.Key("30 days"), 30, 24 * time.Hour, words.Key("per day"), words.Key("the 30 days before")},
}

// ParseRange is the range of that name, or the ordinary one.
func ParseRange(value string) Range {
	for _, r := range Ranges {
		if r.Value == value {
			return r
		}
	}
	return Ranges[0]
}

// Length is how far back it goes.
func (r Range) Length() time.Duration { return time.Duration(r.Points) * r.Step }

// Start is where its first point starts, so that its last one holds now.
func (r Range) Start(now time.Time) time.Time {
	return now.Truncate(time.Hour).Add(time.Hour - r.Length())
}

// series is one row of numbers over the range.
type series struct {
	ID, Title    string
	one, many    string // of its noun
	values       []int64
	before       int64 // the sum of as long a time before; -1 where nobody knows
	line         bool  // a level, whose newest point counts; else a flow, whose sum does
	most         bool  // a level of which the highest counts
	guests, warn bool
	href         string
}

// ChartsView are the charts of the overview.
type ChartsView struct {
	App   string
	Range Range
	Now   time.Time
	all   []series
}

// NewCharts draws up the numbers of an app from its hours, which reach back twice the range.
func NewCharts(ctx context.Context, app chat.App, r Range, hours []chat.Hour, now time.Time) ChartsView {
	start := r.Start(now)
	id := string(app.ID)
	users := series{ID: "users", Title: words.T(ctx, "Users"), one: "%d user", many: words.Key("%d users"), line: true, before: -1, href: paths.Users(id)}
	places := series{ID: "participants", Title: words.T(ctx, "Participants"), one: "%d place on a list", many: words.Key("%d places on lists"), line: true, before: -1, href: paths.Conversations(id)}
	messages := series{ID: "messages", Title: words.T(ctx, "Messages"), one: "%d message", many: words.Key("%d messages"), href: paths.Conversations(id)}
	guests := series{ID: "guests", Title: words.T(ctx, "Guests at once"), one: "%d guest", many: words.Key("%d guests"), most: true, guests: true, before: -1, href: paths.SettingsSecurity(id) + "#guests"}
	refused := series{ID: "refused", Title: words.T(ctx, "Refused calls"), one: "%d call", many: words.Key("%d calls"), warn: true, href: paths.Refusals(id)}
	changes := series{ID: "changes", Title: words.T(ctx, "Changes"), one: "%d change", many: words.Key("%d changes"), href: paths.Audit(id)}
	for _, s := range []*series{&users, &places, &messages, &guests, &refused, &changes} {
		s.values = make([]int64, r.Points)
	}
	for _, h := range hours {
		i := int(h.Start.Sub(start) / r.Step)
		if h.Start.Before(start) {
			if !h.Start.Before(start.Add(-r.Length())) {
				messages.before, refused.before, changes.before = messages.before+h.Messages, refused.before+h.Refused, changes.before+h.Changes
			}
			continue
		}
		if i >= r.Points {
			continue // a clock that went back
		}
		users.values[i] += h.Users
		places.values[i] += h.Participants
		messages.values[i] += h.Messages
		guests.values[i] = max(guests.values[i], h.Guests)
		refused.values[i] += h.Refused
		changes.values[i] += h.Changes
	}
	users.levels(app.Users)
	places.levels(app.Participants)
	if r.Length() > 15*24*time.Hour {
		refused.before = -1 // calls are kept for 30 days
	}
	return ChartsView{App: id, Range: r, Now: now, all: []series{messages, users, places, guests, refused, changes}}
}

// levels turns what came and went into what there was, from what there is now.
func (s *series) levels(now int64) {
	for i := len(s.values) - 1; i >= 0; i-- {
		s.values[i], now = now, now-s.values[i]
	}
}

// total is the number that counts.
func (s series) total() (n int64) {
	if s.line {
		return s.values[len(s.values)-1]
	}
	for _, v := range s.values {
		if s.most {
			n = max(n, v)
		} else {
			n += v
		}
	}
	return n
}

// note compares the number with what was before.
func (s series) note(ctx context.Context, r Range) string {
	switch {
	case s.line:
		if d := s.total() - s.values[0]; d > 0 {
			return words.T(ctx, "%s more than %s", words.Number(ctx, d), r.ago(ctx))
		} else if d < 0 {
			return words.T(ctx, "%s fewer than %s", words.Number(ctx, -d), r.ago(ctx))
		}
		return words.T(ctx, "as many as %s", r.ago(ctx))
	case s.most:
		return words.T(ctx, "the most at once")
	case s.before < 0:
		return words.T(ctx, r.Each)
	case s.before == 0 && s.total() == 0:
		return words.T(ctx, "none in %s either", words.T(ctx, r.Before))
	case s.before == 0:
		return words.T(ctx, "none in %s", words.T(ctx, r.Before))
	}
	return compared(ctx, s.total(), s.before, words.T(ctx, r.Before))
}

// compared is a number beside an earlier one: "6 % more than the 24 hours before".
func compared(ctx context.Context, now, before int64, than string) string {
	percent := (now - before) * 100 / before
	switch {
	case percent >= 300:
		return words.T(ctx, "%s times %s", words.Number(ctx, now/before), than)
	case percent > 0:
		return words.T(ctx, "%d %% more than %s", percent, than)
	case percent < 0:
		return words.T(ctx, "%d %% fewer than %s", -percent, than)
	}
	return words.T(ctx, "as many as %s", than)
}

func (r Range) ago(ctx context.Context) string { return words.T(ctx, "%s ago", words.T(ctx, r.Label)) }

// chart is the drawing with its words: what it shows, its end and its highest point.
func (s series) chart(ctx context.Context, v ChartsView) components.ChartProps {
	high, at := int64(0), 0
	for i, n := range s.values {
		if n > high {
			high, at = n, i
		}
	}
	label := words.T(ctx, "%s over %s: %s, %s.", s.Title, words.T(ctx, v.Range.Label), words.N(ctx, s.total(), s.one, s.many), s.note(ctx, v.Range))
	if high > 0 {
		label += words.T(ctx, " Most at %s: %s.", v.point(ctx, at), words.Number(ctx, high))
	}
	return components.ChartProps{Label: label, Values: s.values, Line: s.line, Guest: s.guests, Warn: s.warn && s.total() > 0}
}

// point names a point of the range.
func (v ChartsView) point(ctx context.Context, i int) string {
	at := v.Range.Start(v.Now).Add(time.Duration(i) * v.Range.Step).In(v.Now.Location())
	switch {
	case v.Range.Step < 2*time.Hour:
		return at.Format("15:04")
	case v.Range.Step < 24*time.Hour:
		return words.Day(ctx, at, v.Now) + at.Format(", 15:04")
	}
	return words.Day(ctx, at, v.Now)
}

func (v ChartsView) points(ctx context.Context) (names []string) {
	for i := range v.Range.Points {
		names = append(names, v.point(ctx, i))
	}
	return names
}

func (v ChartsView) href(r Range) string {
	if r.Value == Ranges[0].Value {
		return paths.Overview(v.App)
	}
	return paths.Page(paths.Overview(v.App), map[string][]string{"range": {r.Value}})
}

func (v ChartsView) of(id string) series {
	for _, s := range v.all {
		if s.ID == id {
			return s
		}
	}
	return series{values: make([]int64, 1)}
}

// spark is a chart beside a number of the page's head.
func (v ChartsView) spark(ctx context.Context, id string) components.ChartProps {
	p := v.of(id).chart(ctx, v)
	p.Small = true
	return p
}
