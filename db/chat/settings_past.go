package chat

import (
	"strings"
	"time"
	"unicode/utf8"
)

// SaveNote goes with a save of settings.
type SaveNote struct {
	Reason string        // why, for those who look back; may be empty
	Trial  time.Duration // the save goes back by itself after this time unless somebody keeps it; 0 for one that stays
}

// A trial is long enough to look and short enough to wait for.
const (
	DefaultTrial = 30 * time.Minute
	minTrial     = time.Minute
	maxTrial     = 7 * 24 * time.Hour
	maxReason    = 500
)

// Check trims the reason and says what is wrong with the note.
func (n SaveNote) Check() (SaveNote, error) {
	n.Reason = strings.TrimSpace(n.Reason)
	switch {
	case utf8.RuneCountInString(n.Reason) > maxReason:
		return n, InvalidField("reason", "has more than 500 characters")
	case n.Trial != 0 && (n.Trial < minTrial || n.Trial > maxTrial):
		return n, InvalidField("trial", "must be between a minute and a week")
	}
	return n, nil
}

// SettingsTrial is a saved change that waits for somebody to keep it.
type SettingsTrial struct {
	Save Event
	Due  time.Time // when it goes back
	Left []Setting // what was changed again since, and therefore stays
}

// PlanState tells what became of a planned change.
type PlanState string

const (
	PlanWaiting   PlanState = "waiting"
	PlanDone      PlanState = "done"
	PlanCancelled PlanState = "cancelled"
	PlanRefused   PlanState = "refused" // at its time it could not be made; Note says why
)

// SettingsPlan is a change of settings that is to be made later, as the admin who planned it and with the rights that
// this admin has at that moment.
type SettingsPlan struct {
	N       int64
	App     AppID
	At      time.Time
	Changes []SettingChange // Version is the one that was seen: what somebody changes in between is left as it is
	Note    SaveNote
	By      string // the admin
	ByID    string
	Version int64
	State   PlanState
	EndedAt time.Time
	Outcome string // one sentence on what became of it; "" while it waits

	Proven bool // the admin gave their password lately when they planned it
}

// MaxPlans bounds how many changes of an app wait.
const MaxPlans = 50

const maxAhead = 366 * 24 * time.Hour

// Check normalises the changes and says what is wrong with the plan.
func (p SettingsPlan) Check(now time.Time) (SettingsPlan, error) {
	var err error
	if p.Note, err = p.Note.Check(); err != nil {
		return p, err
	}
	switch {
	case !p.At.After(now):
		return p, InvalidField("at", "must be in the future")
	case p.At.Sub(now) > maxAhead:
		return p, InvalidField("at", "must be within a year")
	case len(p.Changes) == 0:
		return p, InvalidField("changes", "must name a setting that becomes different")
	}
	changes := make([]SettingChange, len(p.Changes))
	for i, c := range p.Changes {
		if changes[i], err = c.Normal(); err != nil {
			return p, err
		}
	}
	p.Changes = changes
	return p, nil
}

// Moved are the settings of the plan that somebody changed since it was made, to something else than it wants.
func (p SettingsPlan) Moved(now Settings) []Setting {
	var all []Setting
	for _, c := range p.Changes {
		if is := now[c.Key]; is.Version != c.Version && is.Value != c.Value {
			all = append(all, is)
		}
	}
	return all
}

// Then are the settings as the plan leaves them.
func (p SettingsPlan) Then(now Settings) Settings {
	then := Settings{}
	for key, s := range now {
		then[key] = s
	}
	for _, c := range p.Changes {
		s := then[c.Key]
		if s.Version == c.Version {
			s.Value = c.Value
			then[c.Key] = s
		}
	}
	return then
}

// Image is the plan as events show it.
func (p SettingsPlan) Image() Image {
	i := Image{"at": p.At.UnixMilli()}
	if p.Note.Trial > 0 {
		i["trial"] = p.Note.Trial.String()
	}
	if p.Note.Reason != "" {
		i["reason"] = p.Note.Reason
	}
	for _, c := range p.Changes {
		i[string(c.Key)] = c.Value
	}
	return i
}

// ErrPlanNotFound refuses a planned change that isn't waiting.
func ErrPlanNotFound() *Error {
	return &Error{Code: NotFound, Reason: PlanNotFound, Message: "There is no such scheduled change.", Hint: "It was made, cancelled or never there. Look at the settings’ history."}
}

// LeftSentence says which settings were left alone, since somebody else changed them.
func LeftSentence(left []Setting) string {
	var parts []string
	for _, s := range left {
		parts = append(parts, s.Key.Label()+" stays as "+s.ChangedBy+" left it.")
	}
	return strings.Join(parts, " ")
}
