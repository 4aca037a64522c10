package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
)

// A copy made while people join is sound, has all that was answered before it began, and serves after a restore.
func TestBackupUnderLoad(t *testing.T) {
	dir := t.TempDir()
	s, shop := shopIn(t, dir)
	shop.must(t, http.MethodPut, "/conversations/fair", "{}")
	var mu sync.Mutex
	var answered []chat.UserID
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				user := fmt.Sprintf("u-%d-%d", w, i)
				shop.call(http.MethodPut, "/users/"+user, `{"name":"User"}`)
				if code, answer := shop.call(http.MethodPut, "/conversations/fair/participants/"+user, "{}"); code != 200 {
					t.Errorf("%s: %d %s", user, code, answer)
					return
				}
				mu.Lock()
				answered = append(answered, chat.UserID(user))
				mu.Unlock()
			}
		})
	}
	restored := t.TempDir()
	for n := range 5 {
		mu.Lock()
		before := answered[:len(answered):len(answered)]
		mu.Unlock()
		restored = t.TempDir()
		if code, _, problem := run(t, "", "backup", filepath.Join(restored, db.File), "--data", dir); code != 0 {
			t.Fatal(problem)
		}
		copyFile(t, filepath.Join(dir, "master.key"), filepath.Join(restored, "master.key"))
		if code, out, problem := run(t, "", "check", "--data", restored); code != 0 {
			t.Fatalf("copy %d: %s %s", n, out, problem)
		}
		in := stored(t, restored)
		for _, user := range before {
			if !in[user] {
				t.Errorf("copy %d: %s was answered before and is missing", n, user)
			}
		}
		t.Logf("copy %d has %d participants, %d were answered before", n, len(in), len(before))
	}
	close(stop)
	wg.Wait()
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v %s", err, s.logs)
	}
	serve(t, restored).shop(testSecret).must(t, http.MethodGet, "/conversations/fair", "")
}

// Damage within the file is found by check and by a start after a crash, and both name the way out.
func TestCheckFindsDamage(t *testing.T) {
	dir := t.TempDir()
	s, shop := shopIn(t, dir)
	for i := range 200 {
		shop.must(t, http.MethodPut, fmt.Sprintf("/users/u%03d", i), `{"name":"User"}`)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(dir, db.File), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for at := int64(4 * page); at < size; at += 3 * page {
		if _, err := file.WriteAt([]byte(strings.Repeat("damage", 100)), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, problem := run(t, "", "check", "--data", dir)
	if code != exitFailed || out != "" || strings.Count(problem, "\n") != 1 || !strings.Contains(problem, "restore a backup") {
		t.Errorf("%d %q %q", code, out, problem)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
