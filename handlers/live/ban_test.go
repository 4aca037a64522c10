package live_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// ban bans maya from all conversations.
func (s *server) ban() {
	s.t.Helper()
	_, err := s.store.BanUser(s.t.Context(), dbtest.Ana, "shop", "maya", chat.NewBan{For: chat.BanUntilLifted})
	s.must(err)
}

// A banned user is refused over HTTP whatever they ask for, as a guest too, and nothing is left of it; their socket is
// gone, and none is let in.
func TestABannedUserOverBothDoors(t *testing.T) {
	s := newServer(t)
	maya, bob := s.enter("maya"), s.enter("bob")
	maya.ok("conversation.open", `{"conversation":"fair"}`)
	bob.ok("conversation.open", `{"conversation":"fair"}`)
	start := time.Now()
	s.ban()
	if end := maya.ended(); end.code != 4508 || !strings.Contains(end.reason, "You are banned from all conversations here.") {
		t.Fatalf("%+v", end)
	}
	if took := time.Since(start); took > soon {
		t.Errorf("cut after %s", took)
	}
	if f := bob.next("participant.left"); f["user"] != "maya" {
		t.Errorf("the others are told %v", f)
	}
	for name, h := range map[string]hello{"a token": {token: s.token("maya")}, "a claim": {user: "maya"}} {
		_, welcome := s.come(h)
		if code, _ := welcome.at("error", "code").(float64); code != 4403 || !strings.Contains(fmt.Sprint(welcome), "BANNED") {
			t.Errorf("%s: %v", name, welcome)
		}
	}
	before := dbtest.Dump(t, s.store)
	for _, r := range matrix {
		for _, guest := range []bool{false, true} {
			args := strings.NewReplacer("other-CONV", "fair", "CONV", "fair", "MESSAGE", "msg_x", "ME", "maya").Replace(r.args)
			if answer := s.post("shop", "maya", r.command, args, guest); answer["status"] != 403.0 || answer["errorCode"] != "BANNED" {
				t.Errorf("%s %s as guest %v: %v", r.command, args, guest, answer)
			}
		}
	}
	if dbtest.Dump(t, s.store) != before {
		t.Error("a banned user left something")
	}
	// Nobody's browser brings them back.
	if r := bob.call("participant.set", `{"conversation":"fair","user":"maya"}`); r["errorCode"] != "USER_BANNED" {
		t.Errorf("%v", r)
	}
	_, err := s.store.LiftBan(t.Context(), dbtest.Ana, "shop", "maya", true)
	s.must(err)
	again := s.enter("maya")
	if r := again.ok("conversation.open", `{"conversation":"fair"}`); r.at("result", "access") != "ReadWrite" {
		t.Errorf("%v", r)
	}
}

// Who is deleted is cut off and told so. Under the free id somebody new may come, who has nothing of theirs.
func TestADeletedUserIsCutOff(t *testing.T) {
	s := newServer(t)
	maya := s.enter("maya")
	maya.ok("conversation.open", `{"conversation":"fair"}`)
	e, err := s.store.DeleteUser(t.Context(), dbtest.Ana, "shop", "maya")
	s.must(err)
	if end := maya.ended(); end.code != 4509 || !strings.Contains(end.reason, "USER_NOT_FOUND") {
		t.Fatalf("%+v", end)
	}
	another := s.enter("maya")
	if r := another.call("conversation.messages", `{"conversation":"fair"}`); r["errorCode"] != "CONVERSATION_NOT_FOUND" {
		t.Errorf("%v", r)
	}
	_, err = s.store.Undo(t.Context(), dbtest.Ana, "shop", e.Seq)
	s.must(err)
	another.ok("conversation.open", `{"conversation":"fair"}`)
}

// A conversation that comes back from the trash is in the lists of those who were in it again.
func TestARestoredConversationIsInTheListsAgain(t *testing.T) {
	s := newServer(t)
	maya := s.enter("maya")
	maya.ok("feed.open", `{}`)
	e, err := s.store.DeleteConversation(t.Context(), dbtest.Ana, "shop", "fair")
	s.must(err)
	if f := maya.next("feed.removed"); f["conversation"] != "fair" {
		t.Errorf("%v", f)
	}
	_, err = s.store.Undo(t.Context(), dbtest.Ana, "shop", e.Seq)
	s.must(err)
	if f := maya.next("feed.updated"); f.at("conversation", "id") != "fair" {
		t.Errorf("%v", f)
	}
	maya.ok("conversation.open", `{"conversation":"fair"}`)
}
