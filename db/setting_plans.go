package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"guestlist/db/chat"
)

const planColumns = `n, app_id, at, changes, reason, trial, admin_id, admin_name, proven, version, state, ended_at, note`

func scanPlan(row interface{ Scan(...any) error }) (p chat.SettingsPlan, err error) {
	var at, trial, ended int64
	var changes string
	if err := row.Scan(&p.N, &p.App, &at, &changes, &p.Note.Reason, &trial, &p.ByID, &p.By, &p.Proven, &p.Version, &p.State, &ended, &p.Outcome); err != nil {
		return p, err
	}
	p.At, p.EndedAt, p.Note.Trial = fromMillis(at), fromMillis(ended), time.Duration(trial)*time.Millisecond
	return p, json.Unmarshal([]byte(changes), &p.Changes)
}

func loadPlan(q querier, app chat.AppID, n int64) (chat.SettingsPlan, error) {
	p, err := scanPlan(q.row(`SELECT `+planColumns+` FROM setting_plans WHERE n = $1 AND app_id = $2`, n, string(app)))
	if isMissing(err) {
		return p, chat.ErrPlanNotFound()
	}
	return p, err
}

// SettingsPlans are the changes of an app that wait for their time, the next first.
func (s *Store) SettingsPlans(ctx context.Context, app chat.AppID) (all []chat.SettingsPlan, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+planColumns+` FROM setting_plans WHERE app_id = $1 AND state = 'waiting' ORDER BY at, n`, string(app))
		all, err = scan(rows, err, scanPlan)
		return err
	})
	return all, err
}

// EndedPlans are the newest planned changes that don't wait any more.
func (s *Store) EndedPlans(ctx context.Context, app chat.AppID, limit int) (all []chat.SettingsPlan, err error) {
	err = s.read(ctx, func(q querier) error {
		rows, err := q.query(`SELECT `+planColumns+` FROM setting_plans WHERE app_id = $1 AND state <> 'waiting' ORDER BY ended_at DESC, n DESC LIMIT $2`, string(app), limit)
		all, err = scan(rows, err, scanPlan)
		return err
	})
	return all, err
}

// SettingsPlan is one planned change of an app.
func (s *Store) SettingsPlan(ctx context.Context, app chat.AppID, n int64) (p chat.SettingsPlan, err error) {
	err = s.read(ctx, func(q querier) error { p, err = loadPlan(q, app, n); return err })
	return p, err
}

// ScheduleSettings plans a change. What it takes away needs a recent password now, since nobody is asked at its time.
func (s *Store) ScheduleSettings(ctx context.Context, actor chat.Actor, p chat.SettingsPlan) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if p, err = t.checkPlan(p); err != nil {
			return err
		}
		waiting, err := numbers(t, `SELECT n FROM setting_plans WHERE app_id = $1 AND state = 'waiting' ORDER BY at, n`, string(p.App))
		if err != nil {
			return err
		}
		if len(waiting) >= chat.MaxPlans {
			return &chat.Error{Code: chat.Invalid, Reason: chat.PlanLimit, Message: "50 changes of this app are scheduled already.", Hint: "Cancel one that is not needed any more."}
		}
		p.Version, p.State, p.ByID, p.By = 1, chat.PlanWaiting, t.Actor.ID, t.Actor.Name
		changes, err := json.Marshal(p.Changes)
		if err != nil {
			return err
		}
		res, err := t.exec(`INSERT INTO setting_plans (app_id, at, changes, reason, trial, admin_id, admin_name, proven, version, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 'waiting')`,
			string(p.App), millis(p.At), string(changes), p.Note.Reason, p.Note.Trial.Milliseconds(), p.ByID, p.By, flag(p.Proven))
		if err != nil {
			return fmt.Errorf("schedule settings: %w", err)
		}
		if p.N, err = res.LastInsertId(); err != nil {
			return err
		}
		e, err = t.recordPlan(chat.SettingsScheduled, p, nil, p.Image(), chat.Event{})
		return err
	})
	return e, err
}

// checkPlan asks the rules of a plan: who may save settings may plan to.
func (t *Tx) checkPlan(p chat.SettingsPlan) (chat.SettingsPlan, error) {
	if _, err := loadApp(t, p.App); err != nil {
		return p, err
	}
	if err := t.allow(chat.OpSettingsSave, chat.Facts{App: p.App}); err != nil {
		return p, err
	}
	p, err := p.Check(t.Now)
	if err != nil {
		return p, err
	}
	now, err := loadSettings(t, p.App)
	if err != nil {
		return p, err
	}
	differs := false
	for _, c := range p.Changes {
		is := now[c.Key]
		if is.Version != c.Version {
			return p, chat.StaleSettingError(c, is)
		}
		differs = differs || is.Value != c.Value
	}
	if !differs {
		return p, chat.InvalidField("changes", "must name a setting that becomes different")
	}
	then := p.Then(now)
	proven := t.allow(chat.OpSettingsLoosen, chat.Facts{App: p.App})
	if proven != nil && (chat.Loosens(now.Security(), then.Security()) || chat.OpensOrigins(now, then)) {
		return p, proven
	}
	p.Proven = proven == nil
	return p, nil
}

func (t *Tx) recordPlan(kind chat.EventType, p chat.SettingsPlan, before, after chat.Image, e chat.Event) (chat.Event, error) {
	e.App, e.Type, e.Subject = p.App, kind, strconv.FormatInt(p.N, 10)
	return t.record(e, before, after)
}

// RescheduleSettings changes a planned change. It becomes the acting admin's own.
func (s *Store) RescheduleSettings(ctx context.Context, actor chat.Actor, p chat.SettingsPlan) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.reschedule(p, chat.Event{}); return err })
	return e, err
}

func (t *Tx) reschedule(p chat.SettingsPlan, mark chat.Event) (e chat.Event, err error) {
	if p, err = t.checkPlan(p); err != nil {
		return e, err
	}
	was, err := loadPlan(t, p.App, p.N)
	switch {
	case err != nil:
		return e, err
	case was.State != chat.PlanWaiting:
		return e, chat.ErrPlanNotFound()
	case was.Version != p.Version:
		return e, &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange, Message: "Not saved. Somebody else changed this scheduled change while you were editing.", Hint: "Reload the page and look at both."}
	}
	changes, err := json.Marshal(p.Changes)
	if err != nil {
		return e, err
	}
	if string(image(was.Image())) == string(image(p.Image())) {
		return e, nil
	}
	if _, err := t.exec(`UPDATE setting_plans SET at = $2, changes = $3, reason = $4, trial = $5, admin_id = $6, admin_name = $7, proven = $8, version = version + 1 WHERE n = $1`,
		p.N, millis(p.At), string(changes), p.Note.Reason, p.Note.Trial.Milliseconds(), t.Actor.ID, t.Actor.Name, flag(p.Proven)); err != nil {
		return e, fmt.Errorf("reschedule settings: %w", err)
	}
	return t.recordPlan(chat.SettingsRescheduled, p, was.Image(), p.Image(), mark)
}

// CancelPlan cancels a planned change that waits.
func (s *Store) CancelPlan(ctx context.Context, actor chat.Actor, app chat.AppID, n int64) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.cancelPlan(app, n, chat.Event{}); return err })
	return e, err
}

func (t *Tx) cancelPlan(app chat.AppID, n int64, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpSettingsSave, chat.Facts{App: app}); err != nil {
		return chat.Event{}, err
	}
	p, err := loadPlan(t, app, n)
	if err == nil && p.State != chat.PlanWaiting {
		err = chat.ErrPlanNotFound()
	}
	if err != nil {
		return chat.Event{}, err
	}
	if err := t.endPlan(n, chat.PlanCancelled, "Cancelled by "+t.Actor.Name+"."); err != nil {
		return chat.Event{}, err
	}
	return t.recordPlan(chat.SettingsUnscheduled, p, p.Image(), nil, mark)
}

func (t *Tx) endPlan(n int64, state chat.PlanState, note string) error {
	if _, err := t.exec(`UPDATE setting_plans SET state = $2, ended_at = $3, note = $4, version = version + 1 WHERE n = $1`, n, string(state), millis(t.Now), note); err != nil {
		return fmt.Errorf("end plan: %w", err)
	}
	return nil
}

// undoPlan takes back what was done to a plan that still waits, or puts a cancelled one back while its time is ahead.
func (t *Tx) undoPlan(past, mark chat.Event) (chat.Event, error) {
	n, err := strconv.ParseInt(past.Subject, 10, 64)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	p, err := loadPlan(t, past.App, n)
	if err != nil {
		return chat.Event{}, err
	}
	switch past.Type {
	case chat.SettingsScheduled:
		if p.State == chat.PlanWaiting && string(image(p.Image())) != string(past.After) {
			return chat.Event{}, movedOn()
		}
		return t.cancelPlan(past.App, n, mark)
	case chat.SettingsUnscheduled:
		if p.State != chat.PlanCancelled {
			return chat.Event{}, movedOn()
		}
		return t.waitAgain(p, mark)
	}
	if p.State != chat.PlanWaiting || string(image(p.Image())) != string(past.After) {
		return chat.Event{}, movedOn()
	}
	was, err := planOf(p, past)
	if err != nil {
		return chat.Event{}, err
	}
	now, err := loadSettings(t, past.App)
	if err != nil {
		return chat.Event{}, err
	}
	for i, c := range was.Changes {
		was.Changes[i].Version = now[c.Key].Version
	}
	return t.reschedule(was, mark)
}

// waitAgain puts a cancelled plan back.
func (t *Tx) waitAgain(p chat.SettingsPlan, mark chat.Event) (chat.Event, error) {
	if !p.At.After(t.Now) {
		return chat.Event{}, chat.CannotUndoError("Its time has passed.")
	}
	if err := t.allow(chat.OpSettingsSave, chat.Facts{App: p.App}); err != nil {
		return chat.Event{}, err
	}
	if _, err := t.exec(`UPDATE setting_plans SET state = 'waiting', ended_at = 0, note = '', version = version + 1 WHERE n = $1`, p.N); err != nil {
		return chat.Event{}, fmt.Errorf("schedule settings again: %w", err)
	}
	return t.recordPlan(chat.SettingsScheduled, p, nil, p.Image(), mark)
}

// planOf is the plan as an event's before-image has it.
func planOf(p chat.SettingsPlan, e chat.Event) (chat.SettingsPlan, error) {
	var note struct {
		At            int64
		Trial, Reason string
	}
	if err := json.Unmarshal(e.Before, &note); err != nil {
		return p, fmt.Errorf("read event %d: %w", e.Seq, err)
	}
	p.At, p.Note, p.Changes = fromMillis(note.At), chat.SaveNote{Reason: note.Reason}, nil
	if note.Trial != "" {
		var err error
		if p.Note.Trial, err = time.ParseDuration(note.Trial); err != nil {
			return p, fmt.Errorf("read event %d: %w", e.Seq, err)
		}
	}
	for key, raw := range decodeImage(e.Before) {
		var value string
		if _, known := chat.DefaultSettings()[chat.SettingKey(key)]; known && json.Unmarshal(raw, &value) == nil {
			p.Changes = append(p.Changes, chat.SettingChange{Key: chat.SettingKey(key), Value: value})
		}
	}
	return p, nil
}

// makePlan makes a planned change, if it still waits, as the admin who planned it: with the rights that they have now. A
// setting that somebody changed since is left. What can't be made is told, and changes nothing.
func (t *Tx) makePlan(n int64) error {
	p, err := scanPlan(t.row(`SELECT `+planColumns+` FROM setting_plans WHERE n = $1 AND state = 'waiting' AND at <= $2`, n, millis(t.Now)))
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := loadSettings(t, p.App)
	if err != nil {
		return err
	}
	moved := p.Moved(now)
	var changes []chat.SettingChange
	for _, c := range p.Changes {
		if now[c.Key].Version == c.Version {
			changes = append(changes, c)
		}
	}
	e, err := t.asPlanner(p, func() (chat.Event, error) {
		if err := t.allow(chat.OpSettingsSave, chat.Facts{App: p.App}); err != nil {
			return chat.Event{}, err
		}
		if p.Note.Trial > 0 {
			if err := t.noTrialOf(p.App, changes, now); err != nil {
				return chat.Event{}, err
			}
		}
		return t.saveSettings(p.App, now, changes, chat.Event{Reason: joinSentences(p.Note.Reason, chat.LeftSentence(moved))})
	})
	switch refusal := chat.AsError(err); {
	case refusal != nil:
		return t.planNotDone(p, refusal.Message)
	case err != nil:
		return err
	case e.Seq == 0 && len(moved) > 0:
		return t.planNotDone(p, chat.LeftSentence(moved))
	case e.Seq == 0:
		return t.endPlan(n, chat.PlanDone, "It was so already.")
	}
	if p.Note.Trial > 0 {
		if err := t.startTrial(e, p.Note.Trial); err != nil {
			return err
		}
	}
	return t.endPlan(n, chat.PlanDone, chat.LeftSentence(moved))
}

func (t *Tx) planNotDone(p chat.SettingsPlan, why string) error {
	if err := t.endPlan(p.N, chat.PlanRefused, why); err != nil {
		return err
	}
	_, err := t.recordPlan(chat.SettingsNotDone, p, nil, p.Image(), chat.Event{Reason: why})
	return err
}

// asPlanner runs fn as the admin who planned p is now. The password that they gave for it counts.
func (t *Tx) asPlanner(p chat.SettingsPlan, fn func() (chat.Event, error)) (chat.Event, error) {
	was := t.Actor
	defer func() { t.Actor = was }()
	if p.ByID != chat.CommandLine.ID {
		admin, err := loadAdmin(t, p.ByID)
		if chat.ReasonOf(err) == chat.AdminNotFound {
			return chat.Event{}, &chat.Error{Code: chat.Forbidden, Reason: chat.RoleTooLow, Message: p.By + ", who scheduled it, is no admin any more.", Hint: "Schedule it again yourself."}
		}
		if err != nil {
			return chat.Event{}, err
		}
		var proven time.Time
		if p.Proven {
			proven = t.Now
		}
		t.Actor = admin.Actor(proven)
		t.Actor.Source = chat.System
	}
	return fn()
}
