package db_test

import (
	"slices"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// A box that observes refuses nothing, and tells what its tick would refuse: each call that a box rules is told for the
// reason that the ticked box gives, and no other call is told.
func TestWhatObservingTells(t *testing.T) {
	for relation, access := range map[string]chat.Access{"RW": chat.ReadWrite, "none": ""} {
		for _, box := range []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync} {
			template := browserTemplate(t, relation, access, chat.SettingChange{Key: box, Value: "observe"})
			for _, call := range browserCalls {
				observeCall(t, copied(t, template), relation, box, call)
			}
		}
	}
}

func observeCall(t *testing.T, s *db.Store, relation string, box chat.SettingKey, call browserCall) {
	t.Helper()
	defer s.Close()
	ticked := chat.Security{DisallowUserSync: box == chat.SettingUserSync, DisallowConversationSync: box == chat.SettingConversationSync}
	refused := call.want(relation, chat.Security{}) >= 0 && call.want(relation, ticked) < 0
	var told []chat.Reason
	me := maya(chat.Security{})
	me.Observed = func(why chat.Reason) { told = append(told, why) }
	err := call.do(s, me)
	if (err == nil) != (call.want(relation, chat.Security{}) >= 0) {
		t.Errorf("%s by %s: observing changed the answer: %v", call.name, relation, err)
	}
	if err != nil {
		return // refused all the same, whatever was told on the way
	}
	want := chat.UserSyncOff
	if box == chat.SettingConversationSync {
		want = chat.ConversationSyncOff
	}
	if (len(told) > 0) != refused || slices.ContainsFunc(told, func(why chat.Reason) bool { return why != want }) {
		t.Errorf("%s by %s while %s observes: told %v, ticked it refuses: %t", call.name, relation, box, told, refused)
	}
}

func setTo(t *testing.T, s *db.Store, key chat.SettingKey, value string) chat.Event {
	t.Helper()
	all, err := s.Settings(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	ana := dbtest.Ana
	ana.AuthAt = s.Now()
	e, err := s.SaveSettings(ctx, ana, "shop", []chat.SettingChange{{Key: key, Value: value, Version: all[key].Version}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A guest is let in while a box observes, and told of for every call that its tick would end.
func TestObservingTellsOfGuests(t *testing.T) {
	s, _ := guestStore(t)
	setTo(t, s, chat.SettingUserSync, "observe")
	var told []chat.Reason
	me := gus
	me.Observed = func(why chat.Reason) { told = append(told, why) }
	if _, err := s.Messages(ctx, me, db.MessageQuery{App: "shop", Conversation: "fair"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SendMessage(ctx, me, "shop", "fair", chat.NewMessage{Text: "hello"}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []chat.Reason{chat.GuestsNotAllowed, chat.GuestsNotAllowed}) {
		t.Errorf("told %v", told)
	}
	setTo(t, s, chat.SettingUserSync, "true")
	if _, err := s.Messages(ctx, me, db.MessageQuery{App: "shop", Conversation: "fair"}); chat.AsError(err) == nil {
		t.Error("a guest is in though the box is ticked")
	}
}

// The positions of a box as they are saved: back from ticked to observing takes protection away, which needs the
// password; origins and themes are stored in their one spelling.
func TestSavingPositionsOriginsAndThemes(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	tom := func(key chat.SettingKey, value string) error {
		all, err := s.Settings(ctx, "shop")
		if err != nil {
			t.Fatal(err)
		}
		return one(s.SaveSettings(ctx, dbtest.Tom, "shop", []chat.SettingChange{{Key: key, Value: value, Version: all[key].Version}}))
	}
	for _, step := range []struct {
		key    chat.SettingKey
		value  string
		reason chat.Reason
	}{
		{chat.SettingConversationSync, "observe", ""},
		{chat.SettingConversationSync, "true", ""},
		{chat.SettingConversationSync, "observe", chat.ReauthRequired},
		{chat.SettingConversationSync, "maybe", chat.BadArgument},
		{chat.SettingIdentity, "observe", chat.BadArgument},
		{chat.SettingSignatures, "observe", chat.BadArgument},
		{chat.SettingSignatures, "true", chat.ReauthRequired},
		{chat.SettingAllowedOrigins, "HTTPS://Shop.example:443 http://localhost:3000", ""},
		{chat.SettingAllowedOrigins, "https://shop.example", ""},
		{chat.SettingAllowedOrigins, "https://shop.example/x", chat.BadArgument},
		{chat.SettingAllowedOrigins, "", chat.ReauthRequired},
		{chat.SettingTheme, `{"radius":"8px", "accent":"#0B5F56"}`, ""},
		{chat.SettingTheme, `{"accent":"red"}`, chat.BadArgument},
	} {
		before := dbtest.Dump(t, s)
		if err := tom(step.key, step.value); chat.ReasonOf(err) != step.reason || err != nil && step.reason == "" {
			t.Errorf("%s = %q: %v", step.key, step.value, err)
		}
		if step.reason != "" && dbtest.Dump(t, s) != before {
			t.Errorf("%s = %q was refused and changed something", step.key, step.value)
		}
	}
	all, err := s.Settings(ctx, "shop")
	if err != nil || all[chat.SettingAllowedOrigins].Value != "https://shop.example" || all[chat.SettingTheme].Value != `{"accent":"#0b5f56","radius":"8px"}` {
		t.Errorf("%+v %v", all, err)
	}
	if all.Security() != (chat.Security{DisallowConversationSync: true, Guests: chat.GuestsFollow}) {
		t.Errorf("%+v", all.Security())
	}
	seq, _ := s.LastSeq(ctx)
	if err := tom(chat.SettingTheme, ` {"accent":"#0B5F56","radius":"8px"} `); err != nil {
		t.Error(err)
	}
	if now, _ := s.LastSeq(ctx); now != seq {
		t.Error("another spelling of the same theme is a change")
	}
	e := setTo(t, s, chat.SettingAllowedOrigins, "")
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq); err != nil {
		t.Errorf("bringing the origins back needs no password: %v", err)
	}
	e = setTo(t, s, chat.SettingSignatures, "true")
	undone, err := s.Undo(ctx, dbtest.Tom, "shop", e.Seq)
	if err != nil || string(undone.After) != `{"acceptSignatures":"false"}` {
		t.Errorf("refusing signatures again needs no password: %+v %v", undone, err)
	}
	if _, err := s.Undo(ctx, dbtest.Tom, "shop", undone.Seq); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Errorf("accepting them by an undo: %v", err)
	}
}
