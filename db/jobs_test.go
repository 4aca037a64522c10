package db_test

import (
	"fmt"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// longBatch adds n users to the conversation all, half of them new, and gives the batch.
func longBatch(t *testing.T, s *db.Store, n int) string {
	t.Helper()
	var people []db.NewParticipant
	for i := range n {
		people = append(people, db.NewParticipant{User: chat.UserID(fmt.Sprintf("u%04d", i)), Name: "Somebody"})
	}
	result, err := s.AddParticipants(ctx, dbtest.Tom, "shop", "all", people, chat.ParticipantChange{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Batch
}

// next takes the job out of the queue.
func next(t *testing.T, s *db.Store) chat.Job {
	t.Helper()
	j, ok, err := s.NextJob(ctx)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return j
}

// onTeam creates an admin and gives them as they act, their password just given.
func onTeam(t *testing.T, s *db.Store, name string, role chat.Role) chat.Actor {
	t.Helper()
	a, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: name + "@shop.example", Name: name, Role: role}, "x")
	if err != nil {
		t.Fatal(err)
	}
	return chat.Actor{Kind: chat.AdminActor, ID: a.ID, Name: a.Name, Role: a.Role, Source: chat.Dashboard, AuthAt: s.Now()}
}

func jobShop(t *testing.T) (s *db.Store, clock *dbtest.Clock, ana chat.Actor) {
	t.Helper()
	s, clock = dbtest.New(t)
	ana = onTeam(t, s, "Ana", chat.Owner)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	dbtest.Conversation(t, s, "shop", "all")
	return s, clock, ana
}

// A long change is taken back by a job, step by step: a store that is opened again goes on where the last step ended, and
// nothing is undone twice.
func TestALongChangeIsUndoneByAJob(t *testing.T) {
	s, _, ana := jobShop(t)
	batch := longBatch(t, s, 1000)
	if _, err := s.ChangeParticipant(ctx, ana, chat.ParticipantRef{App: "shop", Conversation: "all", User: "u0007"}, chat.ParticipantChange{Access: chat.Some(chat.Read)}, chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	if _, err := s.UndoBatch(ctx, dbtest.Vic, "shop", batch); chat.ReasonOf(err) != chat.RoleTooLow || dbtest.Dump(t, s) != before {
		t.Errorf("a viewer: %v", err)
	}
	r, err := s.UndoBatch(ctx, ana, "shop", batch)
	if err != nil || r.Job.State != chat.JobQueued || r.Job.Total != 2000 || r.Job.Conversation != "all" {
		t.Fatalf("%+v %v", r, err)
	}
	if again, err := s.UndoBatch(ctx, ana, "shop", batch); err != nil || again.Job.ID != r.Job.ID {
		t.Errorf("a second click: %+v %v", again.Job, err)
	}
	ref := next(t, s).JobRef
	if ref != r.Job.JobRef {
		t.Fatal(ref)
	}
	if _, err := s.UndoBatch(ctx, ana, "shop", r.Batch); chat.ReasonOf(err) != chat.CannotUndo {
		t.Errorf("undo of what is still being done: %v", err)
	}
	for range 3 {
		if _, err := s.UndoStep(ctx, ref); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ResumeJobs(ctx); err != nil {
		t.Fatal(err)
	}
	j := next(t, s)
	if j.JobRef != ref || j.Done != 750 {
		t.Fatalf("%+v", j)
	}
	steps := 0
	for ; !j.State.Ended(); steps++ {
		if j, err = s.UndoStep(ctx, ref); err != nil {
			t.Fatal(err)
		}
	}
	if j.State != chat.JobDone || j.Done != 2000 || j.Note != "1 had changed since and were left as they are." || steps > 7 {
		t.Errorf("%+v after %d steps", j, steps)
	}
	if c, err := s.Conversation(ctx, "shop", "all"); err != nil || c.Counts.Listed() != 1 {
		t.Errorf("%+v %v", c.Counts, err)
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", Batch: r.Batch, Window: db.Window{Limit: 5000}})
	if err != nil || len(events.Items) != 999+2 {
		t.Errorf("%d events, %v", len(events.Items), err)
	}
	if ended := events.Items[0]; ended.Type != chat.JobEnded || ended.Kind != chat.AdminActor || ended.ActorName != "Ana" {
		t.Errorf("%+v", ended)
	}
	if undone, err := s.JobUndone(ctx, j); err != nil || undone {
		t.Errorf("undone: %v %v", undone, err)
	}
}

// What a job may is asked at each step, of who started it as they are then; what was done before stays done.
func TestAJobLosesTheRightsOfWhoStartedIt(t *testing.T) {
	s, _, ana := jobShop(t)
	batch := longBatch(t, s, 1000)
	me := onTeam(t, s, "Mia", chat.Manage)
	r, err := s.UndoBatch(ctx, me, "shop", batch)
	if err != nil {
		t.Fatal(err)
	}
	next(t, s)
	if _, err := s.UndoStep(ctx, r.Job.JobRef); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangeRole(ctx, ana, me.ID, chat.Viewer); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	if _, err := s.UndoStep(ctx, r.Job.JobRef); chat.ReasonOf(err) != chat.RoleTooLow || dbtest.Dump(t, s) != before {
		t.Errorf("as a viewer: %v", err)
	}
	if err := s.FailJob(ctx, r.Job.JobRef, "Not allowed.", "Ask."); err != nil {
		t.Fatal(err)
	}
	j, err := s.Job(ctx, r.Job.JobRef)
	if err != nil || j.State != chat.JobFailed || j.Problem != "Not allowed." || j.Hint != "Ask." || j.Done != 250 {
		t.Errorf("%+v %v", j, err)
	}
	before = dbtest.Dump(t, s)
	for _, a := range []chat.Actor{dbtest.Vic, dbtest.Backend("shop")} {
		if _, err := s.RestartJob(ctx, a, j.JobRef); chat.AsError(err) == nil || dbtest.Dump(t, s) != before {
			t.Errorf("restarted by %s: %v", a.Name, err)
		}
	}
	if j, err = s.RestartJob(ctx, dbtest.Tom, j.JobRef); err != nil || j.State != chat.JobQueued || j.Actor.Name != "Tom" || j.Problem != "" || j.Done != 250 {
		t.Errorf("%+v %v", j, err)
	}
}

// Stopping keeps what is done. A job that waits ends at once, one that runs after its step, and one that ended stays as it is.
func TestStoppingAJob(t *testing.T) {
	s, _, ana := jobShop(t)
	batch := longBatch(t, s, 1000)
	r, err := s.UndoBatch(ctx, ana, "shop", batch)
	if err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	if _, err := s.CancelJob(ctx, dbtest.Vic, r.Job.JobRef); chat.ReasonOf(err) != chat.RoleTooLow || dbtest.Dump(t, s) != before {
		t.Errorf("by a viewer: %v", err)
	}
	if _, err := s.CancelJob(ctx, ana, chat.JobRef{App: "other", ID: r.Job.ID}); chat.ReasonOf(err) != chat.JobNotFound || dbtest.Dump(t, s) != before {
		t.Errorf("of another app: %v", err)
	}
	if j, err := s.CancelJob(ctx, dbtest.Tom, r.Job.JobRef); err != nil || j.State != chat.JobCancelled || j.Done != 0 {
		t.Errorf("%+v %v", j, err)
	}
	if _, ok, err := s.NextJob(ctx); ok || err != nil {
		t.Error("a stopped job is still in the queue", err)
	}
	if _, err := s.RestartJob(ctx, ana, r.Job.JobRef); err != nil {
		t.Fatal(err)
	}
	next(t, s)
	if _, err := s.UndoStep(ctx, r.Job.JobRef); err != nil {
		t.Fatal(err)
	}
	if j, err := s.CancelJob(ctx, ana, r.Job.JobRef); err != nil || j.State != chat.JobRunning || !j.Stopping {
		t.Errorf("%+v %v", j, err)
	}
	if j, err := s.UndoStep(ctx, r.Job.JobRef); err != nil || j.State != chat.JobCancelled || j.Done != 250 || j.FinishedAt.IsZero() {
		t.Errorf("%+v %v", j, err)
	}
	before = dbtest.Dump(t, s)
	if j, err := s.CancelJob(ctx, ana, r.Job.JobRef); err != nil || j.State != chat.JobCancelled || dbtest.Dump(t, s) != before {
		t.Errorf("%+v %v", j, err)
	}
	if j, err := s.UndoStep(ctx, r.Job.JobRef); err != nil || j.State != chat.JobCancelled || dbtest.Dump(t, s) != before {
		t.Errorf("%+v %v", j, err)
	}
}

// Jobs of a deleted app are gone with it, whatever they were at.
func TestADeletedAppHasNoJobs(t *testing.T) {
	s, _, ana := jobShop(t)
	r, err := s.UndoBatch(ctx, ana, "shop", longBatch(t, s, 1000))
	if err != nil {
		t.Fatal(err)
	}
	next(t, s)
	if err := s.DeleteApp(ctx, ana, "shop"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UndoStep(ctx, r.Job.JobRef); chat.ReasonOf(err) != chat.JobNotFound {
		t.Error(err)
	}
	if err := s.FailJob(ctx, r.Job.JobRef, "x", "y"); chat.ReasonOf(err) != chat.JobNotFound {
		t.Error(err)
	}
	if keep, err := s.KeepsJobFile(ctx, r.Job.ID); keep || err != nil {
		t.Error(keep, err)
	}
}

// Results are there for those who may start such a job, for 30 days.
func TestTheResultOfAJob(t *testing.T) {
	s, clock, _ := jobShop(t)
	j, err := s.StartJob(ctx, dbtest.Tom, chat.NewJob{App: "shop", Kind: chat.JobUndo, Title: "A", Total: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.StartJob(ctx, dbtest.Vic, chat.NewJob{App: "shop", Kind: chat.JobUndo, Title: "A"}); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error(err)
	}
	if _, err := s.StartJob(ctx, dbtest.Tom, chat.NewJob{App: "nope", Kind: chat.JobUndo, Title: "A"}); chat.ReasonOf(err) != chat.AppNotFound {
		t.Error(err)
	}
	if _, err := s.StartJob(ctx, dbtest.Tom, chat.NewJob{App: "shop", Kind: "nothing", Title: "A"}); chat.AsError(err) == nil {
		t.Error(err)
	}
	if _, err := s.SaveJob(ctx, j.JobRef, chat.JobProgress{Done: 1}); err != nil {
		t.Fatal(err)
	}
	if waits, err := s.Job(ctx, j.JobRef); err != nil || waits.Done != 0 {
		t.Errorf("a job that waits took a step: %+v %v", waits, err)
	}
	if _, err := s.CancelJob(ctx, dbtest.Tom, j.JobRef); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RestartJob(ctx, onTeam(t, s, "Tom", chat.Manage), j.JobRef); err != nil {
		t.Fatal(err)
	}
	next(t, s)
	if _, err := s.JobResult(ctx, dbtest.Tom, j.JobRef); chat.ReasonOf(err) != chat.JobNotFound {
		t.Error(err)
	}
	if j, err = s.SaveJob(ctx, j.JobRef, chat.JobProgress{Done: 3, Total: 3, FileSize: 9, FileName: "a.csv", Finished: true}); err != nil || j.State != chat.JobDone {
		t.Fatalf("%+v %v", j, err)
	}
	if got, err := s.JobResult(ctx, dbtest.Tom, j.JobRef); err != nil || got.FileName != "a.csv" || got.FileSize != 9 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := s.JobResult(ctx, dbtest.Vic, j.JobRef); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error(err)
	}
	if _, err := s.JobResult(ctx, dbtest.Tom, chat.JobRef{App: "other", ID: j.ID}); chat.ReasonOf(err) != chat.JobNotFound {
		t.Error(err)
	}
	keeps := func() bool {
		t.Helper()
		keep, err := s.KeepsJobFile(ctx, j.ID)
		if err != nil {
			t.Fatal(err)
		}
		return keep
	}
	if err := s.ForgetJobFiles(ctx); err != nil || !keeps() {
		t.Error("the result is gone too early", err)
	}
	clock.Add(30 * 24 * time.Hour)
	if _, err := s.JobResult(ctx, dbtest.Tom, j.JobRef); chat.ReasonOf(err) != chat.JobNotFound {
		t.Error(err)
	}
	if err := s.ForgetJobFiles(ctx); err != nil || keeps() {
		t.Error("the result is still there", err)
	}
	list, err := s.Jobs(ctx, db.JobQuery{App: "shop"})
	if err != nil || len(list.Items) != 1 || list.Items[0].FileName != "" {
		t.Errorf("%+v %v", list, err)
	}
}
