package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// planner is a real admin of the store, who gave their password at the start.
func planner(t *testing.T, s *db.Store, role chat.Role) chat.Actor {
	t.Helper()
	a, err := s.CreateAdmin(context.Background(), chat.CommandLine, chat.AdminChange{Email: "pia@guestlist.example", Name: "Pia", Role: role}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	return a.Actor(dbtest.Start)
}

func plan(t *testing.T, s *db.Store, in time.Duration, values map[chat.SettingKey]string) chat.SettingsPlan {
	t.Helper()
	return chat.SettingsPlan{App: "shop", At: s.Now().Add(in), Changes: changesTo(t, s, values), Note: chat.SaveNote{Reason: "After the deploy"}}
}

func schedule(t *testing.T, s *db.Store, who chat.Actor, p chat.SettingsPlan) chat.SettingsPlan {
	t.Helper()
	if e, err := s.ScheduleSettings(ctx, who, p); err != nil || e.Type != chat.SettingsScheduled {
		t.Fatalf("%+v %v", e, err)
	}
	all, err := s.SettingsPlans(ctx, "shop")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all[len(all)-1]
}

func ended(t *testing.T, s *db.Store) chat.SettingsPlan {
	t.Helper()
	all, err := s.EndedPlans(ctx, "shop", 10)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	return all[0]
}

// A planned change is made at its time, as the admin who planned it, though it loosens and the password is long ago.
func TestAPlannedChangeIsMade(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	pia := planner(t, s, chat.Manage)
	if _, err := save(s, map[chat.SettingKey]string{chat.SettingUserSync: "true"}); err != nil {
		t.Fatal(err)
	}
	p := plan(t, s, 24*time.Hour, map[chat.SettingKey]string{chat.SettingUserSync: "false", chat.SettingGuests: "never"})
	p.Note.Trial = chat.DefaultTrial
	schedule(t, s, pia, p)
	is := values(t, s)
	clock.Add(24*time.Hour - time.Millisecond)
	due(t, s, 0)
	if values(t, s) != is {
		t.Fatal("too early")
	}
	clock.Add(time.Millisecond)
	due(t, s, 1)
	now, err := s.Settings(ctx, "shop")
	if err != nil || now[chat.SettingUserSync].Value != "false" || now[chat.SettingGuests].Value != "never" || now[chat.SettingGuests].ChangedBy != "Pia" {
		t.Fatalf("%+v %v", now, err)
	}
	if e := newest(t, s); e.ActorID != pia.ID || e.Source != chat.System || e.Reason != "After the deploy" {
		t.Errorf("%+v", e)
	}
	if p := ended(t, s); p.State != chat.PlanDone || p.Outcome != "" {
		t.Errorf("%+v", p)
	}
	if trials, err := s.SettingsTrials(ctx, "shop"); err != nil || len(trials) != 1 {
		t.Error("it is on no trial: ", err)
	}
	due(t, s, 0)
}

// An admin who lost the right meanwhile changes nothing, and that is told.
func TestAPlanWithoutTheRightChangesNothing(t *testing.T) {
	for name, lose := range map[string]func(*testing.T, *db.Store, chat.Actor) string{
		"now a viewer": func(t *testing.T, s *db.Store, pia chat.Actor) string {
			if _, err := s.ChangeRole(ctx, chat.CommandLine, pia.ID, chat.Viewer); err != nil {
				t.Fatal(err)
			}
			return "viewer"
		},
		"gone": func(t *testing.T, s *db.Store, pia chat.Actor) string {
			if _, err := s.RemoveAdmin(ctx, chat.CommandLine, pia.ID); err != nil {
				t.Fatal(err)
			}
			return "Pia, who scheduled it, is no admin any more."
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, clock := dbtest.New(t)
			dbtest.App(t, s, "shop")
			pia := planner(t, s, chat.Manage)
			schedule(t, s, pia, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingGuests: "never"}))
			is, why := values(t, s), lose(t, s, pia)
			clock.Add(time.Hour)
			due(t, s, 1)
			if values(t, s) != is {
				t.Fatal("it was made")
			}
			if p := ended(t, s); p.State != chat.PlanRefused || !strings.Contains(p.Outcome, why) {
				t.Errorf("%+v", p)
			}
			if e := newest(t, s); e.Type != chat.SettingsNotDone || !strings.Contains(e.Reason, why) || e.Kind != chat.SystemActor {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What somebody changed since the plan was made is left, the rest is made.
func TestAPlanLeavesWhatSomebodyElseChanged(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	pia := planner(t, s, chat.Manage)
	p := schedule(t, s, pia, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingGuests: "never", chat.SettingParticipantLimit: "5"}))
	if _, err := save(s, map[chat.SettingKey]string{chat.SettingParticipantLimit: "9"}); err != nil {
		t.Fatal(err)
	}
	now, err := s.Settings(ctx, "shop")
	if moved := p.Moved(now); err != nil || len(moved) != 1 || moved[0].Key != chat.SettingParticipantLimit {
		t.Errorf("%+v %v", moved, err)
	}
	clock.Add(time.Hour)
	due(t, s, 1)
	if now, err = s.Settings(ctx, "shop"); err != nil || now[chat.SettingGuests].Value != "never" || now[chat.SettingParticipantLimit].Value != "9" {
		t.Fatalf("%+v %v", now, err)
	}
	if p := ended(t, s); p.State != chat.PlanDone || p.Outcome != "Participants per conversation stays as Tom left it." {
		t.Errorf("%+v", p)
	}
}

func TestPlansAreEditedCancelledAndUndone(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	pia := planner(t, s, chat.Manage)
	p := schedule(t, s, pia, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingGuests: "never"}))
	later := p
	later.At = p.At.Add(time.Hour)
	edited, err := s.RescheduleSettings(ctx, lately(), later)
	if err != nil || edited.Type != chat.SettingsRescheduled {
		t.Fatalf("%+v %v", edited, err)
	}
	if _, err := s.RescheduleSettings(ctx, lately(), later); chat.ReasonOf(err) != chat.StaleChange {
		t.Error("from an old page: ", err)
	}
	if _, err := s.Undo(ctx, lately(), "shop", edited.Seq); err != nil {
		t.Fatal(err)
	}
	all, err := s.SettingsPlans(ctx, "shop")
	if err != nil || len(all) != 1 || !all[0].At.Equal(p.At) || all[0].Changes[0] != p.Changes[0] || all[0].By != "Ana" {
		t.Fatalf("%+v %v", all, err)
	}
	cancelled, err := s.CancelPlan(ctx, dbtest.Tom, "shop", p.N)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CancelPlan(ctx, dbtest.Tom, "shop", p.N); chat.ReasonOf(err) != chat.PlanNotFound {
		t.Error(err)
	}
	again, err := s.Undo(ctx, lately(), "shop", cancelled.Seq)
	if err != nil || again.Type != chat.SettingsScheduled {
		t.Fatalf("%+v %v", again, err)
	}
	if _, err := s.Undo(ctx, lately(), "shop", again.Seq); err != nil {
		t.Fatal(err)
	}
	clock.Add(time.Hour)
	if _, err := s.Undo(ctx, lately(), "shop", newest(t, s).Seq); chat.ReasonOf(err) != chat.CannotUndo {
		t.Error("a time that has passed came back: ", err)
	}
	due(t, s, 0)
}

func TestSchedulingRefuses(t *testing.T) {
	s, clock := dbtest.New(t)
	dbtest.App(t, s, "shop")
	dbtest.App(t, s, "other")
	pia := planner(t, s, chat.Manage)
	if _, err := save(s, map[chat.SettingKey]string{chat.SettingUserSync: "true"}); err != nil {
		t.Fatal(err)
	}
	never := map[chat.SettingKey]string{chat.SettingGuests: "never"}
	waiting := schedule(t, s, pia, plan(t, s, time.Hour, never))
	stale := plan(t, s, time.Hour, never)
	stale.Changes[0].Version = 7
	late := pia
	late.AuthAt = time.Time{}
	last := newest(t, s).Seq
	elsewhere := waiting
	elsewhere.App = "other"
	elsewhere.At = elsewhere.At.Add(time.Minute)
	for name, x := range map[string]struct {
		do   func() error
		want chat.Reason
	}{
		"a viewer": {func() error { _, err := s.ScheduleSettings(ctx, dbtest.Vic, plan(t, s, time.Hour, never)); return err }, chat.RoleTooLow},
		"the past": {func() error { _, err := s.ScheduleSettings(ctx, pia, plan(t, s, 0, never)); return err }, chat.BadArgument},
		"in two years": {func() error {
			_, err := s.ScheduleSettings(ctx, pia, plan(t, s, 2*366*24*time.Hour, never))
			return err
		}, chat.BadArgument},
		"nothing": {func() error { _, err := s.ScheduleSettings(ctx, pia, plan(t, s, time.Hour, nil)); return err }, chat.BadArgument},
		"no difference": {func() error {
			_, err := s.ScheduleSettings(ctx, pia, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingGuests: "follow"}))
			return err
		}, chat.BadArgument},
		"no such value": {func() error {
			_, err := s.ScheduleSettings(ctx, pia, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingGuests: "yes"}))
			return err
		}, chat.BadArgument},
		"an old page": {func() error { _, err := s.ScheduleSettings(ctx, pia, stale); return err }, chat.StaleSetting},
		"no password": {func() error {
			_, err := s.ScheduleSettings(ctx, late, plan(t, s, time.Hour, map[chat.SettingKey]string{chat.SettingUserSync: "false"}))
			return err
		}, chat.ReauthRequired},
		"another app":    {func() error { _, err := s.CancelPlan(ctx, pia, "other", waiting.N); return err }, chat.PlanNotFound},
		"a viewer's end": {func() error { _, err := s.CancelPlan(ctx, dbtest.Vic, "shop", waiting.N); return err }, chat.RoleTooLow},
		"edit elsewhere": {func() error { _, err := s.RescheduleSettings(ctx, pia, elsewhere); return err }, chat.PlanNotFound},
	} {
		if err := x.do(); chat.ReasonOf(err) != x.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := s.SettingsPlans(ctx, "shop"); err != nil || len(all) != 1 || all[0].Version != 1 || newest(t, s).Seq != last {
		t.Errorf("a refusal left something: %+v %v", all, err)
	}
	for range chat.MaxPlans - 1 {
		schedule(t, s, pia, plan(t, s, time.Hour, never))
	}
	if _, err := s.ScheduleSettings(ctx, pia, plan(t, s, time.Hour, never)); chat.ReasonOf(err) != chat.PlanLimit {
		t.Error(err)
	}
	clock.Add(time.Hour)
	due(t, s, chat.MaxPlans)
}
