package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// SettingsHead is the top of every settings page of an app.
type SettingsHead struct {
	MadeFrom Seen // by the form that was refused
	Frame    layouts.Page
	App      chat.App
	Role     chat.Role
	Tab      string // general, security, browser, keys, health, history or danger
	Note     NoteForm
}

// seen is the setting that a form is made from.
func (h SettingsHead) seen(stored chat.Settings, key chat.SettingKey) chat.Setting {
	return h.MadeFrom.seen(stored, key)
}

// seenName is the name that a form is made from.
func (h SettingsHead) seenName() string {
	if h.MadeFrom.Name != "" {
		return h.MadeFrom.Name
	}
	return h.App.Name
}

func (h SettingsHead) app() string { return string(h.App.ID) }

func (h SettingsHead) kind(ctx context.Context) string {
	if h.App.Live {
		return words.T(ctx, "Live")
	}
	return words.T(ctx, "Test")
}

func (h SettingsHead) canManage() bool { return h.Role.Includes(chat.Manage) }
func (h SettingsHead) canOwn() bool    { return h.Role.Includes(chat.Owner) }

func (h SettingsHead) tabs(ctx context.Context) []components.Tab {
	tabs := []components.Tab{
		{Label: words.T(ctx, "General"), Href: paths.Settings(h.app()), Current: h.Tab == "general"},
		{Label: words.T(ctx, "Security"), Href: paths.SettingsSecurity(h.app()), Current: h.Tab == "security"},
		{Label: words.T(ctx, "Browser"), Href: paths.SettingsBrowser(h.app()), Current: h.Tab == "browser"},
		{Label: words.T(ctx, "API keys"), Href: paths.SettingsKeys(h.app()), Current: h.Tab == "keys"},
	}
	tabs = append(tabs, components.Tab{Label: words.T(ctx, "Health"), Href: paths.Health(h.app()), Current: h.Tab == "health"})
	tabs = append(tabs, components.Tab{Label: words.T(ctx, "History"), Href: paths.SettingsHistory(h.app()), Current: h.Tab == "history"})
	if h.canOwn() {
		tabs = append(tabs, components.Tab{Label: words.T(ctx, "Danger zone"), Href: paths.SettingsDanger(h.app()), Current: h.Tab == "danger"})
	}
	return tabs
}
