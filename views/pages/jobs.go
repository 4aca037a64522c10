package pages

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// JobsView lists the long work of an app.
type JobsView struct {
	Frame        layouts.Page
	Rows         []JobRow
	Live         components.LiveProps
	Newer, Older string
}

// JobRow is one job, as lists and its own page tell of it.
type JobRow struct {
	chat.Job
	Now time.Time
}

// JobView is the page of one job.
type JobView struct {
	Frame layouts.Page
	Live  components.LiveProps
	JobRow
	List      string // the page of the list that it applies; "" for none
	CanManage bool   // stop it, start it again, collect its result
	CanUndo   bool
	Undone    bool
}

// jobWords are the kinds of jobs in words.
var jobWords = map[chat.JobKind]string{
	chat.JobPeople:  words.Key("Change of participants"),
	chat.JobExport:  words.Key("Export of everything"),
	chat.JobRestore: words.Key("Restore of a list of participants"),
	chat.JobUndo:    words.Key("Undo of a change of many"),
}

// jobEnds say what became of a job, before its title.
var jobEnds = map[chat.JobState]string{chat.JobDone: words.Key("finished the job {what}"), chat.JobFailed: words.Key("could not finish the job {what}"), chat.JobCancelled: words.Key("stopped the job {what}")}

// job is the job that an event is about.
func (v EventView) job() part {
	return named(v.value("title", v.Subject), paths.Job(string(v.App), v.Subject))
}

func (v JobsView) runs() bool { return v.Frame.Refresh > 0 }

func (r JobRow) page() string { return paths.Job(string(r.App), string(r.ID)) }

func (r JobRow) words(ctx context.Context) string {
	return words.T(ctx, or(jobWords[r.Kind], string(r.Kind)))
}

func (r JobRow) badge(ctx context.Context) components.BadgeProps {
	switch {
	case r.Stopping:
		return components.BadgeProps{Text: words.T(ctx, "Stopping"), Tone: components.Warn, Icon: "square"}
	case r.State == chat.JobQueued:
		return components.BadgeProps{Text: words.T(ctx, "Waiting"), Tone: components.Outline, Icon: "clock"}
	case r.State == chat.JobRunning:
		return components.BadgeProps{Text: words.T(ctx, "Running"), Tone: components.Accent, Icon: "play"}
	case r.State == chat.JobFailed:
		return components.BadgeProps{Text: words.T(ctx, "Failed"), Tone: components.Bad, Icon: "circle-alert"}
	case r.State == chat.JobCancelled:
		return components.BadgeProps{Text: words.T(ctx, "Stopped"), Tone: components.Warn, Icon: "square"}
	}
	return components.BadgeProps{Text: words.T(ctx, "Done"), Tone: components.OK, Icon: "check"}
}

// lead is the line under the title of a job's page.
func (r JobRow) lead(ctx context.Context) string {
	switch r.State {
	case chat.JobQueued:
		return words.T(ctx, "It waits for its turn. You can leave this page; the result is kept.")
	case chat.JobRunning:
		return words.T(ctx, "You can leave this page. The job goes on, and the result is kept.")
	case chat.JobFailed:
		return words.T(ctx, "It ended before it was through. What was done stays done.")
	case chat.JobCancelled:
		return words.T(ctx, "It was stopped. What was done stays done.")
	}
	return words.T(ctx, "It is through.")
}

func (r JobRow) percent() string { return strconv.Itoa(max(0, r.Percent())) }

// far says how far the job is.
func (r JobRow) far(ctx context.Context) string {
	if r.Total > 0 {
		return fmt.Sprintf("%s of %s", words.Number(ctx, r.Done), words.Number(ctx, r.Total))
	}
	if r.Done > 0 {
		return words.T(ctx, "%s so far", words.Number(ctx, r.Done))
	}
	return ""
}

// left guesses how long the job will take from how long it took so far; "" where it is too early to tell.
func (r JobRow) left(ctx context.Context) string {
	took := r.Now.Sub(r.StartedAt)
	if r.State != chat.JobRunning || r.Done == 0 || r.Total <= r.Done || took < 2*time.Second {
		return ""
	}
	left := time.Duration(float64(took) / float64(r.Done) * float64(r.Total-r.Done))
	switch {
	case left < 5*time.Second:
		return words.T(ctx, "A few seconds left")
	case left < time.Minute:
		return words.T(ctx, "About %d seconds left", int(left.Seconds()/5+1)*5)
	case left < 90*time.Second:
		return words.T(ctx, "About a minute left")
	}
	return words.T(ctx, "About %d minutes left", int(left.Round(time.Minute).Minutes()))
}

func (r JobRow) tried(ctx context.Context) string {
	if r.State == chat.JobCancelled {
		return words.T(ctx, "Go on")
	}
	return words.T(ctx, "Start again")
}

func (r JobRow) hasFile() bool { return r.HasFile(r.Now) }

// fileSize is a size for people.
func (r JobRow) fileSize(ctx context.Context) string {
	switch n := r.FileSize; {
	case n < 1000:
		return words.N(ctx, n, "%d byte", "%d bytes")
	case n < 1_000_000:
		return words.T(ctx, "%.1f kB", float64(n)/1000)
	default:
		return words.T(ctx, "%.1f MB", float64(n)/1_000_000)
	}
}

// livePoll marks a part of a page that is told of jobs, and fetched again every second while one runs: progress is no news.
func livePoll(runs bool) templ.Attributes {
	attrs := components.LiveNow("job")
	if runs {
		attrs["data-live-poll"] = true
	}
	return attrs
}
