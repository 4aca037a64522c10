package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// Attention is one thing that somebody should look at, with where.
type Attention struct {
	Text, Href string
	Bad        bool
}

// maxFindings bounds how many findings of the health page the overview names.
const maxFindings = 4

// NeedsAttention is what stands open, waits or failed in an app, worst first.
func NeedsAttention(ctx context.Context, app string, findings []chat.Finding, trials []chat.SettingsTrial, ended []chat.SettingsPlan, jobs []chat.Job, charts ChartsView, now time.Time) (all []Attention) {
	lately := func(at time.Time) bool { return now.Sub(at) < 24*time.Hour }
	for _, t := range trials {
		b := Trial(ctx, t, now)
		all = append(all, Attention{Text: words.T(ctx, "%s goes back %s unless it is confirmed.", b.What, b.Left), Href: paths.SettingsHistory(app), Bad: true})
	}
	for _, p := range ended {
		if p.State == chat.PlanRefused && lately(p.EndedAt) {
			all = append(all, Attention{Text: words.T(ctx, "A scheduled change was not made: %s", words.Said(ctx, p.Outcome)), Href: paths.SettingsHistory(app), Bad: true})
		}
	}
	for _, j := range jobs {
		if j.State == chat.JobFailed && lately(j.FinishedAt) {
			all = append(all, Attention{Text: words.T(ctx, "A job failed: %s", words.Said(ctx, j.Title)), Href: paths.Job(app, string(j.ID)), Bad: true})
		}
	}
	if refused := charts.of("refused"); rising(refused) {
		all = append(all, Attention{Text: words.T(ctx, "Refused calls are rising: %s, %s.", words.Number(ctx, refused.total()), refused.note(ctx, charts.Range)), Href: paths.Refusals(app)})
	}
	for i, f := range findings {
		if i == maxFindings {
			all = append(all, Attention{Text: words.T(ctx, "and %s", words.N(ctx, int64(len(findings)-i), "%d more finding", "%d more findings")), Href: paths.Health(app)})
			break
		}
		v := NewFinding(ctx, app, f)
		all = append(all, Attention{Text: v.Title, Href: paths.Health(app), Bad: v.Bad})
	}
	return all
}

// rising tells a flow that doubled, and is more than a handful.
func rising(s series) bool { return s.before >= 0 && s.total() >= 20 && s.total() >= 2*s.before }
