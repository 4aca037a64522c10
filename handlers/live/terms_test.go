package live_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func (s *server) terms(user chat.UserID, c chat.ParticipantChange) {
	s.t.Helper()
	_, err := s.store.ChangeParticipant(s.t.Context(), dbtest.Ana, ref("fair", user), c, chat.ParticipantChange{})
	s.must(err)
}

// An open conversation is lost when its end comes, without anything else happening, and says why; an end that was moved
// meanwhile counts.
func TestAnOpenConversationEnds(t *testing.T) {
	for name, as := range map[string]string{"participant": "maya", "guest": "zoe"} {
		t.Run(name, func(t *testing.T) {
			s := newServerAt(t, time.Now)
			end := time.Now().Add(1500 * time.Millisecond)
			if as == "maya" {
				s.terms("maya", chat.ParticipantChange{Until: chat.Some(chat.MomentOf(end))})
			} else {
				_, err := s.store.EditConversation(t.Context(), dbtest.Ana, "shop", "fair", chat.ConversationChange{GuestsUntil: chat.Some(chat.MomentOf(end))}, chat.ConversationChange{})
				s.must(err)
			}
			gone, stays := s.enter(as), s.enter("bob")
			if as == "zoe" {
				gone.guest("conversation.open", `{"conversation":"fair"}`)
			} else {
				gone.ok("conversation.open", `{"conversation":"fair"}`)
			}
			stays.ok("conversation.open", `{"conversation":"fair"}`)
			cut := gone.nextWithin(time.Until(end)+3*time.Second, "cut")
			took := time.Since(end)
			want := "ACCESS_ENDED"
			if as == "zoe" {
				want = "GUESTS_NOT_ALLOWED"
			}
			if got := cut.at("error", "errorCode"); got != want || took < 0 {
				t.Errorf("%v, %s after the end: %v", got, took, cut)
			}
			t.Logf("lost %s after the end", took.Round(time.Millisecond))
			s.say("afterwards")
			stays.next("message.sent")
			if all := gone.all("message.sent"); len(all) > 0 {
				t.Errorf("hears what was said afterwards: %v", all)
			}
			if r := gone.call("conversation.open", `{"conversation":"fair"}`); as == "maya" && r["errorCode"] != "ACCESS_ENDED" || r["errorCode"] == nil {
				t.Errorf("opens it again: %v", r)
			}
		})
	}
}

// Nothing before a cut comes over an open socket: no edit, no deletion, nor who has read it.
func TestACutOnOpenSockets(t *testing.T) {
	s := newServerAt(t, time.Now)
	s.say("old")
	old, err := s.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: "old too"})
	s.must(err)
	s.terms("maya", chat.ParticipantChange{HistoryFrom: chat.Some(chat.MomentOf(time.Now()))})
	maya, bob := s.enter("maya"), s.enter("bob")
	for _, b := range []*browser{maya, bob} {
		b.ok("conversation.open", `{"conversation":"fair"}`)
	}
	maya.ok("feed.open", `{}`)
	_, err = s.store.EditMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", old.ID, chat.MessageChange{Text: chat.Some("edited")})
	s.must(err)
	bob.next("message.edited")
	_, err = s.store.DeleteMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", old.ID)
	s.must(err)
	bob.next("message.deleted")
	s.say("new")
	bob.next("message.sent")
	if m := maya.next("message.sent"); m.at("message", "text") != "new" {
		t.Errorf("%v", m)
	}
	for _, kind := range []string{"message.edited", "message.deleted"} {
		if all := maya.all(kind); len(all) > 0 {
			t.Errorf("%s of what is hidden: %v", kind, all)
		}
	}
	for _, f := range maya.all("feed.updated") {
		if text := f.at("conversation", "lastMessage", "text"); text != nil && text != "new" {
			t.Errorf("the list tells of %v", text)
		}
	}
}

// Over both doors, every command about a conversation whose access is over is refused, as a participant and as a guest.
func TestWhoseAccessIsOverIsRefusedAtBothDoors(t *testing.T) {
	clock := dbtest.NewClock()
	s := newServerAt(t, clock.Now)
	s.terms("maya", chat.ParticipantChange{Until: chat.Some(chat.MomentOf(clock.Now().Add(time.Minute)))})
	clock.Add(2 * time.Minute)
	fill := strings.NewReplacer("CONV", "fair", "ME", "maya", "MESSAGE", "none")
	asked := 0
	for _, guest := range []bool{false, true} {
		maya := s.enter("maya") // each with its own limit on calls
		for _, r := range append(slices.Clone(matrix), onSocket...) {
			args := fill.Replace(r.args)
			if !strings.Contains(args, `"conversation":"fair"`) || r.command == "conversation.close" {
				continue
			}
			if r.command == "participant.delete" && strings.Contains(args, `"user":"maya"`) {
				continue // who is on no list has nothing to leave, and changes nothing
			}
			asked++
			answer := maya.call(r.command, args)
			if guest {
				answer = maya.guest(r.command, args)
			}
			if answer["errorCode"] != "ACCESS_ENDED" {
				t.Errorf("socket, guest %t, %s %s: %v", guest, r.command, args, answer)
			}
			if slices.ContainsFunc(onSocket, func(o row) bool { return o.command == r.command }) {
				continue
			}
			if answer := s.post("shop", "maya", r.command, args, guest); answer["status"] != 403.0 || answer["errorCode"] != "ACCESS_ENDED" {
				t.Errorf("post, guest %t, %s %s: %v", guest, r.command, args, answer)
			}
		}
	}
	if asked < 30 {
		t.Errorf("only %d commands were asked", asked)
	}
	events, err := s.store.Events(t.Context(), db.EventQuery{App: "shop", User: "maya", Window: db.Window{Limit: 50}})
	s.must(err)
	for _, e := range events.Items {
		if e.Kind == chat.UserActor {
			t.Errorf("a refused call left %+v", e)
		}
	}
}
