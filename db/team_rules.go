package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"guestlist/db/chat"
)

// What holds for everybody who signs in.

const ruleSecondStep = "require_second_step"

// TeamRules are how everybody signs in.
func (s *Store) TeamRules(ctx context.Context) (r chat.TeamRules, err error) {
	err = s.read(ctx, func(q querier) error { r, err = loadTeamRules(q); return err })
	return r, err
}

func loadTeamRules(q querier) (r chat.TeamRules, err error) {
	var value string
	err = q.row(`SELECT value FROM server_settings WHERE key = $1`, ruleSecondStep).Scan(&value)
	if isMissing(err) {
		return r, nil
	}
	return chat.TeamRules{SecondStep: value == "true"}, err
}

// SaveTeamRules says how everybody signs in. Asking for less takes an owner who proved who they are lately.
func (s *Store) SaveTeamRules(ctx context.Context, actor chat.Actor, r chat.TeamRules) (e chat.Event, err error) {
	err = s.change(ctx, actor, func(t *Tx) error { e, err = t.saveTeamRules(r, chat.Event{}); return err })
	return e, err
}

func (t *Tx) saveTeamRules(r chat.TeamRules, e chat.Event) (chat.Event, error) {
	now, err := loadTeamRules(t)
	if err != nil {
		return e, err
	}
	op := chat.OpTeamManage
	if now.SecondStep && !r.SecondStep {
		op = chat.OpTeamSecure
	}
	if err := t.allow(op, chat.Facts{}); err != nil || now == r {
		return chat.Event{}, err
	}
	if _, err := t.exec(`INSERT INTO server_settings (key, value, changed_at, changed_by) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		ruleSecondStep, fmt.Sprint(r.SecondStep), millis(t.Now), t.Actor.Name); err != nil {
		return e, fmt.Errorf("save team rules: %w", err)
	}
	e.Type = chat.TeamUpdated
	return t.record(e, chat.Image{"secondStep": now.SecondStep}, chat.Image{"secondStep": r.SecondStep})
}

func (t *Tx) undoTeamRules(past, mark chat.Event) (chat.Event, error) {
	var back, forth struct {
		SecondStep bool `json:"secondStep"`
	}
	if err := errors.Join(json.Unmarshal(past.Before, &back), json.Unmarshal(past.After, &forth)); err != nil {
		return chat.Event{}, fmt.Errorf("read event %d: %w", past.Seq, err)
	}
	if now, err := loadTeamRules(t); err != nil {
		return chat.Event{}, err
	} else if now.SecondStep != forth.SecondStep {
		return chat.Event{}, movedOn()
	}
	return t.saveTeamRules(chat.TeamRules{SecondStep: back.SecondStep}, mark)
}
