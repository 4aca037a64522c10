package rest_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers"
	"guestlist/handlers/auth"
)

const (
	secret      = "sk_test_0123456789abcdefghij"
	otherSecret = "sk_test_zyxwvutsrqponmlkjihg"
)

// api is the whole server on a real store, and a backend that calls it with the key of the app "shop".
type api struct {
	t     testing.TB
	store *db.Store
	clock *dbtest.Clock
	url   string
	key   chat.Key
}

func newAPI(t testing.TB, users ...chat.UserID) *api {
	t.Helper()
	a := &api{t: t}
	a.store, a.clock = dbtest.New(t)
	dbtest.App(t, a.store, "shop", users...)
	dbtest.App(t, a.store, "other", "maya")
	var err error
	if a.key, _, err = a.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", secret); err != nil {
		t.Fatal(err)
	}
	if _, _, err = a.store.CreateKey(t.Context(), chat.CommandLine, "other", "Other", otherSecret); err != nil {
		t.Fatal(err)
	}
	setup := auth.NewSetup(a.clock.Now, func(string) {})
	server := httptest.NewServer(handlers.New(handlers.Options{Store: a.store, Setup: setup, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// reply is an answer of the API: its status and its JSON.
type reply struct {
	Code   int
	Header http.Header
	Body   string
	JSON   map[string]any
}

func (r reply) errorCode() string { s, _ := r.JSON["errorCode"].(string); return s }

func (a *api) send(method, path, body string, headers ...string) reply {
	a.t.Helper()
	r, err := http.NewRequest(method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	out := reply{Code: resp.StatusCode, Header: resp.Header, Body: strings.TrimSpace(string(text))}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		a.t.Errorf("%s %s answers %q, not JSON: %s", method, path, resp.Header.Get("Content-Type"), text)
	}
	_ = json.Unmarshal(text, &out.JSON)
	return out
}

// ok sends a request that must succeed with an empty object.
func (a *api) ok(method, path, body string, headers ...string) {
	a.t.Helper()
	if r := a.send(method, path, body, headers...); r.Code != 200 || r.Body != "{}" {
		a.t.Fatalf("%s %s %s: %d %s", method, path, body, r.Code, r.Body)
	}
}

// refused sends a request that must be refused like this, and change nothing.
func (a *api) refused(status int, code, method, path, body string, headers ...string) reply {
	a.t.Helper()
	before := a.dump()
	r := a.send(method, path, body, headers...)
	if r.Code != status || r.errorCode() != code || r.JSON["message"] == "" || r.JSON["requestId"] != r.Header.Get("X-Request-Id") {
		a.t.Errorf("%s %s %.80s: %d %s; want %d %s", method, path, body, r.Code, r.Body, status, code)
	}
	if a.dump() != before {
		a.t.Errorf("%s %s %.80s was refused and changed something", method, path, body)
	}
	return r
}

func (a *api) dump() string {
	a.t.Helper()
	return dbtest.Dump(a.t, a.store)
}

func (a *api) events() []chat.Event {
	a.t.Helper()
	p, err := a.store.Events(a.t.Context(), db.EventQuery{App: "shop", Window: db.Window{Limit: 500}})
	if err != nil {
		a.t.Fatal(err)
	}
	return p.Items
}

const conv = "/v1/shop/conversations/fair"

func TestUsers(t *testing.T) {
	a := newAPI(t)
	a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/users/maya", `{"email":["m@x.example"]}`)
	a.ok("PUT", "/v1/shop/users/maya", `{"id":"ignored","name":"Maya","email":["m@x.example"],"role":"seller","custom":{"tier":"gold","x":"y"},"availabilityText":null,"unknown":1}`)
	a.ok("PUT", "/v1/shop/users/maya", `{"custom":{"x":null,"z":"1"},"locale":"sv-SE","role":null}`)
	r := a.send("GET", "/v1/shop/users/maya", "")
	want := `{"id":"maya","name":"Maya","welcomeMessage":null,"photoUrl":null,"headerPhotoUrl":null,"role":null,"email":["m@x.example"],"phone":[],"custom":{"tier":"gold","z":"1"},"availabilityText":null,"locale":"sv-SE","pushTokens":{},"createdAt":1773486000000}`
	if r.Code != 200 || r.Body != want {
		t.Errorf("%d %s\nwant %s", r.Code, r.Body, want)
	}
	if e := a.events()[0]; e.Type != chat.UserUpdated || e.Source != chat.REST || e.ActorName != "Key “Orders”" || e.RequestID == "" {
		t.Errorf("%+v", e)
	}
	n := len(a.events())
	a.ok("PUT", "/v1/shop/users/maya", `{"name":"Maya"}`)
	a.ok("PUT", "/v1/shop/users/maya", "")
	if len(a.events()) != n {
		t.Error("a change that changes nothing is an event")
	}
	a.refused(404, "USER_NOT_FOUND", "GET", "/v1/shop/users/bob", "")
	a.ok("PUT", "/v1/shop/users/php", `{"name":"PHP","custom":[],"configuration":"buyer"}`)
	if u, _ := a.store.User(t.Context(), "shop", "php"); u.Role != "buyer" {
		t.Errorf("%+v", u)
	}
	// Several at once: all or none, with the reason by user.
	r = a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/users", `{"zoe":{"name":"Zoe"},"yan":{"email":["y@x.example"]}}`)
	if reasons, _ := r.JSON["reasons"].(map[string]any); reasons["yan"] == nil || reasons["zoe"] != nil {
		t.Error(r.Body)
	}
	a.ok("PUT", "/v1/shop/users", `{"zoe":{"name":"Zoe"},"yan":{"name":"Yan"}}`)
	r = a.send("GET", "/v1/shop/users?limit=2", "")
	if list := ids(r); strings.Join(list, " ") == "" || len(list) != 2 {
		t.Error(r.Body)
	}
	rest := ids(a.send("GET", "/v1/shop/users?limit=2&startingAfter="+ids(r)[1], ""))
	if len(rest) != 2 || rest[0] != "php" || rest[1] != "maya" {
		t.Error(rest)
	}
	for _, limit := range []string{"0", "101", "x", "-1", "1e2"} {
		a.refused(400, "BAD_ARGUMENT", "GET", "/v1/shop/users?limit="+limit, "")
	}
	a.refused(400, "BAD_ARGUMENT", "GET", "/v1/shop/users?startingAfter=nobody", "")
}

func ids(r reply) []string {
	var list []string
	items, _ := r.JSON["data"].([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		for _, key := range []string{"id", "userId"} {
			if id, ok := m[key].(string); ok {
				list = append(list, id)
			}
		}
	}
	return list
}

func TestConversationsMerge(t *testing.T) {
	a := newAPI(t, "maya", "bob", "kit")
	a.refused(404, "CONVERSATION_NOT_FOUND", "GET", conv, "")
	a.ok("PUT", conv+"/", "", "Content-Type", "application/json")
	a.ok("PUT", conv, `{"subject":"Fair","participants":["maya","bob"],"custom":{"k":"v"},"welcomeMessages":["Hi"],"guestAccess":"Never"}`)
	a.ok("PATCH", conv+"/participants/maya", `{"notify":false}`)
	a.ok("PUT", conv, `{"participants":["maya","kit"],"subject":null}`)
	r := a.send("GET", conv, "")
	want := `{"id":"fair","subject":null,"topicId":null,"photoUrl":null,"welcomeMessages":["Hi"],"custom":{"k":"v"},"lastMessage":null,"participants":{"bob":{"access":"ReadWrite","notify":true,"joinedAt":1773486000000},"kit":{"access":"ReadWrite","notify":true,"joinedAt":1773486000000},"maya":{"access":"ReadWrite","notify":false,"joinedAt":1773486000000}},"createdAt":1773486000000}`
	if r.Body != want {
		t.Errorf("%s\nwant %s", r.Body, want)
	}
	if c, _ := a.store.Conversation(t.Context(), "shop", "fair"); c.Guests != chat.GuestsInherit {
		t.Error("REST changed the guest policy")
	}
	r = a.refused(400, "USER_NOT_FOUND", "PUT", conv, `{"subject":"New","participants":["maya","nobody"]}`)
	if reasons, _ := r.JSON["reasons"].(map[string]any); reasons["participants"] == nil {
		t.Error(r.Body)
	}
	a.ok("DELETE", conv, "")
	a.refused(404, "CONVERSATION_NOT_FOUND", "DELETE", conv, "")
	a.refused(404, "CONVERSATION_NOT_FOUND", "PUT", conv+"/participants/maya", "")
}

func TestJoinPatchLeave(t *testing.T) {
	a := newAPI(t, "maya")
	a.ok("PUT", conv, "")
	one := func() string { return a.send("GET", conv+"/participants/maya", "").Body }
	a.refused(404, "PARTICIPANT_NOT_FOUND", "GET", conv+"/participants/maya", "")
	a.refused(404, "PARTICIPANT_NOT_FOUND", "PATCH", conv+"/participants/maya", `{"access":"Read"}`)
	a.ok("PUT", conv+"/participants/maya", "")
	a.ok("PATCH", conv+"/participants/maya", `{"notify":"MentionsOnly"}`)
	if got := one(); got != `{"userId":"maya","access":"ReadWrite","notify":"MentionsOnly","joinedAt":1773486000000}` {
		t.Error(got)
	}
	a.ok("PUT", conv+"/participants/maya/", `[{"access":"Read"}]`)
	if got := one(); !strings.Contains(got, `"access":"Read","notify":true`) {
		t.Error("a repeated Join overwrites: " + got)
	}
	a.ok("PATCH", conv+"/participants/maya", `{"access":"None"}`)
	if r := a.send("GET", conv, ""); !strings.Contains(r.Body, `"participants":{}`) {
		t.Error(r.Body)
	}
	if list := ids(a.send("GET", conv+"/participants", "")); len(list) != 1 {
		t.Error(list)
	}
	if list := ids(a.send("GET", "/v1/shop/users/maya/conversations", "")); len(list) != 0 {
		t.Error("access None leaves the user's list")
	}
	n := len(a.events())
	a.ok("DELETE", conv+"/participants/maya", "")
	a.ok("DELETE", conv+"/participants/maya", "")
	if len(a.events()) != n+1 {
		t.Error("leaving twice is one event")
	}
	for _, body := range []string{`{"access":"Write"}`, `{"access":"None"}`, `{"notify":"no"}`, `{"access":1}`, `[{},{}]`, `"x"`} {
		a.refused(400, a.send("PUT", conv+"/participants/maya", body).errorCode(), "PUT", conv+"/participants/maya", body)
	}
	a.refused(400, "USER_NOT_FOUND", "PUT", conv+"/participants/nobody", "")
	a.refused(404, "CONVERSATION_NOT_FOUND", "DELETE", "/v1/shop/conversations/nope/participants/maya", "")
	// The participant limit of the app.
	if _, err := a.store.SaveSettings(t.Context(), dbtest.Ana, "shop", []chat.SettingChange{{Key: chat.SettingParticipantLimit, Value: "1"}}); err != nil {
		t.Fatal(err)
	}
	a.ok("PUT", "/v1/shop/users/bob", `{"name":"Bob"}`)
	a.ok("PUT", conv+"/participants/maya", "")
	a.refused(400, "PARTICIPANT_LIMIT", "PUT", conv+"/participants/bob", "")
}

func TestListsOfConversations(t *testing.T) {
	a := newAPI(t, "maya")
	for i, id := range []string{"c1", "c2", "c3", "c4"} {
		a.clock.Add(time.Minute)
		a.ok("PUT", "/v1/shop/conversations/"+id, `{"participants":["maya"],"custom":{"n":"`+string(rune('1'+i))+`"}}`)
	}
	a.ok("PUT", "/v1/shop/conversations/c4", `{"custom":{"n":null}}`)
	m := []chat.Message{{Text: "hi", Sender: "maya", Origin: "rest", CreatedAt: a.clock.Now().Add(time.Hour)}}
	if err := a.store.ImportMessages(t.Context(), "shop", "c2", m); err != nil {
		t.Fatal(err)
	}
	at := func(minutes int) string {
		return jsonInt(dbtest.Start.Add(time.Duration(minutes) * time.Minute).UnixMilli())
	}
	for query, want := range map[string]string{
		"":                                                     "c2 c4 c3 c1",
		"limit=2":                                              "c2 c4",
		"limit=2&startingAfter=c4":                             "c3 c1",
		"orderBy=createdAt":                                    "c4 c3 c2 c1",
		"orderBy=createdAt&orderDirection=ASC":                 "c1 c2 c3 c4",
		"orderDirection=ASC&limit=3":                           "c1 c3 c4",
		"lastMessageAfter=" + at(0):                            "c2",
		"lastMessageBefore=" + at(0):                           "",
		"offsetTs=" + at(4):                                    "c3 c1",
		`filter={"custom":{"n":"exists"}}`:                     "c2 c3 c1",
		`filter={"custom":{"n":"!exists"}}`:                    "c4",
		`filter={"custom":{"n":["==","3"]}}`:                   "c3",
		`filter={"custom":{"n":["!=","3"]}}`:                   "c2 c4 c1",
		`filter={"custom":{"n":["oneOf",["1","2"]]}}`:          "c2 c1",
		`filter={"custom":{"n":["!oneOf",["1","2"]]}}&limit=1`: "c4",
		`filter=%257B%2522custom%2522%253A%257B%2522n%2522%253A%2522!exists%2522%257D%257D`: "c4",
		"unreadsOnly=true": "",
	} {
		query = strings.NewReplacer(`{`, "%7B", `}`, "%7D", `"`, "%22", `[`, "%5B", `]`, "%5D").Replace(query)
		for _, list := range []string{"/v1/shop/conversations?", "/v1/shop/users/maya/conversations?"} {
			if got := strings.Join(ids(a.send("GET", list+query, "")), " "); got != want {
				t.Errorf("%s%s: %q, want %q", list, query, got, want)
			}
		}
	}
	old := []string{"TalkJS-REST-Version", "2021-01-01"}
	if got := strings.Join(ids(a.send("GET", "/v1/shop/conversations", "", old...)), " "); got != "c4 c3 c2 c1" {
		t.Errorf("the first version orders by creation: %s", got)
	}
	a.refused(404, "USER_NOT_FOUND", "GET", "/v1/shop/users/nobody/conversations", "")
	if r := a.send("GET", "/v1/shop/users/nobody/conversations", "", old...); r.Code != 200 || r.Body != `{"data":[]}` {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	for _, query := range []string{"orderBy=x", "orderDirection=x", "filter=x", `filter={"custom":{"n":["~","1"]}}`, "offsetTs=x", "lastMessageAfter=-1"} {
		query = strings.NewReplacer(`{`, "%7B", `}`, "%7D", `"`, "%22", `[`, "%5B", `]`, "%5D").Replace(query)
		a.refused(400, "BAD_ARGUMENT", "GET", "/v1/shop/conversations?"+query, "")
	}
	a.refused(400, "BAD_API_VERSION", "GET", "/v1/shop/users", "", "TalkJS-REST-Version", "2020-01-01")
}

func jsonInt(n int64) string { b, _ := json.Marshal(n); return string(b) }

func TestCredentials(t *testing.T) {
	a := newAPI(t, "maya")
	now := a.clock.Now()
	sign := func(key string, method jwt.SigningMethod, claims jwt.MapClaims) string {
		var signer any = []byte(key)
		if method == jwt.SigningMethodNone {
			signer = jwt.UnsafeAllowNoneSignatureType
		}
		text, err := jwt.NewWithClaims(method, claims).SignedString(signer)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	claims := func(change ...any) jwt.MapClaims {
		c := jwt.MapClaims{"tokenType": "app", "iss": "shop", "exp": now.Add(30 * time.Second).Unix()}
		for i := 0; i < len(change); i += 2 {
			if c[change[i].(string)] = change[i+1]; change[i+1] == nil {
				delete(c, change[i].(string))
			}
		}
		return c
	}
	hs := jwt.SigningMethodHS256
	for _, good := range []string{"Bearer " + secret, "bearer  " + secret, "Bearer " + sign(secret, hs, claims()), "Bearer " + sign(secret, hs, claims("exp", now.Add(-10*time.Second).Unix()))} {
		if r := a.send("GET", "/v1/shop", "", "Authorization", good); r.Code != 200 || r.JSON["id"] != "shop" {
			t.Errorf("%s: %d %s", good, r.Code, r.Body)
		}
	}
	var first string
	for name, bad := range map[string]string{
		"nothing": "", "no scheme": secret, "basic": "Basic " + secret, "empty": "Bearer ", "another app's": "Bearer " + otherSecret, "one letter more": "Bearer " + secret + "x",
		"one less": "Bearer " + secret[:len(secret)-1], "huge": "Bearer " + strings.Repeat("a.b.c", 2000), "user token": "Bearer " + sign(secret, hs, claims("tokenType", "user", "sub", "maya")),
		"no type": "Bearer " + sign(secret, hs, claims("tokenType", nil)), "type as list": "Bearer " + sign(secret, hs, claims("tokenType", []string{"app"})),
		"no expiry": "Bearer " + sign(secret, hs, claims("exp", nil)), "expired": "Bearer " + sign(secret, hs, claims("exp", now.Add(-time.Minute).Unix())),
		"good for a day": "Bearer " + sign(secret, hs, claims("exp", now.Add(24*time.Hour).Unix())), "another issuer": "Bearer " + sign(secret, hs, claims("iss", "other")),
		"no issuer": "Bearer " + sign(secret, hs, claims("iss", nil)), "another key": "Bearer " + sign(otherSecret, hs, claims()), "HS512": "Bearer " + sign(secret, jwt.SigningMethodHS512, claims()),
		"none": "Bearer " + sign("", jwt.SigningMethodNone, claims()), "not yet": "Bearer " + sign(secret, hs, claims("nbf", now.Add(time.Hour).Unix())),
		"issued in the future": "Bearer " + sign(secret, hs, claims("iat", now.Add(time.Hour).Unix())), "three dots": "Bearer a.b.c", "cut": "Bearer " + sign(secret, hs, claims())[:40],
	} {
		r := a.refused(401, "BAD_CREDENTIAL", "PUT", "/v1/shop/users/x", `{"name":"X"}`, "Authorization", bad)
		if first == "" {
			first, _ = r.JSON["message"].(string)
		}
		if r.JSON["message"] != first {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	for _, path := range []string{"/v1/nowhere", "/v1/other", "/v1/shop%2Fx", "/v1/", "/v1//users/maya", "/v1/%2e%2e/users"} {
		a.refused(401, "BAD_CREDENTIAL", "GET", path, "")
	}
	a.refused(401, "BAD_CREDENTIAL", "GET", "/v1/shop/nothing", "", "Authorization", "")
	a.refused(404, "PAGE_NOT_FOUND", "GET", "/v1/shop/nothing", "")
	a.refused(405, "METHOD_NOT_ALLOWED", "POST", "/v1/shop/users", "")
	// A key that is deactivated stops at once, for its tokens too.
	if _, err := a.store.DeactivateKey(t.Context(), dbtest.Ana, "shop", a.key.ID); err != nil {
		t.Fatal(err)
	}
	a.refused(401, "BAD_CREDENTIAL", "GET", "/v1/shop", "")
	a.refused(401, "BAD_CREDENTIAL", "GET", "/v1/shop", "", "Authorization", "Bearer "+sign(secret, hs, claims()))
}

func TestBadBodies(t *testing.T) {
	a := newAPI(t, "maya")
	for body, code := range map[string]string{
		`{`: "BAD_JSON", `{"name":"x"} {}`: "BAD_JSON", `{"name":"x","name":"y"}`: "BAD_JSON", "{\"name\":\"\xff\"}": "BAD_JSON", `{"name":"a\u0000b"}`: "BAD_JSON",
		strings.Repeat("[", 40) + strings.Repeat("]", 40): "BAD_JSON", `[]`: "BAD_JSON", `"x"`: "BAD_JSON", `{"name":5}`: "BAD_ARGUMENT", `{"name":null}`: "BAD_ARGUMENT", `{"name":""}`: "BAD_ARGUMENT",
		`{"name":"x","email":"a@b"}`: "BAD_ARGUMENT", `{"name":"x","custom":{"a":1}}`: "BAD_ARGUMENT", `{"name":"x","custom":[1]}`: "BAD_ARGUMENT",
		`{"NAME":"x"}`: "BAD_ARGUMENT", `{"name":"` + strings.Repeat("x", 1001) + `"}`: "BAD_ARGUMENT", `{"name":"x","photoUrl":"javascript:alert(1)"}`: "BAD_ARGUMENT",
		`5`: "BAD_JSON", `{"name":" \u00a0"}`: "BAD_ARGUMENT", `{"name":"x","email":[null]}`: "BAD_ARGUMENT", `{"name":"x","phone":["1",null]}`: "BAD_ARGUMENT",
		`{"name":"x","pushTokens":{"bad":true}}`: "BAD_ARGUMENT", `{"name":"x","pushTokens":{"":true}}`: "BAD_ARGUMENT", `{"name":"x","pushTokens":{"fcm:a":false}}`: "BAD_ARGUMENT",
		`{"name":"x","pushTokens":{"fcm:":true}}`: "BAD_ARGUMENT", `{"name":"x","pushTokens":{"apns: ":true}}`: "BAD_ARGUMENT", `{"name":"x","pushTokens":{"FCM:a":true}}`: "BAD_ARGUMENT",
		`{"name":"a\u202eb"}`: "BAD_ARGUMENT", `{"name":"x","x":{"y":{"z":[1,2,{"a":"a","a":"b"}]}}}`: "BAD_JSON",
	} {
		if r := a.refused(400, code, "PUT", "/v1/shop/users/new", body); r.JSON["reasons"] == nil {
			t.Errorf("%.80s: no reasons: %s", body, r.Body)
		}
	}
	for _, body := range []string{`{"welcomeMessages":[null]}`, `{"subject":"  "}`} {
		a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/conversations/new", body)
	}
	if r := a.refused(400, "BAD_ARGUMENT", "PUT", "/v1/shop/conversations/new", `{"participants":["a/b"]}`); strings.Contains(r.Body, "..") {
		t.Error(r.Body)
	}
	if r := a.refused(400, "BAD_ARGUMENT", "GET", "/v1/shop/users?limit=x", ""); strings.Contains(r.Body, "changed") {
		t.Errorf("reading changes nothing anyway: %s", r.Body)
	}
	many := make(map[string]int, 1001)
	for i := range 1001 {
		many[string(rune('a'+i%26))+jsonInt(int64(i))] = i
	}
	text, _ := json.Marshal(many)
	a.refused(400, "BAD_JSON", "PUT", "/v1/shop/users/new", string(text))
	a.ok("PUT", "/v1/shop/users/new", `{"name":"`+strings.Repeat("é", 1000)+`"}`)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", ""} {
		a.refused(415, "WRONG_CONTENT_TYPE", "PUT", "/v1/shop/users/new", `{"name":"x"}`, "Content-Type", kind)
	}
	a.refused(415, "WRONG_CONTENT_TYPE", "PUT", "/v1/shop/users/new", `{"name":"x"}`, "Content-Encoding", "gzip")
	a.ok("PUT", "/v1/shop/users/new", `{"name":"x"}`, "Content-Type", "application/json; charset=utf-8")
	big := `{"name":"x","custom":{"k":"` + strings.Repeat("x", 1<<20) + `"}}`
	a.refused(413, "BODY_TOO_LARGE", "PUT", "/v1/shop/users/new", big)
	r, _ := http.NewRequest("PUT", a.url+"/v1/shop/users/new", io.MultiReader(strings.NewReader(big)))
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != 413 {
		t.Errorf("chunked: %v %v", resp, err)
	}
}
