package pages

import (
	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// SettingsHead is the top of every settings page of an app.
type SettingsHead struct {
	Frame layouts.Page
	App   chat.App
	Role  chat.Role
	Tab   string // general, security, keys or danger
}

func (h SettingsHead) app() string { return string(h.App.ID) }

func (h SettingsHead) kind() string {
	if h.App.Live {
		return "Live"
	}
	return "Test"
}

func (h SettingsHead) canManage() bool { return h.Role.Includes(chat.Manage) }
func (h SettingsHead) canOwn() bool    { return h.Role.Includes(chat.Owner) }

func (h SettingsHead) tabs() []components.Tab {
	tabs := []components.Tab{
		{Label: "General", Href: paths.Settings(h.app()), Current: h.Tab == "general"},
		{Label: "Security", Href: paths.SettingsSecurity(h.app()), Current: h.Tab == "security"},
		{Label: "API keys", Href: paths.SettingsKeys(h.app()), Current: h.Tab == "keys"},
	}
	if h.canOwn() {
		tabs = append(tabs, components.Tab{Label: "Danger zone", Href: paths.SettingsDanger(h.app()), Current: h.Tab == "danger"})
	}
	return tabs
}

// SecurityView is the page of the switches. Saved is what holds; Form is what the form shows, which differs after a
// refused save.
type SecurityView struct {
	SettingsHead
	Saved    chat.Settings
	Form     chat.Settings
	Error    string
	Errors   map[string]string
	Password bool // ask for the password when something loosens
	Reauth   bool // the last save was refused for want of it
}

// changedBy says who changed a setting last.
func (v SecurityView) changedBy(key chat.SettingKey) string {
	s := v.Saved[key]
	if s.ChangedAt.IsZero() {
		return "Never changed."
	}
	return "Changed " + components.Relative(s.ChangedAt, v.Frame.Now) + " by " + s.ChangedBy + "."
}

// ticked is the box as the form shows it; it differs from what is saved only after a refused save.
func (v SecurityView) ticked(key chat.SettingKey) bool { return v.Form[key].Value == "true" }

func (v SecurityView) differs(key chat.SettingKey) bool {
	return v.Form[key].Value != v.Saved[key].Value
}

// hidden is what the form was made from: per setting its value and its version.
func (v SecurityView) hidden() []components.Hidden {
	var all []components.Hidden
	for _, key := range SecurityKeys {
		all = append(all, components.Hidden{Name: "was." + string(key), Value: v.Saved[key].Value},
			components.Hidden{Name: "version." + string(key), Value: count0(v.Saved[key].Version)})
	}
	return all
}

// SecurityKeys are the settings of the Security page.
var SecurityKeys = []chat.SettingKey{chat.SettingUserSync, chat.SettingConversationSync, chat.SettingGuests, chat.SettingIdentity}

// switchWords are a switch in words, while it is on and while it is off.
type switchWords struct {
	key          chat.SettingKey
	label        string
	on, off      string
	stops, keeps string
}

// words are the switches as db/chat words them, in both states.
func (v SecurityView) words() map[chat.SettingKey]switchWords {
	now := v.Saved.Security()
	tight, loose := now, now
	tight.DisallowUserSync, tight.DisallowConversationSync, tight.RequireIdentity = true, true, true
	loose.DisallowUserSync, loose.DisallowConversationSync, loose.RequireIdentity = false, false, false
	all := map[chat.SettingKey]switchWords{}
	on, off := chat.SwitchStates(tight), chat.SwitchStates(loose)
	for i := range on {
		all[on[i].Key] = switchWords{on[i].Key, on[i].Label, on[i].Now, off[i].Now, on[i].Stops, on[i].Keeps}
	}
	return all
}

func (v SecurityView) guestsNow() string {
	for _, s := range chat.SwitchStates(v.Saved.Security()) {
		if s.Key == chat.SettingGuests {
			return s.Now
		}
	}
	return ""
}

var policyChoices = []struct {
	Value       chat.GuestPolicy
	Label, Text string
}{
	{chat.GuestsFollow, "Follow browser synchronization", "Guests are allowed only while both boxes above are unticked. A conversation can still forbid them."},
	{chat.GuestsEvery, "In every conversation that doesn’t forbid it", "Anyone with a conversation’s ID can open it, whatever the boxes say."},
	{chat.GuestsAllowed, "Only in conversations that allow it", "Each conversation’s own settings say so. None does until you change it there."},
	{chat.GuestsNever, "Never", "Only participants can open conversations. No conversation can override this."},
}

// exposed tells a live app whose conversations anyone could join under any name.
func (v SecurityView) exposed() bool {
	s := v.Saved.Security()
	return v.App.Live && !s.DisallowConversationSync && !s.RequireIdentity
}

// conditions are what the effect panel can follow without script: the styles show a row's "No" while its condition
// holds for the boxes as they are ticked on the page.
var conditions = map[string]func(chat.Security) bool{
	"never": func(chat.Security) bool { return false },
	"users": func(s chat.Security) bool { return s.DisallowUserSync },
	"convs": func(s chat.Security) bool { return s.DisallowConversationSync },
	"roles": func(s chat.Security) bool { return s.DisallowUserSync || s.RequireIdentity },
	"guests": func(s chat.Security) bool {
		return s.Guests == chat.GuestsNever || s.Guests == chat.GuestsFollow && (s.DisallowUserSync || s.DisallowConversationSync)
	},
}

// everySecurity is every state that the switches can have.
func everySecurity() []chat.Security {
	var all []chat.Security
	for _, policy := range chat.GuestPolicies {
		for bits := range 8 {
			all = append(all, chat.Security{DisallowUserSync: bits&1 != 0, DisallowConversationSync: bits&2 != 0, RequireIdentity: bits&4 != 0, Guests: policy})
		}
	}
	return all
}

// closedWhen finds the condition under which row i of the effects is "No". The rules decide; a rule that follows none
// of the conditions has none, which a test notices.
func closedWhen(i int) string {
	for _, name := range sortedKeys(conditions) {
		fits := true
		for _, s := range everySecurity() {
			fits = fits && conditions[name](s) == !chat.Effects(s)[i].Allowed
		}
		if fits {
			return name
		}
	}
	return ""
}

// effectRow is one row of the panel.
type effectRow struct {
	chat.Effect
	When string
}

var effectConditions = func() (when []string) {
	for i := range chat.Effects(chat.Security{}) {
		when = append(when, closedWhen(i))
	}
	return when
}()

func (v SecurityView) effects() []effectRow {
	var rows []effectRow
	for i, e := range chat.Effects(v.Saved.Security()) {
		rows = append(rows, effectRow{e, effectConditions[i]})
	}
	return rows
}
