package db

import (
	"context"
	"encoding/json"
	"fmt"

	"guestlist/db/chat"
)

// What runs jobs asks of the store. A step is one transaction: the work, and with it the cursor that the next one starts
// from. Steps are short, so that people's changes wait for none.

// JobsQueued gives a signal after each job that is put into the queue, until stop is called.
func (s *Store) JobsQueued() (woken <-chan struct{}, stop func()) { return s.queued.listen() }

// ResumeJobs puts the jobs that were running when the program ended back into the queue.
func (s *Store) ResumeJobs(ctx context.Context) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE jobs SET state = 'queued' WHERE state = 'running'`)
		return err
	})
}

// NextJob takes the job out of the queue that waits longest; ok is false when none does.
func (s *Store) NextJob(ctx context.Context) (j chat.Job, ok bool, err error) {
	const waiting = `SELECT ` + jobColumns + ` FROM jobs WHERE state = 'queued' ORDER BY n LIMIT 1`
	err = s.read(ctx, func(q querier) error { j, err = scanJob(q.row(waiting)); return err })
	if isMissing(err) {
		return j, false, nil
	}
	if err != nil {
		return j, false, err
	}
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		ok = false
		j, err = scanJob(t.row(waiting))
		if isMissing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if j.StartedAt.IsZero() {
			j.StartedAt = t.Now
		}
		j.State, ok = chat.JobRunning, true
		return t.saveJob(j)
	})
	return j, ok, err
}

// stepJob runs fn as one step of a job, as who started it, and stores what fn makes of the job. A job that was stopped ends
// instead; one that runs no more is left alone.
func (s *Store) stepJob(ctx context.Context, ref chat.JobRef, fn func(t *Tx, j *chat.Job) error) (j chat.Job, err error) {
	err = s.change(ctx, chat.CommandLine, func(t *Tx) error {
		if j, err = loadJob(t, ref); err != nil || j.State != chat.JobRunning {
			return err
		}
		if t.Actor, err = t.jobActor(j); err != nil {
			return err
		}
		if j.Stopping {
			return t.endJob(&j, chat.JobCancelled)
		}
		if err := fn(t, &j); err != nil {
			return err
		}
		if j.State.Ended() {
			return t.endJob(&j, j.State)
		}
		return t.saveJob(j)
	})
	return j, err
}

// jobActor is who started a job with the rights that they have now.
func (t *Tx) jobActor(j chat.Job) (chat.Actor, error) {
	a := j.Actor
	if a.Kind != chat.AdminActor {
		return a, nil
	}
	admin, err := loadAdmin(t, a.ID)
	if chat.ReasonOf(err) == chat.AdminNotFound || err == nil && admin.Ended(t.Now) {
		return a, &chat.Error{Code: chat.Forbidden, Reason: chat.RoleTooLow, Message: a.Name + ", who started this job, is no longer on the team.", Hint: "Start it again yourself."}
	}
	if a.Role = admin.RoleIn(j.App); j.Confirmed {
		a.AuthAt = t.Now
	}
	return a, err
}

// SaveJob stores the step of a job that works outside of the store.
func (s *Store) SaveJob(ctx context.Context, ref chat.JobRef, p chat.JobProgress) (chat.Job, error) {
	cursor, err := json.Marshal(p.Cursor)
	if err != nil {
		return chat.Job{}, fmt.Errorf("save job: %w", err)
	}
	return s.stepJob(ctx, ref, func(t *Tx, j *chat.Job) error {
		if err := t.allow(j.Kind.Operation(), chat.Facts{App: j.App}); err != nil {
			return err
		}
		j.Cursor, j.Done, j.Total, j.Note, j.FileSize = cursor, p.Done, p.Total, p.Note, p.FileSize
		if p.Finished {
			j.State, j.FileName = chat.JobDone, p.FileName
		}
		return nil
	})
}

// FailJob ends a job that can't go on, with what happened, why, and what to do.
func (s *Store) FailJob(ctx context.Context, ref chat.JobRef, problem, hint string) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		j, err := loadJob(t, ref)
		if err != nil || j.State.Ended() {
			return err
		}
		t.Actor = j.Actor
		j.Problem, j.Hint = problem, hint
		return t.endJob(&j, chat.JobFailed)
	})
}
