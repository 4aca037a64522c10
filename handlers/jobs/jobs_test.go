package jobs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// lab is a runner of one kind that a test makes up.
type lab struct {
	*testing.T
	store *db.Store
	clock *dbtest.Clock
	ana   chat.Actor
	log   strings.Builder
}

func newLab(t *testing.T) *lab {
	l := &lab{T: t}
	l.store, l.clock = dbtest.New(t)
	dbtest.App(t, l.store, "shop")
	a, err := l.store.CreateAdmin(t.Context(), chat.CommandLine, chat.AdminChange{Email: "ana@shop.example", Name: "Ana", Role: chat.Owner}, "x")
	if err != nil {
		t.Fatal(err)
	}
	l.ana = chat.Actor{Kind: chat.AdminActor, ID: a.ID, Name: a.Name, Role: a.Role, Source: chat.Dashboard}
	return l
}

func (l *lab) runs(run func(context.Context, *Step) error) (stop func()) {
	r := New(l.store, slog.New(slog.NewTextHandler(&l.log, nil)))
	r.kinds = map[chat.JobKind]Kind{chat.JobUndo: {chat.JobUndo, run}}
	ctx, cancel := context.WithCancel(l.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			l.Error(err)
		}
	}
}

func (l *lab) start() chat.Job {
	l.Helper()
	j, err := l.store.StartJob(l.Context(), l.ana, chat.NewJob{App: "shop", Kind: chat.JobUndo, Title: "A list", Total: 3})
	if err != nil {
		l.Fatal(err)
	}
	return j
}

func (l *lab) until(ref chat.JobRef, is func(chat.Job) bool) chat.Job {
	l.Helper()
	for range 500 {
		j, err := l.store.Job(l.Context(), ref)
		if err != nil {
			l.Fatal(err)
		}
		if is(j) {
			return j
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.Fatal("the job never got there")
	return chat.Job{}
}

func ended(j chat.Job) bool { return j.State.Ended() }

// writer writes a line a step, and loses the first try of each step after it wrote.
func writer(cut map[int64]bool) func(context.Context, *Step) error {
	return func(ctx context.Context, s *Step) error {
		n := s.Job.Done
		size, err := s.Append(func(w io.Writer) error {
			_, err := io.WriteString(w, "line "+string('0'+rune(n))+"\n")
			return err
		})
		if err != nil {
			return err
		}
		if cut[n] {
			delete(cut, n)
			return &chat.Error{Code: chat.Invalid, Reason: chat.BadArgument, Message: "Cut off."}
		}
		return s.Save(ctx, chat.JobProgress{Cursor: n, Done: n + 1, Total: 3, FileSize: size, Finished: n == 2, FileName: "list.txt"})
	}
}

// A step that wrote and was cut off leaves nothing in the file: the job is started again and the file has each line once.
func TestAFileHasEachStepOnce(t *testing.T) {
	l := newLab(t)
	stop := l.runs(writer(map[int64]bool{1: true}))
	defer stop()
	j := l.until(l.start().JobRef, ended)
	if j.State != chat.JobFailed || j.Problem != "Cut off." || j.Done != 1 {
		t.Fatalf("%+v", j)
	}
	if _, err := l.store.RestartJob(t.Context(), l.ana, j.JobRef); err != nil {
		t.Fatal(err)
	}
	j = l.until(j.JobRef, ended)
	b, err := os.ReadFile(l.store.JobFile(j.ID))
	if err != nil || string(b) != "line 0\nline 1\nline 2\n" || j.State != chat.JobDone || j.FileSize != int64(len(b)) {
		t.Errorf("%q %+v %v", b, j, err)
	}
}

// Files go when their time is over, or when their job is gone.
func TestFilesAreRemoved(t *testing.T) {
	l := newLab(t)
	stop := l.runs(writer(nil))
	j := l.until(l.start().JobRef, ended)
	stop()
	r := New(l.store, slog.Default())
	stray := l.store.JobFile("job_stray")
	if err := os.WriteFile(stray, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	if err := r.Sweep(t.Context()); err != nil || there(stray) || !there(l.store.JobFile(j.ID)) {
		t.Error("the wrong files are there", err)
	}
	l.clock.Add(chat.JobFileDays * 24 * time.Hour)
	if err := r.Sweep(t.Context()); err != nil || there(l.store.JobFile(j.ID)) {
		t.Error("an old file is there", err)
	}
}

// A job that breaks says so in words for people, and the rest goes on.
func TestABrokenJobBreaksNothingElse(t *testing.T) {
	for name, run := range map[string]func(context.Context, *Step) error{
		"panic": func(context.Context, *Step) error { panic("secret detail") },
		"error": func(context.Context, *Step) error { return errors.New("secret detail") },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			stop := l.runs(run)
			first, second := l.start(), l.start()
			for _, ref := range []chat.JobRef{first.JobRef, second.JobRef} {
				j := l.until(ref, ended)
				if j.State != chat.JobFailed || strings.Contains(j.Problem+j.Hint, "secret") || !strings.Contains(j.Hint, string(j.ID)) {
					t.Errorf("%+v", j)
				}
			}
			stop()
			if !strings.Contains(l.log.String(), "secret detail") || !strings.Contains(l.log.String(), string(first.ID)) {
				t.Error("nothing in the log:", l.log.String())
			}
		})
	}
}

// The end of the program is no end of a job: it goes on at the next start, from the step that was stored last.
func TestAJobGoesOnAfterTheProgramEnds(t *testing.T) {
	l := newLab(t)
	taken := make(chan int64, 10)
	run := func(ctx context.Context, s *Step) error {
		n := s.Job.Done
		taken <- n
		if n == 1 && len(taken) == 2 {
			<-ctx.Done()
			return ctx.Err()
		}
		return s.Save(context.WithoutCancel(ctx), chat.JobProgress{Done: n + 1, Total: 3, Finished: n == 2})
	}
	stop := l.runs(run)
	j := l.start()
	l.until(j.JobRef, func(j chat.Job) bool { return j.Done == 1 && len(taken) == 2 })
	stop()
	if j, err := l.store.Job(t.Context(), j.JobRef); err != nil || j.State != chat.JobRunning {
		t.Fatalf("%+v %v", j, err)
	}
	defer l.runs(run)()
	if j = l.until(j.JobRef, ended); j.State != chat.JobDone || j.Done != 3 {
		t.Errorf("%+v", j)
	}
	close(taken)
	var steps []int64
	for n := range taken {
		steps = append(steps, n)
	}
	if len(steps) != 4 || steps[1] != 1 || steps[2] != 1 || steps[3] != 2 {
		t.Errorf("steps %v", steps)
	}
}

func TestEveryKindIsRun(t *testing.T) {
	r := New(nil, nil)
	for _, k := range chat.JobKinds {
		if r.kinds[k].Run == nil {
			t.Errorf("nothing runs %s", k)
		}
	}
	if len(r.kinds) != len(chat.JobKinds) {
		t.Error("a kind is run that there is not")
	}
}
