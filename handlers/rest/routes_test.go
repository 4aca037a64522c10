package rest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/handlers/web"
)

// call is one documented call, with a body that changes something where it can.
type call struct {
	method, path, body string
	events             []chat.EventType // that it leaves, newest first
	again              int              // the status when it is repeated
}

// calls are all of them, in an order in which each succeeds once on an app whose users are maya and bob.
var calls = []call{
	{"GET", "", "", nil, 200},
	{"GET", "/users", "", nil, 200},
	{"PUT", "/users", `{"kit":{"name":"Kit"},"lee":{"name":"Lee"}}`, []chat.EventType{chat.UserCreated, chat.UserCreated}, 200},
	{"GET", "/users/maya", "", nil, 200},
	{"PUT", "/users/maya", `{"role":"seller"}`, []chat.EventType{chat.UserUpdated}, 200},
	{"PUT", "/users/new", `{"name":"New"}`, []chat.EventType{chat.UserCreated}, 200},
	{"PUT", "/conversations/fair", `{"subject":"Fair"}`, []chat.EventType{chat.ConversationCreated}, 200},
	{"PUT", "/conversations/fair", `{"subject":"Spring fair","participants":["maya"]}`, []chat.EventType{chat.ParticipantJoined, chat.ConversationUpdated}, 200},
	{"PUT", "/conversations/fair/participants/bob", `{"notify":false}`, []chat.EventType{chat.ParticipantJoined}, 200},
	{"PATCH", "/conversations/fair/participants/bob", `{"access":"Read"}`, []chat.EventType{chat.ParticipantUpdated}, 200},
	{"PUT", "/conversations/fair/participants/bob", ``, []chat.EventType{chat.ParticipantUpdated}, 200},
	{"GET", "/conversations/fair/participants/bob", "", nil, 200},
	{"GET", "/conversations/fair/participants", "", nil, 200},
	{"GET", "/users/maya/conversations", "", nil, 200},
	{"GET", "/conversations", "", nil, 200},
	{"GET", "/conversations/fair", "", nil, 200},
	{"DELETE", "/conversations/fair/participants/bob", "", []chat.EventType{chat.ParticipantLeft}, 200},
	{"DELETE", "/conversations/fair", "", []chat.EventType{chat.ConversationDeleted}, 404},
}

func TestEveryCallLeavesItsEventsAndNoOthers(t *testing.T) {
	for _, slash := range []string{"", "/"} {
		a := newAPI(t, "maya", "bob")
		for _, x := range calls {
			n := len(a.events())
			r := a.send(x.method, "/v1/shop"+x.path+slash, x.body)
			if r.Code != 200 || x.method != "GET" && r.Body != "{}" {
				t.Fatalf("%s %s: %d %s", x.method, x.path+slash, r.Code, r.Body)
			}
			events := a.events()
			got := []chat.EventType{}
			for _, e := range events[:len(events)-n] {
				got = append(got, e.Type)
				if e.Kind != chat.BackendActor || e.Source != chat.REST || e.ActorID != a.key.ID || e.RequestID != r.Header.Get("X-Request-Id") {
					t.Errorf("%s %s: %+v", x.method, x.path, e)
				}
			}
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(x.events))) {
				t.Errorf("%s %s: events %v, want %v", x.method, x.path, got, x.events)
			}
			before := a.dump()
			if r = a.send(x.method, "/v1/shop"+x.path+slash, x.body); r.Code != x.again || a.dump() != before {
				t.Errorf("%s %s again: %d %s", x.method, x.path, r.Code, r.Body)
			}
		}
	}
}

// Every path answers every method: with what is documented, or that it doesn't take the method.
func TestNoOtherMethods(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	a.ok("PUT", conv, `{"participants":["bob"]}`)
	known := map[string][]string{}
	for _, x := range calls {
		known[x.path] = append(known[x.path], x.method)
	}
	delete(known, "/users/new") // the same route as /users/maya
	for path, methods := range known {
		allow := slices.Clone(methods)
		if slices.Contains(allow, "GET") {
			allow = append(allow, "HEAD")
		}
		slices.Sort(allow)
		allow = slices.Compact(allow)
		for _, slash := range []string{"", "/"} {
			for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
				if slices.Contains(methods, method) {
					continue
				}
				before := a.dump()
				if r := a.send(method, "/v1/shop"+path+slash, ""); r.Code != 405 || r.errorCode() != "METHOD_NOT_ALLOWED" || r.Header.Get("Allow") != strings.Join(allow, ", ") {
					t.Errorf("%s %s: %d %s, Allow %q, want %q", method, path+slash, r.Code, r.Body, r.Header.Get("Allow"), allow)
				}
				if a.dump() != before {
					t.Errorf("%s %s changed something", method, path)
				}
			}
		}
	}
	for _, path := range []string{"/nothing", "/users/maya/nothing", "/conversations/fair/messages", "/conversations/fair/participants/maya/email", "/batch", "/users//maya", "//users", "/conversations/fair/participants/bob//"} {
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			a.refused(404, "PAGE_NOT_FOUND", method, "/v1/shop"+path, "")
		}
	}
}

// HEAD is GET without the body.
func TestHead(t *testing.T) {
	a := newAPI(t, "maya")
	for _, path := range []string{"/healthz", "/readyz", "/sign-in", "/v1/shop", "/v1/shop/users/maya", "/v1/shop/users/nobody"} {
		want := 200
		if strings.HasSuffix(path, "nobody") {
			want = 404
		}
		r, _ := http.NewRequest("HEAD", a.url+path, nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != want || len(body) > 0 {
			t.Errorf("HEAD %s: %d %q %v", path, resp.StatusCode, body, err)
		}
	}
}

// What every call refuses, before anything else is looked at.
func TestEveryCallRefuses(t *testing.T) {
	a := newAPI(t, "maya", "bob")
	a.ok("PUT", conv, `{"participants":["bob"]}`)
	big := strings.Repeat(" ", web.MaxBody+1)
	for _, x := range calls {
		path := "/v1/shop" + x.path
		a.refused(401, "BAD_CREDENTIAL", x.method, path, x.body, "Authorization", "")
		a.refused(401, "BAD_CREDENTIAL", x.method, path, x.body, "Authorization", "Bearer "+otherSecret)
		a.refused(401, "BAD_CREDENTIAL", x.method, "/v1/other"+x.path, x.body)
		a.refused(401, "BAD_CREDENTIAL", x.method, "/v1/nowhere"+x.path, x.body)
		a.refused(401, "BAD_CREDENTIAL", x.method, "/v1/Shop"+x.path, x.body)
		a.refused(400, "BAD_API_VERSION", x.method, path, x.body, "TalkJS-REST-Version", "latest")
		a.refused(400, "BAD_ARGUMENT", x.method, path+"?limit=%zz", x.body)
		a.refused(415, "WRONG_CONTENT_TYPE", x.method, path, "x", "Content-Encoding", "gzip")
		a.refused(413, "BODY_TOO_LARGE", x.method, path, big)
		if x.method == "GET" {
			continue // has no body to read
		}
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
			a.refused(415, "WRONG_CONTENT_TYPE", x.method, path, "{}", "Content-Type", kind)
		}
		for _, body := range []string{"{", "{} x", `{"a":1,"a":2}`, "\xff", `{"a":"\u0000"}`, `{"a":"\ud800"}`} {
			a.refused(400, "BAD_JSON", x.method, path, body)
		}
		before := a.dump()
		r, err := http.NewRequest(x.method, a.url+path, io.MultiReader(strings.NewReader(big)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil || resp.StatusCode != 413 || a.dump() != before {
			t.Errorf("%s %s in chunks: %v %v", x.method, path, resp, err)
		}
		resp.Body.Close()
	}
}

func TestSeveralUsersAreNamedInWhatIsWrong(t *testing.T) {
	a := newAPI(t)
	r := a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/users", `{"good":{"name":"Good"},"a/b":{"name":"X"},"num":{"name":5},"none":null,"text":"x","nameless":{},"photo":{"name":"P","photoUrl":"x"}}`)
	reasons, _ := r.JSON["reasons"].(map[string]any)
	if len(reasons) != 6 || reasons["good"] != nil {
		t.Error("all that are wrong are named at once", r.Body)
	}
	a.refused(404, "USER_NOT_FOUND", "GET", "/v1/shop/users/good", "")
	all := map[string]any{}
	for i := range 101 {
		custom := map[string]string{}
		for k := range 20 {
			custom[fmt.Sprint(k)] = "x"
		}
		all[fmt.Sprintf("user-%d", i)] = map[string]any{"name": "X", "custom": custom}
	}
	text, _ := json.Marshal(all)
	a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/users", string(text))
	delete(all, "user-100")
	text, _ = json.Marshal(all)
	a.ok("PUT", "/v1/shop/users", string(text))
	a.ok("PUT", "/v1/shop/users", "")
	a.ok("PUT", "/v1/shop/users", "{}")
}

func TestVersions(t *testing.T) {
	a := newAPI(t, "maya")
	for i, id := range []string{"old", "new"} {
		a.clock.Add(time.Duration(i) * time.Minute)
		a.ok("PUT", "/v1/shop/conversations/"+id, `{"participants":["maya"]}`)
	}
	m := []chat.Message{{Text: "hi", Sender: "maya", Origin: "rest", CreatedAt: a.clock.Now().Add(time.Hour)}}
	if err := a.store.ImportMessages(t.Context(), "shop", "old", m); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]struct {
		order   string
		unknown int
	}{"2021-01-01": {"new old", 200}, "2021-02-09": {"old new", 200}, "2021-07-30": {"old new", 200}, "2024-01-01": {"old new", 404}, "": {"old new", 404}} {
		for _, path := range []string{"/conversations", "/users/maya/conversations"} {
			if got := strings.Join(ids(a.send("GET", "/v1/shop"+path, "", "TalkJS-REST-Version", version)), " "); got != want.order {
				t.Errorf("%s of %s: %s", path, version, got)
			}
		}
		if got := a.send("GET", "/v1/shop/users/nobody/conversations", "", "TalkJS-REST-Version", version).Code; got != want.unknown {
			t.Errorf("%s: %d", version, got)
		}
	}
	r := a.refused(400, "BAD_API_VERSION", "GET", "/v1/shop", "", "TalkJS-REST-Version", "2025-01-01")
	for _, version := range []string{"2021-01-01", "2021-02-09", "2021-07-30", "2024-01-01"} {
		if !strings.Contains(r.Body, version) {
			t.Error(r.Body)
		}
	}
}

func TestAnUnreadableIDInAPath(t *testing.T) {
	a := newAPI(t, "maya")
	a.ok("PUT", conv, "")
	for _, path := range []string{"/users/a%2Fb", "/users/a%2Fb/conversations", "/conversations/a%2Fb", "/conversations/a%2Fb/participants", "/conversations/a%2Fb/participants/maya", "/conversations/fair/participants/a%2Fb"} {
		a.refused(400, "BAD_ID", "GET", "/v1/shop"+path, "")
	}
}
