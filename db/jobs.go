package db

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

const jobColumns = `n, app_id, id, kind, title, conversation_id, params, state, stopping, done, total, note, cursor, batch, problem, hint, file_name, file_size, file_until,
	actor_kind, actor_id, actor_name, actor_role, source, request_id, ip, confirmed, created_at, started_at, finished_at`

func scanJob(row interface{ Scan(...any) error }) (j chat.Job, err error) {
	var params, cursor string
	var until, created, started, finished int64
	a := &j.Actor
	err = row.Scan(&j.N, &j.App, &j.ID, &j.Kind, &j.Title, &j.Conversation, &params, &j.State, &j.Stopping, &j.Done, &j.Total, &j.Note, &cursor, &j.Batch, &j.Problem, &j.Hint,
		&j.FileName, &j.FileSize, &until, &a.Kind, &a.ID, &a.Name, &a.Role, &a.Source, &a.RequestID, &a.IP, &j.Confirmed, &created, &started, &finished)
	j.Params, j.FileUntil = json.RawMessage(params), fromMillis(until)
	if cursor != "" {
		j.Cursor = json.RawMessage(cursor)
	}
	if a.Kind == chat.BackendActor {
		a.App = j.App
	}
	j.CreatedAt, j.StartedAt, j.FinishedAt = fromMillis(created), fromMillis(started), fromMillis(finished)
	return j, err
}

func loadJob(q querier, ref chat.JobRef) (chat.Job, error) {
	j, err := scanJob(q.row(`SELECT `+jobColumns+` FROM jobs WHERE id = $1 AND app_id = $2`, string(ref.ID), string(ref.App)))
	if isMissing(err) {
		return j, chat.ErrJobNotFound()
	}
	return j, err
}

// Job is one job of an app.
func (s *Store) Job(ctx context.Context, ref chat.JobRef) (j chat.Job, err error) {
	err = s.read(ctx, func(q querier) error { j, err = loadJob(q, ref); return err })
	return j, err
}

// JobQuery asks for a page of an app's jobs, newest first.
type JobQuery struct {
	App chat.AppID
	Window
}

// Jobs is a page of an app's jobs.
func (s *Store) Jobs(ctx context.Context, jq JobQuery) (p Page[chat.Job], err error) {
	compare, dir, at := "<", "DESC", any(int64(1<<62))
	if jq.backward() {
		compare, dir = ">", "ASC"
	}
	if cursor := jq.cursor(); cursor != "" {
		keys, err := decodeCursor(cursor, "i")
		if err != nil {
			return p, err
		}
		at = keys[0]
	}
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+jobColumns+` FROM jobs WHERE app_id = $1 AND n `+compare+` $2 ORDER BY n `+dir+` LIMIT $3`, string(jq.App), at, jq.limit()+1)
		all, err := scan(rows, err, scanJob)
		if err != nil {
			return fmt.Errorf("list jobs: %w", err)
		}
		p = page(jq.Window, all, func(j chat.Job) string { return encodeCursor(j.N) })
		return nil
	})
	return p, err
}

// StartJob puts a job into the queue. It asks for what its kind needs; each step asks again for what it does, as who
// started it.
func (s *Store) StartJob(ctx context.Context, actor chat.Actor, n chat.NewJob) (j chat.Job, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { j, err = t.startJob(n); return err })
	if err == nil {
		s.queued.ring()
	}
	return j, err
}

// startJob is StartJob inside a change. The caller rings s.queued once the change is stored.
func (t *Tx) startJob(n chat.NewJob) (chat.Job, error) {
	if err := t.allow(n.Kind.Operation(), chat.Facts{App: n.App}); err != nil {
		return chat.Job{}, err
	}
	if _, err := loadApp(t, n.App); err != nil {
		return chat.Job{}, err
	}
	params, err := json.Marshal(n.Params)
	if err != nil {
		return chat.Job{}, fmt.Errorf("start job: %w", err)
	}
	if n.Batch == "" {
		n.Batch = rand.Text()
	}
	ref, a := chat.JobRef{App: n.App, ID: chat.JobID("job_" + strings.ToLower(rand.Text()))}, t.Actor
	if _, err := t.exec(`INSERT INTO jobs (app_id, id, kind, title, conversation_id, params, state, total, batch, actor_kind, actor_id, actor_name, actor_role, source, request_id, ip, confirmed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		string(n.App), string(ref.ID), string(n.Kind), n.Title, string(n.Conversation), string(params), n.Total, n.Batch,
		string(a.Kind), a.ID, a.Name, string(a.Role), string(a.Source), a.RequestID, a.IP, flag(a.Confirmed(t.Now)), millis(t.Now)); err != nil {
		return chat.Job{}, fmt.Errorf("start job: %w", err)
	}
	j, err := loadJob(t, ref)
	if err != nil {
		return j, err
	}
	return j, t.recordJob(chat.JobStarted, j)
}

// recordJob writes the event of a job that starts or ends. It belongs to the bulk change that the job makes.
func (t *Tx) recordJob(what chat.EventType, j chat.Job) error {
	after := chat.Image{"kind": j.Kind, "title": j.Title}
	if what == chat.JobEnded {
		after["state"], after["done"], after["total"] = j.State, j.Done, j.Total
	}
	_, err := t.record(chat.Event{App: j.App, Conversation: j.Conversation, Type: what, Subject: string(j.ID), Batch: j.Batch}, nil, after)
	return err
}

// CancelJob ends a job: at once while it waits, after the step that runs otherwise. What was done stays done.
func (s *Store) CancelJob(ctx context.Context, actor chat.Actor, ref chat.JobRef) (j chat.Job, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if j, err = t.jobFor(ref); err != nil || j.State.Ended() {
			return err
		}
		if j.State == chat.JobQueued {
			return t.endJob(&j, chat.JobCancelled)
		}
		j.Stopping = true
		return t.saveJob(j)
	})
	return j, err
}

// RestartJob puts a job that failed or was cancelled into the queue again. It goes on where it stopped, as who asks.
func (s *Store) RestartJob(ctx context.Context, actor chat.Actor, ref chat.JobRef) (j chat.Job, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if j, err = t.jobFor(ref); err != nil {
			return err
		}
		if j.State != chat.JobFailed && j.State != chat.JobCancelled {
			return &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange, Message: "The job is not one that failed or was stopped.", Hint: "Reload the page to see how it stands."}
		}
		a := t.Actor
		if _, err := t.exec(`UPDATE jobs SET state = 'queued', stopping = 0, problem = '', hint = '', finished_at = 0,
				actor_kind = $2, actor_id = $3, actor_name = $4, actor_role = $5, source = $6, request_id = $7, ip = $8, confirmed = $9 WHERE id = $1`,
			string(ref.ID), string(a.Kind), a.ID, a.Name, string(a.Role), string(a.Source), a.RequestID, a.IP, flag(a.Confirmed(t.Now))); err != nil {
			return fmt.Errorf("restart job: %w", err)
		}
		if j, err = loadJob(t, ref); err != nil {
			return err
		}
		return t.recordJob(chat.JobStarted, j)
	})
	if err == nil {
		s.queued.ring()
	}
	return j, err
}

// jobFor is a job that the actor may start, stop and collect.
func (t *Tx) jobFor(ref chat.JobRef) (chat.Job, error) {
	j, err := loadJob(t, ref)
	if err != nil {
		return j, err
	}
	return j, t.allow(j.Kind.Operation(), chat.Facts{App: j.App})
}

// saveJob stores how far a job is.
func (t *Tx) saveJob(j chat.Job) error {
	if _, err := t.exec(`UPDATE jobs SET state = $2, stopping = $3, done = $4, total = $5, note = $6, cursor = $7, problem = $8, hint = $9, file_name = $10, file_size = $11, file_until = $12,
			started_at = $13, finished_at = $14 WHERE id = $1`,
		string(j.ID), string(j.State), flag(j.Stopping), j.Done, j.Total, j.Note, string(j.Cursor), j.Problem, j.Hint, j.FileName, j.FileSize, millis(j.FileUntil),
		millis(j.StartedAt), millis(j.FinishedAt)); err != nil {
		return fmt.Errorf("save job: %w", err)
	}
	return nil
}

// endJob ends a job and tells of it.
func (t *Tx) endJob(j *chat.Job, state chat.JobState) error {
	j.State, j.Stopping, j.FinishedAt = state, false, t.Now
	if j.FileUntil = (time.Time{}); j.FileName != "" {
		j.FileUntil = t.Now.AddDate(0, 0, chat.JobFileDays)
	}
	if err := t.saveJob(*j); err != nil {
		return err
	}
	return t.recordJob(chat.JobEnded, *j)
}

// JobUndone tells whether somebody took back, at least in part, what a job did.
func (s *Store) JobUndone(ctx context.Context, j chat.Job) (undone bool, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT EXISTS (SELECT 1 FROM events WHERE batch <> '' AND batch = $1)`, undoneBatch(j.Batch)).Scan(&undone)
	})
	return undone, err
}
