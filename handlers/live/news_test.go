package live_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Everybody who has a conversation open is told everything that changes in it, in the order of the events, each once.
func TestFramesFollowTheEvents(t *testing.T) {
	s := newServer(t)
	bob, maya := s.enter("bob"), s.enter("maya")
	bob.ok("conversation.open", `{"conversation":"fair"}`)
	maya.ok("conversation.open", `{"conversation":"fair"}`)
	id := maya.ok("conversation.send", `{"conversation":"fair","text":"one"}`).at("result", "id").(string)
	maya.ok("message.edit", fmt.Sprintf(`{"conversation":"fair","message":%q,"set":{"text":"two"}}`, id))
	bob.ok("conversation.markAsRead", `{"conversation":"fair","seq":1}`)
	maya.ok("message.delete", fmt.Sprintf(`{"conversation":"fair","message":%q}`, id))
	maya.ok("conversation.set", `{"conversation":"fair","set":{"subject":"Fair trade"}}`)
	maya.ok("participant.set", `{"conversation":"fair","user":"zoe","set":{}}`)
	maya.ok("participant.set", `{"conversation":"fair","user":"zoe","set":{"access":"Read"}}`)
	maya.ok("user.set", `{"user":"zoe","set":{"name":"Zoë"}}`)
	maya.ok("participant.delete", `{"conversation":"fair","user":"zoe"}`)
	for _, want := range []struct {
		typ  string
		path []string
		is   any
	}{
		{"message.sent", []string{"message", "id"}, id},
		{"message.edited", []string{"message", "id"}, id},
		{"message.read", []string{"user"}, "bob"},
		{"message.deleted", []string{"message", "text"}, ""},
		{"conversation.updated", []string{"subject"}, "Fair trade"},
		{"participant.joined", []string{"participant", "user", "id"}, "zoe"},
		{"participant.updated", []string{"participant", "access"}, "Read"},
		{"user.updated", []string{"user", "name"}, "Zoë"},
		{"participant.left", []string{"user"}, "zoe"},
	} {
		if f := bob.next(want.typ); f.at(want.path...) != want.is || f["e"] == nil {
			t.Fatalf("%v, want %v", f, want)
		}
	}
	bob.mu.Lock()
	defer bob.mu.Unlock()
	last := 0.0
	for _, f := range bob.frames {
		if e := f["e"].(float64); e <= last {
			t.Fatalf("%v came after %v", f, last)
		} else {
			last = e
		}
	}
}

// Messages of several senders come to all in one order, none twice and none missing, though conversations are opened
// while they are sent.
func TestNothingIsMissedWhileOpening(t *testing.T) {
	s := newServer(t)
	const n = 200
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			if _, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: fmt.Sprint(i)}); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for range 15 {
		b := s.enter("maya")
		open := b.ok("conversation.open", `{"conversation":"fair"}`)
		var seen []float64
		for _, m := range open.at("result", "messages", "data").([]any) {
			seen = append(seen, m.(map[string]any)["seq"].(float64))
		}
		slices.Reverse(seen)
		if !b.until(late, func() bool {
			for _, f := range b.frames[b.read:] {
				if b.read++; f.typ() == "message.sent" {
					if seq := f.at("message", "seq").(float64); len(seen) == 0 || seq > seen[len(seen)-1] {
						seen = append(seen, seq)
					}
				}
			}
			return len(seen) > 0 && seen[len(seen)-1] >= min(n, seen[0]+60)
		}) {
			t.Fatalf("stuck: %v", seen)
		}
		for i := range seen {
			if seen[i] != seen[0]+float64(i) {
				t.Fatalf("a gap in %v", seen)
			}
		}
		b.hush()
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
}

// Who writes and who is there is told to those it concerns, and kept nowhere.
func TestTypingAndOnline(t *testing.T) {
	s := newServer(t)
	bob, zoe := s.enter("bob"), s.enter("zoe")
	bob.ok("conversation.open", `{"conversation":"fair"}`)
	if r := bob.ok("user.watch", `{"user":"maya"}`); r.at("result", "online") != false || r.at("result", "user", "name") != "Maya" {
		t.Fatalf("%v", r)
	}
	maya := s.enter("maya")
	if f := bob.next("online"); f["user"] != "maya" || f["online"] != true {
		t.Fatalf("%v", f)
	}
	maya.ok("conversation.open", `{"conversation":"fair"}`)
	before := dbtest.Dump(t, s.store)
	maya.ok("conversation.typing", `{"conversation":"fair"}`)
	if f := bob.next("typing"); f["user"] != "maya" || f["name"] != "Maya" || f["e"] != nil {
		t.Fatalf("%v", f)
	}
	if r := zoe.call("conversation.typing", `{"conversation":"fair"}`); r["errorCode"] != "CONVERSATION_NOT_FOUND" {
		t.Fatalf("%v", r)
	}
	zoe.guest("conversation.open", `{"conversation":"fair"}`)
	zoe.guest("conversation.typing", `{"conversation":"fair"}`)
	if dbtest.Dump(t, s.store) != before {
		t.Fatal("something was stored")
	}
	other := s.enter("maya")
	other.ok("user.get", `{"user":"bob"}`) // it is in by now
	maya.hush()
	maya.conn.CloseNow()
	time.Sleep(100 * time.Millisecond)
	if !bobOnline(bob) {
		t.Fatal("offline though another socket is there")
	}
	other.conn.CloseNow()
	if f := bob.next("online"); f["online"] != false {
		t.Fatalf("%v", f)
	}
	bob.ok("user.unwatch", `{"user":"maya"}`)
	s.enter("maya")
	bob.ok("user.get", `{"user":"maya"}`)
	if n := len(bob.all("online")); n != 2 {
		t.Fatalf("told %d times", n)
	}
	if len(maya.all("typing")) != 0 || len(bob.all("typing")) != 1 {
		t.Fatal("typing went to the one who types, or told of a guest")
	}
}

func bobOnline(b *browser) bool {
	return b.ok("user.watch", `{"user":"maya"}`).at("result", "online") == true
}

// The list of conversations that is open is told what changes in any of them, of its own user alone.
func TestFeed(t *testing.T) {
	s := newServer(t)
	dbtest.Conversation(t, s.store, "shop", "secret", "bob")
	maya := s.enter("maya")
	list := maya.ok("feed.open", `{}`).at("result", "data").([]any)
	if len(list) != 1 || list[0].(map[string]any)["id"] != "fair" {
		t.Fatalf("%v", list)
	}
	s.say("hello")
	if f := maya.next("feed.updated"); f.at("conversation", "id") != "fair" || f.at("conversation", "unread") != 1.0 || f.at("conversation", "lastMessage", "text") != "hello" || f["e"] != nil {
		t.Fatalf("%v", f)
	}
	maya.ok("conversation.markAsRead", `{"conversation":"fair"}`)
	if f := maya.next("feed.updated"); f.at("conversation", "unread") != 0.0 {
		t.Fatalf("%v", f)
	}
	maya.ok("conversation.markAsUnread", `{"conversation":"fair"}`)
	if f := maya.next("feed.updated"); f.at("conversation", "unread") != 1.0 {
		t.Fatalf("%v", f)
	}
	_, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "secret", chat.NewMessage{Sender: "bob", Text: "x"})
	s.must(err)
	_, err = s.store.RemoveParticipant(t.Context(), dbtest.Ana, ref("fair", "maya"))
	s.must(err)
	if f := maya.next("feed.removed"); f["conversation"] != "fair" {
		t.Fatalf("%v", f)
	}
	s.say("not for maya")
	_, err = s.store.PutParticipant(t.Context(), dbtest.Ana, ref("secret", "maya"), chat.ParticipantChange{})
	s.must(err)
	if f := maya.next("feed.updated"); f.at("conversation", "id") != "secret" {
		t.Fatalf("%v", f)
	}
	maya.ok("feed.close", `{}`)
	s.must(err)
	for _, f := range maya.all("feed.updated") {
		if strings.Contains(fmt.Sprint(f), "not for maya") {
			t.Fatalf("%v", f)
		}
	}
}

// The dashboard sees guests come, speak and go, and hears of every event.
func TestGuestsAreSeen(t *testing.T) {
	s := newServer(t)
	node := s.served.Live()
	heard, stop := node.Watch("shop")
	defer stop()
	hear := func(typ chat.EventType) chat.News {
		t.Helper()
		for deadline := time.After(late); ; {
			select {
			case n := <-heard:
				if n.Type == typ {
					return n
				}
			case <-deadline:
				t.Fatalf("no news of %s", typ)
			}
		}
	}
	zoe, twice := s.enter("zoe"), s.enter("zoe")
	zoe.guest("conversation.open", `{"conversation":"fair"}`)
	if n := hear("guests"); n.Conversation != "fair" || n.User != "zoe" {
		t.Fatalf("%+v", n)
	}
	twice.guest("conversation.open", `{"conversation":"fair"}`)
	hear("guests")
	zoe.guest("conversation.send", `{"conversation":"fair","text":"hi"}`)
	if n := hear(chat.MessageSent); n.Seq == 0 || n.ActorID != "zoe" {
		t.Fatalf("%+v", n)
	}
	guests := node.Guests("shop", "fair")
	if len(guests) != 1 || guests[0].User != "zoe" || guests[0].Name != "Zoe" || guests[0].Messages != 1 || guests[0].Origin != page || guests[0].IP != "127.0.0.0/24" || guests[0].Access != chat.ReadWrite {
		t.Fatalf("%+v", guests)
	}
	if counts := node.GuestCounts("shop"); len(counts) != 1 || counts["fair"] != 1 {
		t.Fatalf("%v", counts)
	}
	if !node.Online("shop", "zoe") || node.Online("shop", "bob") || node.Online("other", "zoe") {
		t.Fatal("online is wrong")
	}
	zoe.ok("conversation.close", `{"conversation":"fair"}`)
	hear("guests")
	twice.conn.CloseNow()
	hear("guests")
	if len(node.Guests("shop", "fair")) != 0 || len(node.GuestCounts("shop")) != 0 {
		t.Fatal("guests are still in")
	}
	s.access("zoe", chat.ReadWrite)
	zoe.guest("conversation.open", `{"conversation":"fair"}`)
	if len(node.Guests("shop", "fair")) != 0 {
		t.Fatal("a participant is a guest")
	}
}

// A watcher that reads slowly loses detail, and nothing else.
func TestSlowWatchers(t *testing.T) {
	s := newServer(t)
	heard, stop := s.served.Live().Watch("shop")
	defer stop()
	bob := s.enter("bob")
	bob.ok("conversation.open", `{"conversation":"fair"}`)
	const n = 1000
	go func() {
		for i := range n {
			_, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
			}
		}
		s.access("zoe", chat.Read)
	}()
	if !bob.until(3*late, func() bool { return len(bob.frames) == n+1 }) { // watchers are told of each event first
		t.Fatalf("%d of %d events were told", len(bob.frames), n+1)
	}
	types, got, last := map[chat.EventType]bool{}, 0, int64(0)
	for !types[chat.ParticipantJoined] {
		select {
		case n := <-heard:
			types[n.Type], last = true, max(last, n.Seq)
			got++
		case <-time.After(late):
			t.Fatalf("heard only %v", types)
		}
	}
	newest, err := s.store.LastSeq(t.Context())
	s.must(err)
	if !types[chat.MessageSent] || got > n/2 || last != newest {
		t.Fatalf("%v, %d of them, up to %d of %d", types, got, last, newest)
	}
}
