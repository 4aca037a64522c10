package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/live"
	"guestlist/handlers/web"
)

// Only pages of the origins that the app lists come in, over either door; our own always do. Where none is listed, any.
func TestOrigins(t *testing.T) {
	s := newServer(t)
	list := "https://shop.example\nhttps://shop.example:8443\nhttp://localhost:3000"
	for origin, allowed := range map[string]bool{
		"https://shop.example": true, "https://shop.example:8443": true, "http://localhost:3000": true, "https://SHOP.example": true, s.url: true,
		"http://shop.example": false, "https://shop.example:444": false, "https://www.shop.example": false, "https://shop.example.evil.example": false,
		"https://evilshop.example": false, "null": false, "none": false, "file://": false, "https://shop.example/": false, "https://shop.example@evil.example": false,
	} {
		for value, want := range map[string]bool{"": true, list: allowed} {
			s.setting(chat.SettingAllowedOrigins, value)
			_, welcome := s.come(hello{token: s.token("maya"), origin: origin})
			if got := welcome.at("error") == nil; got != want {
				t.Errorf("socket from %s: %v", origin, welcome)
			} else if !got && (welcome.at("error", "code") != 4403.0 || !strings.Contains(welcome.at("error", "message").(string), "ORIGIN_NOT_ALLOWED")) {
				t.Errorf("socket from %s: %v", origin, welcome)
			}
			r, _ := http.NewRequest(http.MethodPost, s.url+"/v1/shop/browser/user.get", strings.NewReader(`{"args":{"user":"bob"}}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+s.token("maya"))
			if origin != "none" {
				r.Header.Set("Origin", origin)
			}
			resp, err := http.DefaultClient.Do(r)
			s.must(err)
			var body map[string]any
			_ = json.NewDecoder(resp.Body).Decode(&body)
			resp.Body.Close()
			if got := resp.StatusCode == 200; got != want || !got && (resp.StatusCode != 403 || body["errorCode"] != "ORIGIN_NOT_ALLOWED") {
				t.Errorf("HTTP from %s: %d %v", origin, resp.StatusCode, body)
			}
			if resp.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("the page can't read the answer")
			}
		}
	}
}

// A session calls 60 times at once and then 30 times a second; the rest is refused and changes nothing. Most of these
// calls cost nothing, so that the server takes them faster than that however busy the machine is.
func TestTooManyCalls(t *testing.T) {
	s := newServer(t)
	b := s.enter("maya")
	ids := make([]int, 400)
	for i := range ids {
		if i%20 == 0 {
			ids[i] = b.send(rpc("conversation.send", `{"conversation":"fair","text":"x"}`, false))
		} else {
			ids[i] = b.send(rpc("conversation.close", `{"conversation":"fair"}`, false))
		}
	}
	refused, stored := 0, int64(0)
	for i, id := range ids {
		data := news(b.reply(id).at("rpc", "data").(map[string]any))
		if data["errorCode"] == nil && i%20 == 0 {
			stored++
		}
		if data["errorCode"] != nil {
			refused++
			if data["errorCode"] != "TOO_MANY_CALLS" || data["status"] != 429.0 || data["requestId"] == nil {
				t.Fatalf("%v", data)
			}
		}
	}
	c, err := s.store.Conversation(t.Context(), "shop", "fair")
	s.must(err)
	if refused == 0 || refused > len(ids)-60 || c.Messages != stored || stored == 20 {
		t.Fatalf("%d refused, %d sent, %d stored", refused, stored, c.Messages)
	}
	time.Sleep(100 * time.Millisecond)
	b.ok("user.get", `{"user":"bob"}`)
}

// Calls that are not awaited run in the order in which they were made.
func TestCallsRunInOrder(t *testing.T) {
	s := newServer(t)
	b := s.enter("maya")
	var last int
	for i := range 20 {
		b.send(rpc("conversation.createIfNotExists", fmt.Sprintf(`{"conversation":"c%d"}`, i), false))
		b.send(rpc("conversation.send", fmt.Sprintf(`{"conversation":"c%d","text":"x"}`, i), false))
		last = b.send(rpc("participant.delete", fmt.Sprintf(`{"conversation":"c%d","user":"maya"}`, i), false))
	}
	b.reply(last)
	for id := range last {
		if data := b.replies[id+1].at("rpc", "data"); id > 0 && news(data.(map[string]any))["errorCode"] != nil {
			t.Fatalf("%d: %v", id+1, data)
		}
	}
}

// What the protocol has beside calls is not ours: nobody subscribes to anything, publishes anything or sees who is there.
func TestOnlyCalls(t *testing.T) {
	s := newServer(t)
	for _, command := range []string{`"subscribe":{"channel":"x"}`, `"publish":{"channel":"x","data":{}}`, `"presence":{"channel":"x"}`, `"history":{"channel":"x"}`, `"refresh":{"token":"x"}`} {
		b := s.enter("maya")
		var c map[string]any
		s.must(json.Unmarshal([]byte("{"+command+"}"), &c))
		if r := b.ask(c); r != nil && r.at("error") == nil {
			t.Errorf("%s: %v", command, r)
		}
	}
	early := s.dial(page)
	if r := early.ask(rpc("user.get", `{"user":"bob"}`, false)); r != nil && r.at("error") == nil {
		t.Errorf("a call of nobody: %v", r)
	}
	b := s.enter("maya")
	for args, code := range map[string]string{`{"conversation":7}`: "BAD_ARGUMENT", `{"conversation":""}`: "BAD_ID", `[]`: "BAD_ARGUMENT", `{"conversation":"fair","conversation":"x"}`: "BAD_JSON", `{"conversation":"missing"}`: "CONVERSATION_NOT_FOUND"} {
		if r := b.call("conversation.open", args); r["errorCode"] != code {
			t.Errorf("%s: %v, want %s", args, r, code)
		}
	}
	if r := b.call("conversation.fly", `{}`); r["errorCode"] != "PAGE_NOT_FOUND" || r["status"] != 404.0 {
		t.Errorf("%v", r)
	}
	ghost, _ := s.come(hello{user: "ghost"})
	if r := ghost.call("conversation.open", `{"conversation":"fair"}`); r["errorCode"] != "USER_NOT_FOUND" || !strings.Contains(r["message"].(string), "Create the user first") {
		t.Errorf("%v", r)
	}
	b.send(rpc("conversation.send", `{"conversation":"fair","text":"`+strings.Repeat("x", 70<<10)+`"}`, false))
	b.ended()
	resp, err := http.Get(s.url + "/v1/shop/live")
	s.must(err)
	resp.Body.Close()
	if resp.StatusCode != 400 {
		t.Errorf("no WebSocket: %d", resp.StatusCode)
	}
}

// A command that panics is one answer that says nothing, and the socket goes on.
func TestPanicInACall(t *testing.T) {
	store, clock := dbtest.New(t)
	dbtest.App(t, store, "shop", "maya")
	calm := func(ctx context.Context, _ chat.Actor, command string, _ json.RawMessage) (any, error) {
		switch command {
		case "panic":
			panic("secret thing")
		case "fail":
			return nil, errors.New("secret thing")
		}
		return "calm", nil
	}
	node := live.New(live.Options{Store: store, Log: slog.New(slog.DiscardHandler), Command: calm,
		Counted: func(a chat.Actor, _ string, _ json.RawMessage, do func(chat.Actor) (any, error)) (any, error) {
			return do(a)
		},
		Refused: func(chat.AppID, string, string, string, error) {}, Shapes: live.Shapes{User: func(u chat.User) any { return u.ID }}})
	e := echo.New()
	e.Use(web.RequestIDs())
	e.GET("/v1/:app/live", node.Handler())
	web := httptest.NewServer(e)
	t.Cleanup(web.Close)
	b, _ := (&server{t: t, store: store, url: web.URL, now: clock.Now}).come(hello{user: "maya"})
	for _, command := range []string{"panic", "fail"} {
		if r := b.call(command, `{}`); r["errorCode"] != "INTERNAL_ERROR" || r["status"] != 500.0 || strings.Contains(fmt.Sprint(r), "secret") {
			t.Fatalf("%v", r)
		}
	}
	if r := b.call("other", `{}`); r["result"] != "calm" {
		t.Fatalf("%v", r)
	}
}

// Both doors count what browsers call: how it ended, why, and the newest example.
func TestCallsAreCounted(t *testing.T) {
	s := newServer(t)
	b := s.enter("maya")
	b.ok("conversation.send", `{"conversation":"fair","text":"x"}`)
	s.post("shop", "maya", "conversation.send", `{"conversation":"fair","text":"x"}`, false)
	s.setting(chat.SettingConversationSync, "observe")
	b.ok("conversation.set", `{"conversation":"fair","set":{"subject":"x"}}`)
	s.setting(chat.SettingConversationSync, "true")
	b.call("conversation.set", `{"conversation":"fair","set":{"subject":"y"}}`)
	b.call("no.such", `{}`)
	s.setting(chat.SettingIdentity, "true")
	s.come(hello{user: "maya"})
	s.close() // which writes down the rest
	use, err := s.store.Usage(t.Context(), "shop", dbtest.Start.Add(-time.Hour))
	s.must(err)
	got := map[string]chat.Usage{}
	for _, u := range use {
		got[fmt.Sprint(u.Command, " ", u.Outcome, " ", u.Reason, " ", u.Count)] = u
	}
	for _, want := range []string{"conversation.send allowed  2", "conversation.set observed conversation_sync_disallowed 1", "conversation.set refused conversation_sync_disallowed 1", "unknown refused page_not_found 1", "connect refused identity_required 1"} {
		u, ok := got[want]
		if !ok || u.Last.RequestID == "" || u.Last.Origin != page {
			t.Errorf("no %s in %v: %+v", want, got, u)
		}
	}
	p, err := s.store.Refusals(t.Context(), "shop", db.RefusalQuery{Reason: chat.ConversationSyncOff, Outcome: chat.CallRefused})
	s.must(err)
	if len(p.Items) != 1 || p.Items[0].User != "maya" || p.Items[0].Conversation != "fair" {
		t.Errorf("%+v", p.Items)
	}
}
