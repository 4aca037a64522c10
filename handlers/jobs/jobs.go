// Package jobs runs long work: what takes longer than anybody waits for. A job belongs to the server, not to the page that
// started it. It works in steps; each step stores, in one transaction with its work, where the next one starts. So a job
// that was cut off by the end of the program goes on at the next start, and does nothing twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// Kind is one sort of long work. Run does one step: a bounded piece of work, and how far the job then is, in one
// transaction. It sets step.Job to the job as that left it; the last step leaves it ended. Steps are taken until then.
type Kind struct {
	Name chat.JobKind
	Run  func(ctx context.Context, step *Step) error
}

// Kinds is every sort of long work that there is.
var Kinds = []Kind{
	{chat.JobPeople, inStore((*db.Store).StageStep)},
	{chat.JobExport, exportStep},
	{chat.JobRestore, inStore((*db.Store).RestoreStep)},
	{chat.JobUndo, inStore((*db.Store).UndoStep)},
}

// inStore is a kind whose whole step is one method of the store.
func inStore(step func(*db.Store, context.Context, chat.JobRef) (chat.Job, error)) func(context.Context, *Step) error {
	return func(ctx context.Context, s *Step) (err error) {
		s.Job, err = step(s.Store, ctx, s.Job.JobRef)
		return err
	}
}

// atOnce is how many jobs run at a time. The others wait in the order in which they were started.
const atOnce = 2

// pause is the time after which what failed for want of the disk is tried again.
const pause = 5 * time.Second

// Runner runs the jobs of a store.
type Runner struct {
	store *db.Store
	log   *slog.Logger
	kinds map[chat.JobKind]Kind
}

// New makes a Runner, which does nothing before Run.
func New(store *db.Store, log *slog.Logger) *Runner {
	r := &Runner{store: store, log: log, kinds: map[chat.JobKind]Kind{}}
	for _, k := range Kinds {
		r.kinds[k.Name] = k
	}
	return r
}

// Run runs jobs until ctx ends. Jobs that are under way by then go on at the next start.
func (r *Runner) Run(ctx context.Context) error {
	for {
		err := r.store.ResumeJobs(ctx)
		if err == nil {
			break
		}
		r.log.Error("jobs can't be resumed", "error", err)
		if !wait(ctx, pause) {
			return nil
		}
	}
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() { r.work(ctx) })
	}
	all.Go(func() { r.sweep(ctx) })
	all.Wait()
	return nil
}

// work takes one job after the other.
func (r *Runner) work(ctx context.Context) {
	queued, stop := r.store.JobsQueued()
	defer stop()
	for {
		job, ok, err := r.store.NextJob(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.log.Error("no job can be taken", "error", err)
			wait(ctx, pause)
		case ok:
			r.run(ctx, job)
		default:
			select {
			case <-queued:
			case <-ctx.Done():
				return
			}
		}
	}
}

// run takes the steps of a job until it ends, or the program does.
func (r *Runner) run(ctx context.Context, job chat.Job) {
	defer r.leave(ctx, job)
	kind, known := r.kinds[job.Kind]
	step := &Step{Store: r.store, Job: job}
	for ctx.Err() == nil && !step.Job.State.Ended() {
		err := fmt.Errorf("there is no kind of job %q", job.Kind)
		if known {
			err = once(ctx, kind, step)
		}
		refusal := chat.AsError(err)
		switch {
		case err == nil || ctx.Err() != nil:
		case refusal != nil && refusal.Reason == chat.JobNotFound:
			return // its app was deleted
		case refusal != nil && refusal.Code == chat.Unavailable:
			r.log.Error("a job waits for the disk", "job", job.ID, "error", err)
			wait(ctx, pause)
		default:
			r.fail(ctx, job, err)
			return
		}
	}
}

// leave removes what the last step of a job wrote that is not needed any more: the job was ended by others meanwhile.
func (r *Runner) leave(ctx context.Context, job chat.Job) {
	if !job.Kind.Writes() || ctx.Err() != nil {
		return
	}
	if err := r.store.SweepJobFiles(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("the file of a job can't be removed", "job", job.ID, "error", err)
	}
}

// once takes one step. A panic in it fails the job and nothing else.
func once(ctx context.Context, k Kind, step *Step) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.Run(ctx, step)
}

// fail ends a job with what a person can do about it. What is not theirs to know is logged under the job's id.
func (r *Runner) fail(ctx context.Context, job chat.Job, why error) {
	problem, hint := "Something went wrong on the server, which is not your doing.", "What was done stays done. Start the job again; if it fails again, look for “"+string(job.ID)+"” in the server's log."
	if e := chat.AsError(why); e != nil {
		problem, hint = e.Message, "What was done before stays done. "+e.Reading().Hint
	} else {
		r.log.Error("a job failed", "job", job.ID, "kind", job.Kind, "error", why)
	}
	if err := r.store.FailJob(ctx, job.JobRef, problem, hint); err != nil && chat.ReasonOf(err) != chat.JobNotFound && !errors.Is(err, context.Canceled) {
		r.log.Error("a job that failed can't be ended", "job", job.ID, "error", err)
	}
}

// wait tells whether d passed before ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
