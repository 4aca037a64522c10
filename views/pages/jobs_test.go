package pages

import (
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"
)

func sampleJob(state chat.JobState) chat.Job {
	j := chat.Job{JobRef: chat.JobRef{App: "shop", ID: "job_1" + chat.JobID(state)}, Kind: chat.JobUndo, Title: "Undo 1,197 changes", Conversation: "fair", State: state, Done: 744, Total: 1197, Batch: "B1",
		Actor: chat.Actor{Kind: chat.AdminActor, ID: "adm_1", Name: "Imani"}, CreatedAt: now.Add(-time.Minute), StartedAt: now.Add(-40 * time.Second)}
	switch state {
	case chat.JobFailed:
		j.Problem, j.Hint = "The conversation was deleted.", "What was done before stays done."
	case chat.JobQueued:
		j.Done, j.StartedAt = 0, time.Time{}
	case chat.JobDone:
		j.Done, j.Note, j.FinishedAt = j.Total, "3 had changed since and were left as they are.", now
		j.FileName, j.FileSize, j.FileUntil = "shop.csv", 12_345, now.AddDate(0, 0, 30)
	}
	return j
}

func init() {
	frame := sampleSettings(chat.Owner, "").Frame
	v := JobsView{Frame: frame}
	samples["Jobs, none"] = Jobs(v)
	for _, state := range []chat.JobState{chat.JobQueued, chat.JobRunning, chat.JobDone, chat.JobFailed, chat.JobCancelled} {
		row := JobRow{Job: sampleJob(state), Now: now}
		v.Rows = append(v.Rows, row)
		samples["JobPage, "+string(state)] = JobPage(JobView{Frame: frame, JobRow: row, CanManage: true, CanUndo: state.Ended()})
	}
	v.Frame.Refresh, v.Older = 3, "/apps/shop/jobs?after=x"
	samples["Jobs"] = Jobs(v)
	unknown := JobView{Frame: frame, JobRow: JobRow{Job: sampleJob(chat.JobRunning), Now: now}, Undone: true}
	unknown.Total, unknown.Stopping = 0, true
	samples["JobPage, of unknown length"] = JobPage(unknown)
}

func TestEveryKindOfJobHasWords(t *testing.T) {
	for _, k := range chat.JobKinds {
		if jobWords[k] == "" || k.Operation() == "" {
			t.Errorf("%s has no words or needs nothing", k)
		}
	}
	if len(jobWords) != len(chat.JobKinds) {
		t.Error("words of a kind that there is not")
	}
}

func TestAJobSaysHowFarItIsAndWhatCanBeDone(t *testing.T) {
	for state, want := range map[chat.JobState][]string{
		chat.JobQueued:    {"Waiting", "0 of 1,197", "Stop"},
		chat.JobRunning:   {"Running", "62 %", "744 of 1,197", "About 25 seconds left", "Stop"},
		chat.JobDone:      {"Done", "100 %", "Download shop.csv", "12.3 kB", "Undo what was done", "3 had changed since"},
		chat.JobFailed:    {"Failed", "The conversation was deleted.", "Start again", "Undo what was done"},
		chat.JobCancelled: {"Stopped", "What was done stays done.", "Go on", "Undo what was done"},
	} {
		text := strings.Join(strings.Fields(viewtest.Render(t, samples["JobPage, "+string(state)]).Find("main").Text()), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not in %q", state, w, text)
			}
		}
	}
}
