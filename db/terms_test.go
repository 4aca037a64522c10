package db_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// bob is a browser of shop's user bob.
var bob = chat.Actor{Kind: chat.UserActor, ID: "bob", Name: "Bob", Source: chat.Browser, App: "shop"}

func until(at time.Time) chat.ParticipantChange {
	return chat.ParticipantChange{Until: chat.Some(chat.MomentOf(at))}
}

func from(at time.Time) chat.ParticipantChange {
	return chat.ParticipantChange{HistoryFrom: chat.Some(chat.MomentOf(at))}
}

// asks is everything that bob's browser can do to see, say or come in, as a list of refusals; nil for what worked.
func asks(s *db.Store, as chat.Actor) map[string]error {
	id := chat.ConversationID("fair")
	return map[string]error{
		"read":   second(s.Messages(ctx, as, db.MessageQuery{App: "shop", Conversation: id})),
		"get":    second(s.ConversationOf(ctx, as, id)),
		"list":   second(s.ParticipantsOf(ctx, as, id, db.Window{})),
		"send":   second(s.SendMessage(ctx, as, "shop", id, chat.NewMessage{Text: "hello"})),
		"mark":   s.SetRead(ctx, as, id, 0),
		"join":   one(s.SetParticipant(ctx, as, place(chat.UserID(as.ID)), chat.ParticipantChange{})),
		"create": second(s.CreateConversationIfMissing(ctx, as, id, chat.ConversationChange{}, chat.Opt[chat.Notify]{})),
		"set":    second(s.SetConversation(ctx, as, id, chat.ConversationChange{Subject: chat.Some("x")}, chat.Opt[chat.Notify]{})),
		"notify": one(s.EditParticipant(ctx, as, place(chat.UserID(as.ID)), chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)})),
		"add":    one(s.SetParticipant(ctx, as, place("zoe"), chat.ParticipantChange{})),
	}
}

// Whose access is over has no standing from that moment on, whatever the loop does; then the row goes by itself, as the
// clock's own change, and taking that back is an extension.
func TestAccessEnds(t *testing.T) {
	s, clock := guestStore(t)
	end := clock.Now().Add(time.Hour)
	if _, err := s.ChangeParticipant(ctx, dbtest.Tom, place("bob"), until(end), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	ended := func(when string) {
		t.Helper()
		for _, asGuest := range []bool{false, true} {
			as := bob
			as.AsGuest = asGuest
			before := dbtest.Dump(t, s)
			for name, err := range asks(s, as) {
				if chat.ReasonOf(err) != chat.AccessEnded {
					t.Errorf("%s, as guest %t, %s: %v", when, asGuest, name, err)
				}
			}
			if dbtest.Dump(t, s) != before {
				t.Errorf("%s: something was changed", when)
			}
		}
		if p, err := s.UserConversations(ctx, "bob", db.ConversationQuery{App: "shop"}); err != nil || len(p.Items) != 0 {
			t.Errorf("%s, conversations: %+v %v", when, p, err)
		}
		if m, err := s.MembershipsIn(ctx, "shop", "fair", []chat.UserID{"bob"}); err != nil || len(m) != 0 {
			t.Errorf("%s, told of it: %+v %v", when, m, err)
		}
		if err := one(s.SetParticipant(ctx, maya(chat.Security{}), place("bob"), accessOf(chat.ReadWrite))); chat.ReasonOf(err) != chat.AccessCeiling {
			t.Errorf("%s, brought back by another browser: %v", when, err)
		}
		_, err := s.SendMessage(ctx, dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Text: "x", Sender: "bob"})
		if chat.ReasonOf(err) != chat.BadArgument {
			t.Errorf("%s, sent for them: %v", when, err)
		}
	}
	clock.Add(time.Hour - time.Millisecond)
	if more, err := s.EndAccess(ctx); more || err != nil {
		t.Fatal(more, err)
	}
	for name, err := range asks(s, bob) {
		if err != nil {
			t.Errorf("before the end, %s: %v", name, err)
		}
	}
	clock.Add(time.Millisecond)
	ended("the loop is late")
	if _, err := s.EndAccess(ctx); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", User: "bob", Window: db.Window{Limit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	left := events.Items[0]
	if left.Type != chat.ParticipantLeft || left.Kind != chat.SystemActor || left.Source != chat.System || string(left.After) != `{"reason":"ended"}` {
		t.Errorf("%+v", left)
	}
	ended("the row is gone")
	before := dbtest.Dump(t, s)
	if _, err := s.EndAccess(ctx); err != nil || dbtest.Dump(t, s) != before {
		t.Errorf("ending again: %v", err)
	}
	clock.Add(48 * time.Hour)
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", left.Seq); err != nil {
		t.Fatal(err)
	}
	p, err := s.Participant(ctx, place("bob"))
	if err != nil || !p.Until.Equal(clock.Now().Add(chat.Extension)) {
		t.Errorf("%+v %v", p, err)
	}
	if err := second(s.ConversationOf(ctx, bob, "fair")); err != nil {
		t.Error(err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// An end stays when they go: leaving and coming back, be it after the removal by an admin, is no way around it. Who is
// added anew by a server or an admin has what that says.
func TestAnEndCantBeLeftBehind(t *testing.T) {
	s, clock := guestStore(t)
	end := clock.Now().Add(time.Hour)
	if _, err := s.ChangeParticipant(ctx, dbtest.Backend("shop"), place("bob"), until(end), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	more := chat.ParticipantChange{Until: chat.Null[chat.Moment](), HistoryFrom: chat.Null[chat.Moment]()}
	for name, go_ := range map[string]func() error{
		"leaving":     func() error { return one(s.DeleteParticipant(ctx, bob, place("bob"))) },
		"removed":     func() error { return one(s.RemoveParticipant(ctx, dbtest.Tom, place("bob"))) },
		"by another":  func() error { return one(s.DeleteParticipant(ctx, maya(chat.Security{}), place("bob"))) },
		"in place":    func() error { return one(s.SetParticipant(ctx, bob, place("bob"), more)) },
		"for another": func() error { return one(s.SetParticipant(ctx, maya(chat.Security{}), place("bob"), more)) },
	} {
		if err := go_(); err != nil {
			t.Fatal(name, err)
		}
		if err := one(s.SetParticipant(ctx, bob, place("bob"), more)); err != nil {
			t.Fatal(name, err)
		}
		if p, err := s.Participant(ctx, place("bob")); err != nil || !p.Until.Equal(end) {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
	if p, err := s.Endings(ctx, db.EndingQuery{App: "shop"}); err != nil || len(p.Items) != 1 {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.PutParticipant(ctx, dbtest.Backend("shop"), place("bob"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Participant(ctx, place("bob")); err != nil || !p.Until.IsZero() {
		t.Errorf("overwritten: %+v %v", p, err)
	}
	for name, err := range map[string]error{
		"a past end":  one(s.ChangeParticipant(ctx, dbtest.Tom, place("bob"), until(clock.Now()), chat.ParticipantChange{})),
		"at adding":   one(s.PutParticipant(ctx, dbtest.Tom, place("zoe"), until(clock.Now().Add(-time.Hour)))),
		"by a viewer": one(s.ChangeParticipant(ctx, dbtest.Vic, place("bob"), until(end), chat.ParticipantChange{})),
	} {
		if e := chat.AsError(err); e == nil {
			t.Errorf("%s is allowed", name)
		}
	}
}

// says are the texts that a browser sees, newest first, over pages of two.
func says(t *testing.T, s *db.Store, as chat.Actor) (all []string) {
	t.Helper()
	for w := (db.Window{Limit: 2}); ; {
		p, err := s.Messages(ctx, as, db.MessageQuery{App: "shop", Conversation: "fair", Deleted: true, Window: w})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Items {
			all = append(all, m.Text)
		}
		if w.After = p.Next; w.After == "" {
			return all
		}
	}
}

// Nothing before a cut is seen: not in lists, by id, in unread counts, in the last message, by marking, by who has read
// what, nor by going and coming back.
func TestAHistoryCut(t *testing.T) {
	s, clock := guestStore(t)
	var ids []string
	say := func(who chat.Actor, text string) {
		t.Helper()
		clock.Add(time.Minute)
		m, err := s.SendMessage(ctx, who, "shop", "fair", chat.NewMessage{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	for i := range 5 {
		say(maya(chat.Security{}), fmt.Sprint("old ", i))
	}
	say(bob, "old, bob’s own")
	if _, err := s.RemoveParticipant(ctx, dbtest.Tom, place("bob")); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Minute)
	add := from(clock.Now().Add(time.Hour)) // a server whose clock is fast
	if _, err := s.PutParticipant(ctx, dbtest.Backend("shop"), place("bob"), add); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Participant(ctx, place("bob")); err != nil || !p.HistoryFrom.Equal(clock.Now()) {
		t.Errorf("%+v %v", p, err)
	}
	nothing := func(when string) {
		t.Helper()
		if got := says(t, s, bob); len(got) != 0 {
			t.Errorf("%s: sees %q", when, got)
		}
		for _, id := range ids[:6] {
			if err := second(s.Message(ctx, bob, "shop", "fair", id)); chat.ReasonOf(err) != chat.MessageNotFound {
				t.Errorf("%s: by id: %v", when, err)
			}
			if err := one(s.EditMessage(ctx, bob, "shop", "fair", id, chat.MessageChange{Text: chat.Some("x")})); chat.ReasonOf(err) != chat.MessageNotFound && chat.ReasonOf(err) != chat.NotYours {
				t.Errorf("%s: edits: %v", when, err)
			}
			if e, err := s.DeleteMessage(ctx, bob, "shop", "fair", id); e.Seq != 0 {
				t.Errorf("%s: deletes: %v %v", when, e, err)
			}
		}
		m, err := s.ConversationOf(ctx, bob, "fair")
		if err != nil || m.Conversation.LastMessage != nil || m.Unread != 0 {
			t.Errorf("%s: %+v %v", when, m, err)
		}
		for _, cursor := range []db.Window{{}, {Limit: 1}} {
			cs, err := s.UserConversations(ctx, "bob", db.ConversationQuery{App: "shop", Window: cursor})
			if err != nil || len(cs.Items) != 1 || cs.Items[0].Conversation.LastMessage != nil || cs.Items[0].Unread != 0 {
				t.Errorf("%s: %+v %v", when, cs, err)
			}
		}
		if in, err := s.MembershipsIn(ctx, "shop", "fair", []chat.UserID{"bob"}); err != nil || in["bob"].Conversation.LastMessage != nil || in["bob"].Unread != 0 {
			t.Errorf("%s: %+v %v", when, in, err)
		}
		if found, err := s.SearchMessages(ctx, bob, db.MessageSearch{App: "shop", Conversation: "fair", Text: "old"}); err == nil && len(found.Items) > 0 {
			t.Errorf("%s: finds %+v", when, found)
		}
		read, err := s.Readers(ctx, bob, "fair")
		if err != nil || slices.ContainsFunc([]chat.UserID{"maya", "bob"}, func(u chat.UserID) bool { return read[u] < 6 }) {
			t.Errorf("%s: readers %v %v", when, read, err)
		}
	}
	nothing("added from now")
	if got := len(says(t, s, maya(chat.Security{}))); got != 6 {
		t.Errorf("maya sees %d", got)
	}
	for _, seq := range []int64{0, 1, 3, 6} {
		if err := errors.Join(s.SetRead(ctx, bob, "fair", seq), s.MarkUnread(ctx, bob, "fair", seq)); err != nil {
			t.Fatal(err)
		}
		nothing(fmt.Sprint("marked at ", seq))
	}
	for name, go_ := range map[string]func() error{
		"left":    func() error { return one(s.DeleteParticipant(ctx, bob, place("bob"))) },
		"removed": func() error { return one(s.RemoveParticipant(ctx, dbtest.Tom, place("bob"))) },
	} {
		if err := go_(); err != nil {
			t.Fatal(err)
		}
		guest := bob
		guest.AsGuest = true
		if got := says(t, s, guest); len(got) != 0 {
			t.Errorf("%s, as a guest: sees %q", name, got)
		}
		if m, err := s.ConversationOf(ctx, guest, "fair"); err != nil || m.Conversation.LastMessage != nil {
			t.Errorf("%s, as a guest: %+v %v", name, m, err)
		}
		if err := one(s.SetParticipant(ctx, bob, place("bob"), chat.ParticipantChange{HistoryFrom: chat.Null[chat.Moment]()})); err != nil {
			t.Fatal(err)
		}
		nothing(name + " and came back")
	}
	say(maya(chat.Security{}), "new")
	if got := strings.Join(says(t, s, bob), ", "); got != "new" {
		t.Errorf("sees %q", got)
	}
	m, err := s.ConversationOf(ctx, bob, "fair")
	if err != nil || m.Conversation.LastMessage == nil || m.Unread != 1 {
		t.Errorf("%+v %v", m, err)
	}
	// N days back, from the start again, and back by undo.
	back, err := s.ChangeParticipant(ctx, dbtest.Tom, place("bob"), from(clock.Now().Add(-4*time.Minute)), chat.ParticipantChange{})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(says(t, s, bob), ", "); got != "new, old, bob’s own, old 4" {
		t.Errorf("four minutes back: %q", got)
	}
	if _, err := s.ChangeParticipant(ctx, dbtest.Tom, place("bob"), chat.ParticipantChange{HistoryFrom: chat.Null[chat.Moment]()}, chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	if got := len(says(t, s, bob)); got != 7 {
		t.Errorf("from the start: %d", got)
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", User: "bob", Window: db.Window{Limit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []int64{events.Items[0].Seq, back.Seq} {
		if _, err := s.Undo(ctx, dbtest.Tom, "shop", seq); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(says(t, s, bob), ", "); got != "new" {
		t.Errorf("undone: sees %q", got)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// Ends are listed, the next first, found by conversation, user and time, and moved together as one change.
func TestEndingsAreListedAndExtended(t *testing.T) {
	s, clock := guestStore(t)
	dbtest.Conversation(t, s, "shop", "second", "bob")
	second := place("bob")
	second.Conversation = "second"
	for i, ref := range []chat.ParticipantRef{place("bob"), place("maya"), second} {
		if _, err := s.ChangeParticipant(ctx, dbtest.Tom, ref, until(clock.Now().Add(time.Duration(i+1)*24*time.Hour)), chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	list := func(eq db.EndingQuery) string {
		t.Helper()
		eq.App = "shop"
		p, err := s.Endings(ctx, eq)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range p.Items {
			all = append(all, string(e.Conversation)+"/"+string(e.User))
		}
		return strings.Join(all, " ")
	}
	for want, eq := range map[string]db.EndingQuery{
		"fair/bob fair/maya second/bob": {}, "fair/bob fair/maya": {Conversation: "fair"}, "fair/bob second/bob": {User: "bob"}, "fair/bob": {Before: clock.Now().Add(25 * time.Hour)},
	} {
		if got := list(eq); got != want {
			t.Errorf("%+v: %q", eq, got)
		}
	}
	first, err := s.Endings(ctx, db.EndingQuery{App: "shop", Window: db.Window{Limit: 2}})
	if err != nil || len(first.Items) != 2 || first.Next == "" {
		t.Fatalf("%+v %v", first, err)
	}
	if got := list(db.EndingQuery{Window: db.Window{Limit: 2, After: first.Next}}); got != "second/bob" {
		t.Errorf("%q", got)
	}
	if got := list(db.EndingQuery{Window: db.Window{Limit: 2, Before: first.Next}}); got != "fair/bob" {
		t.Errorf("%q", got)
	}
	refs := []chat.ParticipantRef{place("bob"), second, place("zoe")}
	before := dbtest.Dump(t, s)
	for name, err := range map[string]error{"nobody": second_(s.ExtendAccess(ctx, dbtest.Tom, "shop", nil, db.NewEnd{None: true})), "a viewer": second_(s.ExtendAccess(ctx, dbtest.Vic, "shop", refs, db.NewEnd{None: true})),
		"a browser": second_(s.ExtendAccess(ctx, bob, "shop", refs, db.NewEnd{None: true})), "the past": second_(s.ExtendAccess(ctx, dbtest.Tom, "shop", refs, db.NewEnd{To: clock.Now()}))} {
		if chat.AsError(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if dbtest.Dump(t, s) != before {
		t.Error("something was changed")
	}
	r, err := s.ExtendAccess(ctx, dbtest.Tom, "shop", refs, db.NewEnd{By: 7 * 24 * time.Hour})
	if err != nil || len(r.Changed) != 2 || len(r.Unchanged) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	if got := list(db.EndingQuery{}); got != "fair/maya fair/bob second/bob" {
		t.Errorf("%q", got)
	}
	if u, err := s.UndoBatch(ctx, dbtest.Tom, "shop", r.Batch); err != nil || u.Undone != 2 {
		t.Errorf("%+v %v", u, err)
	}
	if got := list(db.EndingQuery{}); got != "fair/bob fair/maya second/bob" {
		t.Errorf("undone: %q", got)
	}
	if r, err := s.ExtendAccess(ctx, dbtest.Tom, "shop", refs, db.NewEnd{None: true}); err != nil || len(r.Changed) != 2 || list(db.EndingQuery{}) != "fair/maya" {
		t.Errorf("%+v %v", r, err)
	}
}

func second_[T any](_ T, err error) error { return err }

// Guest access of a conversation is over at its end, by the store's clock.
func TestGuestAccessEnds(t *testing.T) {
	s, clock := guestStore(t)
	end := clock.Now().Add(time.Hour)
	change := chat.ConversationChange{GuestsUntil: chat.Some(chat.MomentOf(end))}
	e, err := s.EditConversation(ctx, dbtest.Tom, "shop", "fair", change, chat.ConversationChange{})
	if err != nil || e.Seq == 0 {
		t.Fatal(err)
	}
	guest := bob
	guest.ID, guest.AsGuest = "gus", true
	read := func() error {
		return second_(s.Messages(ctx, guest, db.MessageQuery{App: "shop", Conversation: "fair"}))
	}
	if err := read(); err != nil {
		t.Error(err)
	}
	clock.Add(time.Hour)
	if err := read(); err == nil {
		t.Error("a guest reads after the end")
	}
	if all, err := s.GuestEndings(ctx, "shop", 10); err != nil || len(all) != 1 || !all[0].GuestsUntil.Equal(end) {
		t.Errorf("%+v %v", all, err)
	}
	if _, err := s.SetConversation(ctx, bob, "fair", chat.ConversationChange{GuestsUntil: chat.Null[chat.Moment]()}, chat.Opt[chat.Notify]{}); err != nil || read() == nil {
		t.Errorf("a browser extends it: %v", err)
	}
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq); err != nil {
		t.Fatal(err)
	}
	if err := read(); err != nil {
		t.Error(err)
	}
}
