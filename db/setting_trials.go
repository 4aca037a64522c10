package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guestlist/db/chat"
)

// A save on trial goes back at its time unless somebody keeps it. What goes back is what is still as the save left it: a
// setting that was changed again since is left to who changed it.

// noTrialOf refuses a save on trial of a setting that is on trial already: which of the two values would it go back to?
func (t *Tx) noTrialOf(app chat.AppID, changes []chat.SettingChange, now chat.Settings) error {
	trials, err := loadTrials(t, app)
	if err != nil {
		return err
	}
	for _, trial := range trials {
		for _, c := range changes {
			if _, on := decodeImage(trial.Save.After)[string(c.Key)]; on && now[c.Key].Value != c.Value {
				return &chat.Error{Code: chat.Conflict, Reason: chat.TrialWaiting, Message: "Not saved. " + c.Key.Label() + " waits to be confirmed already.",
					Hint: "Confirm or revert that change first, or save this one to stay.", Fields: map[string][]string{"trial": {"this setting waits to be confirmed already"}}}
			}
		}
	}
	return nil
}

func decodeImage(image json.RawMessage) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(image, &fields) // no image, no fields
	return fields
}

func (t *Tx) startTrial(e chat.Event, length time.Duration) error {
	if _, err := t.exec(`INSERT INTO setting_trials (seq, app_id, due_at) VALUES ($1, $2, $3)`, e.Seq, string(e.App), millis(t.Now.Add(length))); err != nil {
		return fmt.Errorf("start trial: %w", err)
	}
	return nil
}

// endTrial forgets the trial of a save, if it is on one.
func (t *Tx) endTrial(seq int64) error {
	_, err := t.endedTrial(seq)
	return err
}

func (t *Tx) endedTrial(seq int64) (bool, error) {
	res, err := t.exec(`DELETE FROM setting_trials WHERE seq = $1`, seq)
	if err != nil {
		return false, fmt.Errorf("end trial: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// SettingsTrials are the saves of an app that wait for somebody to keep them, oldest first.
func (s *Store) SettingsTrials(ctx context.Context, app chat.AppID) (all []chat.SettingsTrial, err error) {
	err = s.read(ctx, func(q querier) error { all, err = loadTrials(q, app); return err })
	return all, err
}

func loadTrials(q querier, app chat.AppID) ([]chat.SettingsTrial, error) {
	type row struct{ seq, due int64 }
	rows, err := q.query(`SELECT seq, due_at FROM setting_trials WHERE app_id = $1 ORDER BY seq`, string(app))
	found, err := scan(rows, err, func(r interface{ Scan(...any) error }) (x row, err error) {
		err = r.Scan(&x.seq, &x.due)
		return x, err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	now, err := loadSettings(q, app)
	if err != nil {
		return nil, err
	}
	var all []chat.SettingsTrial
	for _, r := range found {
		e, err := loadEvent(q, app, r.seq)
		if err != nil {
			return nil, err
		}
		_, left, err := wayBack(e, now)
		if err != nil {
			return nil, err
		}
		all = append(all, chat.SettingsTrial{Save: e, Due: fromMillis(r.due), Left: left})
	}
	return all, nil
}

// KeepSettings keeps a save that is on trial.
func (s *Store) KeepSettings(ctx context.Context, actor chat.Actor, app chat.AppID, seq int64) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpSettingsSave, chat.Facts{App: app}); err != nil {
			return err
		}
		save, err := loadEvent(t, app, seq)
		if err != nil {
			return err
		}
		on, err := t.endedTrial(seq)
		if err != nil {
			return err
		}
		if !on {
			return &chat.Error{Code: chat.Conflict, Reason: chat.StaleChange, Message: "This change doesn’t wait to be confirmed any more.", Hint: "It was confirmed, or went back. Nothing was changed."}
		}
		e, err = t.keep(save, "")
		return err
	})
	return e, err
}

// keep records that a save on trial stays as far as nobody changed it since.
func (t *Tx) keep(save chat.Event, why string) (chat.Event, error) {
	after := chat.Image{}
	for key, value := range decodeImage(save.After) {
		after[key] = value
	}
	return t.record(chat.Event{App: save.App, Type: chat.SettingsKept, Subject: fmt.Sprint(save.Seq), Reason: why}, nil, after)
}

// revertTrial takes back what is still as the save left it. Nothing left to take back is no change, which is recorded
// all the same, since somebody may wait for it.
func (t *Tx) revertTrial(save chat.Event, why string) (chat.Event, error) {
	now, err := loadSettings(t, save.App)
	if err != nil {
		return chat.Event{}, err
	}
	changes, left, err := wayBack(save, now)
	if err != nil {
		return chat.Event{}, err
	}
	if len(left) > 0 {
		why = joinSentences(why, chat.LeftSentence(left))
	}
	if len(changes) == 0 {
		if err := t.endTrial(save.Seq); err != nil {
			return chat.Event{}, err
		}
		return t.keep(save, why)
	}
	e, err := t.saveSettings(save.App, now, changes, chat.Event{Undoes: save.Seq, Reason: why})
	if err != nil {
		return e, err
	}
	return e, t.endTrial(save.Seq)
}

func joinSentences(a, b string) string { return strings.TrimSpace(a + " " + b) }

// onTrial tells whether a save waits for somebody to keep it.
func (t *Tx) onTrial(seq int64) (on bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM setting_trials WHERE seq = $1)`, seq).Scan(&on)
	return on, err
}

// clock is who does what is due.
var clock = chat.Actor{Kind: chat.SystemActor, ID: "clock", Name: "Guestlist", Source: chat.System, Role: chat.Owner}

// DueSettings does what is due: saves on trial that nobody kept go back, planned changes are made. Each is a change of
// its own. It gives how many it did.
func (s *Store) DueSettings(ctx context.Context) (done int, err error) {
	var trials, plans []int64
	err = s.read(ctx, func(q querier) error {
		now := millis(s.now())
		if trials, err = numbers(q, `SELECT seq FROM setting_trials WHERE due_at <= $1 ORDER BY due_at LIMIT 100`, now); err != nil {
			return err
		}
		plans, err = numbers(q, `SELECT n FROM setting_plans WHERE state = 'waiting' AND at <= $1 ORDER BY at LIMIT 100`, now)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, seq := range trials {
		if err := s.change(ctx, clock, func(t *Tx) error { return t.expireTrial(seq) }); err != nil {
			return done, err
		}
		done++
	}
	for _, n := range plans {
		if err := s.change(ctx, clock, func(t *Tx) error { return t.makePlan(n) }); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func numbers(q querier, text string, args ...any) ([]int64, error) {
	rows, err := q.query(text, args...)
	return scan(rows, err, func(r interface{ Scan(...any) error }) (n int64, err error) { err = r.Scan(&n); return n, err })
}

// expireTrial takes back a save whose time is over, if nobody was faster.
func (t *Tx) expireTrial(seq int64) error {
	var app string
	err := t.row(`SELECT app_id FROM setting_trials WHERE seq = $1 AND due_at <= $2`, seq, millis(t.Now)).Scan(&app)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	save, err := loadEvent(t, chat.AppID(app), seq)
	if err != nil {
		return err
	}
	_, err = t.revertTrial(save, "Nobody confirmed it in time.")
	return err
}
