package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// What is stored is what was answered: no accepted change is left without its answer, and no answer without its change.
func TestSIGTERMAnswersWhatItStores(t *testing.T) {
	dir := t.TempDir()
	s, shop := shopIn(t, dir)
	shop.must(t, http.MethodPut, "/conversations/fair", "{}")
	answered := map[chat.UserID]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				user := fmt.Sprintf("u-%d-%d", w, i)
				code, answer := shop.call(http.MethodPut, "/users/"+user, `{"name":"User"}`)
				if code == 200 {
					code, answer = shop.call(http.MethodPut, "/conversations/fair/participants/"+user, "{}")
				}
				if code == 0 {
					return // the door is closed
				}
				if code != 200 {
					t.Errorf("%s: %d %s", user, code, answer)
					return
				}
				mu.Lock()
				answered[chat.UserID(user)] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v %s", err, s.logs)
	}
	wg.Wait()
	if len(answered) == 0 {
		t.Error("nothing was answered at all")
	}
	stored := stored(t, dir)
	for user := range answered {
		if !stored[user] {
			t.Errorf("%s was answered and is not stored", user)
		}
	}
	for user := range stored {
		if !answered[user] {
			t.Errorf("%s is stored and was not answered", user)
		}
	}
}

// stored is who participates in the shop's fair, read from the data directory.
func stored(t *testing.T, dir string) map[chat.UserID]bool {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	all := map[chat.UserID]bool{}
	for after := ""; ; {
		page, err := store.Participants(context.Background(), db.ParticipantQuery{App: "shop", Conversation: "fair", Window: db.Window{After: after, Limit: 100}})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Items {
			all[p.User] = true
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

// half sends a request without the end of its body.
func half(t *testing.T, s *serving) (net.Conn, string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	body := `{"name":"Slow"}`
	fmt.Fprintf(conn, "PUT /v1/shop/users/slow HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		testSecret, len(body), body[:5])
	time.Sleep(200 * time.Millisecond)
	return conn, body[5:]
}

func TestSIGTERMWaitsForASlowRequest(t *testing.T) {
	s, _ := shopIn(t, t.TempDir())
	conn, rest := half(t, s)
	s.cmd.Process.Signal(syscall.SIGTERM)
	time.Sleep(300 * time.Millisecond)
	if c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err == nil {
		c.Close()
		t.Error("new connections are accepted still")
	}
	io.WriteString(conn, rest)
	if resp, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || resp.StatusCode != 200 {
		t.Errorf("%v %v", resp, err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%v %s", err, s.logs)
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	s, _ := shopIn(t, t.TempDir())
	half(t, s)
	s.cmd.Process.Signal(syscall.SIGTERM)
	time.Sleep(300 * time.Millisecond)
	if err := s.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Fatalf("the first signal did not wait: %v", err)
	}
	start := time.Now()
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Wait()
	if status := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %s", s.cmd.ProcessState, time.Since(start))
	}
}
