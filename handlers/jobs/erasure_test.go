package jobs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// traces are by what the person of the test is known.
var traces = []string{"person-qx17", "Quintella", "Abendroth", "Tella Qvist", "q.abendroth@mail.example", "old-tella@mail.example", "4915199887766", "203.0.113.77", "DE00QX17", "QXSECRET", "was rude to staff", "push-token-qx"}

// crawl are the places of the data directory where a trace is: rows of any table, files other than backups.
func crawl(t *testing.T, s *db.Store) (found []string) {
	t.Helper()
	holds := func(where, text string) {
		for _, trace := range traces {
			if strings.Contains(strings.ToLower(text), strings.ToLower(trace)) {
				found = append(found, fmt.Sprintf("%q in %s", trace, where))
			}
		}
	}
	for _, line := range strings.Split(dbtest.Everything(t, s), "\n") {
		holds(line, line)
	}
	err := filepath.WalkDir(s.Dir(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), db.File) || filepath.Base(filepath.Dir(path)) == "backups" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if zip, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			more, _ := io.ReadAll(zip) // one that is half written ends in the middle
			body = append(body, more...)
		}
		holds(e.Name(), string(body))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Of an erased person nothing is left in the data directory, but for its backups, by which anybody could know them: in no
// table and in no file. What they wrote and others did stays.
func TestOfAnErasedPersonNothingIsLeft(t *testing.T) {
	s, clock := dbtest.New(t)
	ctx := t.Context()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const id = chat.UserID("person-qx17")
	at := func(conv chat.ConversationID, user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: conv, User: user}
	}
	dbtest.App(t, s, "shop", "maya", "zoe", "lea", "gus", "kit")
	must(s.CreateUser(ctx, dbtest.Tom, "shop", id, chat.UserChange{Name: chat.Some("Tella Qvist"), Email: chat.Some([]string{"old-tella@mail.example"})}))
	must(s.EditUser(ctx, dbtest.Tom, "shop", id, chat.UserChange{Name: chat.Some("Quintella Abendroth"), Email: chat.Some([]string{"q.abendroth@mail.example"}), Phone: chat.Some([]string{"+4915199887766"}),
		WelcomeMessage: chat.Some("Quintella here"), Custom: chat.Some(chat.Custom{"iban": ptr("DE00QX17")}), PushTokens: chat.Some(map[string]*bool{"fcm:push-token-qx": ptr(true)})}, chat.UserChange{}))
	me := chat.Actor{Kind: chat.UserActor, ID: string(id), Name: "Quintella Abendroth", Source: chat.Browser, App: "shop", Verified: true, IP: "203.0.113.77", RequestID: "req_1"}

	// What they did and said, in a conversation, in one that is in the trash, and as a guest.
	for _, conv := range []chat.ConversationID{"pitch", "binned"} {
		must(s.CreateConversationIfMissing(ctx, me, conv, chat.ConversationChange{}, chat.Opt[chat.Notify]{}))
		for _, user := range []chat.UserID{"zoe", "lea", "gus"} {
			must(s.SetParticipant(ctx, me, at(conv, user), chat.ParticipantChange{}))
		}
		for _, text := range []string{"A word that stands", "QXSECRET words"} {
			m, err := s.SendMessage(ctx, me, "shop", conv, chat.NewMessage{Text: text})
			must(m, err)
			if strings.HasPrefix(text, "QX") {
				must(s.DeleteMessage(ctx, dbtest.Tom, "shop", conv, m.ID))
			}
		}
	}
	must(s.DeleteConversation(ctx, dbtest.Tom, "shop", "binned"))
	must(s.DeleteUser(ctx, dbtest.Tom, "shop", "lea"))
	must(s.BanUser(ctx, dbtest.Tom, "shop", "gus", chat.NewBan{For: chat.BanUntilLifted}))
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	must(s.BlockGuest(ctx, dbtest.Tom, at("fair", id), chat.NewGuestBlock{For: chat.BlockUntilLifted, Reason: "Quintella was rude to staff"}))
	must(nil, s.CountCalls(ctx, []chat.Call{{App: "shop", At: clock.Now(), Command: "setUser", Outcome: chat.CallRefused, Reason: chat.RoleTooLow, User: id, RequestID: "req_1"}}))
	must(nil, s.UserTried(ctx, dbtest.Tom, "shop", id))

	restoration := waitingRestoration(t, s, clock, me, id)

	// What was done to them, with reasons.
	must(s.BanUser(ctx, dbtest.Tom, "shop", id, chat.NewBan{For: chat.BanUntilLifted, Reason: "Tella Qvist was rude to staff"}))
	must(s.LiftBan(ctx, dbtest.Tom, "shop", id, true))
	must(s.BanUser(ctx, dbtest.Tom, "shop", id, chat.NewBan{For: chat.BanUntilLifted, Reason: "Abendroth was rude to staff again"}))

	// Lists that name them, and a long restoration that waits.
	var lines []chat.StagedLine
	for i, typed := range []string{"person-qx17", "Q.Abendroth@mail.example", "quintella abendroth", "Tella Qvist", "old-tella@mail.example", "kit"} {
		lines = append(lines, chat.StagedLine{N: i + 1, Typed: typed})
	}
	list, err := s.MakeStage(ctx, dbtest.Ana, chat.NewStage{App: "shop", Conversation: "fair", Mode: chat.StageAdd, Title: "A list", Access: chat.ReadWrite, Notify: chat.NotifyAll, Create: true}, lines)
	must(list, err)

	// Files: an export that is through, and one that is half-way.
	export := func(steps int) chat.Job {
		t.Helper()
		ana := dbtest.Ana
		ana.AuthAt = s.Now()
		must(s.StartExport(ctx, ana, "shop"))
		var j chat.Job
		for j.Kind != chat.JobExport { // behind the restoration
			var ok bool
			if j, ok, err = s.NextJob(ctx); err != nil || !ok {
				t.Fatal(ok, err)
			}
		}
		step := &Step{Store: s, Job: j}
		for ; steps > 0 && !step.Job.State.Ended(); steps-- {
			must(nil, exportStep(ctx, step))
		}
		return step.Job
	}
	through, half := export(1000), export(1)
	if !through.HasFile(clock.Now()) || half.State != chat.JobRunning || half.FileSize == 0 {
		t.Fatalf("%+v %+v", through, half)
	}
	if found := crawl(t, s); len(found) < 60 {
		t.Fatalf("the test leaves too few traces to look for: %d", len(found))
	}

	ana := dbtest.Ana
	ana.AuthAt = clock.Now()
	events, err := s.LastSeq(ctx)
	must(events, err)
	must(nil, s.EraseUser(ctx, ana, "shop", id))
	stale := &Step{Store: s, Job: half}
	must(nil, exportStep(ctx, stale)) // a step that was under way
	for more := true; more; {
		more, err = s.TidyTrash(ctx)
		must(more, err)
	}
	must(nil, New(s, slog.New(slog.DiscardHandler)).Sweep(ctx))
	for _, where := range crawl(t, s) {
		t.Error(where)
	}

	// The rest is as it was.
	said, err := s.Messages(ctx, dbtest.Backend("shop"), db.MessageQuery{App: "shop", Conversation: "pitch"})
	if err != nil || len(said.Items) != 1 || said.Items[0].Text != "A word that stands" || said.Items[0].SenderName != chat.ErasedName {
		t.Errorf("%+v %v", said, err)
	}
	if st, err := s.Stage(ctx, list); err != nil || st.Counts[chat.WillAdd] != 1 {
		t.Errorf("what others are on the list: %+v %v", st, err)
	}
	if last, err := s.LastSeq(ctx); err != nil || last <= events {
		t.Error(last, err)
	}
	if _, err := s.JobResult(ctx, dbtest.Ana, through.JobRef); chat.ReasonOf(err) != chat.JobNotFound {
		t.Errorf("the result of an export before: %v", err)
	}
	again, err := s.RestartJob(ctx, ana, half.JobRef)
	if err != nil || again.Done != 0 || again.Cursor != nil || again.FileSize != 0 {
		t.Errorf("an export that was half-way goes on: %+v %v", again, err)
	}
	for j := (chat.Job{}); !j.State.Ended(); {
		if j, err = s.RestoreStep(ctx, restoration); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := s.Participant(ctx, at("big", "zoe")); err != nil || p.JoinedBy != "" {
		t.Errorf("%+v %v", p, err)
	}
	for _, where := range crawl(t, s) {
		t.Errorf("after the jobs went on: %s", where)
	}
	must(nil, s.Check(ctx))
}

func ptr[T any](v T) *T { return &v }

// waitingRestoration starts to restore a list that the person and somebody whom they brought in went off with a thousand
// others.
func waitingRestoration(t *testing.T, s *db.Store, clock *dbtest.Clock, me chat.Actor, id chat.UserID) chat.JobRef {
	t.Helper()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(nil, s.Seed(t.Context(), db.SeedOptions{App: "shop", Users: 1000, Big: 1000}))
	ref := func(user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: "big", User: user}
	}
	must(s.PutParticipant(t.Context(), dbtest.Tom, ref(id), chat.ParticipantChange{}))
	must(s.SetParticipant(t.Context(), me, ref("zoe"), chat.ParticipantChange{}))
	clock.Add(time.Minute)
	at := clock.Now()
	clock.Add(time.Minute)
	users := []chat.UserID{id, "zoe"}
	for i := range 998 {
		users = append(users, chat.UserID(fmt.Sprintf("user-%d", i)))
	}
	must(s.RemoveParticipants(t.Context(), dbtest.Tom, "shop", "big", users))
	must(s.RemoveParticipants(t.Context(), dbtest.Tom, "shop", "big", []chat.UserID{"user-998"}))
	r, err := s.RestoreList(t.Context(), dbtest.Ana, "shop", "big", db.Restoration{At: at, Parts: map[chat.MoveKind]bool{chat.MovedOut: true}, Seen: map[chat.MoveKind]int{chat.MovedOut: 1001}})
	must(r, err)
	return r.Job.JobRef
}
