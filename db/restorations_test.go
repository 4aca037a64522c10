package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// longRestoration is a list of 1,200 people that 1,100 went off, where ten were left less and maya came; and what makes it
// again what it was.
func longRestoration(t *testing.T) (s *db.Store, clock *dbtest.Clock, ana chat.Actor, r db.Restoration) {
	t.Helper()
	s, clock = dbtest.New(t)
	ana = onTeam(t, s, "Ana", chat.Owner)
	dbtest.App(t, s, "shop", "maya")
	if err := s.Seed(ctx, db.SeedOptions{App: "shop", Users: 1200, Big: 1200}); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	r = db.Restoration{At: clock.Now(), Parts: map[chat.MoveKind]bool{chat.MovedIn: true, chat.MovedOut: true, chat.Changed: true},
		Seen: map[chat.MoveKind]int{chat.MovedIn: 1, chat.MovedOut: 1100, chat.Changed: 10}}
	clock.Add(time.Hour)
	for from := 0; from < 1100; from += 550 {
		if _, err := s.RemoveParticipants(ctx, dbtest.Tom, "shop", "big", usersFrom(from, 550)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.ChangeParticipants(ctx, dbtest.Tom, "shop", "big", usersFrom(1100, 10), accessOf(chat.Read)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutParticipant(ctx, dbtest.Tom, inBig("maya"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	return s, clock, ana, r
}

func usersFrom(from, n int) (users []chat.UserID) {
	for i := range n {
		users = append(users, chat.UserID(fmt.Sprintf("user-%d", from+i)))
	}
	return users
}

func inBig(user chat.UserID) chat.ParticipantRef {
	return chat.ParticipantRef{App: "shop", Conversation: "big", User: user}
}

// bigList is the whole list of the conversation big, in its order.
func bigList(t *testing.T, s *db.Store) string {
	t.Helper()
	p, err := s.Participants(ctx, db.ParticipantQuery{App: "shop", Conversation: "big", Window: db.Window{Limit: 2000}})
	if err != nil {
		t.Fatal(err)
	}
	return sayList(p.Items)
}

// runRestoration takes the steps of the job that waits, and gives it as it ended with the number of its steps.
func runRestoration(t *testing.T, s *db.Store, ref chat.JobRef) (j chat.Job, steps int) {
	t.Helper()
	for j = next(t, s); !j.State.Ended(); steps++ {
		var err error
		if j, err = s.RestoreStep(ctx, ref); err != nil {
			t.Fatal(err)
		}
	}
	return j, steps
}

// A long restoration is made by a job, step by step: a store that is opened again goes on where the last step ended, what
// changed meanwhile is not overridden, and it is undone as one.
func TestALongListIsRestoredByAJob(t *testing.T) {
	s, _, ana, r := longRestoration(t)
	before := dbtest.Dump(t, s)
	stale := r
	stale.Seen = map[chat.MoveKind]int{chat.MovedIn: 1, chat.MovedOut: 1099, chat.Changed: 10}
	if _, err := s.RestoreList(ctx, ana, "shop", "big", stale); chat.ReasonOf(err) != chat.StaleChange {
		t.Errorf("another difference: %v", err)
	}
	if _, err := s.RestoreList(ctx, dbtest.Vic, "shop", "big", r); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Errorf("by a viewer: %v", err)
	}
	if _, err := s.RestoreList(ctx, ana, "shop", "nowhere", r); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Errorf("nowhere: %v", err)
	}
	if dbtest.Dump(t, s) != before {
		t.Error("a refused restoration left something")
	}
	result, err := s.RestoreList(ctx, ana, "shop", "big", r)
	if err != nil || result.Job.State != chat.JobQueued || result.Job.Kind != chat.JobRestore || result.Job.Total != 1111 || result.Job.Batch != result.Batch || len(result.Changed) != 0 {
		t.Fatalf("%+v %v", result, err)
	}
	for _, err := range []error{one(s.PutParticipant(ctx, dbtest.Tom, inBig("user-7"), accessOf(chat.Read))), one(s.ChangeParticipant(ctx, dbtest.Tom, inBig("user-1105"), chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)}, chat.ParticipantChange{})),
		one(s.BanUser(ctx, ana, "shop", "user-8", chat.NewBan{For: chat.BanUntilLifted})), one(s.DeleteUser(ctx, ana, "shop", "user-9"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ref := next(t, s).JobRef
	if _, err := s.UndoBatch(ctx, ana, "shop", result.Batch); chat.ReasonOf(err) != chat.CannotUndo {
		t.Errorf("undo of what is still being done: %v", err)
	}
	for range 2 {
		if _, err := s.RestoreStep(ctx, ref); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ResumeJobs(ctx); err != nil { // as at the start after a crash
		t.Fatal(err)
	}
	j, steps := runRestoration(t, s, ref)
	if j.State != chat.JobDone || j.Done != 1111 || steps != 3 || j.Note != "1107 restored. 4 left as they are: gone, banned or changed since, or there was no room for them." {
		t.Errorf("%+v after %d steps", j, steps)
	}
	list := strings.Fields(bigList(t, s))
	if len(list) != 1198 || list[0] != "user-0" || list[100] != "user-103" || !strings.Contains(bigList(t, s), "user-1105:Read!false user-1106 ") || list[1197] != "user-7:Read" {
		t.Errorf("%d on the list: %v", len(list), list[:10])
	}
	if strings.Contains(dbtest.Dump(t, s), "FROM restorations") {
		t.Error("something is left to do")
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", Batch: result.Batch, Window: db.Window{Limit: 5000}})
	if err != nil || len(events.Items) != 1107+2 || events.Items[0].Type != chat.JobEnded || events.Items[0].ActorName != "Ana" {
		t.Errorf("%d events, %v", len(events.Items), err)
	}
	u, err := s.UndoBatch(ctx, ana, "shop", result.Batch)
	if err != nil || u.Job.Total != 1109 {
		t.Fatalf("%+v %v", u, err)
	}
	for j := next(t, s); !j.State.Ended(); {
		if j, err = s.UndoStep(ctx, j.JobRef); err != nil {
			t.Fatal(err)
		}
	}
	if list := strings.Fields(bigList(t, s)); len(list) != 102 || !strings.Contains(bigList(t, s), " user-1106:Read ") || !strings.Contains(bigList(t, s), " maya") {
		t.Errorf("undone: %d on the list: %v", len(list), list)
	}
}

// What a restoration may is asked at each step. One that is stopped keeps what it did, goes on when it is started again, and
// is thrown away when nobody does for as long as results are kept.
func TestAStoppedRestoration(t *testing.T) {
	s, clock, ana, r := longRestoration(t)
	mia := onTeam(t, s, "Mia", chat.Manage)
	result, err := s.RestoreList(ctx, mia, "shop", "big", r)
	if err != nil {
		t.Fatal(err)
	}
	ref := next(t, s).JobRef
	if _, err := s.RestoreStep(ctx, ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangeRole(ctx, ana, mia.ID, chat.Viewer); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	if _, err := s.RestoreStep(ctx, ref); chat.ReasonOf(err) != chat.RoleTooLow || dbtest.Dump(t, s) != before {
		t.Errorf("as a viewer: %v", err)
	}
	if _, err := s.CancelJob(ctx, ana, ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangeRole(ctx, ana, mia.ID, chat.Manage); err != nil {
		t.Fatal(err)
	}
	if j, err := s.RestoreStep(ctx, ref); err != nil || j.State != chat.JobCancelled || j.Done != 250 {
		t.Errorf("%+v %v", j, err)
	}
	kept := dbtest.Dump(t, s)
	if more, err := s.ForgetRestorations(ctx); more || err != nil || dbtest.Dump(t, s) != kept {
		t.Error("forgotten while it may go on", err)
	}
	if _, err := s.RestartJob(ctx, ana, ref); err != nil {
		t.Fatal(err)
	}
	next(t, s)
	if j, err := s.RestoreStep(ctx, ref); err != nil || j.Done != 500 || j.Batch != result.Batch {
		t.Errorf("%+v %v", j, err)
	}
	if _, err := s.CancelJob(ctx, ana, ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RestoreStep(ctx, ref); err != nil {
		t.Fatal(err)
	}
	clock.Add((chat.JobFileDays*24 + 1) * time.Hour)
	for more := true; more; {
		if more, err = s.ForgetRestorations(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(dbtest.Dump(t, s), "FROM restorations") {
		t.Error("kept for ever")
	}
}
