package live_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"guestlist/db/chat"
)

// crowd is n sockets that have a conversation open, all as light as they can be.
func crowd(t testing.TB, url string, n int, conversation func(int) string, heard func(frame []byte)) (send func(i int, data string)) {
	t.Helper()
	conns := make([]*websocket.Conn, n)
	slots := make(chan struct{}, 64)
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			c, _, err := websocket.Dial(context.Background(), strings.Replace(url, "http", "ws", 1)+"/v1/shop/live", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {page}}})
			if err != nil {
				t.Error(err)
				return
			}
			c.SetReadLimit(1 << 20)
			conns[i] = c
			write := func(text string) {
				if err := c.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
					t.Error(err)
				}
			}
			write(fmt.Sprintf(`{"id":1,"connect":{"data":{"user":"u%d"}}}`, i))
			write(`{"id":2,"rpc":{"method":"conversation.open","data":{"args":{"conversation":"` + conversation(i) + `"}}}}`)
			for replies := 0; replies < 2; {
				_, data, err := c.Read(context.Background())
				if err != nil || bytes.Contains(data, []byte("errorCode")) {
					t.Errorf("%v %s", err, data)
					return
				}
				replies += bytes.Count(data, []byte(`"id":1,`)) + bytes.Count(data, []byte(`"id":2,"rpc"`))
			}
			go func() {
				for {
					_, data, err := c.Read(context.Background())
					if err != nil {
						return
					}
					if string(data) == "{}" {
						_ = c.Write(context.Background(), websocket.MessageText, data)
					} else {
						heard(data)
					}
				}
			}()
		})
	}
	wg.Wait()
	t.Cleanup(func() {
		for _, c := range conns {
			if c != nil {
				c.CloseNow()
			}
		}
	})
	return func(i int, data string) {
		if err := conns[i].Write(context.Background(), websocket.MessageText, []byte(data)); err != nil {
			t.Error(err)
		}
	}
}

// populate gives the app users u0, u1 and so on, each in one conversation.
func (s *server) populate(n int, conversation func(int) string) {
	s.t.Helper()
	ctx := context.Background()
	lists := map[string][]chat.UserID{}
	for i := range n {
		id := chat.UserID("u" + strconv.Itoa(i))
		_, err := s.store.PutUser(ctx, chat.CommandLine, "shop", id, chat.UserChange{Name: chat.Some(string(id))}, chat.UserChange{})
		s.must(err)
		lists[conversation(i)] = append(lists[conversation(i)], id)
	}
	for conv, users := range lists {
		for some := range slices.Chunk(users, 500) {
			_, err := s.store.PutConversation(ctx, chat.CommandLine, "shop", chat.ConversationID(conv), chat.ConversationChange{}, chat.ConversationChange{}, some...)
			s.must(err)
		}
	}
}

// latencies gathers how long messages took whose text is when they were sent.
type latencies struct {
	mu  sync.Mutex
	all []time.Duration
	n   atomic.Int64
	one chan struct{} // nil, or told of each
}

func (l *latencies) heard(data []byte) {
	now := time.Now().UnixNano()
	for frame := range bytes.SplitSeq(data, []byte("\n")) { // several may come at once
		if !bytes.Contains(frame, []byte(`"type":"message.sent"`)) {
			continue
		}
		_, text, _ := bytes.Cut(frame, []byte(`"text":"`))
		text, _, _ = bytes.Cut(text, []byte(`"`))
		at, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil {
			continue
		}
		l.mu.Lock()
		l.all = append(l.all, time.Duration(now-at))
		l.mu.Unlock()
		l.n.Add(1)
		if l.one != nil {
			l.one <- struct{}{}
		}
	}
}

func (l *latencies) report(b *testing.B) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.all)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(l.all[len(l.all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(l.all[len(l.all)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(len(l.all)), "deliveries")
}

func message() string {
	return fmt.Sprintf(`{"id":9,"rpc":{"method":"conversation.send","data":{"args":{"conversation":"c0","text":"%d"}}}}`, time.Now().UnixNano())
}

// BenchmarkFanOut sends 20 messages a second to a conversation that 1,000 have open.
func BenchmarkFanOut(b *testing.B) {
	one := func(int) string { return "c0" }
	s := newServerAt(b, time.Now)
	s.populate(1000, one)
	var l latencies
	send := crowd(b, s.url, 1000, one, l.heard)
	const messages = 100
	for b.Loop() {
		l.all, l.n = nil, atomic.Int64{}
		tick := time.NewTicker(time.Second / 20)
		for i := range messages {
			<-tick.C
			send(i, message())
		}
		tick.Stop()
		for deadline := time.Now().Add(10 * time.Second); l.n.Load() < 1000*messages && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		if n := l.n.Load(); n != 1000*messages {
			b.Fatalf("%d of %d were delivered", n, 1000*messages)
		}
	}
	l.report(b)
}

// BenchmarkSendToReceive sends in a conversation of 10 that all have open, one message after the other.
func BenchmarkSendToReceive(b *testing.B) {
	one := func(int) string { return "c0" }
	s := newServerAt(b, time.Now)
	s.populate(10, one)
	l := latencies{one: make(chan struct{}, 10)}
	send := crowd(b, s.url, 10, one, l.heard)
	sent := 0
	for b.Loop() {
		send(sent%10, message())
		sent++
		for range 10 {
			<-l.one
		}
		time.Sleep(5 * time.Millisecond) // below the limit on calls
	}
	l.report(b)
}

const (
	crowdURL  = "GUESTLIST_CROWD_URL"
	crowdSize = 10_000
)

func hundreds(i int) string { return "c" + strconv.Itoa(i/100) }

// TestCrowd is the other process of BenchmarkIdleSockets, which has the sockets' other ends.
func TestCrowd(t *testing.T) {
	url := os.Getenv(crowdURL)
	if url == "" {
		return
	}
	crowd(t, url, crowdSize, hundreds, func([]byte) {})
	fmt.Println("all are there")
	_, _ = os.Stdin.Read(make([]byte, 1)) // until the benchmark has ended
}

// BenchmarkIdleSockets measures what a server holds with 10,000 sockets, each with a conversation open.
func BenchmarkIdleSockets(b *testing.B) {
	s := newServerAt(b, time.Now)
	s.populate(crowdSize, hundreds)
	debug.FreeOSMemory()
	before := resident(b)
	other := exec.Command(os.Args[0], "-test.run=^TestCrowd$", "-test.timeout=10m")
	other.Env = append(os.Environ(), crowdURL+"="+s.url)
	in, err := other.StdinPipe()
	s.must(err)
	out, err := other.StdoutPipe()
	s.must(err)
	start := time.Now()
	s.must(other.Start())
	said := make([]byte, 4096)
	n, err := out.Read(said)
	if err != nil || !strings.Contains(string(said[:n]), "all are there") {
		b.Fatalf("%v %s", err, said[:n])
	}
	came := time.Since(start)
	time.Sleep(3 * time.Second)
	peak := resident(b)
	debug.FreeOSMemory()
	after := resident(b)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(peak)/(1<<20), "MB-as-they-came")
	b.ReportMetric(float64(after)/(1<<20), "MB-idle")
	b.ReportMetric(float64(after-before)/crowdSize/1024, "KB/socket")
	b.ReportMetric(came.Seconds(), "s-to-connect")
	b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
	in.Close()
	_ = other.Wait()
}

// resident is the memory of this process as the system sees it.
func resident(t testing.TB) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(b))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}
