package sdk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
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

const secret = "sk_test_0123456789abcdefghij"

// door is the whole server on a real store, with browsers in front of it.
type door struct {
	t     *testing.T
	store *db.Store
	url   string
	now   time.Time
}

func newDoor(t *testing.T) *door {
	t.Helper()
	store, clock := dbtest.New(t)
	dbtest.App(t, store, "shop", "maya", "bob")
	if _, _, err := store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", secret); err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, store, "shop", "fair", "bob")
	server := httptest.NewServer(handlers.New(handlers.Options{Store: store, Setup: auth.NewSetup(clock.Now, func(string) {}), Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	return &door{t, store, server.URL, clock.Now()}
}

func (d *door) token(user string) string {
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": user, "exp": d.now.Add(time.Hour).Unix()}).SignedString([]byte(secret))
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

type reply struct {
	Code   int
	Header http.Header
	Body   string
	JSON   map[string]any
}

// result is a field of what a command answered, by its path.
func (r reply) result(path ...string) any {
	var at any = r.JSON["result"]
	for _, key := range path {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	return at
}

// send sends one command as a page of another origin would.
func (d *door) send(command, body, token string) reply {
	d.t.Helper()
	r, err := http.NewRequest(http.MethodPost, d.url+"/v1/shop/browser/"+command, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://shop.example")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	out := reply{Code: resp.StatusCode, Header: resp.Header, Body: strings.TrimSpace(string(text))}
	if err := json.Unmarshal(text, &out.JSON); err != nil || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
		d.t.Errorf("%s: a page could not read %d %s", command, out.Code, text)
	}
	return out
}

// ok sends a command of user that must succeed.
func (d *door) ok(user, command, args string) reply {
	d.t.Helper()
	r := d.send(command, `{"args":`+args+`}`, d.token(user))
	if r.Code != 200 {
		d.t.Fatalf("%s %s: %d %s", command, args, r.Code, r.Body)
	}
	return r
}

// refused sends a command of user that must be refused, and change nothing.
func (d *door) refused(status int, code, user, command, args string) {
	d.t.Helper()
	before := dbtest.Dump(d.t, d.store)
	r := d.send(command, `{"args":`+args+`}`, d.token(user))
	if r.Code != status || r.JSON["errorCode"] != code || r.JSON["requestId"] == "" {
		d.t.Errorf("%s %s: %d %s, want %d %s", command, args, r.Code, r.Body, status, code)
	}
	if dbtest.Dump(d.t, d.store) != before {
		d.t.Errorf("%s %s was refused and changed something", command, args)
	}
}

// Two browsers meet: one comes in, both talk, one corrects and takes back what was said.
func TestTwoBrowsersTalk(t *testing.T) {
	d := newDoor(t)
	if r := d.ok("maya", "conversation.get", `{"conversation":"fair"}`); r.JSON["result"] != nil {
		t.Fatalf("seen from outside: %s", r.Body)
	}
	d.refused(404, "CONVERSATION_NOT_FOUND", "maya", "conversation.messages", `{"conversation":"fair"}`)
	d.ok("maya", "user.set", `{"user":"maya","set":{"name":"Maya L.","email":["m@x.example"],"custom":{"tier":"gold"}}}`)
	d.ok("maya", "conversation.createIfNotExists", `{"conversation":"fair","set":{"subject":"Mine"}}`)
	c := d.ok("maya", "conversation.get", `{"conversation":"fair"}`)
	if c.result("access") != "ReadWrite" || c.result("subject") != nil || c.result("notify") != true {
		t.Fatalf("%s", c.Body)
	}
	u := d.ok("bob", "user.get", `{"user":"maya"}`)
	if u.result("name") != "Maya L." || u.result("custom", "tier") != "gold" || strings.Contains(u.Body, "x.example") {
		t.Fatalf("%s", u.Body)
	}
	sent := d.ok("maya", "conversation.send", `{"conversation":"fair","text":"helo","custom":{"k":"v","none":null}}`)
	id, _ := sent.result("id").(string)
	if sent.result("senderId") != "maya" || sent.result("custom", "k") != "v" || sent.result("origin") != "web" || strings.Contains(sent.Body, "none") || id == "" {
		t.Fatalf("%s", sent.Body)
	}
	d.ok("bob", "conversation.send", `{"conversation":"fair","text":"hi"}`)
	d.refused(403, "NOT_YOURS", "bob", "message.edit", `{"conversation":"fair","message":"`+id+`","set":{"text":"stolen"}}`)
	d.ok("maya", "message.edit", `{"conversation":"fair","message":"`+id+`","set":{"text":"hello"}}`)
	if m := d.ok("bob", "message.get", `{"conversation":"fair","message":"`+id+`"}`); m.result("text") != "hello" || m.result("editedAt") == nil {
		t.Fatalf("%s", m.Body)
	}
	d.ok("bob", "conversation.markAsRead", `{"conversation":"fair","seq":1}`)
	d.ok("maya", "message.delete", `{"conversation":"fair","message":"`+id+`"}`)
	first := d.ok("bob", "conversation.messages", `{"conversation":"fair","limit":1}`)
	next, _ := first.result("next").(string)
	second := d.ok("bob", "conversation.messages", `{"conversation":"fair","limit":1,"after":"`+next+`"}`)
	if !strings.Contains(first.Body, `"text":"hi"`) || !strings.Contains(second.Body, `"text":""`) || !strings.Contains(second.Body, `"deletedAt":1`) || second.result("next") != "" {
		t.Fatalf("%s\n%s", first.Body, second.Body)
	}
	people := d.ok("maya", "conversation.participants", `{"conversation":"fair"}`)
	if list, _ := people.result("data").([]any); len(list) != 2 {
		t.Fatalf("%s", people.Body)
	}
	d.ok("maya", "participant.edit", `{"conversation":"fair","user":"maya","set":{"notify":"MentionsOnly"}}`)
	e, err := d.store.Events(t.Context(), db.EventQuery{App: "shop", Window: db.Window{Limit: 1}})
	if err != nil || e.Items[0].Kind != chat.UserActor || e.Items[0].ActorID != "maya" || e.Items[0].ActorName != "Maya L." || e.Items[0].Source != chat.Browser {
		t.Fatalf("%+v %v", e.Items, err)
	}
	if p := d.ok("bob", "participant.get", `{"conversation":"fair","user":"maya"}`); p.result("notify") != "MentionsOnly" || p.result("user", "name") != "Maya L." {
		t.Fatalf("%s", p.Body)
	}
	if own := d.ok("maya", "conversation.list", `{}`); !strings.Contains(own.Body, `"id":"fair"`) {
		t.Fatalf("%s", own.Body)
	}
	d.ok("maya", "participant.delete", `{"conversation":"fair","user":"maya"}`)
	if own := d.ok("maya", "conversation.list", `{}`); strings.Contains(own.Body, `"id":"fair"`) {
		t.Fatalf("%s", own.Body)
	}
}

// A switch binds the next command of a browser that was there before, and a guest is let in as far as the policy goes.
func TestSwitchesBindAtOnce(t *testing.T) {
	d := newDoor(t)
	d.ok("bob", "participant.set", `{"conversation":"fair","user":"maya","set":{"access":"Read"}}`)
	guest := func() int {
		t.Helper()
		return d.send("conversation.send", `{"user":"zoe","asGuest":true,"args":{"conversation":"fair","text":"hi"}}`, "").Code
	}
	d.ok("zoe", "user.createIfNotExists", `{"user":"zoe","set":{"name":"Zoe"}}`)
	if code := guest(); code != 200 {
		t.Fatalf("a guest: %d", code)
	}
	d.ok("bob", "conversation.send", `{"conversation":"fair","text":"hello"}`) // from one who is on the list
	if page := d.ok("maya", "conversation.messages", `{"conversation":"fair"}`).Body; !strings.Contains(page, `"senderName":"Zoe","guest":true`) || !strings.Contains(page, `"senderName":"Bob","guest":false`) {
		t.Fatalf("who wrote as a guest: %s", page)
	}
	if c, _ := d.store.Conversation(t.Context(), "shop", "fair"); c.Counts.All() != 2 {
		t.Fatalf("a guest is on the list: %+v", c.Counts)
	}
	for _, key := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync} {
		if _, err := d.store.SaveSettings(t.Context(), dbtest.Ana, "shop", []chat.SettingChange{{Key: key, Value: "true"}}); err != nil {
			t.Fatal(err)
		}
		if code := guest(); code != 404 {
			t.Fatalf("a guest after %s: %d", key, code)
		}
	}
	d.refused(403, "CONVERSATION_SYNC_DISALLOWED", "bob", "participant.set", `{"conversation":"fair","user":"maya","set":{"access":"ReadWrite"}}`)
	d.refused(403, "CONVERSATION_SYNC_DISALLOWED", "bob", "participant.delete", `{"conversation":"fair","user":"maya"}`)
	d.refused(403, "CONVERSATION_SYNC_DISALLOWED", "bob", "conversation.set", `{"conversation":"fair","set":{"subject":"x"}}`)
	d.refused(403, "CONVERSATION_SYNC_DISALLOWED", "bob", "conversation.createIfNotExists", `{"conversation":"new"}`)
	d.refused(403, "USER_SYNC_DISALLOWED", "bob", "user.set", `{"user":"bob","set":{"name":"Bo"}}`)
	d.refused(403, "USER_SYNC_DISALLOWED", "bob", "user.createIfNotExists", `{"user":"new","set":{"name":"New"}}`)
	d.ok("bob", "user.createIfNotExists", `{"user":"maya","set":{"name":"Other"}}`)
	d.ok("bob", "conversation.send", `{"conversation":"fair","text":"still here"}`)
	d.ok("bob", "participant.edit", `{"conversation":"fair","user":"bob","set":{"notify":false}}`)
	d.ok("bob", "participant.delete", `{"conversation":"fair","user":"bob"}`)
}

// A page that puts the same people on a list at each load is not refused for saying again what is so; another's choice
// stays theirs, and a ticked box binds this too.
func TestSayingAgainChangesNothing(t *testing.T) {
	d := newDoor(t)
	again := `{"conversation":"fair","user":"maya","set":{"access":"Read","notify":false}}`
	d.ok("bob", "participant.set", again)
	before := dbtest.Dump(t, d.store)
	d.ok("bob", "participant.set", again)
	if dbtest.Dump(t, d.store) != before {
		t.Error("the second time changed something")
	}
	d.refused(403, "NOT_YOURS", "bob", "participant.set", `{"conversation":"fair","user":"maya","set":{"notify":true}}`)
	if _, err := d.store.SaveSettings(t.Context(), dbtest.Ana, "shop", []chat.SettingChange{{Key: chat.SettingConversationSync, Value: "true"}}); err != nil {
		t.Fatal(err)
	}
	d.refused(403, "CONVERSATION_SYNC_DISALLOWED", "bob", "participant.set", again)
	d.refused(403, "NOT_YOURS", "bob", "participant.set", `{"conversation":"fair","user":"maya","set":{"notify":false}}`)
}

// The signature of an older integration does as a token does, where the app accepts it.
func TestSignaturesInTheBody(t *testing.T) {
	d := newDoor(t)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("maya"))
	body := func(user string) string {
		return fmt.Sprintf(`{"user":%q,"signature":"%X","args":{"user":"maya"}}`, user, mac.Sum(nil))
	}
	if r := d.send("user.get", body("maya"), ""); r.Code != 401 || r.JSON["errorCode"] != "SIGNATURES_NOT_ACCEPTED" || !strings.Contains(fmt.Sprint(r.JSON["message"]), "Settings > Browser") {
		t.Fatalf("while they aren't accepted: %d %s", r.Code, r.Body)
	}
	d.set(chat.SettingSignatures, "true")
	d.set(chat.SettingIdentity, "true")
	if r := d.send("user.get", body("maya"), ""); r.Code != 200 || r.result("id") != "maya" {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	if r := d.send("user.get", body("bob"), ""); r.Code != 401 || r.JSON["errorCode"] != "BAD_CREDENTIAL" {
		t.Fatalf("another user: %d %s", r.Code, r.Body)
	}
	if r := d.send("user.get", body("bob"), d.token("bob")); r.Code != 200 {
		t.Fatalf("a token beside it: %d %s", r.Code, r.Body)
	}
	if r := d.send("user.get", `{"user":"maya","signature":1,"args":{"user":"maya"}}`, ""); r.Code != 400 {
		t.Fatalf("a number: %d %s", r.Code, r.Body)
	}
}

// What the door refuses before and beside the rules.
func TestDoorRefuses(t *testing.T) {
	d := newDoor(t)
	maya := d.token("maya")
	for name, x := range map[string]struct {
		command, body, token string
		code                 int
		errorCode            string
	}{
		"no command":           {"user.fly", `{}`, maya, 404, "PAGE_NOT_FOUND"},
		"nobody":               {"user.get", `{"args":{"user":"bob"}}`, "", 400, "BAD_ID"},
		"another's token":      {"user.get", `{"user":"bob","args":{"user":"bob"}}`, maya, 401, "BAD_CREDENTIAL"},
		"a token cut off":      {"user.get", `{"args":{"user":"bob"}}`, maya[:40], 401, "BAD_CREDENTIAL"},
		"a secret key":         {"user.get", `{"user":"bob","args":{"user":"bob"}}`, secret, 401, "SECRET_KEY_EXPOSED"},
		"no JSON":              {"user.get", `{`, maya, 400, "BAD_JSON"},
		"a key twice":          {"user.get", `{"args":{"user":"bob","user":"maya"}}`, maya, 400, "BAD_JSON"},
		"no arguments":         {"user.get", `{}`, maya, 400, "BAD_ID"},
		"arguments of a list":  {"user.get", `{"args":[]}`, maya, 400, "BAD_ARGUMENT"},
		"an id of a number":    {"user.get", `{"args":{"user":7}}`, maya, 400, "BAD_ARGUMENT"},
		"a bad access":         {"participant.set", `{"args":{"conversation":"fair","user":"maya","set":{"access":"Write"}}}`, maya, 400, "BAD_ARGUMENT"},
		"too long a page":      {"conversation.messages", `{"args":{"conversation":"fair","limit":101}}`, maya, 400, "BAD_ARGUMENT"},
		"a message of nothing": {"conversation.send", `{"user":"bob","args":{"conversation":"fair","text":" "}}`, d.token("bob"), 400, "BAD_ARGUMENT"},
		"too much":             {"conversation.send", `{"args":{"text":"` + strings.Repeat("x", 1<<20) + `"}}`, maya, 413, "BODY_TOO_LARGE"},
	} {
		if r := d.send(x.command, x.body, x.token); r.Code != x.code || r.JSON["errorCode"] != x.errorCode {
			t.Errorf("%s: %d %s, want %d %s", name, r.Code, r.Body, x.code, x.errorCode)
		}
	}
	r, _ := http.NewRequest(http.MethodOptions, d.url+"/v1/shop/browser/user.get", nil)
	r.Header.Set("Origin", "https://shop.example")
	r.Header.Set("Access-Control-Request-Method", "POST")
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != 204 || !strings.Contains(resp.Header.Get("Access-Control-Allow-Headers"), "Authorization") || resp.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Fatalf("%v %v", resp, err)
	}
}
