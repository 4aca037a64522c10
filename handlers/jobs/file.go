package jobs

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// Step is what a kind works with.
type Step struct {
	Store *db.Store
	Job   chat.Job // as the last step left it
}

// Save stores how far the job is, for kinds whose work is not in the store: they read, and write the job's file.
func (s *Step) Save(ctx context.Context, p chat.JobProgress) (err error) {
	s.Job, err = s.Store.SaveJob(ctx, s.Job.JobRef, p)
	return err
}

// Append writes behind what earlier steps wrote to the job's file, and gives the size to save with the step. What a step
// wrote that was cut off before it was saved is written over.
func (s *Step) Append(write func(w io.Writer) error) (size int64, err error) {
	if err := os.MkdirAll(s.Store.JobFiles(), 0o700); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(s.Store.JobFile(s.Job.ID), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Truncate(s.Job.FileSize); err != nil {
		return 0, err
	}
	if _, err := file.Seek(s.Job.FileSize, io.SeekStart); err != nil {
		return 0, err
	}
	if err := write(file); err != nil {
		return 0, err
	}
	if size, err = file.Seek(0, io.SeekCurrent); err != nil {
		return 0, err
	}
	return size, file.Sync()
}

// sweepEvery is how often what nobody needs any more is removed.
const sweepEvery = time.Hour

// sweep removes files whose time is over, or whose job is gone.
func (r *Runner) sweep(ctx context.Context) {
	for {
		if err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("old files of jobs can't be removed", "error", err)
		}
		if !wait(ctx, sweepEvery) {
			return
		}
	}
}

// Sweep removes what nobody needs any more, now.
func (r *Runner) Sweep(ctx context.Context) error {
	if err := r.store.ForgetJobFiles(ctx); err != nil {
		return err
	}
	for _, forget := range []func(context.Context) (bool, error){r.store.ForgetStages, r.store.ForgetRestorations} {
		for more := true; more; {
			var err error
			if more, err = forget(ctx); err != nil {
				return err
			}
		}
	}
	return r.store.SweepJobFiles(ctx)
}
