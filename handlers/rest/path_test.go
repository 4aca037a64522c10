package rest_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guestlist/db"
)

// raw sends a request line as it is, past every client that would clean it up, and gives the status.
func (a *api) raw(method, target string) int {
	a.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer c.Close()
	body := `{"name":"X"}`
	fmt.Fprintf(c, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		method, target, secret, len(body), body)
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		a.t.Fatalf("%s: %v", target, err)
	}
	r.Body.Close()
	return r.StatusCode
}

// An id in a path is decoded once, whatever way it is written; what can't be an id makes no user.
func TestPathsNameOneUserEach(t *testing.T) {
	a := newAPI(t)
	for _, x := range []struct {
		segment string
		user    string // the user that is made; "" for none
		status  int
	}{
		{"a@b", "a@b", 200}, {"a%40b", "a@b", 200}, {"%61@b", "a@b", 200}, {"a+b", "a+b", 200}, {"a%2Bb", "a+b", 200}, {"a%20b", "a b", 200}, {"%C3%BC", "ü", 200}, {"%c3%bc", "ü", 200},
		{"a%25b", "a%b", 200}, {"a%2540b", "a%40b", 200}, {"a%252Fb", "a%2Fb", 200}, {"a;b", "a;b", 200}, {"a:b", "a:b", 200}, {"a,b=c", "a,b=c", 200}, {"a/", "a", 200}, {"%3Fx", "?x", 200},
		{"a%2Fb", "", 400}, {"a/b", "", 404}, {"a//", "", 404}, {"a/b/", "", 404}, {"", "", 400}, {"/", "", 404}, {"%2F", "", 400}, {"..", "", 400}, {".", "", 400}, {"%2e%2e", "", 400}, {"%2E", "", 400},
		{"%00", "", 400}, {"a%00b", "", 400}, {"%ff", "", 400}, {"%e2%80%ae", "", 400}, {"%E2%80%8B", "", 400}, {"%0a", "", 400}, {"%20", "", 400}, {"%zz", "", 400}, {"%", "", 400},
		{strings.Repeat("x", 255), strings.Repeat("x", 255), 200}, {strings.Repeat("x", 256), "", 400}, {strings.Repeat("%C3%BC", 127), strings.Repeat("ü", 127), 200}, {strings.Repeat("%C3%BC", 128), "", 400},
	} {
		before := a.users()
		if got := a.raw("PUT", "/v1/shop/users/"+x.segment); got != x.status {
			t.Errorf("%.40q: %d, want %d", x.segment, got, x.status)
		}
		after := a.users()
		if x.user == "" && len(after) != len(before) {
			t.Errorf("%.40q made a user: %v", x.segment, after)
		}
		if x.user != "" && !after[x.user] {
			t.Errorf("%.40q: no user %.40q in %v", x.segment, x.user, after)
		}
	}
}

func (a *api) users() map[string]bool {
	a.t.Helper()
	all, err := a.store.Users(a.t.Context(), db.UserQuery{App: "shop", Window: db.Window{Limit: 1000}})
	if err != nil {
		a.t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, u := range all.Items {
		ids[string(u.ID)] = true
	}
	return ids
}

// Whatever stands in a path, the server answers, and what it stores is found again under the same id.
func FuzzPathID(f *testing.F) {
	for _, seed := range []string{"a@b", "ü", "..", "a/b", "\x00", "%2F", "a b", "\u202e", strings.Repeat("x", 300)} {
		f.Add(seed)
	}
	a := newAPI(f)
	f.Fuzz(func(t *testing.T, id string) {
		a.t = t
		path := "/v1/shop/users/" + url.PathEscape(id)
		put := a.send("PUT", path, `{"name":"X"}`)
		if put.Code >= 500 {
			t.Fatalf("%q: %d %s", id, put.Code, put.Body)
		}
		got := a.send("GET", path, "")
		if put.Code == 200 && id != "" && got.JSON["id"] != id && strings.TrimSuffix(id, "/") == id {
			t.Fatalf("%q is stored as %q", id, got.JSON["id"])
		}
	})
}

// Whatever a body holds, the server answers 200 or says what is wrong, and a refused body changes nothing.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"name":"Maya"}`, `{"custom":{"a":null}}`, `{"email":["x"],"phone":null}`, `[{}]`, `{"name":"x","name":"y"}`, "\xff", `{"pushTokens":{"fcm:1":true}}`, `{"participants":["maya"]}`} {
		f.Add(seed)
	}
	a := newAPI(f, "maya")
	f.Fuzz(func(t *testing.T, body string) {
		a.t = t
		for _, path := range []string{"/v1/shop/users/maya", "/v1/shop/users", conv, conv + "/participants/maya"} {
			before := a.dump()
			r := a.send("PUT", path, body, "Content-Type", "application/json")
			if r.Code >= 500 || r.Code != 200 && r.errorCode() == "" {
				t.Fatalf("%s %q: %d %s", path, body, r.Code, r.Body)
			}
			if r.Code != 200 && a.dump() != before {
				t.Fatalf("%s %q was refused and changed something", path, body)
			}
		}
	})
}
