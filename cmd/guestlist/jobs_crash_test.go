package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// longList is how many people the job adds that the program is killed in.
const longList = 6000

// The program is killed in the middle of a job, again and again. At the next start the job goes on by itself, and in the
// end everybody was added, created and told of exactly once.
func TestAKilledJobGoesOnAndRepeatsNothing(t *testing.T) {
	dir := t.TempDir()
	s, _ := shopIn(t, dir)
	kill := func() {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	kill()
	job, batch := startLongJob(t, dir)
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
	if j := jobIn(t, dir, job); j.State != chat.JobDone || j.Done != longList || j.Note != fmt.Sprintf("%d added. %d of them created.", longList, longList) {
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
	admin, err := store.CreateAdmin(t.Context(), chat.CommandLine, chat.AdminChange{Email: "ana@shop.example", Name: "Ana", Role: chat.Owner}, "x")
	if err != nil {
		t.Fatal(err)
	}
	ana := admin.Actor(time.Now())
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
	return r.Job.JobRef, r.Batch
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
