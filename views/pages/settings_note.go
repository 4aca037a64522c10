package pages

import (
	"context"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/words"
)

// NoteForm is what a form of settings asks beside the settings: why, and whether the change goes back by itself.
type NoteForm struct {
	Reason string
	Trial  bool
	Errors map[string]string
}

func (n NoteForm) reason(ctx context.Context, prefix string) components.FieldProps {
	return components.FieldProps{Label: words.T(ctx, "Reason"), Name: "reason", ID: prefix + "reason", Value: n.Reason, Optional: true, MaxLength: 500, Autocomplete: "off",
		Error: n.Errors["reason"], Help: words.T(ctx, "For those who look back. It stands in the history.")}
}

func (n NoteForm) trial(ctx context.Context, prefix string) components.CheckProps {
	return components.CheckProps{Label: words.T(ctx, "Take it back in 30 minutes unless I confirm"), Name: "trial", ID: prefix + "trial", Checked: n.Trial,
		Text: words.T(ctx, "A banner on every page counts down. It goes back even when your browser is closed.")}
}

// diffLine is a setting before and after, in words. Lists say line by line what came and what went.
type diffLine struct {
	Setting     chat.SettingKey
	Was, Is     string
	Gone, Added []string
}

// diffSetting says how a setting changes.
func diffSetting(key chat.SettingKey, was, is string) diffLine {
	d := diffLine{Setting: key, Was: key.Say(was), Is: key.Say(is)}
	if key == chat.SettingAllowedOrigins {
		before, after := linesOf(was), linesOf(is)
		d.Gone, d.Added = without(before, after), without(after, before)
	}
	if key == chat.SettingTheme {
		before, after := themeOf(was), themeOf(is)
		for _, v := range chat.ThemeVariables {
			if b, a := before.Value(v.Name), after.Value(v.Name); a != b {
				d.Gone, d.Added = append(d.Gone, v.Label+": "+b), append(d.Added, v.Label+": "+a)
			}
		}
	}
	return d
}

func themeOf(value string) chat.Theme {
	theme, err := chat.ParseTheme(value)
	if err != nil {
		return nil // nothing else was ever stored
	}
	return theme
}

// left is how long until a time, in words that round up: nobody is told of more time than there is left to read it.
func left(ctx context.Context, until, now time.Time) string {
	switch d := until.Sub(now); {
	case d <= 0:
		return words.T(ctx, "any moment")
	case d < time.Minute:
		return words.T(ctx, "in less than a minute")
	case d < 2*time.Hour:
		return words.N(ctx, int64(d/time.Minute), "in %d minute", "in %d minutes")
	case d < 48*time.Hour:
		return words.N(ctx, int64(d/time.Hour), "in %d hour", "in %d hours")
	default:
		return words.N(ctx, int64(d/(24*time.Hour)), "in %d day", "in %d days")
	}
}

func linesOf(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, "\n")
}

// without are the lines that others don't have.
func without(all, others []string) (rest []string) {
	for _, line := range all {
		if !slices.Contains(others, line) {
			rest = append(rest, line)
		}
	}
	return rest
}
