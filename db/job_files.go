package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guestlist/db/chat"
)

// The files that jobs make lie in one folder, each under the id of its job. Rows say which of them are needed: the others are
// removed when somebody sweeps.

// JobResult is a job whose file is there, for those who may have it.
func (s *Store) JobResult(ctx context.Context, actor chat.Actor, ref chat.JobRef) (j chat.Job, err error) {
	err = s.read(ctx, func(q querier) error {
		if j, err = loadJob(q, ref); err != nil {
			return err
		}
		now := s.now().UTC()
		if err := allow(q, actor, now, j.Kind.Operation(), chat.Facts{App: j.App}); err != nil {
			return err
		}
		if !j.HasFile(now) {
			return &chat.Error{Code: chat.NotFound, Reason: chat.JobNotFound, Message: "The result of this job is not there.",
				Hint: fmt.Sprintf("Results are kept for %d days. Start the job again.", chat.JobFileDays)}
		}
		return nil
	})
	return j, err
}

// JobFile is where the file of a job lies.
func (s *Store) JobFile(id chat.JobID) string { return filepath.Join(s.JobFiles(), string(id)) }

// JobFiles is the folder of the files that jobs make.
func (s *Store) JobFiles() string { return filepath.Join(s.dir, "jobs") }

// ForgetJobFiles gives up the results whose time is over.
func (s *Store) ForgetJobFiles(ctx context.Context) error {
	return s.change(ctx, chat.CommandLine, func(t *Tx) error {
		_, err := t.exec(`UPDATE jobs SET file_name = '', file_size = 0, file_until = 0 WHERE file_until > 0 AND file_until <= $1`, millis(t.Now))
		return err
	})
}

// KeepsJobFile tells whether the file of a job is needed: it can be collected, or the job may yet go on with it.
func (s *Store) KeepsJobFile(ctx context.Context, id chat.JobID) (keep bool, err error) {
	err = s.read(ctx, func(q querier) error {
		return q.row(`SELECT EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND (file_name <> '' OR state = 'queued' OR state = 'running' OR file_size > 0 AND state <> 'done' AND finished_at > $2))`,
			string(id), millis(s.now().AddDate(0, 0, -chat.JobFileDays))).Scan(&keep)
	})
	return keep, err
}

// SweepJobFiles removes the files that no job needs.
func (s *Store) SweepJobFiles(ctx context.Context) error {
	entries, err := os.ReadDir(s.JobFiles())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		err = errors.Join(err, s.sweepJobFile(ctx, chat.JobID(e.Name())))
	}
	return err
}

func (s *Store) sweepJobFile(ctx context.Context, id chat.JobID) error {
	keep, err := s.KeepsJobFile(ctx, id)
	if err != nil || keep {
		return err
	}
	if err := os.Remove(s.JobFile(id)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// forgetResults gives up the results of an app's jobs, since somebody who is in them was erased. A job that writes one just
// now fails, and begins anew when it is started again.
func (t *Tx) forgetResults(app chat.AppID) error {
	rows, err := t.query(`SELECT `+jobColumns+` FROM jobs WHERE app_id = $1 AND (file_name <> '' OR file_size > 0 OR state = 'running') ORDER BY n`, string(app))
	all, err := scan(rows, err, scanJob)
	if err != nil {
		return fmt.Errorf("list results of jobs: %w", err)
	}
	for _, j := range all {
		if !j.Kind.Writes() {
			continue
		}
		running := j.State == chat.JobRunning
		j.FileName, j.FileSize = "", 0
		if j.State != chat.JobDone {
			j.Cursor, j.Done, j.Note = nil, 0, ""
		}
		if !running {
			j.FileUntil = time.Time{}
			if err := t.saveJob(j); err != nil {
				return err
			}
			continue
		}
		j.Problem, j.Hint = "A person was erased while this was being written.", "Nothing of it is kept. Start it again: it begins anew, without them."
		if err := t.endJob(&j, chat.JobFailed); err != nil {
			return err
		}
	}
	t.erased = true
	return nil
}
