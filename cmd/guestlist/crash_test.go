package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

// caller changes its own users, conversations and places over REST, and writes down what was acknowledged.
type caller struct {
	shop  backend
	n, i  int
	acked map[string]string // what must be there: path to its value, "" for nothing
	asked string            // the path of the change that had no answer, "" when all had one
	value string            // what that change asked for
	count int               // acknowledged changes
}

// change is the caller's next one, and the value to find at its path afterwards. Each differs from what was there.
func (c *caller) change() (method, path, body, value string) {
	user := fmt.Sprintf("/users/u%d-%d", c.n, c.i/12)
	place := fmt.Sprintf("/conversations/all/participants/u%d-%d", c.n, c.i/12)
	conv := fmt.Sprintf("/conversations/c%d-%d", c.n, c.i/12)
	text := fmt.Sprint(c.i)
	switch c.i % 12 {
	case 0, 3, 6:
		return http.MethodPut, user, `{"name":"` + text + `"}`, text
	case 1, 8:
		return http.MethodPut, place, `{"access":"Read"}`, "Read"
	case 2, 9:
		return http.MethodPatch, place, `{"access":"None"}`, "None"
	case 4:
		return http.MethodPut, place, `{}`, "ReadWrite"
	case 5, 10:
		return http.MethodPut, conv, `{"subject":"` + text + `"}`, text
	case 7:
		return http.MethodDelete, place, "", ""
	}
	return http.MethodDelete, conv, "", ""
}

// run changes things until the server is gone.
func (c *caller) run() error {
	for {
		method, path, body, value := c.change()
		code, answer := c.shop.call(method, path, body)
		switch code {
		case 0:
			c.asked, c.value = path, value
			return nil
		case http.StatusOK:
			c.acked[path] = value
			c.count++
			c.i++
		default:
			return fmt.Errorf("%s %s: %d %s", method, path, code, answer)
		}
	}
}

// settle finds out whether the change without an answer happened: all of it, or nothing.
func (c *caller) settle() error {
	if c.asked == "" {
		return nil
	}
	got, err := c.read(c.asked)
	switch {
	case err != nil:
		return err
	case got == c.value:
		c.acked[c.asked] = got
		c.i++
	case got != c.acked[c.asked]:
		return fmt.Errorf("%s is %q: neither %q as acknowledged nor %q as asked last", c.asked, got, c.acked[c.asked], c.value)
	}
	c.asked = ""
	return nil
}

// read is the value at a path: a name, a subject or an access; "" when there is nothing.
func (c *caller) read(path string) (string, error) {
	code, answer := c.shop.call(http.MethodGet, path, "")
	if code == http.StatusNotFound {
		return "", nil
	}
	var found struct{ Name, Subject, Access string }
	if err := json.Unmarshal([]byte(answer), &found); code != http.StatusOK || err != nil {
		return "", fmt.Errorf("%s: %d %s", path, code, answer)
	}
	return found.Name + found.Subject + found.Access, nil
}

// find reports what is not as it was acknowledged, of what changed since before.
func (c *caller) find(t *testing.T, before map[string]string) {
	for path, want := range c.acked {
		if was, old := before[path]; old && was == want {
			continue
		}
		if got, err := c.read(path); err != nil || got != want {
			t.Errorf("%s is %q, acknowledged was %q (%v)", path, got, want, err)
		}
	}
}

// The program is killed under load again and again. What a backend was told is done stays done, and has its event.
func TestNothingAcknowledgedOverRESTIsLostByAKill(t *testing.T) {
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	dir := t.TempDir()
	s, shop := shopIn(t, dir)
	shop.must(t, http.MethodPut, "/conversations/all", "{}")
	callers := make([]*caller, 8)
	for n := range callers {
		callers[n] = &caller{shop: shop, n: n, acked: map[string]string{}}
	}
	unanswered, slowest := 0, time.Duration(0)
	for round := range rounds {
		before := make([]map[string]string, len(callers))
		var wg sync.WaitGroup
		for n, c := range callers {
			before[n] = maps.Clone(c.acked)
			wg.Go(func() {
				if err := c.run(); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		s.cmd.Process.Kill()
		s.cmd.Wait()
		wg.Wait()

		start := time.Now()
		s = serve(t, dir)
		slowest = max(slowest, time.Since(start))
		shop.client.CloseIdleConnections()
		shop = s.shop(testSecret)
		for n, c := range callers {
			c.shop = shop
			if c.asked != "" {
				unanswered++
			}
			if err := c.settle(); err != nil {
				t.Errorf("round %d: %v", round, err)
			}
			c.find(t, before[n])
		}
		if t.Failed() {
			return
		}
	}
	acked := 0
	for _, c := range callers {
		acked += c.count
		c.find(t, nil)
	}
	s.cmd.Process.Kill()
	s.cmd.Wait()
	if code, _, problem := run(t, "", "check", "--data", dir); code != 0 {
		t.Error(problem)
	}
	if events := changesOverREST(t, dir) - 1; events < acked || events > acked+unanswered {
		t.Errorf("%d events for %d acknowledged changes and %d without an answer", events, acked, unanswered)
	}
	if acked < 10*rounds {
		t.Errorf("only %d changes in %d rounds", acked, rounds)
	}
	t.Logf("%d acknowledged changes over %d kills, %d without an answer; the slowest start took %s", acked, rounds, unanswered, slowest)
}

// changesOverREST counts the changes by calls: those of one call share its request id, as a deleted conversation does
// with the places in it.
func changesOverREST(t *testing.T, dir string) int {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	calls := map[string]bool{}
	for after := ""; ; {
		page, err := store.Events(t.Context(), db.EventQuery{App: "shop", Source: chat.REST, Window: db.Window{After: after, Limit: 100}})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			calls[e.RequestID] = true
		}
		if after = page.Next; after == "" {
			return len(calls)
		}
	}
}
