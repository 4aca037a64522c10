package rest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

// These tests make the calls that programs written for the documented API make, header for header: changing the host
// must be all that they need.

// A PHP client: the trailing slash on lists, no body when there are no parameters, JSON's type on every call that isn't
// GET, an empty map as a list. It throws when an answer is not application/json, which send checks.
func TestPHPClient(t *testing.T) {
	a := newAPI(t)
	php := func(method, path, body string) reply {
		t.Helper()
		kind := "application/json"
		if method == "GET" {
			kind = ""
		}
		r := a.send(method, "/v1/shop/"+path, body, "Content-Type", kind, "User-Agent", "PHP")
		if r.Code != 200 {
			t.Fatalf("%s %s: %d %s", method, path, r.Code, r.Body)
		}
		return r
	}
	php("PUT", "users/theo", `{"name":"Théo","email":["theo@example.com"],"photoUrl":"https://example.com/t.jpg","role":"default","locale":"fr-FR","welcomeMessage":"Salut","custom":{"foo":"bar"}}`)
	php("PUT", "users/theo", `{"name":"Théo D.","custom":[]}`)
	u := php("GET", "users/theo", "").JSON
	if u["name"] != "Théo D." || u["role"] != "default" || u["locale"] != "fr-FR" || fmt.Sprint(u["phone"]) != "[]" || u["availabilityText"] != nil || fmt.Sprint(u["custom"]) != "map[foo:bar]" {
		t.Error(u)
	}
	if list := ids(php("GET", "users/?limit=5", "")); len(list) != 1 {
		t.Error(list)
	}
	php("PUT", "conversations/talk", `{"participants":["theo"],"subject":"Subject"}`)
	participants := func() string {
		return fmt.Sprint(php("GET", "conversations/talk", "").JSON["participants"])
	}
	if got := participants(); !strings.Contains(got, "access:ReadWrite") || !strings.Contains(got, "notify:true") {
		t.Error(got)
	}
	php("PATCH", "conversations/talk/participants/theo", `{"notify":false,"access":"Read"}`)
	php("DELETE", "conversations/talk/participants/theo", "")
	if got := participants(); got != "map[]" {
		t.Error("a conversation goes on without participants", got)
	}
	php("PUT", "conversations/talk/participants/theo", "")
	if got := participants(); !strings.Contains(got, "access:ReadWrite") || !strings.Contains(got, "notify:true") {
		t.Error(got)
	}
	if list := ids(php("GET", "users/theo/conversations/", "")); len(list) != 1 {
		t.Error(list)
	}
}

// Node scripts: JSON's type on GET too, none on DELETE, ids from encodeURIComponent, a conversation that is made by
// PUT with a slash and nothing in it, and an answer of which only the status is read.
func TestNodeScripts(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	if r := a.send("DELETE", conv, "", "Content-Type", ""); r.Code != 404 {
		t.Error("seeds delete what isn't there, and go on", r.Code)
	}
	a.ok("PUT", conv+"/", "", "Content-Type", "application/json")
	if r := a.send("GET", conv, "", "Content-Type", "application/json"); r.Code != 200 {
		t.Error(r.Body)
	}
	mail := "ana@shop.example"
	a.ok("PUT", "/v1/shop/users/"+strings.ReplaceAll(mail, "@", "%40"), `{"id":"`+mail+`","name":"Ana","email":null,"availabilityText":null,"photoUrl":null}`)
	if r := a.send("GET", "/v1/shop/users/"+mail, ""); r.JSON["id"] != mail {
		t.Error("encoded or not, it is one user", r.Body)
	}
	a.ok("PUT", conv+"/participants/maya", `[{"access":"ReadWrite","notify":true}]`)
	a.refused(400, "BAD_ARGUMENT", "PUT", conv+"/participants/bob", `{"access":"Write"}`)
	a.ok("DELETE", conv+"/participants/maya", "", "Content-Type", "")
	a.ok("DELETE", conv, "{}", "Content-Type", "application/json; charset=utf-8")
}

// A service that looks before it creates, locks a chat member by member and finds its chats by a filter.
func TestLookCreateLockAndFind(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	if r := a.send("GET", conv, ""); r.Code != 404 {
		t.Fatal(r.Code)
	}
	a.ok("PUT", conv, `{"subject":"Course","participants":["maya","bob"],"custom":{"finished":"no"}}`)
	a.clock.Add(time.Minute)
	a.ok("PUT", "/v1/shop/conversations/over", `{"custom":{"finished":"course_over"}}`)
	a.ok("PUT", "/v1/shop/conversations/plain", "")
	members, _ := a.send("GET", conv, "").JSON["participants"].(map[string]any)
	for user := range members {
		a.ok("PATCH", conv+"/participants/"+user, `{"access":"Read"}`)
	}
	for _, user := range []chat.UserID{"maya", "bob"} {
		p, err := a.store.Participant(t.Context(), chat.ParticipantRef{App: "shop", Conversation: "fair", User: user})
		if err != nil || p.Access != chat.Read || p.Notify != chat.NotifyAll {
			t.Error(p, err)
		}
	}
	filter := url.QueryEscape(`{"custom":{"finished":["!oneOf",["course_over","match_dissolved"]]}}`)
	for _, text := range []string{filter, url.QueryEscape(filter)} {
		if got := strings.Join(ids(a.send("GET", "/v1/shop/conversations?limit=30&filter="+text, "")), " "); got != "plain fair" {
			t.Error(got)
		}
	}
}

// Export scripts page while pages are full, 100 at a time, by the last id of the page before.
func TestExportReadsEverythingOnce(t *testing.T) {
	a := newAPI(t, "maya")
	for i := range 205 {
		a.ok("PUT", fmt.Sprintf("/v1/shop/conversations/c%d", i), `{"participants":["maya"]}`)
	}
	for _, path := range []string{"/v1/shop/conversations", "/v1/shop/users/maya/conversations"} {
		seen, after := map[string]bool{}, ""
		for {
			page := ids(a.send("GET", path+"?limit=100"+after, ""))
			for _, id := range page {
				if seen[id] {
					t.Fatalf("%s: %s twice", path, id)
				}
				seen[id] = true
			}
			if len(page) < 100 {
				break
			}
			after = "&startingAfter=" + page[99]
		}
		if len(seen) != 205 {
			t.Errorf("%s: %d", path, len(seen))
		}
	}
}

// A badge of a backend: which conversations of a user have something to read, and how much.
func TestUnreadConversationsOfAUser(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	for _, id := range []string{"quiet", "loud", "own"} {
		a.ok("PUT", "/v1/shop/conversations/"+id, `{"participants":["maya","bob"]}`)
	}
	say := func(conv chat.ConversationID, by chat.UserID) {
		t.Helper()
		a.clock.Add(time.Minute)
		if err := a.store.ImportMessages(t.Context(), "shop", conv, []chat.Message{{Text: "hi", Sender: by, Origin: "rest", CreatedAt: a.clock.Now()}}); err != nil {
			t.Fatal(err)
		}
	}
	say("loud", "bob")
	say("loud", "bob")
	say("own", "maya")
	const list = "/v1/shop/users/maya/conversations"
	for _, query := range []string{"?unreadsOnly=true", "?hasUnread=true&limit=1"} {
		r := a.send("GET", list+query, "")
		if got := ids(r); len(got) != 1 || got[0] != "loud" || !strings.Contains(r.Body, `"unreadMessageCount":2`) {
			t.Errorf("%s: %s", query, r.Body)
		}
	}
	if got := ids(a.send("GET", list, "")); len(got) != 3 {
		t.Error(got)
	}
	if got := ids(a.send("GET", "/v1/shop/users/bob/conversations?unreadsOnly=true", "")); len(got) != 1 || got[0] != "own" {
		t.Error(got)
	}
	if r := a.send("GET", "/v1/shop/conversations", ""); strings.Contains(r.Body, "unreadMessageCount") {
		t.Error("the app's list counts for nobody", r.Body)
	}
}
