package db_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// filled is a directory with a closed database of some size.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	prepare(t, dir)
	s, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(ctx, db.SeedOptions{App: "app", Users: 2000, Conversations: 500}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A file that isn't a sound database of ours is refused with one line that names the way out, and stays as it is.
func TestDamagedFilesAreRefused(t *testing.T) {
	sound := filled(t)
	original, err := os.ReadFile(filepath.Join(sound, db.File))
	if err != nil {
		t.Fatal(err)
	}
	sqlDo := func(path, statement string) {
		file, err := sql.Open("sqlite", path)
		if err == nil {
			_, err = file.Exec(statement)
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, x := range map[string]struct {
		harm func(path string)
		says string
	}{
		"empty":          {func(p string) { os.WriteFile(p, nil, 0o600) }, "restore a backup"},
		"text":           {func(p string) { os.WriteFile(p, bytes.Repeat([]byte("text "), 2000), 0o600) }, "restore a backup"},
		"half":           {func(p string) { os.WriteFile(p, original[:len(original)/2], 0o600) }, "restore a backup"},
		"flipped pages":  {func(p string) { os.WriteFile(p, flipped(original), 0o600) }, "restore a backup"},
		"header":         {func(p string) { os.WriteFile(p, append([]byte("SQLite format 4\x00"), original[16:]...), 0o600) }, "restore a backup"},
		"another's":      {func(p string) { sqlDo(p, "PRAGMA application_id = 77") }, "belongs to another program"},
		"newer":          {func(p string) { sqlDo(p, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)") }, "newer Guestlist"},
		"gone, with log": {func(p string) { os.Remove(p); os.WriteFile(p+"-wal", []byte("x"), 0o600) }, "restore a backup"},
		"a link":         {func(p string) { os.Rename(p, p+".real"); os.Symlink(p+".real", p) }, "not a regular file"},
		"no master key":  {func(p string) { os.Remove(filepath.Join(filepath.Dir(p), "master.key")) }, "master.key is missing"},
		"short key":      {func(p string) { os.WriteFile(filepath.Join(filepath.Dir(p), "master.key"), []byte("short"), 0o600) }, "not a master key"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, db.File)
			x.harm(path)
			before, _ := os.ReadFile(path)
			s, err := db.Open(ctx, db.Options{Dir: dir})
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), x.says) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("the error is %q", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// flipped is the database with some bytes of three pages in its middle turned over.
func flipped(original []byte) []byte {
	b := bytes.Clone(original)
	for i := range 3 {
		page := (len(b)/4096/2 + i*7) * 4096
		for j := range 600 {
			b[page+j] ^= 0xff
		}
	}
	return b
}

func TestOneProcessADirectory(t *testing.T) {
	dir := t.TempDir()
	s, _ := dbtest.Open(t, dir)
	if _, err := db.Open(ctx, db.Options{Dir: dir}); !errors.Is(err, db.ErrInUse) {
		t.Errorf("%v", err)
	}
	if err := s.Ready(ctx); err != nil {
		t.Error(err)
	}
}

// A step of an upgrade that fails leaves nothing behind.
func TestAFailedUpgradeKeepsTheFile(t *testing.T) {
	dir := filled(t)
	path := filepath.Join(dir, db.File)
	file, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	// A file that says it has no step yet, while the tables of the first are there: that step can't work.
	for _, statement := range []string{"DELETE FROM goose_db_version WHERE version_id > 0", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)"} {
		if _, err := file.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	file.Close()
	if _, err := db.Open(ctx, db.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "nothing of the failed step is kept") {
		t.Errorf("%v", err)
	}
	file, _ = sql.Open("sqlite", path)
	defer file.Close()
	var users int
	if err := file.QueryRow("SELECT count(*) FROM users").Scan(&users); err != nil || users != 2001 {
		t.Errorf("%d users after a failed upgrade (%v)", users, err)
	}
}

func TestDriverIsSetUpAsPromised(t *testing.T) {
	dir := t.TempDir()
	dbtest.Open(t, dir)
	file, err := sql.Open("sqlite", "file:"+filepath.Join(dir, db.File)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var version, journal string
	if err := file.QueryRow("SELECT sqlite_version()").Scan(&version); err != nil || version < "3.53.2" {
		t.Errorf("SQLite %s (%v)", version, err)
	}
	if err := file.QueryRow("PRAGMA journal_mode").Scan(&journal); err != nil || journal != "wal" {
		t.Errorf("journal %s (%v)", journal, err)
	}
	// The driver names the only C library that it works with.
	ours, theirs := module(t, "modernc.org/libc"), ""
	mod, err := os.ReadFile(filepath.Join(strings.TrimSpace(goList(t, "{{.Dir}}", "modernc.org/sqlite")), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "modernc.org/libc" {
			theirs = f[1]
		}
	}
	if theirs == "" || ours != theirs {
		t.Errorf("modernc.org/libc %s, the driver wants %s", ours, theirs)
	}
}

func module(t *testing.T, path string) string {
	return strings.TrimSpace(goList(t, "{{.Version}}", path))
}

func goList(t *testing.T, format, path string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", format, path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A full disk refuses changes cleanly, reads go on, and changes work again once there is space, without a restart.
func TestAFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root to mount a small disk")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Fatal(err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	s, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 9000)
	stored := 0
	var refusal error
	for i := 0; i < 2000 && refusal == nil; i++ {
		_, refusal = s.PutUser(ctx, chat.CommandLine, "app", chat.UserID(fmt.Sprint("u", i)), chat.UserChange{Name: chat.Some("User"), WelcomeMessage: chat.Some(long)}, chat.UserChange{})
		if refusal == nil {
			stored++
		}
	}
	if e := chat.AsError(refusal); e == nil || e.Code != chat.Unavailable || e.RetryAfter == 0 {
		t.Fatalf("after %d changes: %v", stored, refusal)
	}
	a, err := s.App(ctx, "app")
	if err != nil || a.Users != int64(stored) {
		t.Errorf("%d users are counted, %d were acknowledged (%v)", a.Users, stored, err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=24m"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutUser(ctx, chat.CommandLine, "app", "after", chat.UserChange{Name: chat.Some("User")}, chat.UserChange{}); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	select {
	case <-s.Failed():
		t.Error("a full disk is no failed disk")
	default:
	}
}
