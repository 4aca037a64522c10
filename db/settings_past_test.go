package db_test

import (
	"fmt"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The newest change that stands is reverted, then the one before it; a revert can be undone like any change.
func TestRevertSettingsGoesBackChangeByChange(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	start := values(t, s)
	if _, err := s.RevertSettings(ctx, lately(), "shop", 0); chat.ReasonOf(err) != chat.CannotUndo {
		t.Fatal(err)
	}
	first, err := save(s, map[chat.SettingKey]string{chat.SettingUserSync: "true"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := save(s, map[chat.SettingKey]string{chat.SettingParticipantLimit: "50"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []chat.Event{second, first} {
		e, err := s.RevertSettings(ctx, lately(), "shop", 0)
		if err != nil || e.Undoes != want.Seq || e.Type != chat.SettingsUpdated {
			t.Fatalf("%+v %v", e, err)
		}
	}
	if now := values(t, s); now != start {
		t.Errorf("%s\n\nis not\n%s", now, start)
	}
	if _, err := s.RevertSettings(ctx, lately(), "shop", 0); chat.ReasonOf(err) != chat.CannotUndo {
		t.Fatal(err)
	}
	if _, err := s.RevertSettings(ctx, lately(), "shop", first.Seq); chat.ReasonOf(err) != chat.CannotUndo {
		t.Fatal(err)
	}
}

func TestRevertSettingsRefuses(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop", "maya")
	dbtest.App(t, s, "other")
	past, err := save(s, map[chat.SettingKey]string{chat.SettingUserSync: "true", chat.SettingParticipantLimit: "50"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := save(s, map[chat.SettingKey]string{chat.SettingParticipantLimit: "60"}); err != nil {
		t.Fatal(err)
	}
	late := dbtest.Ana
	late.AuthAt = dbtest.Start.AddDate(0, 0, -1)
	events, err := s.EventsAfter(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	before := values(t, s)
	for name, x := range map[string]struct {
		actor chat.Actor
		app   chat.AppID
		seq   int64
		want  chat.Reason
	}{
		"moved on":        {lately(), "shop", past.Seq, chat.CannotUndo},
		"viewer":          {dbtest.Vic, "shop", 0, chat.RoleTooLow},
		"other app":       {lately(), "other", past.Seq, chat.EventNotFound},
		"no app":          {lately(), "nope", 0, chat.AppNotFound},
		"no settings":     {lately(), "shop", 2, chat.CannotUndo},
		"a server's key":  {dbtest.Backend("shop"), "shop", 0, chat.PageNotFound},
		"nothing to undo": {lately(), "other", 0, chat.CannotUndo},
	} {
		if _, err := s.RevertSettings(ctx, x.actor, x.app, x.seq); chat.ReasonOf(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, err := s.EventsAfter(ctx, 0, 100); err != nil || len(after) != len(events) || values(t, s) != before {
		t.Errorf("a refusal left something: %v", err)
	}
	if _, err := s.RevertSettings(ctx, late, "shop", 0); err != nil {
		t.Fatal(err) // the limit went up: nothing loosens
	}
	if _, err := s.RevertSettings(ctx, late, "shop", 0); chat.ReasonOf(err) != chat.ReauthRequired {
		t.Error(err) // the box would be unticked
	}
}

// values are the settings of the shop as they are, whoever set them.
func values(t *testing.T, s *db.Store) string {
	t.Helper()
	all, err := s.Settings(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, key := range chat.SettingKeys {
		text += fmt.Sprintf("%s=%q ", key, all[key].Value)
	}
	return text
}

// lately is Ana, who gave her password just now.
func lately() chat.Actor {
	ana := dbtest.Ana
	ana.AuthAt = dbtest.Start
	return ana
}
