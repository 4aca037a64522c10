package pages

import (
	"context"

	"guestlist/db/chat"
	"guestlist/views/layouts"
	"guestlist/views/words"
)

// GeneralView is an app's name and limits.
type GeneralView struct {
	SettingsHead
	Settings    chat.Settings
	Server      string
	Name, Limit string // as the form shows them
	Error       string
	Clashes     []chat.Clash // what somebody else changed meanwhile
	Errors      map[string]string
}

// DangerView is what can't be taken back.
type DangerView struct {
	SettingsHead
	Typed    string
	Password bool
	Errors   map[string]string
}

func (v DangerView) takes(ctx context.Context) []string {
	return []string{words.N(ctx, v.App.Users, "%d user", "%d users"), words.N(ctx, v.App.Conversations, "%d conversation with its messages", "%d conversations with their messages"), words.N(ctx, v.App.Participants, "%d place on a list", "%d places on lists"), words.T(ctx, "all keys and settings")}
}

// AppsView is the list of all apps.
type AppsView struct {
	Frame     layouts.Page
	Apps      []chat.App
	CanManage bool
}

// NewAppView is the form that creates an app.
type NewAppView struct {
	Frame    layouts.Page
	ID, Name string
	Live     bool
	First    bool // there is no app yet
	Errors   map[string]string
}

func kindOf(live bool) string {
	if live {
		return "live"
	}
	return "test"
}
