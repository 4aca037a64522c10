package db_test

import (
	"fmt"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func called(at time.Time, command string, outcome chat.Outcome, why chat.Reason, request string) chat.Call {
	return chat.Call{App: "shop", At: at, Command: command, Outcome: outcome, Reason: why, User: "maya", Conversation: "fair", Origin: "https://shop.example", RequestID: request}
}

// Calls are counted by command, outcome and reason, each with its newest example, from the hour of the time asked for.
func TestUsage(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	start := clock.Now()
	elsewhere := called(start, "user.set", chat.CallAllowed, "", "req_0")
	elsewhere.App = "other"
	gone := elsewhere
	gone.App = "gone"
	newest := called(start.Add(90*time.Minute), "user.set", chat.CallRefused, chat.UserSyncOff, "req_5")
	before := dbtest.Dump(t, s)
	for _, calls := range [][]chat.Call{
		nil,
		{called(start, "user.set", chat.CallAllowed, "", "req_1"), called(start.Add(time.Second), "user.set", chat.CallAllowed, "", "req_2"), elsewhere, gone},
		{called(start.Add(time.Minute), "user.set", chat.CallRefused, chat.UserSyncOff, "req_3"), called(start.Add(time.Minute), "conversation.set", chat.CallObserved, chat.ConversationSyncOff, "req_4")},
		{newest, called(start.Add(89*time.Minute), "user.set", chat.CallRefused, chat.UserSyncOff, "req_6")},
	} {
		if err := s.CountCalls(ctx, calls); err != nil {
			t.Fatal(err)
		}
	}
	if dbtest.Dump(t, s) != before {
		t.Error("counting changed what is stored beside the counts")
	}
	usage := func(app chat.AppID, since time.Time) map[string]chat.Usage {
		t.Helper()
		all, err := s.Usage(ctx, app, since)
		if err != nil {
			t.Fatal(err)
		}
		byKind := map[string]chat.Usage{}
		for _, u := range all {
			byKind[fmt.Sprint(u.Command, " ", u.Outcome, " ", u.Reason)] = u
		}
		if len(byKind) != len(all) {
			t.Errorf("a kind is there twice: %+v", all)
		}
		return byKind
	}
	all := usage("shop", start)
	for kind, want := range map[string]int64{"user.set allowed ": 2, "user.set refused user_sync_disallowed": 3, "conversation.set observed conversation_sync_disallowed": 1} {
		if all[kind].Count != want {
			t.Errorf("%s: %+v, want %d", kind, all[kind], want)
		}
	}
	if len(all) != 3 || all["user.set refused user_sync_disallowed"].Last != newest {
		t.Errorf("%+v", all)
	}
	if later := usage("shop", start.Add(time.Hour)); len(later) != 1 || later["user.set refused user_sync_disallowed"].Count != 2 {
		t.Errorf("%+v", later)
	}
	if other := usage("other", start); len(other) != 1 || other["user.set allowed "].Count != 1 {
		t.Errorf("%+v", other)
	}
	clock.Add(31 * 24 * time.Hour)
	if err := s.CountCalls(ctx, []chat.Call{called(clock.Now(), "user.get", chat.CallAllowed, "", "")}); err != nil {
		t.Fatal(err)
	}
	if all := usage("shop", start); len(all) != 1 || all["user.get allowed "].Count != 1 {
		t.Errorf("after 31 days: %+v", all)
	}
}

// Refused and observed calls are kept one by one: listed newest first, filtered, found by their request.
func TestRefusals(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	var calls []chat.Call
	for i := range 10 {
		calls = append(calls, called(clock.Now(), "user.set", chat.CallRefused, chat.UserSyncOff, fmt.Sprint("req_", i)))
	}
	calls[3].Outcome, calls[4].Reason = chat.CallObserved, chat.ConversationSyncOff
	calls[5].Outcome, calls[5].Reason = chat.CallAllowed, ""
	if err := s.CountCalls(ctx, calls); err != nil {
		t.Fatal(err)
	}
	list := func(q db.RefusalQuery) (requests string, p db.Page[chat.Call]) {
		t.Helper()
		p, err := s.Refusals(ctx, "shop", q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Items {
			requests += c.RequestID[4:]
		}
		return requests, p
	}
	if got, _ := list(db.RefusalQuery{}); got != "987643210" {
		t.Errorf("all: %s", got)
	}
	if got, _ := list(db.RefusalQuery{Reason: chat.ConversationSyncOff}); got != "4" {
		t.Errorf("by reason: %s", got)
	}
	if got, _ := list(db.RefusalQuery{Outcome: chat.CallObserved, Reason: chat.UserSyncOff}); got != "3" {
		t.Errorf("observed: %s", got)
	}
	got, first := list(db.RefusalQuery{Window: db.Window{Limit: 4}})
	if got != "9876" || first.Prev != "" {
		t.Errorf("%s %+v", got, first)
	}
	got, second := list(db.RefusalQuery{Window: db.Window{Limit: 4, After: first.Next}})
	if got != "4321" {
		t.Errorf("%s", got)
	}
	if got, _ := list(db.RefusalQuery{Window: db.Window{Limit: 4, Before: second.Prev}}); got != "9876" {
		t.Errorf("%s", got)
	}
	if c, err := s.RefusalByRequest(ctx, "shop", "req_4"); err != nil || c != calls[4] {
		t.Errorf("%+v %v", c, err)
	}
	for _, x := range []struct {
		app     chat.AppID
		request string
	}{{"shop", "req_5"}, {"other", "req_4"}, {"shop", "req"}, {"shop", ""}} {
		if _, err := s.RefusalByRequest(ctx, x.app, x.request); chat.AsError(err) == nil || chat.AsError(err).Code != chat.NotFound {
			t.Errorf("%+v: %v", x, err)
		}
	}
	if _, err := s.Refusals(ctx, "shop", db.RefusalQuery{Window: db.Window{After: "x"}}); chat.AsError(err) == nil {
		t.Errorf("a bad cursor: %v", err)
	}
}

// However much is refused, and whatever the commands are called, what is kept is bounded, for each app on its own.
func TestCallsAreBounded(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	quiet := called(clock.Now(), "user.set", chat.CallRefused, chat.UserSyncOff, "quiet")
	quiet.App = "other"
	if err := s.CountCalls(ctx, []chat.Call{quiet}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for range 5 {
		var calls []chat.Call
		for range 700 {
			calls = append(calls, called(clock.Now(), fmt.Sprint("made.up.", n), chat.CallRefused, chat.PageNotFound, fmt.Sprint("req_", n)))
			n++
		}
		if err := s.CountCalls(ctx, calls); err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.Refusals(ctx, "shop", db.RefusalQuery{Window: db.Window{Limit: 10_000}})
	if err != nil || len(p.Items) != 1000 || p.Items[0].RequestID != fmt.Sprint("req_", n-1) {
		t.Errorf("%d refusals are kept, %v", len(p.Items), err)
	}
	usage, err := s.Usage(ctx, "shop", clock.Now())
	if err != nil || len(usage) != 1000 {
		t.Errorf("%d kinds are kept, %v", len(usage), err)
	}
	if c, err := s.RefusalByRequest(ctx, "other", "quiet"); err != nil || c != quiet {
		t.Errorf("%+v %v", c, err)
	}
	clock.Add(31 * 24 * time.Hour)
	if p, err := s.Refusals(ctx, "other", db.RefusalQuery{}); err != nil || len(p.Items) != 0 {
		t.Errorf("after 31 days: %+v %v", p, err)
	}
	ana := dbtest.Ana
	ana.AuthAt = clock.Now()
	if err := s.DeleteApp(ctx, ana, "shop"); err != nil {
		t.Error(err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}
