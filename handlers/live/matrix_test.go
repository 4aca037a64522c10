package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The matrix of what browsers may do, written down once more in the words of the door: a row for each command, a column
// for each relation of the user to the conversation, as HTTP statuses. A guest who isn't let in counts as nobody.

// world is one app's switches and one user's relation to a conversation.
type world struct {
	app        string
	us, cs, v  bool
	policy     chat.GuestPolicy
	relation   string
	everywhere bool // guests are let in nowhere, and may be told so
}

type cell func(world) int

const null = 0 // an answer of null: to this user it isn't there

func is(status int) cell { return func(world) int { return status } }

func unless(refused func(world) bool, otherwise int) cell {
	return func(w world) int {
		if refused(w) {
			return 403
		}
		return otherwise
	}
}

var (
	ok, no, gone, hidden = is(200), is(403), is(404), is(null)

	us = unless(func(w world) bool { return w.us }, 200)
	uv = unless(func(w world) bool { return w.us || w.v }, 200)
	cs = unless(func(w world) bool { return w.cs }, 200)

	goneUnlessCS = unless(func(w world) bool { return w.cs }, 404) // the switch is named before whether it is there
	enters       = unless(func(w world) bool { return w.everywhere }, 404)
)

type row struct {
	command, args              string
	rw, r, none, guest, banned cell
}

// everybody is a row that doesn't ask for the relation.
func everybody(command, args string, c cell) row { return row{command, args, c, c, c, c, c} }

var matrix = []row{
	everybody("user.get", `{"user":"other"}`, ok),
	everybody("user.set", `{"user":"ME","set":{"name":"New"}}`, us),
	everybody("user.set", `{"user":"other","set":{"name":"New"}}`, uv),
	everybody("user.set", `{"user":"ME","set":{"role":"role CONV"}}`, uv),
	everybody("user.createIfNotExists", `{"user":"u-CONV","set":{"name":"New"}}`, us),
	everybody("user.createIfNotExists", `{"user":"other","set":{"name":"New"}}`, ok),
	everybody("conversation.list", `{}`, ok),
	everybody("conversation.createIfNotExists", `{"conversation":"new-CONV"}`, cs),
	everybody("conversation.set", `{"conversation":"other-CONV","set":{"subject":"x"}}`, cs),
	everybody("conversation.get", `{"conversation":"missing-CONV"}`, hidden),
	{"conversation.get", `{"conversation":"CONV"}`, ok, ok, hidden, ok, hidden},
	{"conversation.messages", `{"conversation":"CONV"}`, ok, ok, gone, ok, gone},
	{"conversation.participants", `{"conversation":"CONV"}`, ok, ok, gone, ok, gone},
	{"conversation.createIfNotExists", `{"conversation":"CONV"}`, ok, ok, cs, cs, no},
	{"conversation.set", `{"conversation":"CONV","set":{"subject":"x"}}`, cs, no, cs, cs, no},
	{"conversation.set", `{"conversation":"CONV","set":{"notify":false}}`, ok, ok, cs, cs, no},
	{"participant.createIfNotExists", `{"conversation":"CONV","user":"ME"}`, ok, ok, cs, cs, no},
	{"participant.set", `{"conversation":"CONV","user":"new","set":{"access":"Read"}}`, cs, no, goneUnlessCS, no, goneUnlessCS},
	{"participant.set", `{"conversation":"CONV","user":"other","set":{"access":"Read"}}`, cs, no, goneUnlessCS, no, goneUnlessCS},
	{"participant.edit", `{"conversation":"CONV","user":"other","set":{"notify":false}}`, no, no, gone, no, gone},
	{"participant.edit", `{"conversation":"CONV","user":"ME","set":{"notify":false}}`, ok, ok, gone, gone, gone},
	{"participant.edit", `{"conversation":"CONV","user":"ME","set":{"access":"Read"}}`, cs, ok, gone, gone, gone},
	{"participant.edit", `{"conversation":"CONV","user":"ME","set":{"access":"ReadWrite"}}`, ok, no, gone, gone, gone},
	{"participant.delete", `{"conversation":"CONV","user":"other"}`, cs, no, goneUnlessCS, no, goneUnlessCS},
	{"participant.delete", `{"conversation":"CONV","user":"ME"}`, ok, ok, cs, cs, no},
	{"conversation.send", `{"conversation":"CONV","text":"x"}`, ok, no, gone, ok, gone},
	{"conversation.markAsRead", `{"conversation":"CONV"}`, ok, ok, gone, no, gone},
	{"conversation.markAsUnread", `{"conversation":"CONV"}`, ok, ok, gone, no, gone},
	{"message.get", `{"conversation":"CONV","message":"MESSAGE"}`, ok, ok, hidden, ok, hidden},
	{"message.edit", `{"conversation":"CONV","message":"MESSAGE","set":{"text":"y"}}`, no, no, gone, no, gone},
	{"message.delete", `{"conversation":"CONV","message":"MESSAGE"}`, no, no, gone, no, gone},
}

// onSocket are the rows that only a socket has.
var onSocket = []row{
	everybody("user.watch", `{"user":"other"}`, ok),
	everybody("feed.open", `{}`, ok),
	{"conversation.open", `{"conversation":"CONV"}`, ok, ok, gone, ok, gone},
	{"conversation.typing", `{"conversation":"CONV"}`, ok, no, gone, ok, gone},
	everybody("conversation.close", `{"conversation":"CONV"}`, ok),
}

func (r row) expected(w world) int {
	switch w.relation {
	case "rw":
		return r.rw(w)
	case "r":
		return r.r(w)
	case "banned":
		return r.banned(w)
	case "guest":
		if w.policy == chat.GuestsEvery || w.policy == chat.GuestsFollow && !w.us && !w.cs {
			return r.guest(w)
		}
		if r.command == "conversation.open" || r.command == "conversation.typing" {
			return enters(w)
		}
	}
	return r.none(w)
}

func TestMatrixOverBothDoors(t *testing.T) {
	s := newServer(t)
	var all sync.WaitGroup
	for bits := range 8 {
		for _, policy := range []chat.GuestPolicy{chat.GuestsFollow, chat.GuestsEvery, chat.GuestsNever} {
			w := world{app: fmt.Sprintf("m%d%s", bits, policy), us: bits&1 != 0, cs: bits&2 != 0, v: bits&4 != 0, policy: policy}
			w.everywhere = policy == chat.GuestsNever || policy == chat.GuestsFollow && (w.us || w.cs)
			all.Go(func() { s.matrixOf(t, w) })
		}
	}
	all.Wait()
}

// matrixOf runs all rows in one app, every one on a conversation of its own.
func (s *server) matrixOf(t *testing.T, w world) {
	app := chat.AppID(w.app)
	dbtest.App(t, s.store, app, "rw", "r", "none", "guest", "banned", "other", "new")
	if _, _, err := s.store.CreateKey(t.Context(), chat.CommandLine, app, "Orders", chat.Secret(secretOf(w.app))); err != nil {
		t.Error(err)
		return
	}
	var changes []chat.SettingChange
	for key, on := range map[chat.SettingKey]bool{chat.SettingUserSync: w.us, chat.SettingConversationSync: w.cs, chat.SettingIdentity: w.v} {
		if on {
			changes = append(changes, chat.SettingChange{Key: key, Value: "true"})
		}
	}
	changes = append(changes, chat.SettingChange{Key: chat.SettingGuests, Value: string(w.policy)})
	if _, err := s.store.SaveSettings(t.Context(), chat.CommandLine, app, changes); err != nil {
		t.Error(err)
		return
	}
	for _, relation := range []string{"rw", "r", "none", "guest", "banned"} {
		w.relation = relation
		socket := s.dialApp(w.app, page)
		if welcome := socket.ask(map[string]any{"connect": map[string]any{"token": s.tokenOf(w.app, relation)}}); welcome.at("connect", "data", "userId") != relation {
			t.Errorf("%+v: not let in: %v", w, welcome)
			return
		}
		for i, r := range matrix {
			s.cell(t, w, r, fmt.Sprintf("http-%s-%d", relation, i), func(args string) news { return s.post(w.app, relation, r.command, args, relation == "guest") })
			s.cell(t, w, r, fmt.Sprintf("ws-%s-%d", relation, i), func(args string) news { return socket.data(rpc(r.command, args, relation == "guest")) })
		}
		for i, r := range onSocket {
			s.cell(t, w, r, fmt.Sprintf("only-%s-%d", relation, i), func(args string) news { return socket.data(rpc(r.command, args, relation == "guest")) })
		}
		socket.hush()
	}
}

// cell runs one row for one relation. A refusal leaves no event and no message.
func (s *server) cell(t *testing.T, w world, r row, conv string, run func(string) news) {
	app, id := chat.AppID(w.app), chat.ConversationID(conv)
	message := ""
	if strings.Contains(r.args, "CONV") {
		for other, users := range map[chat.ConversationID][]chat.UserID{id: {"rw", "other"}, "other-" + id: {"rw", "other"}} {
			if other != id && !strings.Contains(r.args, "other-CONV") {
				continue
			}
			_, err := s.store.PutConversation(t.Context(), chat.CommandLine, app, other, chat.ConversationChange{}, chat.ConversationChange{}, users...)
			s.must(err)
		}
		for user, access := range map[chat.UserID]chat.Access{"r": chat.Read, "banned": chat.AccessNone} {
			if w.relation == string(user) {
				_, err := s.store.PutParticipant(t.Context(), chat.CommandLine, chat.ParticipantRef{App: app, Conversation: id, User: user}, chat.ParticipantChange{Access: chat.Some(access)})
				s.must(err)
			}
		}
		if strings.Contains(r.args, "MESSAGE") {
			m, err := s.store.SendMessage(t.Context(), dbtest.Backend(app), app, id, chat.NewMessage{Sender: "other", Text: "x"})
			s.must(err)
			message = m.ID
		}
	}
	// A conversation that only other-CONV's row names is one that nobody but rw is in: for r and banned it is as for none.
	before := s.trace(t, app, id)
	answer := run(strings.NewReplacer("CONV", conv, "MESSAGE", message, "ME", w.relation).Replace(r.args))
	got := 200
	switch status, failed := answer["status"].(float64); {
	case failed:
		got = int(status)
	case strings.HasSuffix(r.command, ".get") && answer["result"] == nil:
		got = null
	}
	if want := r.expected(w); got != want {
		t.Errorf("%s %s as %s in %+v: %d, want %d; %v", r.command, r.args, conv, w, got, want, answer)
	}
	if got >= 400 && s.trace(t, app, id) != before {
		t.Errorf("%s %s as %s in %+v was refused and left something", r.command, r.args, conv, w)
	}
}

func (s *server) trace(t *testing.T, app chat.AppID, conv chat.ConversationID) string {
	e, err := s.store.Events(t.Context(), db.EventQuery{App: app, Window: db.Window{Limit: 1}})
	s.must(err)
	c, _ := s.store.Conversation(t.Context(), app, conv)
	return fmt.Sprint(e.Items[0].Seq, c.Messages, c.LastActivityAt, c.Counts)
}

// post runs a command over HTTP, and gives the answer as a socket would.
func (s *server) post(app, user, command, args string, asGuest bool) news {
	body, err := json.Marshal(map[string]any{"asGuest": asGuest, "args": json.RawMessage(args)})
	s.must(err)
	r, err := http.NewRequest(http.MethodPost, s.url+"/v1/"+app+"/browser/"+command, strings.NewReader(string(body)))
	s.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", page)
	r.Header.Set("Authorization", "Bearer "+s.tokenOf(app, user))
	resp, err := http.DefaultClient.Do(r)
	s.must(err)
	defer resp.Body.Close()
	var answer news
	s.must(json.NewDecoder(resp.Body).Decode(&answer))
	if resp.StatusCode != 200 {
		answer["status"] = float64(resp.StatusCode)
	}
	return answer
}

// Who proves nothing gets nowhere while identities are verified, and a bad proof is never better than none.
func TestIdentityOverBothDoors(t *testing.T) {
	s := newServer(t)
	for name, x := range map[string]struct {
		h      hello
		v      bool
		status float64
	}{
		"a claim":                    {hello{user: "maya"}, false, 200},
		"a claim where proof is due": {hello{user: "maya"}, true, 401},
		"a token":                    {hello{token: s.token("maya")}, true, 200},
		"another's token":            {hello{user: "bob", token: s.token("maya")}, false, 401},
		"a token of another app":     {hello{token: s.tokenOf("other", "maya")}, false, 401},
		"a broken token":             {hello{user: "maya", token: s.token("maya") + "x"}, false, 401},
		"a secret key":               {hello{user: "maya", token: secret}, false, 401},
		"nothing":                    {hello{}, false, 400},
	} {
		s.setting(chat.SettingIdentity, fmt.Sprint(x.v))
		_, welcome := s.come(x.h)
		got := 200.0
		if code, refused := welcome.at("error", "code").(float64); refused {
			got = code - 4000
			var body struct{ ErrorCode, Message, RequestID string }
			if err := json.Unmarshal([]byte(welcome.at("error", "message").(string)), &body); err != nil || body.ErrorCode == "" || body.Message == "" || body.RequestID == "" {
				t.Errorf("%s: %v", name, welcome)
			}
		}
		if got != x.status {
			t.Errorf("%s: %v, want %v", name, welcome, x.status)
		}
	}
}
