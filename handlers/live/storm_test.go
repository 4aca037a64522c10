package live_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Sockets that nobody reads hold up nobody: the others hear everything, in order, and the stalled ones are let go.
func TestStalledSocketsHoldUpNobody(t *testing.T) {
	// The system takes little of what the server sends to who doesn't read, so that it waits in the server.
	little := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		return errors.Join(c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, 64<<10) }), err)
	}}
	store, clock := dbtest.New(t)
	fill(t, store)
	s := serveAt(t, store, clock.Now, "127.0.0.1:0", little)
	everybody := func(int) string { return "c0" }
	s.populate(200, everybody)
	const stalled, messages = 20, 300
	dialer := &net.Dialer{}
	small := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dialer.DialContext(ctx, network, addr)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(4096)
		}
		return c, err
	}}}
	for i := range stalled {
		c, _, err := websocket.Dial(t.Context(), strings.Replace(s.url, "http", "ws", 1)+"/v1/shop/live", &websocket.DialOptions{HTTPClient: small, HTTPHeader: http.Header{"Origin": {page}}})
		s.must(err)
		defer c.CloseNow()
		s.must(c.Write(t.Context(), websocket.MessageText, fmt.Appendf(nil, `{"id":1,"connect":{"data":{"user":"u%d"}}}`, i)))
		s.must(c.Write(t.Context(), websocket.MessageText, []byte(`{"id":2,"rpc":{"method":"conversation.open","data":{"args":{"conversation":"c0"}}}}`)))
	}
	var well []*browser
	for i := stalled; i < 200; i++ {
		b, _ := s.come(hello{user: fmt.Sprint("u", i)})
		b.ok("conversation.open", `{"conversation":"c0"}`)
		well = append(well, b)
	}
	text := strings.Repeat("long ", 1500) // 300 of them are more than what may wait for a slow reader
	heard := make([]int, len(well))
	for i := range messages {
		_, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "c0", chat.NewMessage{Sender: "u0", Text: fmt.Sprint(i, " ", text)})
		s.must(err)
		if (i+1)%50 > 0 { // those who read are on one machine with the server: they are never so far behind that they are let go
			continue
		}
		for j, b := range well {
			if !b.until(2*late, func() bool {
				for ; b.read < len(b.frames); b.read++ {
					if f := b.frames[b.read]; f.typ() == "message.sent" {
						if heard[j]++; f.at("message", "seq") != float64(heard[j]) {
							t.Errorf("message %v came as the %d.", f.at("message", "seq"), heard[j])
						}
					}
				}
				return heard[j] == i+1
			}) {
				t.Fatalf("one who reads heard %d of %d; %v", heard[j], i+1, b.end)
			}
		}
	}
	for deadline := time.Now().Add(15 * time.Second); s.served.Live().Online("shop", "u0"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a stalled socket is still there")
		}
	}
}

// A server that stops and starts again on the same file loses nobody: all come back, open what they had, and have heard
// of every message once, by its frame or by reading again.
func TestReconnectStorm(t *testing.T) {
	dir := t.TempDir()
	first := newServerIn(t, dir)
	everybody := func(int) string { return "c0" }
	const n = 120
	first.populate(n, everybody)
	address := strings.TrimPrefix(first.url, "http://")
	heard := make([]map[float64]int, n)
	back := make(chan int, n)
	var all sync.WaitGroup
	current := func(s *server, i int, coming bool) *browser {
		b, welcome := s.come(hello{user: fmt.Sprint("u", i)})
		if welcome.at("connect") == nil {
			t.Errorf("%d was not let in: %v", i, welcome)
			return b
		}
		open := b.ok("conversation.open", `{"conversation":"c0"}`)
		for _, m := range open.at("result", "messages", "data").([]any) {
			if seq := m.(map[string]any)["seq"].(float64); heard[i][seq] == 0 {
				heard[i][seq]++
			}
		}
		if coming {
			back <- i
		}
		return b
	}
	take := func(i int, b *browser) {
		b.mu.Lock()
		defer b.mu.Unlock()
		for ; b.read < len(b.frames); b.read++ {
			if f := b.frames[b.read]; f.typ() == "message.sent" {
				heard[i][f.at("message", "seq").(float64)]++
			}
		}
	}
	browsers := make([]*browser, n)
	for i := range n {
		heard[i] = map[float64]int{}
		browsers[i] = current(first, i, false)
	}
	say := func(s *server, from, to int) {
		for i := from; i < to; i++ {
			_, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "c0", chat.NewMessage{Sender: "u0", Text: fmt.Sprint(i)})
			s.must(err)
		}
	}
	say(first, 0, 10)
	first.close()
	for i, b := range browsers {
		if end := b.ended(); end.code != 3001 {
			t.Fatalf("%d was told %+v, not to come back", i, end)
		}
		take(i, b)
	}
	say(first, 10, 20) // while nobody is there
	first.must(first.store.Close())
	second := serveAt(t, open(t, dir, time.Now), time.Now, address, net.ListenConfig{})
	for i := range n {
		all.Go(func() {
			time.Sleep(rand.N(500 * time.Millisecond))
			b := current(second, i, true)
			b.until(2*time.Minute, func() bool {
				return len(b.frames) > 0 && b.frames[len(b.frames)-1].at("message", "text") == "end"
			})
			take(i, b)
		})
	}
	for came := range n {
		select {
		case <-back:
		case <-time.After(2 * time.Minute):
			t.Fatal("not all are back")
		}
		if came == n/2 {
			say(second, 20, 25)
		}
	}
	say(second, 25, 30)
	_, err := second.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "c0", chat.NewMessage{Sender: "u0", Text: "end"})
	second.must(err)
	all.Wait()
	last, err := second.store.Conversation(t.Context(), "shop", "c0")
	second.must(err)
	for i := range heard {
		for seq := range last.Messages {
			if heard[i][float64(seq+1)] == 0 {
				t.Fatalf("%d never heard of message %d", i, seq+1)
			}
		}
	}
}
