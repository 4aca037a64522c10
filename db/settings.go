package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guestlist/db/chat"
)

func loadSettings(q querier, app chat.AppID) (chat.Settings, error) {
	all := chat.DefaultSettings()
	rows, err := q.query(`SELECT key, value, version, changed_at, changed_by, source FROM settings WHERE app_id = $1`, string(app))
	stored, err := scan(rows, err, func(row interface{ Scan(...any) error }) (chat.Setting, error) {
		var s chat.Setting
		var at int64
		err := row.Scan(&s.Key, &s.Value, &s.Version, &at, &s.ChangedBy, &s.Source)
		s.ChangedAt = fromMillis(at)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("load settings: %w", err)
	}
	for _, s := range stored {
		all[s.Key] = s
	}
	return all, nil
}

// Settings are all settings of an app.
func (s *Store) Settings(ctx context.Context, app chat.AppID) (all chat.Settings, err error) {
	err = s.read(ctx, func(q querier) error {
		if _, err := loadApp(q, app); err != nil {
			return err
		}
		all, err = loadSettings(q, app)
		return err
	})
	return all, err
}

// SaveSettings saves the settings whose values differ, all or none, as one event. A change made from an older version
// of a setting is refused as stale, unless it is what is stored already. Turning protection off needs a recent password.
func (s *Store) SaveSettings(ctx context.Context, actor chat.Actor, app chat.AppID, changes []chat.SettingChange) (e chat.Event, err error) {
	return s.SaveSettingsWith(ctx, actor, app, changes, chat.SaveNote{})
}

// SaveSettingsWith is SaveSettings with why it is done, and whether it goes back by itself.
func (s *Store) SaveSettingsWith(ctx context.Context, actor chat.Actor, app chat.AppID, changes []chat.SettingChange, note chat.SaveNote) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.changeSettings(app, changes, note); return err })
	return e, err
}

func (t *Tx) changeSettings(app chat.AppID, changes []chat.SettingChange, note chat.SaveNote) (e chat.Event, err error) {
	if note, err = note.Check(); err != nil {
		return e, err
	}
	now, err := loadSettings(t, app)
	if err != nil {
		return e, err
	}
	changes = slices.Clone(changes)
	if _, err := loadApp(t, app); err != nil {
		return e, err
	}
	if err := t.allow(chat.OpSettingsSave, chat.Facts{App: app}); err != nil {
		return e, err
	}
	for i, c := range changes {
		if c, err = c.Normal(); err != nil {
			return e, err
		}
		if is := now[c.Key]; is.Version != c.Version && is.Value != c.Value {
			joined, ok := c.Onto(is)
			if !ok {
				return e, chat.StaleSettingError(c, is)
			}
			c = joined
		}
		changes[i] = c
	}
	if note.Trial > 0 {
		if err := t.noTrialOf(app, changes, now); err != nil {
			return e, err
		}
	}
	e, err = t.saveSettings(app, now, changes, chat.Event{Reason: note.Reason})
	if err == nil && e.Seq != 0 && note.Trial > 0 {
		err = t.startTrial(e, note.Trial)
	}
	return e, err
}

func (t *Tx) saveSettings(app chat.AppID, now chat.Settings, changes []chat.SettingChange, e chat.Event) (chat.Event, error) {
	after, was, is := chat.Settings{}, chat.Image{}, chat.Image{}
	for key, s := range now {
		after[key] = s
	}
	for _, c := range changes {
		if s := now[c.Key]; s.Value != c.Value {
			was[string(c.Key)], is[string(c.Key)] = s.Value, c.Value
			after[c.Key] = chat.Setting{Key: c.Key, Value: c.Value, Version: s.Version + 1}
		}
	}
	if len(is) == 0 {
		return chat.Event{}, nil
	}
	if chat.Loosens(now.Security(), after.Security()) || chat.OpensOrigins(now, after) {
		if err := t.allow(chat.OpSettingsLoosen, chat.Facts{App: app}); err != nil {
			return chat.Event{}, err
		}
	}
	for key := range is {
		s := after[chat.SettingKey(key)]
		if _, err := t.exec(`INSERT INTO settings (app_id, key, value, version, changed_at, changed_by, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (app_id, key) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at,
				changed_by = excluded.changed_by, source = excluded.source`,
			string(app), key, s.Value, s.Version, millis(t.Now), t.Actor.Name, string(t.Actor.Source)); err != nil {
			return e, fmt.Errorf("save setting: %w", err)
		}
	}
	e.App, e.Type = app, chat.SettingsUpdated
	return t.record(e, was, is)
}

func (t *Tx) undoSettings(past, mark chat.Event) (chat.Event, error) {
	if err := t.allow(chat.OpSettingsSave, chat.Facts{App: past.App}); err != nil {
		return chat.Event{}, err
	}
	if on, err := t.onTrial(past.Seq); err != nil {
		return chat.Event{}, err
	} else if on {
		return t.revertTrial(past, mark.Reason)
	}
	now, err := loadSettings(t, past.App)
	if err != nil {
		return chat.Event{}, err
	}
	changes, left, err := wayBack(past, now)
	if err != nil {
		return chat.Event{}, err
	}
	if len(left) > 0 {
		return chat.Event{}, movedOn()
	}
	return t.saveSettings(past.App, now, changes, mark)
}

// wayBack is what takes a saved change back, as far as its settings are still as it left them; the others are left.
func wayBack(past chat.Event, now chat.Settings) (changes []chat.SettingChange, left []chat.Setting, err error) {
	var back, forth map[chat.SettingKey]string
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return nil, nil, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	for _, key := range chat.SettingKeys {
		value, changed := back[key]
		switch {
		case !changed:
		case now[key].Value != forth[key]:
			left = append(left, now[key])
		default:
			changes = append(changes, chat.SettingChange{Key: key, Value: value})
		}
	}
	return changes, left, nil
}
