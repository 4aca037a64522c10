package pages

import (
	"strings"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
)

// TeamView is everybody who may use the dashboard.
type TeamView struct {
	Frame       layouts.Page
	Admins      []chat.Admin
	Me          string
	CanOwn      bool
	Days        []Day // newest changes of the whole server
	Email, Name string
	Role        chat.Role
	Error       string
	Errors      map[string]string
}

// NewAdminView shows a new admin's first password, once.
type NewAdminView struct {
	Frame    layouts.Page
	Admin    chat.Admin
	Password chat.Secret
	Reset    bool // the admin was there, the password is new
}

// AdminView asks about what can't be undone for an admin.
type AdminView struct {
	Frame layouts.Page
	Admin chat.Admin
	Self  bool
}

func (v AdminView) removal() string {
	if v.Self {
		return "Your sessions end at once, this one too, and only another owner can add you again."
	}
	return "Their sessions end at once. What they did stays in the audit log."
}

var roleTexts = map[chat.Role]string{
	chat.Owner:     "Owner: everything",
	chat.Manage:    "Admin: all but the team, keys and deleting apps",
	chat.Moderator: "Moderator: participants, guests and messages",
	chat.Viewer:    "Viewer: reads, without secrets",
}

var roleLabels = map[chat.Role]string{chat.Owner: "Owner", chat.Manage: "Admin", chat.Moderator: "Moderator", chat.Viewer: "Viewer"}

func roleOptions() []components.Option {
	var all []components.Option
	for _, r := range chat.Roles {
		all = append(all, components.Option{Value: string(r), Label: roleTexts[r]})
	}
	return all
}

func roleSegments() []components.SegOption {
	var all []components.SegOption
	for _, r := range chat.Roles {
		all = append(all, components.SegOption{Value: string(r), Label: roleLabels[r]})
	}
	return all
}

func (v TeamView) menu(a chat.Admin) components.MenuProps {
	remove := components.MenuItem{Label: "Remove from the team…", Icon: "user-minus", Danger: true, Href: paths.RemoveAdmin(a.ID), Dialog: true}
	if a.ID == v.Me {
		return components.MenuProps{Label: "Actions for " + a.Name, Items: []components.MenuItem{{Label: "Change your password", Icon: "key-round", Href: paths.Account()}, {}, remove}}
	}
	return components.MenuProps{Label: "Actions for " + a.Name, Items: []components.MenuItem{
		{Label: "Give a new password…", Icon: "key-round", Href: paths.ResetAdmin(a.ID), Dialog: true}, {}, remove}}
}

// AccountView is the admin's own page.
type AccountView struct {
	Frame    layouts.Page
	Admin    chat.Admin
	Sessions []chat.AdminSession
	Current  string // the id of the session that this page is seen in
	Error    string
	Errors   map[string]string
}

func themes() []components.SegOption {
	return []components.SegOption{{Value: string(layouts.System), Label: "System"}, {Value: string(layouts.Light), Label: "Light"}, {Value: string(layouts.Dark), Label: "Dark"}}
}

// device is a browser in words that people recognise.
func device(userAgent string) string {
	browser, system := "A browser", ""
	for _, b := range []struct{ mark, name string }{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}} {
		if strings.Contains(userAgent, b.mark) {
			browser = b.name
			break
		}
	}
	for _, s := range []struct{ mark, name string }{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}} {
		if strings.Contains(userAgent, s.mark) {
			system = " on " + s.name
			break
		}
	}
	return browser + system
}
