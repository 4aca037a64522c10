package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// soon waits until something is so; it is an error when that takes longer than anything here may.
func soon(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what + ": not so after 5 s")
		}
	}
}

// visitor is a browser of a user, who comes into a conversation as a guest over a socket.
type visitor struct {
	conn *websocket.Conn
	mu   sync.Mutex
	said strings.Builder // by the server
}

func (s *site) visit(user, conv string) *visitor {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	conn, _, err := websocket.Dial(ctx, strings.Replace(s.url, "http", "ws", 1)+"/v1/shop/live", &websocket.DialOptions{
		HTTPHeader: http.Header{"Origin": {"https://market.example"}}, Subprotocols: []string{"centrifuge-json"}})
	if err != nil {
		s.t.Fatal(err)
	}
	v := &visitor{conn: conn}
	s.t.Cleanup(func() { cancel(); conn.CloseNow() })
	go func() {
		for {
			_, data, err := conn.Read(ctx)
			if err != nil {
				return
			}
			v.mu.Lock()
			v.said.Write(data)
			v.mu.Unlock()
			if strings.Contains(string(data), "{}\n") || string(data) == "{}" {
				_ = conn.Write(ctx, websocket.MessageText, []byte("{}"))
			}
		}
	}()
	v.send(s.t, map[string]any{"id": 1, "connect": map[string]any{"data": map[string]any{"user": user}}})
	soon(s.t, user+" connects", func() bool { return v.heard(`"id":1`) })
	v.call(s.t, 2, "conversation.open", conv, "")
	return v
}

func (v *visitor) call(t testing.TB, id int, command, conv, text string) {
	t.Helper()
	args := map[string]any{"conversation": conv}
	if text != "" {
		args["text"] = text
	}
	v.send(t, map[string]any{"id": id, "rpc": map[string]any{"method": command, "data": map[string]any{"asGuest": true, "args": args}}})
}

func (v *visitor) send(t testing.TB, command any) {
	t.Helper()
	data, err := json.Marshal(command)
	if err == nil {
		err = v.conn.Write(t.Context(), websocket.MessageText, data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (v *visitor) heard(text string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.Contains(v.said.String(), text)
}

// watcher is an open live page's stream.
type watcher struct {
	code   int
	header http.Header
	mu     sync.Mutex
	text   string
	ended  bool
	close  func()
}

func (b *browser) watch(path string) *watcher {
	b.site.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site.url+path, nil)
	if err != nil {
		b.site.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Accept", "text/event-stream") // as browsers do
	resp, err := b.client.Do(r)
	if err != nil {
		b.site.t.Fatal(err)
	}
	w := &watcher{code: resp.StatusCode, header: resp.Header, close: cancel}
	b.site.t.Cleanup(cancel)
	go func() {
		defer resp.Body.Close()
		in := bufio.NewReader(resp.Body)
		for {
			line, err := in.ReadString('\n')
			w.mu.Lock()
			w.text += line
			w.ended = err != nil
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

func (w *watcher) heard(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Contains(w.text, text)
}

func (w *watcher) over() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

func (s *site) guestIDs(page answer) []string {
	var ids []string
	page.Find("[data-testid=guest] .mono.block").Each(func(_ int, e *goquery.Selection) { ids = append(ids, strings.TrimSpace(e.Text())) })
	return ids
}

func TestGuestsAreSeenCountedAndShownOut(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	w := b.watch("/apps/shop/live?conversation=fair")
	soon(t, "hello", func() bool { return w.heard("event: hello") })
	zoeIn := s.visit("zoe", "fair")
	soon(t, "news of a guest", func() bool { return w.heard(`"type":"guests","conversation":"fair","user":"zoe"`) })
	page := b.get(fair + "/guests")
	if ids := s.guestIDs(page); !slices.Equal(ids, []string{"zoe"}) {
		t.Fatalf("guests %q: %s", ids, page.text())
	}
	row := page.Find("[data-testid=guest]")
	for _, want := range []string{"Zoe", "https://market.example", "127.0.0.0/24", "No messages"} {
		if !strings.Contains(row.Text(), want) {
			t.Errorf("no %q in %q", want, row.Text())
		}
	}
	zoeIn.call(t, 3, "conversation.send", "fair", "Is there parking?")
	soon(t, "the message is counted", func() bool {
		return strings.Contains(b.get(fair+"/guests").Find("[data-testid=guest]").Text(), "1 message")
	})
	// Guests are on no list, and in no count of one.
	list := b.get(fair)
	if list.Find("[data-testid=participant]").Length() != 3 || !strings.Contains(list.text(), "3 participants are on the list") || !strings.Contains(list.text(), "Guests are allowed, 1 is here now") {
		t.Error(list.text())
	}
	if text := b.get("/apps/shop/conversations").Find("[data-testid=conversation]").Text(); !strings.Contains(text, "1 here now") || !strings.Contains(text, "3 participants") {
		t.Error(text)
	}
	if page = b.get("/apps/shop"); !strings.Contains(strings.Join(strings.Fields(page.Find("#numbers").Text()), " "), "Guests here now1 in 1 conversation") || page.Find("[data-testid=guests-here] a").AttrOr("href", "") != fair+"/guests" {
		t.Error(page.Find("#numbers").Text())
	}
	if b.get("/apps/shop/users/zoe").Find("#main a[href='"+fair+"']").Length() != 0 {
		t.Error("the guest's conversation is listed as theirs")
	}
	b.post(fair+"/guests/zoe/show-out", "for", "hour", "reason", "Advertises")
	soon(t, "the guest is told", func() bool { return zoeIn.heard("guest_blocked") || zoeIn.heard("GUEST_BLOCKED") })
	soon(t, "the guest is gone", func() bool { return len(s.guestIDs(b.get(fair+"/guests"))) == 0 })
	again := s.visit("zoe", "fair")
	soon(t, "the guest stays out", func() bool { return again.heard("guest_blocked") || again.heard("GUEST_BLOCKED") })
	if len(s.guestIDs(b.get(fair+"/guests"))) != 0 {
		t.Error("they came back")
	}
	b.post(fair + "/guests/zoe/lift")
	s.visit("zoe", "fair")
	soon(t, "the guest is in again", func() bool { return len(s.guestIDs(b.get(fair+"/guests"))) == 1 })
	b.post(fair + "/guests/zoe/promote")
	soon(t, "a participant is no guest", func() bool { return len(s.guestIDs(b.get(fair+"/guests"))) == 0 })
	if s.participant("zoe").Access != chat.ReadWrite {
		t.Error("not promoted")
	}
}

func TestGuestAccessIsNotTakenWithoutSayingFromWhom(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	in := s.visit("zoe", "fair")
	soon(t, "a guest is in", func() bool { return len(s.guestIDs(b.get(fair+"/guests"))) == 1 })
	page := b.get(fair)
	ask := page.Find("#who-can-get-in a[data-dialog]")
	if ask.AttrOr("href", "") != fair+"/guests/access?to=Never" {
		t.Fatal(page.Find("#who-can-get-in").Html())
	}
	// A form that doesn't know of the guest changes nothing, and leads to the page that does.
	was, _ := b.get(fair + "/settings").Find("#guest-access-form [name=was]").Attr("value")
	a := b.post(fair+"/settings", "only", "guests", "was", was, "guests", "Never")
	if a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair+"/guests/access?to=Never" {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	if c, err := s.store.Conversation(t.Context(), "shop", "fair"); err != nil || c.Guests != chat.GuestsInherit {
		t.Fatalf("%+v %v", c, err)
	}
	page = b.get(a.Header.Get("Location"))
	if text := page.Find("[data-testid=cut]").Text(); text != "1 guest is in now and is disconnected at once." || !strings.Contains(page.text(), "Disconnect 1 guest") {
		t.Fatal(page.text())
	}
	var form []string
	page.Find("[data-dialog-content] input[type=hidden]").Each(func(_ int, e *goquery.Selection) {
		form = append(form, e.AttrOr("name", ""), e.AttrOr("value", ""))
	})
	b.post(page.Find("[data-dialog-content] form").AttrOr("action", ""), form...)
	soon(t, "the guest is cut", func() bool { return in.heard(`"cut"`) })
	page = b.get(fair + "/guests")
	if !strings.Contains(page.says(), "Saved. 1 guest was disconnected.") || !strings.Contains(page.text(), "Guests are not let in here") {
		t.Fatal(page.says(), page.text())
	}
	b.undoShown(page)
	if c, err := s.store.Conversation(t.Context(), "shop", "fair"); err != nil || c.Guests != chat.GuestsInherit {
		t.Fatalf("undo: %+v %v", c, err)
	}
}

func TestTheStreamTellsWhatChangedAndWhoseItWas(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	dbtest.Conversation(t, s.store, "shop", "other", "maya")
	all, one := b.watch("/apps/shop/live"), b.watch("/apps/shop/live?conversation=fair")
	for _, w := range []*watcher{all, one} {
		soon(t, "hello", func() bool { return w.heard("event: hello") })
		if w.code != 200 || w.header.Get("Content-Type") != "text/event-stream" || w.header.Get("Content-Encoding") != "" || w.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d %v", w.code, w.header)
		}
	}
	b.post(fair + "/participants/bob/remove")
	soon(t, "mine", func() bool {
		return one.heard(`{"type":"participant.left","conversation":"fair","user":"bob","mine":true}`)
	})
	if _, err := s.store.RemoveParticipant(t.Context(), dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "other", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.RemoveParticipant(t.Context(), dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "kit"}); err != nil {
		t.Fatal(err)
	}
	soon(t, "another's", func() bool {
		return one.heard(`{"type":"participant.left","conversation":"fair","user":"kit"}`) && all.heard(`"conversation":"other","user":"maya"}`)
	})
	if one.heard("other") {
		t.Error("the stream of one conversation tells of another")
	}
	if all.heard("Bob") || all.heard("Tom") {
		t.Error("news carries more than ids")
	}
}

func TestAStreamEndsWithItsRight(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, s *site, owner, b *browser){
		"sign out": func(t *testing.T, s *site, owner, b *browser) { b.post("/sign-out") },
		"a lower role": func(t *testing.T, s *site, owner, b *browser) {
			owner.post("/team/"+s.adminID("mia"), "role", "viewer")
		},
		"removed":         func(t *testing.T, s *site, owner, b *browser) { owner.post("/team/" + s.adminID("mia") + "/remove") },
		"session expired": func(t *testing.T, s *site, owner, b *browser) { s.clock.Add(13 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			s := fairSite(t)
			owner, b := s.admin("ana", chat.Owner), s.admin("mia", chat.Manage)
			w := b.watch("/apps/shop/live")
			soon(t, "hello", func() bool { return w.heard("event: hello") })
			end(t, s, owner, b)
			if _, err := s.store.RemoveParticipant(t.Context(), dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "kit"}); err != nil {
				t.Fatal(err)
			}
			soon(t, "the stream ends", w.over)
			if !w.heard(`event: end`) || w.heard("kit") {
				t.Error(w.text)
			}
		})
	}
}

func TestStreamsAreForThoseWhoAreSignedIn(t *testing.T) {
	s := fairSite(t)
	if a := s.browser().get("/apps/shop/live"); a.Code != http.StatusSeeOther {
		t.Error(a.Code)
	}
	b := s.admin("vic", chat.Viewer)
	if a := b.get("/apps/nope/live"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	var all []*watcher
	for range 9 {
		w := b.watch("/apps/shop/live")
		soon(t, "hello", func() bool { return w.heard("event: hello") })
		all = append(all, w)
	}
	soon(t, "the oldest gives way", all[0].over)
	if !all[0].heard("too many") || all[1].over() || all[8].over() {
		t.Error("the wrong stream ended")
	}
	// A place is free again once its page is gone.
	all[8].close()
	within, done := context.WithTimeout(t.Context(), 5*time.Second)
	defer done()
	if err := s.served.HangUp(within); err != nil {
		t.Fatal(err)
	}
	for _, w := range all[1:8] {
		soon(t, "streams end when the server does", w.over)
	}
}

func TestAPageThatRefreshesItselfUsesNothingUp(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	refresh := map[string]string{"X-Refresh": "1"}
	b.post(fair + "/participants/bob/remove")
	if a := b.do(http.MethodGet, fair, "", refresh); a.Code != 200 || a.says() != "" {
		t.Fatal(a.says())
	}
	if a := b.get(fair); !strings.Contains(a.says(), "Bob was removed.") {
		t.Fatal("the toast was taken by a page that refreshed itself")
	}
	seen := func() time.Time {
		all, err := s.store.Sessions(t.Context(), s.adminID("ana"))
		if err != nil || len(all) != 1 {
			t.Fatal(err, len(all))
		}
		return all[0].LastSeenAt
	}
	before := seen()
	s.clock.Add(5 * time.Minute)
	b.do(http.MethodGet, fair, "", refresh)
	if !seen().Equal(before) {
		t.Error("a page that refreshes itself keeps its session alive")
	}
	stream := b.watch("/apps/shop/live")
	soon(t, "hello", func() bool { return stream.heard("event: hello") })
	if !seen().Equal(before) {
		t.Error("a stream that a page opens again keeps its session alive")
	}
	if b.get(fair); seen().Equal(before) {
		t.Error("a person doesn't")
	}
}

// adminID is the id of an admin, by the name that admin gave them.
func (s *site) adminID(name string) string {
	s.t.Helper()
	a, _, err := s.store.AdminByEmail(s.t.Context(), name+"@guestlist.example")
	if err != nil {
		s.t.Fatal(err)
	}
	return a.ID
}
