package rest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

const fairMaya = "/v1/shop/conversations/fair/participants/maya"

// Ends and cuts are fields like the others: PUT overwrites, PATCH changes what it names, and who never names them never
// meets them.
func TestEndsAndCuts(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	a.ok("PUT", "/v1/shop/conversations/fair", `{"participants":["maya","bob"]}`)
	for _, path := range []string{fairMaya, "/v1/shop/conversations/fair", "/v1/shop/conversations/fair/participants"} {
		if r := a.send("GET", path, ""); strings.Contains(r.Body, "accessUntil") || strings.Contains(r.Body, "historyFrom") {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
	end, from := a.clock.Now().Add(time.Hour).UnixMilli(), a.clock.Now().Add(-time.Hour).UnixMilli()
	is := func(until, since any) {
		t.Helper()
		r := a.send("GET", fairMaya, "")
		if fmt.Sprint(r.JSON["accessUntil"]) != fmt.Sprint(until) || fmt.Sprint(r.JSON["historyFrom"]) != fmt.Sprint(since) {
			t.Errorf("%s, want %v %v", r.Body, until, since)
		}
	}
	a.ok("PUT", fairMaya, fmt.Sprintf(`{"access":"Read","accessUntil":%d,"historyFrom":%d}`, end, from))
	is(float64(end), float64(from))
	a.ok("PATCH", fairMaya, `{"access":"ReadWrite"}`)
	is(float64(end), float64(from))
	a.ok("PATCH", fairMaya, `{"historyFrom":null}`)
	is(float64(end), nil)
	if r := a.send("GET", "/v1/shop/conversations/fair", ""); !strings.Contains(r.Body, fmt.Sprintf(`"accessUntil":%d`, end)) {
		t.Error(r.Body)
	}
	before := a.dump()
	for _, body := range []string{`{"accessUntil":1}`, `{"accessUntil":"tomorrow"}`, `{"accessUntil":0}`, `{"historyFrom":-5}`, `{"historyFrom":"start"}`, `{"accessUntil":[1]}`} {
		a.refused(400, "BAD_ARGUMENT", "PATCH", fairMaya, body)
		a.refused(400, "BAD_ARGUMENT", "PUT", fairMaya, body)
	}
	if a.dump() != before {
		t.Error("a refused call changed something")
	}
	a.ok("PUT", fairMaya, `{}`)
	is(nil, nil)
	// Adding by the conversation leaves alone who is on the list.
	a.ok("PATCH", fairMaya, fmt.Sprintf(`{"accessUntil":%d}`, end))
	a.ok("PUT", "/v1/shop/conversations/fair", `{"participants":["maya"]}`)
	is(float64(end), nil)
}

// What a user may see of a conversation is what the list of their conversations counts and shows.
func TestAUsersConversationsKeepToTheCut(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	a.ok("PUT", "/v1/shop/conversations/fair", `{"participants":["bob"]}`)
	say := func(text string) {
		t.Helper()
		a.clock.Add(time.Minute)
		if _, err := a.store.SendMessage(t.Context(), chat.Actor{Kind: chat.BackendActor, ID: "key", App: "shop", Source: chat.REST}, "shop", "fair", chat.NewMessage{Sender: "bob", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	say("a secret")
	a.ok("PUT", fairMaya, fmt.Sprintf(`{"historyFrom":%d}`, a.clock.Now().UnixMilli()))
	const list = "/v1/shop/users/maya/conversations"
	if r := a.send("GET", list, ""); strings.Contains(r.Body, "secret") || !strings.Contains(r.Body, `"unreadMessageCount":0`) {
		t.Error(r.Body)
	}
	if r := a.send("GET", list+"?unreadsOnly=true", ""); strings.Contains(r.Body, `"id":"fair"`) {
		t.Error(r.Body)
	}
	say("hello")
	if r := a.send("GET", list, ""); !strings.Contains(r.Body, "hello") || !strings.Contains(r.Body, `"unreadMessageCount":1`) {
		t.Error(r.Body)
	}
	a.ok("PATCH", fairMaya, fmt.Sprintf(`{"accessUntil":%d}`, a.clock.Now().Add(time.Minute).UnixMilli()))
	a.clock.Add(time.Minute)
	if r := a.send("GET", list, ""); strings.Contains(r.Body, `"id":"fair"`) {
		t.Error(r.Body)
	}
}
