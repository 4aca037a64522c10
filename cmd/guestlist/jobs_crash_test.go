package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// longList is how many people the jobs bring on a list that the program is killed in.
const longList = 6000

// The program is killed in the middle of a job, again and again. At the next start the job goes on by itself, and in the
// end everybody is on the list and was told of exactly once.
func TestAKilledJobGoesOnAndRepeatsNothing(t *testing.T) {
	for name, x := range map[string]struct {
		start func(*testing.T, string) (chat.JobRef, string)
		note  string
	}{
		"list":        {startLongJob, fmt.Sprintf("%d added. %d of them created.", longList, longList)},
		"restoration": {startLongRestoration, fmt.Sprintf("%d restored.", longList)},
	} {
		t.Run(name, func(t *testing.T) { killInAJob(t, x.start, x.note) })
	}
}

// killInAJob kills the program while it runs the job that start leaves in a data directory.
func killInAJob(t *testing.T, start func(*testing.T, string) (chat.JobRef, string), note string) {
	dir := t.TempDir()
	s, _ := shopIn(t, dir)
	kill := func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	kill()
	job, batch := start(t, dir)
	reached := func(shop backend, n int) {
		t.Helper()
		path := fmt.Sprintf("/conversations/all/participants/p%05d", n)
		for range 3000 {
			if code, _ := shop.call(http.MethodGet, path, ""); code == http.StatusOK {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatalf("line %d was never reached: %s", n, s.logs)
	}
	was := int64(0)
	for _, n := range []int{300, 2000, 3500} {
		s = serve(t, dir)
		reached(s.shop(testSecret), n)
		kill()
		j := jobIn(t, dir, job)
		if j.State != chat.JobRunning || j.Done < int64(n) || j.Done >= longList || j.Done <= was {
			t.Fatalf("killed at line %d: %+v", n, j)
		}
		was = j.Done
	}
	s = serve(t, dir)
	reached(s.shop(testSecret), longList-1)
	time.Sleep(100 * time.Millisecond)
	kill()
	if j := jobIn(t, dir, job); j.State != chat.JobDone || j.Done != longList || j.Note != note {
		t.Errorf("%+v", j)
	}
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if c, err := store.Conversation(t.Context(), "shop", "all"); err != nil || c.Counts.Listed() != longList {
		t.Errorf("%+v %v", c.Counts, err)
	}
	seen := map[chat.UserID]int{}
	for after := ""; ; {
		page, err := store.Events(t.Context(), db.EventQuery{App: "shop", Batch: batch, Window: db.Window{After: after, Limit: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			if e.Type == chat.ParticipantJoined {
				seen[e.User]++
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for user, n := range seen {
		if n != 1 {
			t.Errorf("%s was added %d times", user, n)
		}
	}
	if len(seen) != longList {
		t.Errorf("%d people were added", len(seen))
	}
	if err := store.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// startLongJob stages and applies a list that is long enough for a job, while nothing runs it.
func startLongJob(t *testing.T, dir string) (ref chat.JobRef, batch string) {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	r := stageLongList(t, store, owner(t, store))
	return r.Job.JobRef, r.Batch
}

// startLongRestoration does so with a list that was emptied, and is to be again what it was.
func startLongRestoration(t *testing.T, dir string) (ref chat.JobRef, batch string) {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ana := owner(t, store)
	stageLongList(t, store, ana)
	j, _, err := store.NextJob(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for !j.State.Ended() {
		if j, err = store.StageStep(t.Context(), j.JobRef); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now()
	time.Sleep(2 * time.Millisecond)
	for from := 0; from < longList; from += db.MaxBulk {
		var users []chat.UserID
		for i := range db.MaxBulk {
			users = append(users, chat.UserID(fmt.Sprintf("p%05d", from+i)))
		}
		if _, err := store.RemoveParticipants(t.Context(), ana, "shop", "all", users); err != nil {
			t.Fatal(err)
		}
	}
	r, err := store.RestoreList(t.Context(), ana, "shop", "all", db.Restoration{At: at, Parts: map[chat.MoveKind]bool{chat.MovedOut: true}, Seen: map[chat.MoveKind]int{chat.MovedOut: longList}})
	if err != nil {
		t.Fatal(err)
	}
	return r.Job.JobRef, r.Batch
}

func owner(t *testing.T, store *db.Store) chat.Actor {
	t.Helper()
	admin, err := store.CreateAdmin(t.Context(), chat.CommandLine, chat.AdminChange{Email: "ana@shop.example", Name: "Ana", Role: chat.Owner}, "x")
	if err != nil {
		t.Fatal(err)
	}
	return admin.Actor(time.Now())
}

func stageLongList(t *testing.T, store *db.Store, ana chat.Actor) db.StageResult {
	t.Helper()
	if _, err := store.CreateConversation(t.Context(), ana, "shop", "all", chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	lines := make([]chat.StagedLine, longList)
	for i := range lines {
		lines[i] = chat.StagedLine{N: i + 1, Typed: fmt.Sprintf("p%05d", i)}
	}
	stage, err := store.MakeStage(t.Context(), ana, chat.NewStage{App: "shop", Conversation: "all", Mode: chat.StageAdd, Title: "A long list", Access: chat.ReadWrite, Notify: chat.NotifyAll, Create: true}, lines)
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.ApplyStage(t.Context(), ana, stage, chat.StageApply{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// jobIn is a job as it lies in the data directory.
func jobIn(t *testing.T, dir string, ref chat.JobRef) chat.Job {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	j, err := store.Job(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return j
}
