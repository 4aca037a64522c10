package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// gus is a browser whose user opens conversations as a guest.
var gus = chat.Actor{Kind: chat.UserActor, ID: "gus", Name: "Gus", Source: chat.Browser, App: "shop", AsGuest: true}

// guestStore has a conversation of maya's and bob's, open to guests, and gus, zoe and hal who are not on its list.
func guestStore(t *testing.T) (*db.Store, *dbtest.Clock) {
	t.Helper()
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya", "bob", "gus", "zoe", "hal")
	dbtest.Conversation(t, s, "shop", "fair", "maya", "bob")
	return s, clock
}

func block(t *testing.T, s *db.Store, user chat.UserID, how chat.BlockFor) chat.Event {
	t.Helper()
	e, err := s.BlockGuest(ctx, dbtest.Tom, place(user), chat.NewGuestBlock{For: how, Reason: "spam"})
	if err != nil || e.Type != chat.GuestBlocked || e.Seq == 0 {
		t.Fatalf("%+v %v", e, err)
	}
	return e
}

// isOut fails unless gus is kept out, or let in.
func isOut(t *testing.T, s *db.Store, out bool) {
	t.Helper()
	_, err := s.Messages(ctx, gus, db.MessageQuery{App: "shop", Conversation: "fair"})
	if out && chat.ReasonOf(err) != chat.GuestIsBlocked || !out && err != nil {
		t.Errorf("out: %t, and reading says %v", out, err)
	}
	_, err = s.SendMessage(ctx, gus, "shop", "fair", chat.NewMessage{Text: "hello"})
	if out && chat.ReasonOf(err) != chat.GuestIsBlocked || !out && err != nil {
		t.Errorf("out: %t, and writing says %v", out, err)
	}
}

// isToldUntil checks what gus is told of how long they stay out.
func isToldUntil(t *testing.T, s *db.Store, want string) {
	t.Helper()
	_, err := s.Messages(ctx, gus, db.MessageQuery{App: "shop", Conversation: "fair"})
	if e := chat.AsError(err); e == nil || e.Hint != want {
		t.Errorf("gus is told %v, want %s", err, want)
	}
}

func standing(t *testing.T, s *db.Store) (users string) {
	t.Helper()
	p, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range p.Items {
		users += string(b.User) + " "
	}
	return strings.TrimSpace(users)
}

// A guest who was shown out stays out until the block ends by the store's clock, or is lifted; then they are let in.
func TestAGuestIsShownOut(t *testing.T) {
	s, clock := guestStore(t)
	isOut(t, s, false)
	for how, lasts := range map[chat.BlockFor]time.Duration{chat.BlockHour: time.Hour, chat.BlockDay: 24 * time.Hour} {
		e := block(t, s, "gus", how)
		until := clock.Now().Add(lasts)
		if want := fmt.Sprintf(`{"at":%d,"by":"Tom","reason":"spam","until":%d}`, clock.Now().UnixMilli(), until.UnixMilli()); string(e.After) != want || e.Before != nil {
			t.Errorf("%s: %s, want %s", how, e.After, want)
		}
		isOut(t, s, true)
		isToldUntil(t, s, "The block ends on "+until.Format("2 January at 15:04 UTC")+". Before that, only an admin can let you in.")
		p, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{})
		if want := (chat.GuestBlock{App: "shop", Conversation: "fair", User: "gus", UserName: "Gus", Until: until, Reason: "spam", At: clock.Now(), By: "Tom"}); err != nil || len(p.Items) != 1 || p.Items[0] != want {
			t.Errorf("%s: %+v %v", how, p, err)
		}
		clock.Add(lasts - time.Millisecond)
		isOut(t, s, true)
		clock.Add(time.Millisecond)
		isOut(t, s, false)
		if got := standing(t, s); got != "" {
			t.Errorf("%s has ended and is listed: %s", how, got)
		}
	}
	block(t, s, "gus", chat.BlockUntilLifted)
	clock.Add(10 * 365 * 24 * time.Hour)
	isOut(t, s, true)
	isToldUntil(t, s, "Only an admin can let you in again.")
	e, err := s.UnblockGuest(ctx, dbtest.Tom, place("gus"))
	if err != nil || e.Type != chat.GuestUnblocked || e.After != nil || e.Before == nil {
		t.Errorf("%+v %v", e, err)
	}
	isOut(t, s, false)
	if e, err := s.UnblockGuest(ctx, dbtest.Tom, place("gus")); err != nil || e.Seq != 0 {
		t.Errorf("lifting twice: %+v %v", e, err)
	}
}

// Blocks are listed newest first, in pages; the newest word on a guest is the one that holds.
func TestBlocksAreListed(t *testing.T) {
	s, clock := guestStore(t)
	for _, user := range []chat.UserID{"gus", "zoe", "hal"} {
		block(t, s, user, chat.BlockDay)
		clock.Add(time.Minute)
	}
	if got := standing(t, s); got != "hal zoe gus" {
		t.Errorf("%s", got)
	}
	e := block(t, s, "gus", chat.BlockHour)
	if e.Before == nil || standing(t, s) != "gus hal zoe" {
		t.Errorf("replaced: %+v, %s", e, standing(t, s))
	}
	first, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{Limit: 2})
	if err != nil || len(first.Items) != 2 || first.Next == "" || first.Prev != "" {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{Limit: 2, After: first.Next})
	if err != nil || len(second.Items) != 1 || second.Items[0].User != "zoe" || second.Next != "" {
		t.Fatalf("%+v %v", second, err)
	}
	back, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{Limit: 2, Before: second.Prev})
	if err != nil || len(back.Items) != 2 || back.Items[0].User != "gus" || back.Items[1].User != "hal" {
		t.Errorf("%+v %v", back, err)
	}
	events, err := s.Events(ctx, db.EventQuery{App: "shop", Types: []chat.EventType{chat.GuestBlocked}})
	if err != nil || len(events.Items) != 4 || events.Items[0].UserName != "Gus" {
		t.Errorf("%+v %v", events, err)
	}
}

// What is refused leaves everything as it was.
func TestWhoCanNotBeShownOut(t *testing.T) {
	s, _ := guestStore(t)
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("zoe"), accessOf(chat.AccessNone)); err != nil {
		t.Fatal(err)
	}
	before := dbtest.Dump(t, s)
	day := chat.NewGuestBlock{For: chat.BlockDay}
	nowhere, stranger := place("gus"), place("gus")
	nowhere.Conversation, stranger.App = "nowhere", "other"
	for name, x := range map[string]struct {
		err  error
		code chat.Code
	}{
		"a participant":            {second(s.BlockGuest(ctx, dbtest.Tom, place("maya"), day)), chat.Invalid},
		"a banned one":             {second(s.BlockGuest(ctx, dbtest.Tom, place("zoe"), day)), chat.Invalid},
		"nobody":                   {second(s.BlockGuest(ctx, dbtest.Tom, place("nobody"), day)), chat.NotFound},
		"nowhere":                  {second(s.BlockGuest(ctx, dbtest.Tom, nowhere, day)), chat.NotFound},
		"another app":              {second(s.BlockGuest(ctx, dbtest.Tom, stranger, day)), chat.NotFound},
		"for a week":               {second(s.BlockGuest(ctx, dbtest.Tom, place("gus"), chat.NewGuestBlock{For: "week"})), chat.Invalid},
		"by a viewer":              {second(s.BlockGuest(ctx, dbtest.Vic, place("gus"), day)), chat.Forbidden},
		"by a server":              {second(s.BlockGuest(ctx, dbtest.Backend("shop"), place("gus"), day)), chat.NotFound},
		"by a browser":             {second(s.BlockGuest(ctx, maya(chat.Security{}), place("gus"), day)), chat.NotFound},
		"lifted by a viewer":       {second(s.UnblockGuest(ctx, dbtest.Vic, place("gus"))), chat.Forbidden},
		"lifted by oneself":        {second(s.UnblockGuest(ctx, gus, place("gus"))), chat.NotFound},
		"lifted nowhere":           {second(s.UnblockGuest(ctx, dbtest.Tom, nowhere)), chat.NotFound},
		"listed nowhere":           {second(s.GuestBlocks(ctx, "shop", "nowhere", db.Window{})), chat.NotFound},
		"listed with a bad cursor": {second(s.GuestBlocks(ctx, "shop", "fair", db.Window{After: "x"})), chat.Invalid},
	} {
		if e := chat.AsError(x.err); e == nil || e.Code != x.code {
			t.Errorf("%s: %v", name, x.err)
		}
	}
	if dbtest.Dump(t, s) != before {
		t.Error("something was changed")
	}
}

// A block is of one conversation, and goes with it.
func TestABlockIsOfOneConversation(t *testing.T) {
	s, _ := guestStore(t)
	dbtest.Conversation(t, s, "shop", "other", "maya")
	block(t, s, "gus", chat.BlockUntilLifted)
	if _, err := s.Messages(ctx, gus, db.MessageQuery{App: "shop", Conversation: "other"}); err != nil {
		t.Error(err)
	}
	if _, err := s.DeleteConversation(ctx, dbtest.Ana, "shop", "fair"); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// Whoever is added by the dashboard or a server is blocked no more, and the audit log says so.
func TestAddingLetsIn(t *testing.T) {
	for name, add := range map[string]func(s *db.Store) error{
		"by the dashboard": func(s *db.Store) error {
			return one(s.PutParticipant(ctx, dbtest.Tom, place("gus"), chat.ParticipantChange{}))
		},
		"by a server": func(s *db.Store) error {
			return one(s.PutParticipant(ctx, dbtest.Backend("shop"), place("gus"), accessOf(chat.Read)))
		},
		"among several": func(s *db.Store) error {
			return second(s.AddParticipants(ctx, dbtest.Tom, "shop", "fair", []db.NewParticipant{{User: "zoe"}, {User: "gus"}}, chat.ParticipantChange{}))
		},
		"to several": func(s *db.Store) error {
			return second(s.AddToConversations(ctx, dbtest.Tom, "shop", "gus", []chat.ConversationID{"fair"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := guestStore(t)
			block(t, s, "gus", chat.BlockUntilLifted)
			if err := add(s); err != nil {
				t.Fatal(err)
			}
			if got := standing(t, s); got != "" {
				t.Errorf("still blocked: %s", got)
			}
			events, err := s.Events(ctx, db.EventQuery{App: "shop", User: "gus", Window: db.Window{Limit: 2}})
			if err != nil || events.Items[0].Type != chat.ParticipantJoined || events.Items[1].Type != chat.GuestUnblocked {
				t.Errorf("%+v %v", events, err)
			}
			if _, err := s.RemoveParticipant(ctx, dbtest.Tom, place("gus")); err != nil {
				t.Fatal(err)
			}
			isOut(t, s, false)
		})
	}
}

// Taking back the adding of several brings the blocks back that it had lifted.
func TestUndoOfSeveralBringsBlocksBack(t *testing.T) {
	s, _ := guestStore(t)
	block(t, s, "gus", chat.BlockUntilLifted)
	r, err := s.AddParticipants(ctx, dbtest.Tom, "shop", "fair", []db.NewParticipant{{User: "zoe"}, {User: "gus"}}, chat.ParticipantChange{})
	if err != nil || len(r.Changed) != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	u, err := s.UndoBatch(ctx, dbtest.Tom, "shop", r.Batch)
	if err != nil || u.Undone != 2 || u.Skipped != 0 {
		t.Errorf("%+v %v", u, err)
	}
	isOut(t, s, true)
}

// Undo lifts a block and brings the same one back, as long as it is what stands, or would still stand.
func TestUndoOfBlocks(t *testing.T) {
	s, clock := guestStore(t)
	undo := func(e chat.Event) (chat.Event, error) {
		t.Helper()
		clock.Add(time.Minute)
		return s.Undo(ctx, dbtest.Tom, "shop", e.Seq)
	}
	refuses := func(e chat.Event, why string) {
		t.Helper()
		before := dbtest.Dump(t, s)
		if _, err := undo(e); chat.ReasonOf(err) != chat.CannotUndo || !strings.Contains(err.Error(), why) {
			t.Errorf("%v, want %q", err, why)
		}
		if dbtest.Dump(t, s) != before {
			t.Error("a refused undo changed something")
		}
	}
	blocked := block(t, s, "gus", chat.BlockDay)
	was, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{})
	if err != nil {
		t.Fatal(err)
	}
	lifted, err := undo(blocked)
	if err != nil || lifted.Type != chat.GuestUnblocked || lifted.Undoes != blocked.Seq {
		t.Fatalf("%+v %v", lifted, err)
	}
	isOut(t, s, false)
	refuses(blocked, "undone already")
	again, err := undo(lifted)
	if err != nil || again.Type != chat.GuestBlocked {
		t.Fatalf("%+v %v", again, err)
	}
	if is, err := s.GuestBlocks(ctx, "shop", "fair", db.Window{}); err != nil || len(is.Items) != 1 || is.Items[0] != was.Items[0] {
		t.Errorf("%+v, was %+v", is, was)
	}
	isOut(t, s, true)
	// One block in another's place: the undo brings the other back.
	hour := block(t, s, "gus", chat.BlockHour)
	refuses(again, "changed again")
	if e, err := undo(hour); err != nil || e.Type != chat.GuestBlocked || string(e.After) != string(again.After) {
		t.Errorf("%+v %v", e, err)
	}
	// A lift that is undone too late, and one of somebody who is on the list by now.
	late, err := s.UnblockGuest(ctx, dbtest.Tom, place("gus"))
	if err != nil {
		t.Fatal(err)
	}
	clock.Add(25 * time.Hour)
	refuses(late, "would have ended")
	forever := block(t, s, "gus", chat.BlockUntilLifted)
	if _, err := s.PutParticipant(ctx, dbtest.Tom, place("gus"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	refuses(forever, "lifted already")
	lift, err := s.Events(ctx, db.EventQuery{App: "shop", Types: []chat.EventType{chat.GuestUnblocked}, Window: db.Window{Limit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	refuses(lift.Items[0], "on the list")
	if _, err := s.Undo(ctx, dbtest.Vic, "shop", lift.Items[0].Seq); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Errorf("by a viewer: %v", err)
	}
}
