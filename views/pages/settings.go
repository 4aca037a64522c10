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
	Tab   string // general, security, browser, keys, health, history or danger
	Note  NoteForm
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
		{Label: "Browser", Href: paths.SettingsBrowser(h.app()), Current: h.Tab == "browser"},
		{Label: "API keys", Href: paths.SettingsKeys(h.app()), Current: h.Tab == "keys"},
	}
	tabs = append(tabs, components.Tab{Label: "Health", Href: paths.Health(h.app()), Current: h.Tab == "health"})
	tabs = append(tabs, components.Tab{Label: "History", Href: paths.SettingsHistory(h.app()), Current: h.Tab == "history"})
	if h.canOwn() {
		tabs = append(tabs, components.Tab{Label: "Danger zone", Href: paths.SettingsDanger(h.app()), Current: h.Tab == "danger"})
	}
	return tabs
}
