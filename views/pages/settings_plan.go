package pages

import (
	"context"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// PlanView is a planned change and what it does as things are now.
type PlanView struct {
	Plan      chat.SettingsPlan
	Saved     chat.Settings
	Use       RealUse
	Now       time.Time
	CanManage bool
}

// RealUse is what a change of settings is measured by: what browsers called lately, and where guests are now.
type RealUse struct {
	Usage  map[chat.SettingKey]SwitchUsage
	Guests []GuestPlace
	Seen   []Origin
}

func (p PlanView) lines() []diffLine {
	var all []diffLine
	for _, c := range p.Plan.Changes {
		all = append(all, diffSetting(c.Key, p.Saved[c.Key].Value, c.Value))
	}
	return all
}

// Effects are what the plan does, sentence by sentence, with today's numbers.
func (p PlanView) Effects(ctx context.Context) []string {
	then := p.Plan.Then(p.Saved)
	was, is := p.Saved.Security(), then.Security()
	var all []string
	before := chat.Effects(was)
	for i, e := range chat.Effects(is) {
		switch {
		case before[i].Allowed && !e.Allowed:
			all = append(all, words.T(ctx, "Stops in browsers: %s.", words.Said(ctx, e.What)))
		case !before[i].Allowed && e.Allowed:
			all = append(all, words.T(ctx, "Works in browsers then: %s.", words.Said(ctx, e.What)))
		}
	}
	for _, c := range p.Plan.Changes {
		u, counts := p.Use.Usage[c.Key]
		if counts && c.Key != chat.SettingGuests && c.Value != p.Saved[c.Key].Value {
			all = append(all, u.summary(ctx))
		}
		if c.Key == chat.SettingAllowedOrigins {
			if refused := Refused(p.Use.Seen, then); len(refused) > 0 {
				all = append(all, words.T(ctx, "Refuses pages that called in 7 days: %s.", strings.ReplaceAll(RefusedNames(refused), " ", ", ")))
			}
		}
	}
	if cut := (SecurityView{Saved: p.Saved, Guests: p.Use.Guests}).cut(ctx, is); cut != "" {
		all = append(all, strings.Replace(cut, "Saving disconnects", "As of now it would disconnect", 1))
	}
	return all
}

// Warnings are what stands in the plan's way.
func (p PlanView) Warnings(ctx context.Context) []string {
	var all []string
	for _, s := range p.Plan.Moved(p.Saved) {
		all = append(all, words.T(ctx, "%s will be left alone: %s changed it since this was scheduled. Edit and save it to set it all the same.", words.T(ctx, s.Key.Label()), s.ChangedBy))
	}
	return all
}

// PlanFormView is the form of a change that is made later.
type PlanFormView struct {
	SettingsHead
	PlanView
	Date, Time string // as the form shows them
	Password   bool   // ask for it
	Error      string
	Errors     map[string]string
}

func (v PlanFormView) title(ctx context.Context) string {
	if v.Plan.N == 0 {
		return words.T(ctx, "Schedule a change")
	}
	return words.T(ctx, "Edit a scheduled change")
}

func (v PlanFormView) action() string {
	if v.Plan.N == 0 {
		return paths.ScheduleSettings(v.app(), nil)
	}
	return paths.SettingsPlan(v.app(), v.Plan.N)
}

func (v PlanFormView) save(ctx context.Context) string {
	if v.Plan.N == 0 {
		return words.T(ctx, "Schedule this change")
	}
	return words.T(ctx, "Save")
}

func (v PlanFormView) hidden() []components.Hidden {
	all := []components.Hidden{{Name: "version", Value: count0(v.Plan.Version)}}
	for _, c := range v.Plan.Changes {
		all = append(all, components.Hidden{Name: "version." + string(c.Key), Value: count0(c.Version)})
		if c.Key == chat.SettingTheme {
			all = append(all, components.Hidden{Name: string(c.Key), Value: c.Value})
		}
	}
	return all
}

// field is the input of one setting of the plan; ok is false for those that have none.
func (v PlanFormView) field(ctx context.Context, c chat.SettingChange) (p components.FieldProps, ok bool) {
	p = components.FieldProps{Label: words.T(ctx, c.Key.Label()), Name: string(c.Key), Value: c.Value, Error: v.Errors[string(c.Key)], Help: words.T(ctx, "Now: %s.", v.Saved[c.Key].Key.Say(v.Saved[c.Key].Value))}
	switch c.Key {
	case chat.SettingTheme:
		return p, false
	case chat.SettingAllowedOrigins:
		p.Rows, p.Mono = 4, true
	case chat.SettingParticipantLimit:
		p.InputMode = "numeric"
	case chat.SettingGuests:
		for _, policy := range chat.GuestPolicies {
			p.Options = append(p.Options, components.Option{Value: string(policy), Label: words.T(ctx, policy.Label())})
		}
	default:
		p.Options = []components.Option{{Value: "true", Label: words.T(ctx, "Ticked")}, {Value: "false", Label: words.T(ctx, "Not ticked")}}
		if canObserve(c.Key) {
			p.Options = slices.Insert(p.Options, 1, components.Option{Value: chat.Observing, Label: words.T(ctx, "Observe")})
		}
	}
	return p, true
}

// zone says whose clock the date and time are read by.
func (v PlanFormView) zone(ctx context.Context) string {
	return words.T(ctx, "By the server’s clock, where it is %s now.", v.Now.Format("15:04 MST"))
}
