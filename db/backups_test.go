package db_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// owner is Ana, who has just given her password.
func owner(s *db.Store) chat.Actor {
	ana := dbtest.Ana
	ana.AuthAt = s.Now()
	return ana
}

func backup(t *testing.T, s *db.Store) chat.Backup {
	t.Helper()
	b, err := s.MakeBackup(ctx, owner(s), chat.BackupAsked)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A restore brings back what was there, keeps what was, and goes on with numbers that nobody had.
func TestRestoreIntoTheRunningStore(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob")
	dbtest.Conversation(t, s, "shop", "fair", "maya")
	b := backup(t, s)
	if b.Problem != "" || b.Inside.Users != 2 || b.Inside.Conversations != 1 || b.Inside.Participants != 1 || b.Inside.Schema < 10 || b.Size == 0 {
		t.Fatalf("%+v", b)
	}
	before := dbtest.Dump(t, s)
	clock.Add(time.Minute)
	dbtest.Conversation(t, s, "shop", "later", "bob")
	last, err := s.LastSeq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	woken, stop := s.Wake()
	defer stop()
	// Changes that come meanwhile wait, and hold afterwards.
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := s.PutUser(ctx, chat.CommandLine, "shop", chat.UserID(fmt.Sprint("new", i)), chat.UserChange{Name: chat.Some("New")}, chat.UserChange{}); err != nil {
				t.Error(err)
			}
		})
	}
	safety, err := s.RestoreBackup(ctx, owner(s), b.Name, "")
	if err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	select {
	case <-woken:
	case <-time.After(5 * time.Second):
		t.Error("nobody was told")
	}
	if _, err := s.Conversation(ctx, "shop", "later"); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Errorf("what came later is still there: %v", err)
	}
	if _, err := s.Conversation(ctx, "shop", "fair"); err != nil {
		t.Error(err)
	}
	events, err := s.Events(ctx, db.EventQuery{})
	if err != nil || events.Items[0].Type != chat.BackupRestored || events.Items[0].Seq <= last || events.Items[0].Subject != b.Name || events.Items[0].ActorName != "Ana" {
		t.Fatalf("%+v %v, the last was %d", events.Items[:1], err, last)
	}
	if safety.Kind != chat.BackupSafety || safety.Problem != "" || safety.Inside.Conversations != 2 {
		t.Fatalf("%+v", safety)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	// The store goes on, also after it was opened again: searching, and the events behind all others.
	dbtest.Conversation(t, s, "shop", "after", "maya")
	if found, err := s.Conversations(ctx, db.ConversationQuery{App: "shop", Search: "after"}); err != nil || len(found.Items) != 1 {
		t.Error(found, err)
	}
	if seq, _ := s.LastSeq(ctx); seq <= events.Items[0].Seq {
		t.Error("a number was given away twice:", seq)
	}
	// The safety copy leads back.
	if _, err := s.RestoreBackup(ctx, owner(s), safety.Name, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Conversation(ctx, "shop", "later"); err != nil {
		t.Error(err)
	}
	if _, err := s.RestoreBackup(ctx, owner(s), b.Name, ""); err != nil {
		t.Fatal(err)
	}
	if got := dbtest.Dump(t, s); !strings.HasPrefix(strip(got), strip(before)[:200]) {
		t.Errorf("%s\n\n%s", got, before)
	}
}

// strip leaves out the events, to which each restore adds its own.
func strip(dump string) string {
	var kept []string
	for _, line := range strings.Split(dump, "\n") {
		if !strings.HasPrefix(line, "SELECT * FROM event") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// Sessions of a backup don't live again: only who restores stays signed in.
func TestWhoRestoresStaysSignedIn(t *testing.T) {
	s, _ := dbtest.New(t)
	ana, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: "ana@guestlist.example", Name: "Ana", Role: chat.Owner}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	session := func(hash, id string) {
		t.Helper()
		if err := s.StartSession(ctx, []byte(hash), nil, chat.AdminSession{ID: id, Admin: ana.ID, AuthAt: dbtest.Start}); err != nil {
			t.Fatal(err)
		}
	}
	session("old", "ses_old")
	me := ana.Actor(dbtest.Start)
	b, err := s.MakeBackup(ctx, me, chat.BackupAsked)
	if err != nil {
		t.Fatal(err)
	}
	session("mine", "ses_mine")
	if _, err := s.RestoreBackup(ctx, me, b.Name, "ses_mine"); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.Session(ctx, []byte("mine")); err != nil {
		t.Error("who restores was signed out:", err)
	}
	if _, _, _, err := s.Session(ctx, []byte("old")); chat.ReasonOf(err) != chat.BadCredential {
		t.Error("a session of the backup lives again:", err)
	}
}

// What can't be restored is refused with one sentence, and nothing is changed.
func TestBackupsThatAreRefused(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	if _, _, err := s.CreateKey(ctx, chat.CommandLine, "shop", "Orders", ""); err != nil {
		t.Fatal(err)
	}
	good := backup(t, s)
	path, err := s.BackupFile(good.Name)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := dbtest.New(t)
	dbtest.App(t, other, "shop", "maya")
	if _, _, err := other.CreateKey(ctx, chat.CommandLine, "shop", "Orders", ""); err != nil {
		t.Fatal(err)
	}
	theirs := backup(t, other)
	stranger, err := other.BackupFile(theirs.Name)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(stranger)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	for at := 8 * 4096; at < len(flipped); at += 3 * 4096 {
		copy(flipped[at:], "damage damage damage")
	}
	noApp := bytes.Clone(whole)
	copy(noApp[68:72], "none")
	before := dbtest.Dump(t, s)
	for what, file := range map[string][]byte{"empty": nil, "text": []byte("hello, this is no database at all, is it"), "half": whole[:len(whole)/2], "flipped": flipped, "another program’s": noApp} {
		_, err := s.AddBackup(ctx, owner(s), bytes.NewReader(file), 1<<30)
		if e := chat.AsError(err); e == nil || e.Reason != chat.BackupRefused || strings.Contains(e.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := s.AddBackup(ctx, owner(s), bytes.NewReader(whole), int64(len(whole))-1); chat.ReasonOf(err) != chat.BodyTooLarge {
		t.Error("too large:", err)
	}
	// Newer, and with a trigger that isn't ours.
	for what, edit := range map[string]string{"newer": "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)",
		"strange": "CREATE TRIGGER evil AFTER INSERT ON events BEGIN SELECT 1; END"} {
		file := filepath.Join(t.TempDir(), "edited.db")
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		dbtest.Exec(t, file, edit)
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddBackup(ctx, owner(s), io.Reader(f), 1<<30); chat.ReasonOf(err) != chat.BackupRefused {
			t.Errorf("%s: %v", what, err)
		}
		f.Close()
	}
	if got := dbtest.Dump(t, s); got != before {
		t.Error("something was changed")
	}
	if all, err := s.Backups(); err != nil || len(all) != 1 {
		t.Errorf("refused files are listed: %+v %v", all, err)
	}
	// One of another server is looked into, and not restored: its keys would not open.
	b, err := s.AddBackup(ctx, owner(s), bytes.NewReader(foreign), 1<<30)
	if err != nil || b.Inside.ForeignKeys != 1 {
		t.Fatalf("%+v %v", b, err)
	}
	before = dbtest.Dump(t, s)
	if _, err := s.RestoreBackup(ctx, owner(s), b.Name, ""); chat.ReasonOf(err) != chat.BackupRefused || !strings.Contains(err.Error(), "master.key") {
		t.Error(err)
	}
	for _, a := range []chat.Actor{dbtest.Tom, dbtest.Vic, dbtest.Backend("shop"), {Kind: chat.AdminActor, ID: "x", Role: chat.Owner}} {
		_, made := s.MakeBackup(ctx, a, chat.BackupAsked)
		_, restored := s.RestoreBackup(ctx, a, good.Name, "")
		_, taken := s.TakeBackup(ctx, a, good.Name)
		_, planned := s.PlanBackups(ctx, a, chat.BackupPlan{Hour: 3, KeepDays: 3})
		for _, err := range []error{made, restored, taken, planned, s.DeleteBackup(ctx, a, good.Name)} {
			if chat.AsError(err) == nil {
				t.Errorf("%s %s: %v", a.Kind, a.Role, err)
			}
		}
	}
	for _, name := range []string{"../guestlist.db", "guestlist.db", "", "x/y.db", "restore.new", good.Name + ".json"} {
		if _, err := s.BackupFile(name); chat.ReasonOf(err) != chat.BackupNotFound {
			t.Errorf("%q: %v", name, err)
		}
	}
	if got := dbtest.Dump(t, s); got != before {
		t.Error("something was changed")
	}
}

// The plan makes one backup a day and keeps as many days as it says.
func TestBackupsByThePlan(t *testing.T) {
	s, clock := dbtest.New(t) // at 11:00
	if _, err := s.PlanBackups(ctx, owner(s), chat.BackupPlan{Hour: 10, KeepDays: 2}); err != nil {
		t.Fatal(err)
	}
	asked := backup(t, s)
	kept := func() (n int) {
		t.Helper()
		if err := s.KeepPlan(ctx, time.UTC); err != nil {
			t.Fatal(err)
		}
		all, err := s.Backups()
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all {
			if b.Kind == chat.BackupScheduled {
				n++
			}
		}
		return n
	}
	if n := kept(); n != 0 {
		t.Errorf("a plan made after its hour made %d", n)
	}
	for day, want := range []int{1, 2, 3, 3, 3} {
		clock.Add(23 * time.Hour)
		if n := kept(); n != want {
			t.Errorf("day %d: %d", day+1, n)
		}
		clock.Add(time.Hour)
		if n := kept(); n != want {
			t.Errorf("day %d, later: %d", day+1, n)
		}
	}
	if _, err := s.Backup(asked.Name); err != nil {
		t.Error("the plan removed what an admin made:", err)
	}
	// A failure is kept for the overview, and tried again within two hours.
	if err := os.Rename(filepath.Join(s.Dir(), "backups"), filepath.Join(s.Dir(), "away")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir(), "backups"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	clock.Add(24 * time.Hour)
	if err := s.KeepPlan(ctx, time.UTC); err == nil {
		t.Error("no failure")
	}
	if p, err := s.BackupPlan(ctx); err != nil || p.Problem == "" {
		t.Errorf("%+v %v", p, err)
	}
	if err := os.Remove(filepath.Join(s.Dir(), "backups")); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	if n := kept(); n != 1 {
		t.Errorf("tried again: %d", n)
	}
	if p, err := s.BackupPlan(ctx); err != nil || p.Problem != "" {
		t.Errorf("%+v %v", p, err)
	}
}
