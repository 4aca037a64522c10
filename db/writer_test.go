package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"guestlist/db/chat"
)

// Changes that are committed together fail alone: one that wrote and then failed or panicked leaves nothing behind, and
// takes nobody with it.
func TestMembersOfACommitFailAlone(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "app", Name: "App"}); err != nil {
		t.Fatal(err)
	}
	put := func(t *Tx, id chat.UserID) error {
		_, err := t.putUser("app", id, chat.UserChange{Name: chat.Some("N")}, chat.UserChange{}, "")
		return err
	}
	spoilt := errors.New("spoilt")
	entered, release := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	results := make([]string, 20)
	for i := range results {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					results[i] = fmt.Sprint(p)
				}
			}()
			id := chat.UserID(fmt.Sprint("user", i))
			results[i] = fmt.Sprint(s.change(ctx, chat.CommandLine, func(t *Tx) error {
				if i == 0 {
					entered <- true // the others wait for this commit, and make the next one together
					<-release
				}
				err := put(t, id)
				switch {
				case i%5 == 3:
					return spoilt
				case i == 7:
					panic("broken")
				}
				return err
			}))
		})
		if i == 0 {
			<-entered
		}
	}
	for waiting := 0; waiting < 20; {
		s.write.mu.Lock()
		waiting = len(s.write.queue) + 1
		s.write.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	close(release)
	all.Wait()
	good := int64(0)
	for i, got := range results {
		want := "<nil>"
		switch {
		case i%5 == 3:
			want = "spoilt"
		case i == 7:
			want = "broken"
		default:
			good++
		}
		_, err := s.User(ctx, "app", chat.UserID(fmt.Sprint("user", i)))
		if got != want || (err == nil) != (want == "<nil>") {
			t.Errorf("%d: %s, want %s; %v", i, got, want, err)
		}
	}
	app, err := s.App(ctx, "app")
	if err != nil || app.Users != good {
		t.Errorf("%d users counted, want %d: %v", app.Users, good, err)
	}
	if events, err := s.Events(ctx, EventQuery{App: "app", Types: []chat.EventType{chat.UserCreated}}); err != nil || int64(len(events.Items)) != good {
		t.Errorf("%d events, want %d: %v", len(events.Items), good, err)
	}
}
