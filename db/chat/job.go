package chat

import (
	"encoding/json"
	"time"
)

// JobID names a job on this server.
type JobID string

// JobKind is a sort of long work.
type JobKind string

const (
	JobPeople  JobKind = "people"  // applies a stage: adds, changes and removes many participants
	JobExport  JobKind = "export"  // everything that an app has, as one file
	JobRestore JobKind = "restore" // makes a list of participants what it was
	JobUndo    JobKind = "undo"    // takes back one bulk change that is too long for one transaction
)

// jobRules say of each kind what starting, stopping and collecting one needs, and whether what it did is a change that can
// be undone or a file.
var jobRules = map[JobKind]struct {
	needs      Operation
	undo, file bool
}{
	JobPeople:  {OpParticipantAdd, true, false},
	JobExport:  {OpExportCollect, false, true},
	JobRestore: {OpParticipantAdd, true, false},
	JobUndo:    {OpUndo, true, false},
}

// JobKinds lists all kinds.
var JobKinds = []JobKind{JobPeople, JobExport, JobRestore, JobUndo}

// Operation is what one must be allowed to do to start a job of this kind, stop it, start it again and collect its result.
func (k JobKind) Operation() Operation { return jobRules[k].needs }

// Undoable tells kinds whose work is one bulk change that can be taken back.
func (k JobKind) Undoable() bool { return jobRules[k].undo }

// Writes tells kinds whose work is a file.
func (k JobKind) Writes() bool { return jobRules[k].file }

// JobState is where a job stands.
type JobState string

const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"    // by itself; Problem says why
	JobCancelled JobState = "cancelled" // by an admin; what was done stays done
)

// Ended tells states that nothing more comes of by itself.
func (s JobState) Ended() bool { return s == JobDone || s == JobFailed || s == JobCancelled }

// JobFileDays is how long the file that a job made is kept.
const JobFileDays = 30

// JobRef names one job.
type JobRef struct {
	App AppID
	ID  JobID
}

// Job is long work that the server does by itself, in steps.
type Job struct {
	JobRef
	N            int64 // order of all jobs
	Kind         JobKind
	Title        string         // what it is about, in the words of who started it
	Conversation ConversationID // that it is about; "" for none
	Params       json.RawMessage
	State        JobState
	Stopping     bool  // somebody wants it to end after the step that runs
	Done, Total  int64 // Total 0: nobody knows yet
	Note         string
	Cursor       json.RawMessage // where the next step starts; nil at the start
	Batch        string          // of all events that the job writes
	Problem      string          // of a failed job: what happened and why
	Hint         string          // and what to do
	FileName     string          // of the result; "" for none
	FileSize     int64           // of what is written already
	FileUntil    time.Time       // when the result is removed
	Actor        Actor           // who started it, as they were then
	Confirmed    bool            // they had given their password lately
	CreatedAt    time.Time
	StartedAt    time.Time // for the first time
	FinishedAt   time.Time
}

// Percent is how far the job is; -1 while nobody knows.
func (j Job) Percent() int {
	switch {
	case j.State == JobDone:
		return 100
	case j.Total <= 0:
		return -1
	}
	return int(min(j.Done, j.Total) * 100 / j.Total)
}

// HasFile tells whether the result can be collected at a time.
func (j Job) HasFile(now time.Time) bool { return j.FileName != "" && now.Before(j.FileUntil) }

// Confirmed tells whether an admin gave their password so lately that a job which needs it may be started now.
func (a Actor) Confirmed(now time.Time) bool { return a.recentlyAuthenticated(now) }

// NewJob is a job to start.
type NewJob struct {
	App          AppID
	Kind         JobKind
	Title        string
	Conversation ConversationID
	Params       any // of the kind's own, stored as JSON
	Total        int64
	Batch        string // "" for one of its own
}

// JobProgress is what a step leaves behind that works outside of the store: for the next step, and for people.
type JobProgress struct {
	Cursor      any // of the kind's own, stored as JSON
	Done, Total int64
	Note        string
	FileSize    int64
	Finished    bool
	FileName    string // of the result, when finished
}

// ErrJobNotFound refuses what names no job of the app.
func ErrJobNotFound() *Error {
	return &Error{Code: NotFound, Reason: JobNotFound, Message: "There is no such job in this app.", Hint: "See the list of jobs."}
}
