package db

import (
	"context"
	"fmt"

	"guestlist/db/chat"
)

// RevertSettings takes back one saved change of an app's settings, as Undo does: the one with this number in the audit
// log, or with 0 the newest that still stands. It refuses when one of its settings was changed again since; of a save that
// waits to be kept, what was changed again is left and the rest goes back.
func (s *Store) RevertSettings(ctx context.Context, actor chat.Actor, app chat.AppID, seq int64) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error {
		if err := t.allow(chat.OpSettingsSave, chat.Facts{App: app}); err != nil {
			return err
		}
		past, err := t.settingsChange(app, seq)
		if err != nil {
			return err
		}
		e, err = t.undo(past, "")
		return err
	})
	return e, err
}

// settingsChange is the saved change with this number, or with 0 the newest that nobody took back and that takes nothing
// back itself.
func (t *Tx) settingsChange(app chat.AppID, seq int64) (chat.Event, error) {
	if _, err := loadApp(t, app); err != nil {
		return chat.Event{}, err
	}
	if seq == 0 {
		err := t.row(`SELECT e.seq FROM events e WHERE e.app_id = $1`+isRare+` AND e.type = 'settings.updated' AND e.undoes = 0
			AND NOT EXISTS (SELECT 1 FROM events undo WHERE undo.undoes = e.seq AND undo.undoes <> 0) ORDER BY e.seq DESC LIMIT 1`, string(app)).Scan(&seq)
		if isMissing(err) {
			return chat.Event{}, chat.CannotUndoError("No change of this app’s settings stands.")
		}
		if err != nil {
			return chat.Event{}, fmt.Errorf("find the newest change of settings: %w", err)
		}
	}
	past, err := loadEvent(t, app, seq)
	if err == nil && past.Type != chat.SettingsUpdated {
		err = chat.CannotUndoError("This is no change of settings.")
	}
	return past, err
}
