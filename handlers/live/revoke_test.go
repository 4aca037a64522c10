package live_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func (s *server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) setting(key chat.SettingKey, value string) {
	s.t.Helper()
	settings, err := s.store.Settings(s.t.Context(), "shop")
	s.must(err)
	_, err = s.store.SaveSettings(s.t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: key, Value: value, Version: settings[key].Version}})
	s.must(err)
}

func (s *server) access(user chat.UserID, a chat.Access) {
	s.t.Helper()
	_, err := s.store.PutParticipant(s.t.Context(), dbtest.Ana, ref("fair", user), chat.ParticipantChange{Access: chat.Some(a)})
	s.must(err)
}

func ref(conv chat.ConversationID, user chat.UserID) chat.ParticipantRef {
	return chat.ParticipantRef{App: "shop", Conversation: conv, User: user}
}

func (s *server) say(text string) {
	s.t.Helper()
	_, err := s.store.SendMessage(s.t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: text})
	s.must(err)
}

// Whatever takes a conversation away from whom has it open, takes it within a second, says why, and lets nothing that
// was said afterwards through. Who keeps the right keeps hearing.
func TestLosingAConversation(t *testing.T) {
	for name, x := range map[string]struct {
		guest  bool
		lose   func(*server)
		reason string
	}{
		"removed": {false, func(s *server) {
			_, err := s.store.RemoveParticipant(t.Context(), dbtest.Ana, ref("fair", "maya"))
			s.must(err)
		}, "REMOVED"},
		"access None":             {false, func(s *server) { s.access("maya", chat.AccessNone) }, "REMOVED"},
		"left in another tab":     {false, func(s *server) { s.enter("maya").ok("participant.delete", `{"conversation":"fair","user":"maya"}`) }, "REMOVED"},
		"box 1":                   {true, func(s *server) { s.setting(chat.SettingUserSync, "true") }, "GUESTS_NOT_ALLOWED"},
		"box 2":                   {true, func(s *server) { s.setting(chat.SettingConversationSync, "true") }, "GUESTS_NOT_ALLOWED"},
		"policy never":            {true, func(s *server) { s.setting(chat.SettingGuests, "never") }, "GUESTS_NOT_ALLOWED"},
		"policy only allowed":     {true, func(s *server) { s.setting(chat.SettingGuests, "allowed") }, "GUESTS_NOT_ALLOWED"},
		"the conversation's word": {true, func(s *server) { s.guests(chat.GuestsForbidden) }, "GUESTS_NOT_ALLOWED"},
		"a guest is shown out": {true, func(s *server) {
			_, err := s.store.BlockGuest(t.Context(), dbtest.Ana, ref("fair", "zoe"), chat.NewGuestBlock{For: chat.BlockHour, Reason: "spam"})
			s.must(err)
		}, "GUEST_BLOCKED"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			bob, who := s.enter("bob"), "maya"
			bob.ok("conversation.open", `{"conversation":"fair"}`)
			if x.guest {
				who = "zoe"
			}
			loser := s.enter(who)
			ask := loser.call
			if x.guest {
				ask = loser.guest
			}
			if open := ask("conversation.open", `{"conversation":"fair"}`); open.at("result", "guest") != x.guest {
				t.Fatalf("%v", open)
			}
			s.say("before")
			loser.next("message.sent")
			x.lose(s)
			s.say("after")
			if cut := loser.nextWithin(soon, "cut"); cut.at("error", "errorCode") != x.reason || cut["conversation"] != "fair" || cut.at("error", "message") == "" {
				t.Fatalf("%v", cut)
			}
			for bob.next("message.sent").at("message", "text") != "after" {
			}
			s.say("later")
			bob.next("message.sent")
			loser.ok("user.get", `{"user":"bob"}`) // the session goes on, and what was sent to it before has come
			if got := loser.all("message.sent"); len(got) != 1 {
				t.Fatalf("was told %v", got)
			}
			for command, args := range map[string]string{"conversation.open": `{"conversation":"fair"}`, "conversation.send": `{"conversation":"fair","text":"x"}`, "conversation.typing": `{"conversation":"fair"}`} {
				if again := ask(command, args); again["errorCode"] == nil {
					t.Fatalf("%s: %v", command, again)
				}
			}
		})
	}
}

func (s *server) guests(g chat.ConversationGuests) {
	s.t.Helper()
	_, err := s.store.PutConversation(s.t.Context(), dbtest.Ana, "shop", "fair", chat.ConversationChange{Guests: chat.Some(g)}, chat.ConversationChange{})
	s.must(err)
}

// A right that becomes less, or more, is told and the conversation stays open.
func TestChangingARight(t *testing.T) {
	s := newServer(t)
	maya, zoe := s.enter("maya"), s.enter("zoe")
	maya.ok("conversation.open", `{"conversation":"fair"}`)
	zoe.guest("conversation.open", `{"conversation":"fair"}`)
	s.access("maya", chat.Read)
	if f := maya.next("rights"); f["access"] != "Read" || f["guest"] != false || f.at("error", "errorCode") != "READ_ONLY" {
		t.Fatalf("%v", f)
	}
	s.access("maya", chat.ReadWrite)
	if f := maya.next("rights"); f["access"] != "ReadWrite" || f["error"] != nil {
		t.Fatalf("%v", f)
	}
	s.guests(chat.GuestsRead)
	if f := zoe.next("rights"); f["access"] != "Read" || f["guest"] != true {
		t.Fatalf("%v", f)
	}
	s.access("zoe", chat.ReadWrite)
	if f := zoe.next("rights"); f["access"] != "ReadWrite" || f["guest"] != false {
		t.Fatalf("%v", f)
	}
	_, err := s.store.RemoveParticipant(t.Context(), dbtest.Ana, ref("fair", "zoe"))
	s.must(err)
	if f := zoe.next("rights"); f["access"] != "Read" || f["guest"] != true {
		t.Fatalf("%v", f)
	}
	s.say("on")
	maya.next("message.sent")
	if _, err := s.store.DeleteConversation(t.Context(), dbtest.Ana, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	if f := maya.next("conversation.deleted"); f["conversation"] != "fair" {
		t.Fatalf("%v", f)
	}
	if len(maya.all("cut")) != 0 {
		t.Fatal("told twice")
	}
}

// deactivate takes the app's first key out of use.
func (s *server) deactivate() {
	s.t.Helper()
	keys, err := s.store.Keys(s.t.Context(), "shop")
	s.must(err)
	_, _, err = s.store.CreateKey(s.t.Context(), chat.CommandLine, "shop", "Other", "sk_test_abcdefghij0123456789")
	s.must(err)
	_, err = s.store.DeactivateKey(s.t.Context(), chat.CommandLine, "shop", keys[0].ID)
	s.must(err)
}

// Whatever ends a session ends it within a second, says why, and for good.
func TestLosingTheSession(t *testing.T) {
	for name, x := range map[string]struct {
		by     string
		lose   func(*server)
		code   int
		reason string
	}{
		"the key is deactivated":   {"token", (*server).deactivate, 4502, "KEY_DEACTIVATED"},
		"a signature's key is":     {"signature", (*server).deactivate, 4502, "KEY_DEACTIVATED"},
		"signatures are refused":   {"signature", func(s *server) { s.setting(chat.SettingSignatures, "false") }, 4507, "SIGNATURES_NOT_ACCEPTED"},
		"identities are verified":  {"id", func(s *server) { s.setting(chat.SettingIdentity, "true") }, 4503, "IDENTITY_REQUIRED"},
		"the origin is not listed": {"token", func(s *server) { s.setting(chat.SettingAllowedOrigins, "https://other.example") }, 4505, "ORIGIN_NOT_ALLOWED"},
		"the user is banned":       {"token", (*server).ban, 4508, "BANNED"},
		"a claimed user is banned": {"id", (*server).ban, 4508, "BANNED"},
		"a signed user is banned":  {"signature", (*server).ban, 4508, "BANNED"},
		"the app is deleted":       {"token", func(s *server) { s.must(s.store.DeleteApp(t.Context(), chat.CommandLine, "shop")) }, 4506, "APP_NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.setting(chat.SettingSignatures, "true")
			h := map[string]hello{"token": {token: s.token("maya")}, "signature": {user: "maya", signature: signature("maya")}, "id": {user: "maya"}}[x.by]
			b, _ := s.come(h)
			b.ok("conversation.open", `{"conversation":"fair"}`)
			x.lose(s)
			start := time.Now()
			end := b.ended()
			if end.code != x.code || !strings.Contains(end.reason, x.reason) {
				t.Fatalf("%+v", end)
			}
			if took := time.Since(start); took > soon {
				t.Fatalf("took %s", took)
			}
			if again, welcome := s.come(h); welcome.at("error", "code") == nil || again == nil {
				t.Fatalf("came again: %v", welcome)
			}
		})
	}
	t.Run("those who have what it takes stay", func(t *testing.T) {
		s := newServer(t)
		s.setting(chat.SettingSignatures, "true")
		maya := s.enter("maya")
		signed, _ := s.come(hello{user: "maya", signature: signature("maya")})
		renewed, welcome := s.come(hello{user: "maya", signature: signature("maya")})
		if welcome.at("connect", "data", "userId") != "maya" || welcome.at("connect", "data", "expiresAt") != nil {
			t.Fatalf("%v", welcome)
		}
		renewed.ok("session.token", fmt.Sprintf(`{"token":%q}`, s.token("maya")))
		s.setting(chat.SettingIdentity, "true")
		s.setting(chat.SettingAllowedOrigins, "https://other.example\n"+page)
		for _, b := range []*browser{maya, signed, renewed} {
			b.ok("conversation.open", `{"conversation":"fair"}`)
		}
		s.setting(chat.SettingSignatures, "false")
		signed.ended()
		s.say("on")
		maya.next("message.sent")
		renewed.next("message.sent") // a token has taken the signature's place
	})
}

// A session ends with its token, unless a newer one came in time.
func TestTokensExpire(t *testing.T) {
	clock := dbtest.NewClock()
	s := newServerAt(t, clock.Now)
	exp := clock.Now().Add(time.Minute)
	ends, welcome := s.come(hello{token: s.tokenUntil("maya", exp)})
	if welcome.at("connect", "data", "expiresAt") != float64(exp.UnixMilli()) {
		t.Fatalf("%v", welcome)
	}
	renews, _ := s.come(hello{token: s.tokenUntil("bob", exp)})
	if r := renews.call("session.token", fmt.Sprintf(`{"token":%q}`, s.tokenUntil("maya", exp.Add(time.Hour)))); r["errorCode"] != "BAD_CREDENTIAL" {
		t.Fatalf("another user's token: %v", r)
	}
	if r := renews.ok("session.token", fmt.Sprintf(`{"token":%q}`, s.tokenUntil("bob", exp.Add(time.Hour)))); r.at("result", "expiresAt") != float64(exp.Add(time.Hour).UnixMilli()) {
		t.Fatalf("%v", r)
	}
	clock.Add(time.Minute - time.Millisecond)
	ends.ok("user.get", `{"user":"bob"}`)
	clock.Add(time.Millisecond)
	if !ends.until(soon, func() bool { return ends.end != nil }) {
		t.Fatal("a session outlived its token")
	}
	if ends.end.code != 4501 || !strings.Contains(ends.end.reason, "TOKEN_EXPIRED") {
		t.Fatalf("%+v", ends.end)
	}
	renews.ok("user.get", `{"user":"maya"}`)
}

// One user has at most 20 sockets; the oldest makes room, one that proved nothing first.
func TestTooManySockets(t *testing.T) {
	s := newServer(t)
	proven := s.enter("maya")
	claimed, _ := s.come(hello{user: "maya"})
	for range 19 {
		s.enter("maya")
	}
	if end := claimed.ended(); end.code != 4504 || !strings.Contains(end.reason, "SIGNED_IN_ELSEWHERE") {
		t.Fatalf("%+v", end)
	}
	s.enter("maya")
	if end := proven.ended(); end.code != 4504 {
		t.Fatalf("%+v", end)
	}
}
