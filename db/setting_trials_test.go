package db_test

import (
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// saveWith saves settings as Tom, on what is stored now.
func saveWith(t *testing.T, s *db.Store, who chat.Actor, note chat.SaveNote, values map[chat.SettingKey]string) (chat.Event, error) {
	t.Helper()
	return s.SaveSettingsWith(ctx, who, "shop", changesTo(t, s, values), note)
}

func changesTo(t *testing.T, s *db.Store, values map[chat.SettingKey]string) (changes []chat.SettingChange) {
	t.Helper()
	now, err := s.Settings(ctx, "shop")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range chat.SettingKeys {
		if value, ok := values[key]; ok {
			changes = append(changes, chat.SettingChange{Key: key, Value: value, Version: now[key].Version})
		}
	}
	return changes
}

func newest(t *testing.T, s *db.Store) chat.Event {
	t.Helper()
	p, err := s.Events(ctx, db.EventQuery{App: "shop", Window: db.Window{Limit: 1}})
	if err != nil || len(p.Items) != 1 {
		t.Fatal(p, err)
	}
	return p.Items[0]
}

func due(t *testing.T, s *db.Store, want int) {
	t.Helper()
	if n, err := s.DueSettings(ctx); err != nil || n != want {
		t.Fatalf("%d were due, want %d: %v", n, want, err)
	}
}

var onTrial = chat.SaveNote{Reason: "Trying it out", Trial: chat.DefaultTrial}

// A save on trial goes back at its time, after a restart too, and not before.
func TestATrialGoesBackByItself(t *testing.T) {
	dir := t.TempDir()
	clock := dbtest.NewClock()
	s, err := db.Open(ctx, db.Options{Dir: dir, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.People(t, s)
	dbtest.App(t, s, "shop")
	was := values(t, s)
	e, err := saveWith(t, s, dbtest.Tom, onTrial, map[chat.SettingKey]string{chat.SettingUserSync: "true", chat.SettingGuests: "never"})
	if err != nil || e.Reason != "Trying it out" {
		t.Fatalf("%+v %v", e, err)
	}
	is := values(t, s)
	clock.Add(chat.DefaultTrial - time.Millisecond)
	due(t, s, 0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = db.Open(ctx, db.Options{Dir: dir, Now: clock.Now}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	trials, err := s.SettingsTrials(ctx, "shop")
	if err != nil || len(trials) != 1 || trials[0].Save.Seq != e.Seq || !trials[0].Due.Equal(dbtest.Start.Add(chat.DefaultTrial)) || len(trials[0].Left) != 0 || values(t, s) != is {
		t.Fatalf("%+v %v", trials, err)
	}
	clock.Add(time.Millisecond)
	due(t, s, 1)
	due(t, s, 0)
	if values(t, s) != was {
		t.Errorf("%s is not %s", values(t, s), was)
	}
	back := newest(t, s)
	if back.Undoes != e.Seq || back.Kind != chat.SystemActor || back.Reason != "Nobody confirmed it in time." {
		t.Errorf("%+v", back)
	}
	if trials, err := s.SettingsTrials(ctx, "shop"); err != nil || len(trials) != 0 {
		t.Error(trials, err)
	}
	if _, err := s.Undo(ctx, lately(), "shop", back.Seq); err != nil || values(t, s) != is {
		t.Error("the way back can't be taken back: ", err)
	}
}

func TestAKeptTrialStays(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	e, err := saveWith(t, s, dbtest.Tom, onTrial, map[chat.SettingKey]string{chat.SettingUserSync: "true"})
	if err != nil {
		t.Fatal(err)
	}
	is := values(t, s)
	if _, err := s.KeepSettings(ctx, dbtest.Vic, "shop", e.Seq); chat.ReasonOf(err) != chat.RoleTooLow {
		t.Error(err)
	}
	if kept, err := s.KeepSettings(ctx, dbtest.Ana, "shop", e.Seq); err != nil || kept.Type != chat.SettingsKept {
		t.Fatalf("%+v %v", kept, err)
	}
	if _, err := s.KeepSettings(ctx, dbtest.Ana, "shop", e.Seq); chat.ReasonOf(err) != chat.StaleChange {
		t.Error(err)
	}
	clock.Add(time.Hour)
	due(t, s, 0)
	if values(t, s) != is {
		t.Error("it went back")
	}
}

// What somebody changed meanwhile is left, and that is said.
func TestATrialLeavesWhatSomebodyElseChanged(t *testing.T) {
	for name, revert := range map[string]func(*testing.T, *db.Store, *dbtest.Clock, int64){
		"at its time": func(t *testing.T, s *db.Store, clock *dbtest.Clock, _ int64) { clock.Add(time.Hour); due(t, s, 1) },
		"by hand": func(t *testing.T, s *db.Store, _ *dbtest.Clock, seq int64) {
			if _, err := s.RevertSettings(ctx, lately(), "shop", seq); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, clock := dbtest.New(t)
			dbtest.App(t, s, "shop")
			e, err := saveWith(t, s, dbtest.Tom, onTrial, map[chat.SettingKey]string{chat.SettingUserSync: "true", chat.SettingGuests: "never"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := saveWith(t, s, lately(), chat.SaveNote{}, map[chat.SettingKey]string{chat.SettingGuests: "every"}); err != nil {
				t.Fatal(err)
			}
			revert(t, s, clock, e.Seq)
			now, err := s.Settings(ctx, "shop")
			if err != nil || now[chat.SettingUserSync].Value != "false" || now[chat.SettingGuests].Value != "every" {
				t.Fatalf("%v %v", now, err)
			}
			if back := newest(t, s); back.Undoes != e.Seq || !strings.Contains(back.Reason, "Guest access stays as Ana left it.") {
				t.Errorf("%+v", back)
			}
			if trials, err := s.SettingsTrials(ctx, "shop"); err != nil || len(trials) != 0 {
				t.Error(trials, err)
			}
		})
	}
}

func TestATrialOfWhichNothingIsLeftSaysSo(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	if _, err := saveWith(t, s, dbtest.Tom, onTrial, map[chat.SettingKey]string{chat.SettingGuests: "never"}); err != nil {
		t.Fatal(err)
	}
	if _, err := saveWith(t, s, lately(), chat.SaveNote{}, map[chat.SettingKey]string{chat.SettingGuests: "allowed"}); err != nil {
		t.Fatal(err)
	}
	is := values(t, s)
	clock.Add(time.Hour)
	due(t, s, 1)
	if e := newest(t, s); e.Type != chat.SettingsKept || !strings.Contains(e.Reason, "stays as Ana left it") || values(t, s) != is {
		t.Errorf("%+v", e)
	}
}

func TestTrialsRefuse(t *testing.T) {
	s, _ := dbtest.New(t)
	dbtest.App(t, s, "shop")
	if _, err := saveWith(t, s, dbtest.Tom, onTrial, map[chat.SettingKey]string{chat.SettingGuests: "never"}); err != nil {
		t.Fatal(err)
	}
	is, last := values(t, s), newest(t, s).Seq
	for name, x := range map[string]struct {
		note   chat.SaveNote
		values map[chat.SettingKey]string
		want   chat.Reason
	}{
		"a second trial of one setting": {onTrial, map[chat.SettingKey]string{chat.SettingGuests: "allowed", chat.SettingUserSync: "true"}, chat.TrialWaiting},
		"too long a reason":             {chat.SaveNote{Reason: strings.Repeat("ä", 501)}, map[chat.SettingKey]string{chat.SettingUserSync: "true"}, chat.BadArgument},
		"too long a trial":              {chat.SaveNote{Trial: 8 * 24 * time.Hour}, map[chat.SettingKey]string{chat.SettingUserSync: "true"}, chat.BadArgument},
		"too short a trial":             {chat.SaveNote{Trial: time.Second}, map[chat.SettingKey]string{chat.SettingUserSync: "true"}, chat.BadArgument},
	} {
		if _, err := saveWith(t, s, lately(), x.note, x.values); chat.ReasonOf(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if values(t, s) != is || newest(t, s).Seq != last {
		t.Error("a refusal left something")
	}
	if trials, err := s.SettingsTrials(ctx, "shop"); err != nil || len(trials) != 1 {
		t.Error(trials, err)
	}
}
