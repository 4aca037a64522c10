// Package layouts holds the two frames that every page stands in: Shell for admins who are signed in, Door for the rest.
package layouts

import (
	"context"
	"time"

	"guestlist/static"
	"guestlist/views/components"
	"guestlist/views/paths"
	"guestlist/views/words"

	"github.com/a-h/templ"
)

// Theme is the admin's choice, from a cookie. The zero value follows the system.
type Theme string

const (
	System Theme = ""
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// ThemeCookie is the cookie that holds the theme; script writes it, the server reads it, so nothing flashes.
const ThemeCookie = "theme"

// ParseTheme reads the cookie's value. Anything unknown follows the system.
func ParseTheme(value string) Theme {
	switch theme := Theme(value); theme {
	case Light, Dark:
		return theme
	}
	return System
}

func (t Theme) label(ctx context.Context) string {
	switch t {
	case Light:
		return words.T(ctx, "Light")
	case Dark:
		return words.T(ctx, "Dark")
	}
	return words.T(ctx, "System")
}

// roleNames are what an admin is, below their name.
var roleNames = map[string]string{"": "", "owner": words.Key("owner"), "admin": words.Key("admin"), "moderator": words.Key("moderator"), "viewer": words.Key("viewer")}

// NavItem is the place of a page in the navigation. The zero value is a page that is in none.
type NavItem string

const (
	NavNone          NavItem = ""
	NavOverview      NavItem = "overview"
	NavConversations NavItem = "conversations"
	NavUsers         NavItem = "users"
	NavAudit         NavItem = "audit"
	NavRefusals      NavItem = "refusals"
	NavTrash         NavItem = "trash"
	NavEndings       NavItem = "endings"
	NavJobs          NavItem = "jobs"
	NavSettings      NavItem = "settings"
	NavTeam          NavItem = "team"
	NavBackups       NavItem = "backups"
	NavAccount       NavItem = "account"
	NavApps          NavItem = "apps"
)

// App is an app as the switcher shows it. The zero App means that the page belongs to none.
type App struct {
	ID, Name string
	Live     bool // false: for trying things out
}

func (a App) kind(ctx context.Context) string {
	if a.Live {
		return words.T(ctx, "Live")
	}
	return words.T(ctx,

		// Admin is who is signed in.
		"Test")
}

type Admin struct {
	ID, Name, Email, Role string
	AppsOnly              bool // has roles for single apps only, and doesn't see the team
}

func (a Admin) person() components.PersonProps {
	return components.PersonProps{ID: a.ID, Name: orText(a.Name, a.Email), Size: components.AvatarSmall}
}

// Flash reports what the last request did, once.
type Flash struct {
	Text string
	Undo string // the address that takes it back; empty: it can't be
	Keep []components.Hidden
}

// Presence says who else has a page open, and where that is told while it changes.
type Presence struct{ Text, Stream string }

// Page is what Shell needs to know.
type Page struct {
	Title    string
	Nav      NavItem
	App      App
	Apps     []App
	Admin    Admin
	Theme    Theme
	Flash    Flash
	Demo     bool
	Now      time.Time
	Presence Presence // the zero value on pages where nobody is told who else is there
	At       string   // the path of the page, as the browser asked for it

	NoKeys  bool // the admin turned single-key shortcuts off
	Refresh int  // seconds after which browsers without script load the page again; 0: never

	Trials []Trial // changes of the app's settings that go back unless somebody confirms them
	Here   string  // the page's own address, to come back to

	Confirmed time.Time // until when the admin needs not prove who they are; zero when they need to
}

// Trial is a change of settings that goes back by itself, as the banner on every page tells it.
type Trial struct {
	What, By string
	Left     string // "in 24 minutes"
	At       string // the time in full
	Stays    string // what was changed again since, and stays; or ""
	Keep     string // the form that confirms it; "" for those who may not
	Revert   string // the form that takes it back now
	LeftMS   int64  // for script that counts down
}

// DoorPage is what Door needs to know.
type DoorPage struct {
	Title string
	Theme Theme
	Foot  string
	Demo  bool
	Plain bool // without the list beside the form
}

type navLink struct {
	item              NavItem
	label, icon, href string
}

type navGroup struct {
	label string
	links []navLink
}

// nav lists the pages that can be reached from this one: without an app there is nothing to manage in it.
func (p Page) nav(ctx context.Context) []navGroup {
	team := []navLink{{NavTeam, words.T(ctx, "Team"), "shield", paths.Team()}}
	if p.Admin.Role == "owner" {
		team = append(team, navLink{NavBackups, words.T(ctx, "Backups"), "archive", paths.Backups()})
	}
	if p.Admin.AppsOnly {
		team = nil
	}
	if p.App.ID == "" {
		return []navGroup{{"", append([]navLink{{NavApps, words.T(ctx, "Apps"), "app-window", paths.Apps()}}, team...)}}
	}
	app := p.App.ID
	return []navGroup{
		{"", []navLink{
			{NavOverview, words.T(ctx, "Overview"), "gauge", paths.Overview(app)},
			{NavConversations, words.T(ctx, "Conversations"), "messages-square", paths.Conversations(app)},
			{NavUsers, words.T(ctx, "Users"), "users", paths.Users(app)},
		}},
		{words.T(ctx, "Records"), []navLink{{NavAudit, words.T(ctx, "Audit log"), "history", paths.Audit(app)}, {NavRefusals, words.T(ctx, "Refused calls"), "circle-slash", paths.Refusals(app)}, {NavEndings, words.T(ctx, "Endings"), "timer", paths.Endings(app)}, {NavTrash, words.T(ctx, "Trash"), "trash-2", paths.Trash(app)}, {NavJobs, words.T(ctx, "Jobs"), "activity", paths.Jobs(app)}}},
		{words.T(ctx, "Manage"), append([]navLink{{NavSettings, words.T(ctx, "Settings"), "sliders-horizontal", paths.Settings(app)}}, team...)},
	}
}

// Link is a page of the navigation.
type Link struct{ Label, Icon, Href, Key string }

// Links lists the pages that can be reached from this one, the admin's own among them.
func (p Page) Links(ctx context.Context) []Link {
	var all []Link
	for _, group := range p.nav(ctx) {
		for _, l := range group.links {
			all = append(all, Link{l.label, l.icon, l.href, l.item.key(ctx)})
		}
	}
	if p.App.ID != "" {
		all = append(all, Link{words.T(ctx, "All apps"), "app-window", paths.Apps(), ""})
	}
	return append(all, Link{words.T(ctx, "Account"), "circle-user-round", paths.Account(), ""})
}

// search is the page that searches everything, opened from this one.
func (p Page) search() string { return paths.SearchAt(p.App.ID, p.At) }

// short is the navigation at the foot of a narrow screen.
func (p Page) short(ctx context.Context) []navLink {
	if p.App.ID == "" {
		return p.nav(ctx)[0].links
	}
	app := p.App.ID
	return []navLink{
		{NavOverview, words.T(ctx, "Overview"), "gauge", paths.Overview(app)},
		{NavConversations, words.T(ctx, "Chats"), "messages-square", paths.Conversations(app)},
		{NavUsers, words.T(ctx, "Users"), "users", paths.Users(app)},
		{NavSettings, words.T(ctx, "Settings"), "sliders-horizontal", paths.Settings(app)},
	}
}

// current marks the link of this page.
func current(link, page NavItem) templ.Attributes {
	if link == page {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

// htmxConfig keeps htmx within the content policy (no inline style, no eval), keeps pages out of the browser's storage,
// and shows what a refused form answers: the page again, with its errors.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"4..","swap":true,"error":false},{"code":"...","swap":false,"error":true}]}`

func asset(name string) string { return static.URL(name) }

func orText(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
