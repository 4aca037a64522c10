package live_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers"
	"guestlist/handlers/auth"
)

const (
	secret = "sk_test_0123456789abcdefghij"
	page   = "https://shop.example" // the origin of the page that browsers are on, unless a test says another
	soon   = time.Second            // within which a right that was lost is gone
	late   = time.Minute            // when waiting for anything else is given up
)

// server is the whole server on a real store.
type server struct {
	t      testing.TB
	store  *db.Store
	url    string
	now    func() time.Time
	served *handlers.Server
	close  func()
}

// newServer serves an app “shop” with maya, bob and zoe, and a conversation “fair” that bob and maya are in.
func newServer(t testing.TB) *server {
	t.Helper()
	return newServerAt(t, dbtest.NewClock().Now)
}

// newServerAt is newServer with a clock of its own.
func newServerAt(t testing.TB, now func() time.Time) *server {
	t.Helper()
	return newServerOn(t, open(t, t.TempDir(), now), now)
}

// newServerIn is newServer on data that another one can be started on.
func newServerIn(t testing.TB, dir string) *server {
	return newServerOn(t, open(t, dir, time.Now), time.Now)
}

func newServerOn(t testing.TB, store *db.Store, now func() time.Time) *server {
	t.Helper()
	fill(t, store)
	return serve(t, store, now)
}

// fill stores what newServer serves.
func fill(t testing.TB, store *db.Store) {
	t.Helper()
	dbtest.App(t, store, "shop", "maya", "bob", "zoe")
	if _, _, err := store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", secret); err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, store, "shop", "fair", "bob", "maya")
}

func open(t testing.TB, dir string, now func() time.Time) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), db.Options{Dir: dir, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.People(t, store)
	t.Cleanup(func() { store.Close() })
	return store
}

func serve(t testing.TB, store *db.Store, now func() time.Time) *server {
	t.Helper()
	return serveAt(t, store, now, "127.0.0.1:0", net.ListenConfig{})
}

func serveAt(t testing.TB, store *db.Store, now func() time.Time, address string, how net.ListenConfig) *server {
	t.Helper()
	served := handlers.New(handlers.Options{Store: store, Setup: auth.NewSetup(now, func(string) {}), Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- served.Run(ctx) }()
	listener, err := how.Listen(ctx, "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(served)
	web.Listener.Close()
	web.Listener = listener
	web.Start()
	s := &server{t: t, store: store, url: web.URL, now: now, served: served}
	s.close = sync.OnceFunc(func() {
		within, done := context.WithTimeout(context.Background(), late)
		defer done()
		if err := served.HangUp(within); err != nil {
			t.Error(err)
		}
		web.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(s.close)
	return s
}

func (s *server) token(user string) string { return s.tokenUntil(user, s.now().Add(time.Hour)) }

func (s *server) tokenUntil(user string, exp time.Time) string { return s.sign("shop", user, exp) }

func (s *server) tokenOf(app, user string) string { return s.sign(app, user, s.now().Add(time.Hour)) }

func (s *server) sign(app, user string, exp time.Time) string {
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"tokenType": "user", "iss": app, "sub": user, "exp": exp.Unix()}).SignedString([]byte(secretOf(app)))
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// signature is what older integrations pass in place of a token.
func signature(user string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

// secretOf is the secret key of an app.
func secretOf(app string) string {
	if app == "shop" {
		return secret
	}
	return "sk_test_0123456789abcdefghij" + app
}

// news is a frame that was pushed.
type news map[string]any

func (n news) typ() string { s, _ := n["type"].(string); return s }

func (n news) at(path ...string) any {
	var at any = map[string]any(n)
	for _, key := range path {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	return at
}

// browser is one socket, as the SDK in a page holds it.
type browser struct {
	t    testing.TB
	conn *websocket.Conn

	mu      sync.Mutex
	changed chan struct{} // closed at each change
	id      int
	replies map[int]news
	frames  []news
	read    int // frames that were waited for
	end     *ending
	hush    func() // stops reading
}

type ending struct {
	code   int
	reason string
}

// hello is what a page says when it connects.
type hello struct{ user, token, signature, origin string }

// dial opens a socket without saying who it is.
func (s *server) dial(origin string) *browser { s.t.Helper(); return s.dialApp("shop", origin) }

func (s *server) dialApp(app, origin string) *browser {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), late)
	defer cancel()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, _, err := websocket.Dial(ctx, strings.Replace(s.url, "http", "ws", 1)+"/v1/"+app+"/live", &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{"centrifuge-json"}})
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(8 << 20)
	reading, hush := context.WithCancel(context.Background())
	b := &browser{t: s.t, conn: conn, changed: make(chan struct{}), replies: map[int]news{}, hush: hush}
	s.t.Cleanup(func() { hush(); conn.CloseNow() })
	go b.listen(reading)
	return b
}

// come connects, and gives what the server answered.
func (s *server) come(h hello) (*browser, news) {
	s.t.Helper()
	if h.origin == "" {
		h.origin = page
	}
	b := s.dial(strings.TrimPrefix(h.origin, "none"))
	return b, b.ask(map[string]any{"connect": map[string]any{"token": h.token, "data": map[string]any{"user": h.user, "signature": h.signature}}})
}

// enter connects a user with a token.
func (s *server) enter(user string) *browser {
	s.t.Helper()
	b, welcome := s.come(hello{token: s.token(user)})
	if welcome.at("connect", "data", "userId") != user {
		s.t.Fatalf("%s was not let in: %v", user, welcome)
	}
	return b
}

func (b *browser) listen(ctx context.Context) {
	for {
		_, data, err := b.conn.Read(ctx)
		if err != nil {
			b.note(func() {
				var closed websocket.CloseError
				b.end = &ending{reason: err.Error()}
				if asClose(err, &closed) {
					b.end = &ending{int(closed.Code), closed.Reason}
				}
			})
			return
		}
		d := json.NewDecoder(bytes.NewReader(data))
		for d.More() {
			var r struct {
				ID   int `json:"id"`
				Push struct {
					Message *struct {
						Data news `json:"data"`
					} `json:"message"`
				} `json:"push"`
			}
			var raw json.RawMessage
			if d.Decode(&raw) != nil || json.Unmarshal(raw, &r) != nil {
				b.t.Errorf("not understood: %s", data)
				return
			}
			switch {
			case string(raw) == "{}":
				_ = b.conn.Write(ctx, websocket.MessageText, []byte("{}"))
			case r.ID != 0:
				var reply news
				_ = json.Unmarshal(raw, &reply)
				b.note(func() { b.replies[r.ID] = reply })
			case r.Push.Message != nil:
				b.note(func() { b.frames = append(b.frames, r.Push.Message.Data) })
			}
		}
	}
}

func asClose(err error, into *websocket.CloseError) bool {
	c := websocket.CloseStatus(err)
	if c == -1 {
		return false
	}
	into.Code = c
	if text := err.Error(); strings.Contains(text, "reason = ") {
		fmt.Sscanf(text[strings.Index(text, "reason = ")+len("reason = "):], "%q", &into.Reason)
	}
	return true
}

func (b *browser) note(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	close(b.changed)
	b.changed = make(chan struct{})
}

// until waits for something to be so.
func (b *browser) until(within time.Duration, so func() bool) bool {
	deadline := time.After(within)
	for {
		b.mu.Lock()
		if so() {
			b.mu.Unlock()
			return true
		}
		changed := b.changed
		b.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			return false
		}
	}
}

// send sends a command of the protocol without waiting for its reply.
func (b *browser) send(command map[string]any) int {
	b.t.Helper()
	b.mu.Lock()
	b.id++
	id := b.id
	b.mu.Unlock()
	command["id"] = id
	data, err := json.Marshal(command)
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), late)
	defer cancel()
	_ = b.conn.Write(ctx, websocket.MessageText, data) // on a socket that ended, reading says how
	return id
}

// reply waits for the reply to a command; it is nil when the socket ended first.
func (b *browser) reply(id int) (r news) {
	b.t.Helper()
	if !b.until(late, func() bool { r = b.replies[id]; return r != nil || b.end != nil }) {
		b.t.Fatal("no reply")
	}
	return r
}

func (b *browser) ask(command map[string]any) news { b.t.Helper(); return b.reply(b.send(command)) }

func rpc(command, args string, asGuest bool) map[string]any {
	data := map[string]any{"args": json.RawMessage(args)}
	if asGuest {
		data["asGuest"] = true
	}
	return map[string]any{"rpc": map[string]any{"method": command, "data": data}}
}

// call runs a command and gives the data of its reply.
func (b *browser) call(command, args string) news {
	b.t.Helper()
	return b.data(rpc(command, args, false))
}

// guest runs a command as a guest.
func (b *browser) guest(command, args string) news {
	b.t.Helper()
	return b.data(rpc(command, args, true))
}

func (b *browser) data(command map[string]any) news {
	b.t.Helper()
	r := b.ask(command)
	data, _ := r.at("rpc", "data").(map[string]any)
	if data == nil {
		b.t.Fatalf("no data in reply to %v: %v; %v", command, r, b.end)
	}
	return data
}

// ok runs a command that must succeed.
func (b *browser) ok(command, args string) news {
	b.t.Helper()
	data := b.call(command, args)
	if data["errorCode"] != nil {
		b.t.Fatalf("%s %s: %v", command, args, data)
	}
	return data
}

// next waits for the next frame of a type, and passes over others.
func (b *browser) next(typ string) news { b.t.Helper(); return b.nextWithin(late, typ) }

func (b *browser) nextWithin(time time.Duration, typ string) (found news) {
	b.t.Helper()
	if !b.until(time, func() bool {
		for b.read < len(b.frames) {
			f := b.frames[b.read]
			b.read++
			if f.typ() == typ {
				found = f
				return true
			}
		}
		return false
	}) {
		b.t.Fatalf("no %s within %s; got %v", typ, time, b.all(typ))
	}
	return found
}

// ended waits for the socket to end and gives the code.
func (b *browser) ended() ending {
	b.t.Helper()
	var end *ending
	if !b.until(late, func() bool { end = b.end; return end != nil }) {
		b.t.Fatal("the socket did not end")
	}
	return *end
}

// all are the frames of a type that came so far.
func (b *browser) all(typ string) (found []news) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.frames {
		if f.typ() == typ {
			found = append(found, f)
		}
	}
	return found
}
