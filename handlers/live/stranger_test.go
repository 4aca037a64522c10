package live_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// slowRights is a clock that can stop the store just before it judges rights.
type slowRights struct {
	*dbtest.Clock
	armed atomic.Bool
	asked chan struct{}
	goOn  chan struct{}
}

func newSlowRights() *slowRights {
	return &slowRights{Clock: dbtest.NewClock(), asked: make(chan struct{}), goOn: make(chan struct{})}
}

func (s *slowRights) Now() time.Time {
	if s.armed.Load() && judging() && s.armed.CompareAndSwap(true, false) {
		close(s.asked)
		<-s.goOn
	}
	return s.Clock.Now()
}

func judging() bool {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "(*Store).Rights") {
			return true
		}
		if !more {
			return false
		}
	}
}

// What happens in a conversation while somebody who may not see it tries to open it is not theirs to know, and neither
// is that it exists.
func TestARefusedOpeningTellsNothing(t *testing.T) {
	for name, happens := range map[string]func(*server){
		"something is said": func(s *server) { s.say("secret") },
		"its rights change": func(s *server) { s.guests(chat.GuestsForbidden) },
		"a user in it changes": func(s *server) {
			_, err := s.store.PutUser(t.Context(), dbtest.Backend("shop"), "shop", "bob", chat.UserChange{Name: chat.Some("Robert")}, chat.UserChange{})
			s.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newSlowRights()
			s := newServerAt(t, clock.Now)
			bob, zoe := s.enter("bob"), s.enter("zoe")
			bob.ok("conversation.open", `{"conversation":"fair"}`)
			unknown := zoe.call("conversation.open", `{"conversation":"nowhere"}`)
			clock.armed.Store(true)
			id := zoe.send(rpc("conversation.open", `{"conversation":"fair"}`, false))
			select {
			case <-clock.asked:
			case <-time.After(late):
				t.Fatal("the store was not asked for rights")
			}
			happens(s)
			s.say("secret, too")
			for bob.next("message.sent").at("message", "text") != "secret, too" {
			}
			close(clock.goOn)
			refused := zoe.reply(id)
			if refused.at("rpc", "data", "errorCode") != unknown["errorCode"] || refused.at("rpc", "data", "message") != unknown["message"] {
				t.Errorf("%v; a conversation that isn't there: %v", refused, unknown)
			}
			zoe.ok("user.get", `{"user":"bob"}`)
			if len(zoe.frames) > 0 {
				t.Errorf("a stranger was told %v", zoe.frames)
			}
		})
	}
}

// A list of conversations is told of those that are gone by whom they were in, and of no others.
func TestADeletedConversationLeavesTheListsItWasIn(t *testing.T) {
	s := newServer(t)
	maya, zoe := s.enter("maya"), s.enter("zoe")
	maya.ok("feed.open", `{}`)
	zoe.ok("feed.open", `{}`)
	_, err := s.store.DeleteConversation(t.Context(), dbtest.Ana, "shop", "fair")
	s.must(err)
	if gone := maya.next("feed.removed"); gone["conversation"] != "fair" {
		t.Errorf("%v", gone)
	}
	dbtest.Conversation(t, s.store, "shop", "hers", "zoe")
	zoe.next("feed.updated")
	if got := zoe.all("feed.removed"); len(got) > 0 {
		t.Errorf("somebody who was never in it was told %v", got)
	}
}
