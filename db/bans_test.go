package db_test

import (
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// everyCommand is each thing that a browser can ask of the store.
func everyCommand(s *db.Store, me chat.Actor, conv chat.ConversationID) map[string]error {
	ref := chat.ParticipantRef{App: "shop", Conversation: conv, User: chat.UserID(me.ID)}
	zoe := chat.ParticipantRef{App: "shop", Conversation: conv, User: "zoe"}
	name := chat.UserChange{Name: chat.Some("New")}
	all := map[string]error{}
	_, all["set user"] = s.SetUser(ctx, me, chat.UserID(me.ID), name)
	_, all["set another user"] = s.SetUser(ctx, me, "zoe", name)
	_, all["create a user"] = s.CreateUserIfMissing(ctx, me, "fresh", name)
	_, all["set conversation"] = s.SetConversation(ctx, me, conv, chat.ConversationChange{Subject: chat.Some("x")}, chat.Opt[chat.Notify]{})
	_, all["new conversation"] = s.CreateConversationIfMissing(ctx, me, "fresh", chat.ConversationChange{}, chat.Opt[chat.Notify]{})
	_, all["join"] = s.CreateParticipantIfMissing(ctx, me, ref, chat.ParticipantChange{})
	_, all["set participant"] = s.SetParticipant(ctx, me, ref, chat.ParticipantChange{})
	_, all["edit participant"] = s.EditParticipant(ctx, me, ref, chat.ParticipantChange{Notify: chat.Some(chat.NotifyNone)})
	_, all["leave"] = s.DeleteParticipant(ctx, me, ref)
	_, all["remove another"] = s.DeleteParticipant(ctx, me, zoe)
	_, all["add another"] = s.SetParticipant(ctx, me, zoe, chat.ParticipantChange{})
	_, all["conversation"] = s.ConversationOf(ctx, me, conv)
	_, all["participant"] = s.ParticipantOf(ctx, me, ref)
	_, all["participants"] = s.ParticipantsOf(ctx, me, conv, db.Window{})
	_, all["messages"] = s.Messages(ctx, me, db.MessageQuery{App: "shop", Conversation: conv})
	_, all["send"] = s.SendMessage(ctx, me, "shop", conv, chat.NewMessage{Text: "x"})
	_, all["readers"] = s.Readers(ctx, me, conv)
	all["read"] = s.SetRead(ctx, me, conv, 0)
	all["unread"] = s.MarkUnread(ctx, me, conv, 0)
	return all
}

func TestABannedUserComesThroughNoDoor(t *testing.T) {
	s, clock := fair(t)
	before := stored(t, s)
	if _, err := s.BanUser(ctx, dbtest.Vic, "shop", "tom", chat.NewBan{For: chat.BanUntilLifted}); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Errorf("by a viewer: %v", err)
	}
	for _, n := range []chat.NewBan{{}, {For: "year"}, {For: chat.BanDay, Reason: strings.Repeat("x", chat.MaxBanReason+1)}} {
		if _, err := s.BanUser(ctx, dbtest.Tom, "shop", "tom", n); chat.ReasonOf(err) != chat.BadArgument {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if _, err := s.BanUser(ctx, dbtest.Tom, "shop", "nobody", chat.NewBan{For: chat.BanDay}); chat.ReasonOf(err) != chat.UserNotFound {
		t.Error(err)
	}
	if stored(t, s) != before {
		t.Fatal("a refusal changed something")
	}
	e, err := s.BanUser(ctx, dbtest.Tom, "shop", "tom", chat.NewBan{For: chat.BanUntilLifted, Reason: "spam"})
	if err != nil || e.Type != chat.UserBanned {
		t.Fatalf("%+v %v", e, err)
	}
	for name, conv := range map[string]chat.ConversationID{"was in it": "fair", "missing": "nope"} {
		for _, guest := range []bool{false, true} {
			me := browserOf("tom")
			me.AsGuest = guest
			kept := dbtest.Dump(t, s)
			for command, err := range everyCommand(s, me, conv) {
				if x := chat.AsError(err); x == nil || x.Code != chat.Forbidden || x.Reason != chat.Banned {
					t.Errorf("%s, %s, as guest %v: %v", command, name, guest, err)
				}
			}
			if dbtest.Dump(t, s) != kept {
				t.Error("a banned user changed something")
			}
			rights, err := s.Rights(ctx, "shop", conv, []chat.Actor{me})
			if err != nil || rights[0].Read || rights[0].Write || rights[0].Lost.Reason != chat.Banned {
				t.Errorf("%+v %v", rights, err)
			}
		}
	}
	kept := dbtest.Dump(t, s)
	at := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "tom"}
	for name, err := range map[string]error{
		"a server":    failed(s.PutParticipant(ctx, dbtest.Backend("shop"), at, chat.ParticipantChange{})),
		"a list":      failed(s.PutConversation(ctx, dbtest.Backend("shop"), "shop", "fair", chat.ConversationChange{}, chat.ConversationChange{}, "lea", "tom")),
		"an admin":    failed(s.PutParticipant(ctx, dbtest.Ana, at, chat.ParticipantChange{})),
		"many":        failed(s.AddParticipants(ctx, dbtest.Ana, "shop", "fair", []db.NewParticipant{{User: "lea"}, {User: "tom"}}, chat.ParticipantChange{})),
		"many places": failed(s.AddToConversations(ctx, dbtest.Ana, "shop", "tom", []chat.ConversationID{"fair"})),
		"a browser":   failed(s.SetParticipant(ctx, browserOf("maya"), at, chat.ParticipantChange{})),
	} {
		if x := chat.AsError(err); x == nil || x.Reason != chat.UserBannedFromAll {
			t.Errorf("%s brings them back: %v", name, err)
		}
	}
	left, err := s.Events(ctx, db.EventQuery{App: "shop", User: "tom", Types: []chat.EventType{chat.ParticipantLeft}})
	if err != nil || len(left.Items) != 2 {
		t.Fatalf("%+v %v", left, err)
	}
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", left.Items[0].Seq); chat.ReasonOf(err) != chat.CannotUndo || !strings.Contains(err.Error(), "Lift the ban") {
		t.Errorf("undo of one place: %v", err)
	}
	if dbtest.Dump(t, s) != kept {
		t.Error("a refusal changed something")
	}
	if abilities, err := s.WhoCan(ctx, "shop", "fair", "tom"); err != nil || abilities[0].Allowed || !strings.Contains(abilities[0].Why, "banned from all") {
		t.Errorf("%+v %v", abilities, err)
	}
	if bans, err := s.Bans(ctx, "shop", db.Window{}); err != nil || len(bans.Items) != 1 || bans.Items[0].Places != 2 || bans.Items[0].Reason != "spam" || bans.Items[0].By != "Tom" {
		t.Errorf("%+v %v", bans, err)
	}
	clock.Add(time.Hour)
	e, err = s.LiftBan(ctx, dbtest.Tom, "shop", "tom", true)
	if err != nil || e.Type != chat.UserUnbanned {
		t.Fatalf("%+v %v", e, err)
	}
	if after := stored(t, s); after != before {
		t.Errorf("lifting brought back\n%s\nof\n%s", after, before)
	}
	if e, err := s.LiftBan(ctx, dbtest.Tom, "shop", "tom", true); err != nil || e.Seq != 0 {
		t.Errorf("lifted twice: %+v %v", e, err)
	}
}

func failed[T any](_ T, err error) error { return err }

func TestBansEndAndAreUndone(t *testing.T) {
	s, clock := fair(t)
	before := stored(t, s)
	ban := func(n chat.NewBan) chat.Event {
		t.Helper()
		e, err := s.BanUser(ctx, dbtest.Tom, "shop", "tom", n)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	stands := func() bool {
		t.Helper()
		_, ok, err := s.Ban(ctx, "shop", "tom")
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	// An end binds to the millisecond, whenever the loop comes; then the places come back if that was asked for.
	ban(chat.NewBan{For: chat.BanDay, PutBack: true})
	clock.Add(24*time.Hour - time.Millisecond)
	if tidy(t, s); !stands() {
		t.Error("it ended too early")
	}
	clock.Add(time.Millisecond)
	if stands() {
		t.Error("it stands beyond its end")
	}
	if _, err := s.SendMessage(ctx, browserOf("tom"), "shop", "fair", chat.NewMessage{Text: "x"}); chat.ReasonOf(err) == chat.Banned {
		t.Error("its end waits for the loop")
	}
	tidy(t, s)
	if after := stored(t, s); after != before {
		t.Errorf("its end brought back\n%s\nof\n%s", after, before)
	}
	// An undo lifts it with all places, and the undo of that bans again.
	e := ban(chat.NewBan{For: chat.BanUntilLifted, Reason: "spam"})
	lifted, err := s.Undo(ctx, dbtest.Ana, "shop", e.Seq)
	if err != nil || lifted.Undoes != e.Seq || stored(t, s) != before {
		t.Errorf("%+v %v", lifted, err)
	}
	again, err := s.Undo(ctx, dbtest.Ana, "shop", lifted.Seq)
	if err != nil || !stands() {
		t.Errorf("%+v %v", again, err)
	}
	// Without the places they stay off the lists, and what was left to them stays.
	if _, err := s.LiftBan(ctx, dbtest.Tom, "shop", "tom", false); err != nil {
		t.Fatal(err)
	}
	tidy(t, s)
	if u, err := s.User(ctx, "shop", "tom"); err != nil || u.Conversations != 0 || stands() {
		t.Errorf("%+v %v", u, err)
	}
	if e, err := s.SetParticipant(ctx, browserOf("tom"), chat.ParticipantRef{App: "shop", Conversation: "fair", User: "tom"}, chat.ParticipantChange{}); err == nil && !strings.Contains(string(e.After), `"Read"`) {
		t.Errorf("a lifted ban gave more than there was: %s", e.After)
	}
	if strings.Contains(dbtest.Dump(t, s), "FROM set_aside") {
		t.Error("something is left of the ban")
	}
}

// A ban goes into the trash with its user, and comes back with them.
func TestABanSurvivesTheTrash(t *testing.T) {
	s, _ := fair(t)
	before := stored(t, s)
	if _, err := s.BanUser(ctx, dbtest.Tom, "shop", "tom", chat.NewBan{For: chat.BanUntilLifted}); err != nil {
		t.Fatal(err)
	}
	banned := stored(t, s)
	if _, err := s.DeleteUser(ctx, dbtest.Tom, "shop", "tom"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteConversation(ctx, dbtest.Tom, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	p, err := s.Trash(ctx, db.TrashQuery{App: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range p.Items {
		if _, err := s.Restore(ctx, dbtest.Tom, "shop", in.N); err != nil {
			t.Fatal(err)
		}
	}
	if after := stored(t, s); after != banned {
		t.Errorf("came back as\n%s\nof\n%s", after, banned)
	}
	if _, err := s.LiftBan(ctx, dbtest.Tom, "shop", "tom", true); err != nil {
		t.Fatal(err)
	}
	if after := stored(t, s); after != before {
		t.Errorf("lifting brought back\n%s\nof\n%s", after, before)
	}
}

// A staged list shows who is banned, and one that was looked at before leaves out who is banned by then.
func TestAStageKnowsBans(t *testing.T) {
	s := newStager(t)
	ban := func(user chat.UserID) {
		t.Helper()
		if _, err := s.store.BanUser(ctx, s.ana, "shop", user, chat.NewBan{For: chat.BanUntilLifted}); err != nil {
			t.Fatal(err)
		}
	}
	ban("maya")
	ref := s.stage(chat.StageAdd, "maya\npia\nsam1")
	s.is(ref, "1 banned maya\n2 add pia\n3 add sam1")
	ban("pia")
	if r, err := s.store.ApplyStage(ctx, s.ana, ref, chat.StageApply{}); err != nil || r.Added != 1 || r.Told != 1 {
		t.Errorf("%+v %v", r, err)
	}
	if on := s.on(); strings.Contains(on, "maya") || strings.Contains(on, "pia") || !strings.Contains(on, "sam1 ReadWrite") {
		t.Error(on)
	}
}
