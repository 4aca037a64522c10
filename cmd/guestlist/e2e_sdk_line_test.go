package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// cable is a way to the server that a test can cut.
type cable struct {
	net.Listener
	to string

	mu    sync.Mutex
	dead  bool
	conns []net.Conn
}

func cableTo(t *testing.T, address string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &cable{Listener: listener, to: strings.TrimPrefix(address, "http://")}
	t.Cleanup(func() { listener.Close(); l.cut(true) })
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp", l.to)
			l.mu.Lock()
			if err != nil || l.dead {
				here.Close()
				if there != nil {
					there.Close()
				}
				l.mu.Unlock()
				continue
			}
			l.conns = append(l.conns, here, there)
			l.mu.Unlock()
			go func() { _, _ = io.Copy(here, there); here.Close() }()
			go func() { _, _ = io.Copy(there, here); there.Close() }()
		}
	}()
	return l
}

// URL is the server's, by this way.
func (l *cable) URL() string { return "http://" + l.Addr().String() }

// cut cuts all connections, and takes no others while it is dead.
func (l *cable) cut(dead bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = dead
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

// While the line is cut, calls wait and messages are missed; when it is back both are made good, in order and once.
func TestSDKComesBack(t *testing.T) {
	s := newShop(t)
	wire := cableTo(t, s.app.URL())
	s.page = pageOf(t, wire.URL())
	tab := s.tab(t, browser.Start(t))
	yes(t, tab, `
	  window.bob = getTalkSession({ appId: "shop", userId: "bob" }); window.fair = bob.conversation("fair");
	  window.lists = []; window.states = []; window.names = []; window.feeds = [];
	  const all = [fair.subscribeMessages((m) => lists.push(m.map((x) => x.text).join())), fair.subscribe((c) => states.push(c?.subject ?? null)), bob.user("maya").subscribe((u) => names.push(u.name)), bob.subscribeConversations((c) => feeds.push(c.length))];
	  await Promise.all(all.map((x) => x.connected));
	  window.ups = []; bob.link.onStatus((x) => ups.push(x.connected));
	  await fair.send("one");
	  await soon(() => lists.at(-1) === "one");
	  return { "connected": ups.at(-1) };`)
	wire.cut(true)
	tab.Until("it is noticed", `ups.at(-1) === false`)
	tab.Errors()
	backend := dbtest.Backend("shop")
	for _, text := range []string{"two", "three"} {
		if _, err := s.app.store.SendMessage(t.Context(), backend, "shop", "fair", chat.NewMessage{Sender: "bob", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.app.store.PutUser(t.Context(), backend, "shop", "maya", chat.UserChange{Name: chat.Some("Maya B.")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](tab, `(() => { window.late = [fair.set({ subject: "a" }), fair.set({ subject: "b" }), fair.send("four"), fair.send("five")]; return true; })()`)
	time.Sleep(500 * time.Millisecond)
	wire.cut(false)
	yes(t, tab, `
	  await Promise.all(late);
	  await soon(() => lists.at(-1) === "five,four,three,two,one" && states.at(-1) === "b" && names.at(-1) === "Maya B.");
	  return { "back": ups.at(-1), "each is told once": lists.filter((x) => x === lists.at(-1)).length === 1 || lists };`)
	tab.Errors() // the browser says that it could not connect
	wire.cut(true)
	if _, err := s.app.store.RemoveParticipant(t.Context(), backend, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "bob"}); err != nil {
		t.Fatal(err)
	}
	tab.Until("it is noticed", `ups.at(-1) === false`)
	wire.cut(false)
	yes(t, tab, `
	  await soon(() => states.at(-1) === null && feeds.at(-1) === 0);
	  return { "what was lost meanwhile is gone": true };`)
	tab.Errors()
}
