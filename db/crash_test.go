package db_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// A child process writes to a store and says on its output what was acknowledged; the test kills it and looks.
const childEnv = "GUESTLIST_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "many":
		child(8)
	case "one":
		child(1)
	}
}

// opened is what a child says, beside its acknowledgements, once its store is open.
const opened = "opened"

// child joins and leaves people until it is killed, or 50 times when it writes alone. Each line of its output is one
// acknowledged change.
func child(writers int) {
	s, err := db.Open(context.Background(), db.Options{Dir: os.Args[len(os.Args)-1]})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, opened)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := 0; writers > 1 || i < 50; i++ {
				if line, err := write(s, w, i); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				} else {
					os.Stdout.WriteString(line + "\n")
				}
			}
		})
	}
	wg.Wait()
	os.Exit(0)
}

// write is one change; the line says what must be found afterwards.
func write(s *db.Store, w, i int) (string, error) {
	run := time.Now().UnixNano()
	user := chat.UserID(fmt.Sprintf("u%d-%d-%d", w, i, run))
	switch i % 3 {
	case 0:
		_, err := s.PutUser(ctx, chat.CommandLine, "app", user, chat.UserChange{Name: chat.Some("User")}, chat.UserChange{})
		return "user " + string(user), err
	case 1:
		conv := chat.ConversationID(fmt.Sprintf("c%d-%d-%d", w, i, run))
		_, err := s.PutConversation(ctx, chat.CommandLine, "app", conv, chat.ConversationChange{}, chat.ConversationChange{}, "first")
		return "conversation " + string(conv), err
	}
	_, err := s.AddParticipants(ctx, chat.CommandLine, "app", "all", []db.NewParticipant{{User: user, Name: "New"}}, chat.ParticipantChange{})
	return "participant " + string(user), err
}

func prepare(t *testing.T, dir string) {
	t.Helper()
	dbtest.Blank(t, dir)
	s, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutUser(ctx, chat.CommandLine, "app", "first", chat.UserChange{Name: chat.Some("First")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutConversation(ctx, chat.CommandLine, "app", "all", chat.ConversationChange{}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
}

// Ten stores are killed ten times each, so that kills meet what earlier ones left, and checking the file stays cheap.
func TestNothingAcknowledgedIsLostByAKill(t *testing.T) {
	stores, kills := 10, 10
	if testing.Short() {
		stores = 1
	}
	var total atomic.Int64
	t.Run("kills", func(t *testing.T) {
		for n := range stores {
			t.Run(fmt.Sprint(n), func(t *testing.T) {
				t.Parallel()
				total.Add(int64(killAgain(t, kills)))
			})
		}
	})
	if total.Load() < int64(stores*kills) {
		t.Errorf("only %d changes in %d kills", total.Load(), stores*kills)
	}
	t.Logf("%d acknowledged changes over %d kills", total.Load(), stores*kills)
}

// killAgain kills what writes to a store, again and again, and looks for what was acknowledged after each kill, and for
// all of it in the end.
func killAgain(t *testing.T, kills int) (total int) {
	dir := t.TempDir()
	prepare(t, dir)
	var all []string
	for kill := range kills {
		acked := killed(t, dir, kill%5 == 0, time.Duration(rand.IntN(300))*time.Millisecond)
		all = append(all, acked...)
		s, err := db.Open(ctx, db.Options{Dir: dir})
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if err := s.Check(ctx); err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if kill == kills-1 {
			acked = all
		}
		for _, line := range acked {
			if err := find(s, line); err != nil {
				t.Errorf("kill %d: acknowledged and lost: %s: %v", kill, line, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	recount(t, dir)
	return len(all)
}

// killed runs a child for a while, counted from its start or from when its store is open, and gives what it said was
// acknowledged.
func killed(t *testing.T, dir string, fromStart bool, after time.Duration) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir)
	cmd.Env = append(os.Environ(), childEnv+"=many")
	problems, err1 := cmd.StderrPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	kill := func() { time.AfterFunc(after, func() { cmd.Process.Kill() }) }
	if fromStart {
		kill()
	}
	said := make(chan string, 1)
	go func() {
		var all strings.Builder
		for r := bufio.NewScanner(problems); r.Scan(); {
			if r.Text() != opened {
				all.WriteString(r.Text())
			} else if !fromStart {
				kill()
			}
		}
		said <- all.String()
	}()
	var lines []string
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err == io.EOF {
			break // a line that was cut is not one that was read
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	if problem := <-said; problem != "" {
		t.Fatalf("the child says: %s", problem)
	}
	cmd.Wait()
	return lines
}

func find(s *db.Store, line string) error {
	kind, id, _ := strings.Cut(line, " ")
	switch kind {
	case "user":
		_, err := s.User(ctx, "app", chat.UserID(id))
		return err
	case "conversation":
		_, err := s.Participant(ctx, chat.ParticipantRef{App: "app", Conversation: chat.ConversationID(id), User: "first"})
		return err
	}
	_, err := s.Participant(ctx, chat.ParticipantRef{App: "app", Conversation: "all", User: chat.UserID(id)})
	return err
}

// recount compares every kept total with what is counted.
func recount(t *testing.T, dir string) {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(dir, db.File)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for what, query := range map[string]string{
		"users":         `SELECT count(*) FROM apps a WHERE a.users <> (SELECT count(*) FROM users u WHERE u.app_id = a.id)`,
		"conversations": `SELECT count(*) FROM apps a WHERE a.conversations <> (SELECT count(*) FROM conversations c WHERE c.app_id = a.id)`,
		"participants":  `SELECT count(*) FROM apps a WHERE a.participants <> (SELECT count(*) FROM participants p WHERE p.app_id = a.id)`,
		"access": `SELECT count(*) FROM conversations c WHERE (read_write, read_only, banned) <> (SELECT count(*) FILTER (WHERE access = 'ReadWrite'),
			count(*) FILTER (WHERE access = 'Read'), count(*) FILTER (WHERE access = 'None') FROM participants p WHERE p.app_id = c.app_id AND p.conversation_id = c.id)`,
		"places":       `SELECT count(*) FROM users u WHERE u.conversations <> (SELECT count(*) FROM participants p WHERE p.app_id = u.app_id AND p.user_id = u.id)`,
		"events":       `SELECT (SELECT coalesce(sum(events), 0) FROM event_hours) <> (SELECT count(*) FROM events)`,
		"joins":        `SELECT (SELECT count(*) FROM events WHERE type = 'participant.joined') - (SELECT count(*) FROM events WHERE type = 'participant.left') <> (SELECT count(*) FROM participants)`,
		"search index": `SELECT (SELECT count(*) FROM users_search) <> (SELECT count(*) FROM users)`,
	} {
		var wrong int
		if err := file.QueryRow(query).Scan(&wrong); err != nil || wrong != 0 {
			t.Errorf("%s: %d rows where the kept total is not the counted one (%v)", what, wrong, err)
		}
	}
}

// An acknowledged change is on disk: the write-ahead log is synced between its last write and the acknowledgement.
func TestEveryAcknowledgementFollowsASync(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is missing; make test installs it")
	}
	dir := t.TempDir()
	prepare(t, dir)
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command(strace, "-f", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,pwrite64,write", os.Args[0], dir)
	cmd.Env = append(os.Environ(), childEnv+"=one")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	acks, dirty := 0, false
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.Contains(line, "pwrite64(") && strings.Contains(line, "-wal>"):
			dirty = true
		case (strings.Contains(line, "fsync(") || strings.Contains(line, "fdatasync(")) && strings.Contains(line, "-wal>"):
			dirty = false
		case strings.Contains(line, "write(1<"):
			if acks++; dirty {
				t.Fatalf("acknowledgement %d was written before the log was synced", acks)
			}
		}
	}
	if acks != 50 {
		t.Errorf("%d acknowledgements in the trace, want 50", acks)
	}
}
