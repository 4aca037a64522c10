package pages

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// BrowserSettingsView is the page of the origins that chats may be opened from, of older signatures, and of how chats
// look.
type BrowserSettingsView struct {
	SettingsHead
	Saved    chat.Settings
	Origins  string   // as the form shows them
	Seen     []Origin // of pages that called in the last 7 days
	Warned   bool     // the form came back because saving it refuses pages that are in use
	Theme    map[string]string
	Previews bool // the theme differs from what is saved, since it is only looked at

	Signatures bool // the box of older signatures, as the form shows it

	Error    string
	Clashes  []chat.Clash // what somebody else changed meanwhile
	Errors   map[string]string
	Password bool // the save was refused for want of it
	Only     string
}

// Origin is one that browsers called from, with the newest call.
type Origin struct {
	Origin string
	Last   time.Time
}

// The forms of the page, by the value of their field only.
const (
	OnlyOrigins    = "origins"
	OnlySignatures = "signatures"
	OnlyTheme      = "theme"
)

// browserSetting is the setting that each form is for.
var browserSetting = map[string]chat.SettingKey{OnlyOrigins: chat.SettingAllowedOrigins, OnlySignatures: chat.SettingSignatures, OnlyTheme: chat.SettingTheme}

// Refused are the origins in use that a list of allowed ones refuses. An empty list refuses none.
func Refused(seen []Origin, list chat.Settings) []Origin {
	var all []Origin
	for _, o := range seen {
		if !list.OriginAllowed(o.Origin) {
			all = append(all, o)
		}
	}
	return all
}

// form is the list as it stands in the form.
func (v BrowserSettingsView) form() chat.Settings {
	list, err := chat.SettingChange{Key: chat.SettingAllowedOrigins, Value: v.Origins}.Normal()
	if err != nil {
		return v.Saved
	}
	return chat.Settings{chat.SettingAllowedOrigins: {Value: list.Value}}
}

func (v BrowserSettingsView) refused() []Origin { return Refused(v.Seen, v.form()) }

func (v BrowserSettingsView) isRefused(o Origin) bool { return slices.Contains(v.refused(), o) }

// seenText says what the list does to the pages that are in use.
func (v BrowserSettingsView) seenText(ctx context.Context) string {
	n := int64(len(v.refused()))
	switch {
	case len(v.Seen) == 0:
		return words.T(ctx, "No page has called in 7 days.")
	case n == 0:
		return words.T(ctx, "Pages of %s called in 7 days. This list refuses none of them.", words.N(ctx, int64(len(v.Seen)), "%d origin", "%d origins"))
	}
	return words.N(ctx, n, "%d of the %s whose pages called in 7 days is refused by this list.", "%d of the %s whose pages called in 7 days are refused by this list.", words.N(ctx, int64(len(v.Seen)), "%d origin", "%d origins"))
}

func originName(ctx context.Context, o string) string { return or(o, words.T(ctx, "no origin")) }

func (v BrowserSettingsView) saveOrigins(ctx context.Context) string {
	if n := int64(len(v.refused())); v.Warned && n > 0 {
		return words.T(ctx, "Save, and refuse %s", words.N(ctx, n, "%d origin", "%d origins"))
	}
	return words.T(ctx, "Save origins")
}

// hidden is what a form was made from.
func (v BrowserSettingsView) hidden(only string) []components.Hidden {
	key := browserSetting[only]
	all := []components.Hidden{{Name: "only", Value: only}, {Name: "was." + string(key), Value: v.Saved[key].Value}, {Name: "version." + string(key), Value: count0(v.Saved[key].Version)}}
	if only == v.Only {
		all[1].Value, all[2].Value = v.seen(v.Saved, key).Value, count0(v.seen(v.Saved, key).Version)
	}
	if only == OnlyOrigins && v.Warned {
		all = append(all, components.Hidden{Name: "refuse", Value: RefusedNames(v.refused())})
	}
	return all
}

// RefusedNames is which origins somebody was told about before they save.
func RefusedNames(all []Origin) string {
	var names []string
	for _, o := range all {
		names = append(names, o.Origin)
	}
	return strings.Join(names, " ")
}

// note is what a form asks beside its setting, as it was sent; the other forms of the page stand empty.
func (v BrowserSettingsView) note(only string) NoteForm {
	if v.Only != only {
		return NoteForm{}
	}
	return v.Note
}

func (v BrowserSettingsView) changedBy(ctx context.Context, key chat.SettingKey) string {
	return changedBy(ctx, v.Saved[key], v.Frame.Now)
}

// signatures are older signatures in words, as they are saved.
func (v BrowserSettingsView) signatures() chat.SwitchState {
	return switchState(v.Saved.Security(), chat.SettingSignatures)
}

// exposed tells live apps that let in pages of any origin.
func (v BrowserSettingsView) exposed() bool {
	return v.App.Live && len(v.Saved.AllowedOrigins()) == 0
}

// themeField is one input of the theme.
func (v BrowserSettingsView) themeField(ctx context.Context, t chat.ThemeVariable) components.FieldProps {
	name := ThemeName(t.Name)
	p := components.FieldProps{Label: words.Said(ctx, t.Label), Name: name, Value: v.Theme[t.Name], Placeholder: t.Default, Mono: true, Autocomplete: "off", Disabled: !v.canManage(),
		Error: v.Errors[name], Autofocus: v.firstThemeError() == name, Attrs: templ.Attributes{"data-theme-variable": t.Name}}
	p.Class = "min-w-0 flex-1"
	if !t.Colour() {
		p.Help = words.T(ctx, "%g to %g px", t.Min, t.Max)
	}
	return p
}

// ThemeName is the name of the input of a variable, which refusals name too.
func ThemeName(variable string) string { return string(chat.SettingTheme) + "." + variable }

func (v BrowserSettingsView) firstThemeError() string {
	for _, t := range chat.ThemeVariables {
		if name := ThemeName(t.Name); v.Errors[name] != "" {
			return name
		}
	}
	return ""
}

// themeGroup are the variables of one part of the form.
func themeGroup(dark, colour bool) []chat.ThemeVariable {
	var all []chat.ThemeVariable
	for _, t := range chat.ThemeVariables {
		if strings.HasSuffix(t.Name, "-dark") == dark && t.Colour() == colour {
			all = append(all, t)
		}
	}
	return all
}

// swatch is a colour as the picker of browsers takes it: six digits. What is no colour has its default.
func (v BrowserSettingsView) swatch(t chat.ThemeVariable) string {
	hex := or(v.Theme[t.Name], t.Default)
	if t.Problem(hex) != "" {
		hex = t.Default
	}
	if len(hex) == 4 {
		return string([]byte{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]})
	}
	return hex
}

// sample is the stylesheet of the sample as the form has it.
func (v BrowserSettingsView) sample() string {
	q := url.Values{}
	for name, value := range v.Theme {
		q.Set(name, value)
	}
	return paths.ChatSample(v.app(), q)
}

// previewNow has the part with the sample fetched again while one types, with its contrasts.
func (v BrowserSettingsView) previewNow(ctx context.Context) templ.Attributes {
	return templ.Attributes{"hx-post": paths.SettingsBrowser(v.app()), "hx-target": "#sample", "hx-select": "#sample", "hx-swap": "outerHTML",
		"hx-trigger": "click, input delay:300ms from:#theme-form"}
}

// contrastLine is one pair of colours with how well they can be told apart.
type contrastLine struct {
	what string
	is   float64
}

func (l contrastLine) good() bool { return l.is >= chat.MinContrast }

func (l contrastLine) text(ctx context.Context) string {
	if l.good() {
		return words.T(ctx, "%s: contrast %.1f, readable", l.what, l.is)
	}
	return words.T(ctx, "%s: contrast %.1f, too low to read. It needs %g.", l.what, l.is, chat.MinContrast)
}

// contrasts are those of the sample, in the light or on dark screens.
func (v BrowserSettingsView) contrasts(ctx context.Context, dark bool) []contrastLine {
	suffix := ""
	if dark {
		suffix = "-dark"
	}
	theme := chat.Theme{}
	for _, t := range chat.ThemeVariables {
		if value := v.Theme[t.Name]; value != "" && t.Problem(value) == "" {
			theme[t.Name] = value
		}
	}
	pair := func(what, front, back string) contrastLine {
		return contrastLine{what, chat.Contrast(theme.Value(front+suffix), theme.Value(back+suffix))}
	}
	return []contrastLine{pair(words.T(ctx, "Text on the accent"), "on-accent", "accent"), pair(words.T(ctx, "Text on the background"), "text", "background")}
}

// clashes are the fields in dispute, where this form has them.
func (v BrowserSettingsView) clashes(only string) []chat.Clash {
	if v.Only != only {
		return nil
	}
	return v.Clashes
}
