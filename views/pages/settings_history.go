package pages

import (
	"context"
	"encoding/json"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/words"
)

// SettingsHistoryView is what was changed, what waits to be confirmed and what is scheduled.
type SettingsHistoryView struct {
	SettingsHead
	Trials  []chat.SettingsTrial
	Plans   []PlanView
	Ended   []chat.SettingsPlan
	Changes []SettingsChange
	Newer   string
	Older   string
	Back    string
}

// SettingsChange is one saved change.
type SettingsChange struct {
	EventView
	Moved []chat.Setting // what was changed again since: it can't be reverted
	Trial bool           // waits to be confirmed
}

// lines are what the change did, in words.
func (c SettingsChange) lines() []diffLine {
	before, after := values(c.Before), values(c.After)
	var all []diffLine
	for _, key := range c.settingKeys() {
		all = append(all, diffSetting(key, before[key], after[key]))
	}
	return all
}

func values(image json.RawMessage) map[chat.SettingKey]string {
	all := map[chat.SettingKey]string{}
	for key, raw := range decode(image) {
		var value string
		if json.Unmarshal(raw, &value) == nil {
			all[chat.SettingKey(key)] = value
		}
	}
	return all
}

// movedBy says why the change can't be reverted any more.
func (c SettingsChange) movedBy(ctx context.Context) string {
	if len(c.Moved) == 0 {
		return ""
	}
	s := c.Moved[0]
	return words.T(ctx, "%s was changed again since, by %s.", words.T(ctx, s.Key.Label()), s.ChangedBy)
}

func (c SettingsChange) revertLabel(ctx context.Context) string {
	return words.T(ctx, "Revert: %s", settingLabels(ctx, c.settingKeys()))
}

// reverted tells a change that takes an earlier one back.
func (c SettingsChange) reverted() bool { return c.Undoes != 0 }

func (v SettingsHistoryView) planOutcome(ctx context.Context, p chat.SettingsPlan) components.BadgeProps {
	switch p.State {
	case chat.PlanDone:
		return components.BadgeProps{Text: words.T(ctx, "Done"), Tone: components.OK, Icon: "check"}
	case chat.PlanCancelled:
		return components.BadgeProps{Text: words.T(ctx, "Cancelled"), Tone: components.Outline}
	}
	return components.BadgeProps{Text: words.T(ctx, "Not done"), Tone: components.Bad, Icon: "x"}
}

func planKeys(p chat.SettingsPlan) (keys []chat.SettingKey) {
	for _, c := range p.Changes {
		keys = append(keys, c.Key)
	}
	return keys
}

// NewSettingsChange is a saved change, as far as the settings have moved on since, for an admin of a role.
func NewSettingsChange(e chat.Event, saved chat.Settings, trials []chat.SettingsTrial, now time.Time, role chat.Role) SettingsChange {
	c := SettingsChange{EventView: EventView{Event: e, Now: now, Role: role}}
	after := values(e.After)
	for _, key := range c.settingKeys() {
		if saved[key].Value != after[key] {
			c.Moved = append(c.Moved, saved[key])
		}
	}
	for _, t := range trials {
		c.Trial = c.Trial || t.Save.Seq == e.Seq
	}
	return c
}

// Trial is a change that waits to be confirmed, as the banner tells it.
func Trial(ctx context.Context, t chat.SettingsTrial, now time.Time) layouts.Trial {
	e := EventView{Event: t.Save, Now: now}
	return layouts.Trial{What: settingLabels(ctx, e.settingKeys()), By: t.Save.ActorName, Left: left(ctx, t.Due, now), At: words.Full(ctx, t.Due, now),
		LeftMS: t.Due.Sub(now).Milliseconds(), Stays: words.Said(ctx, chat.LeftSentence(t.Left))}
}
