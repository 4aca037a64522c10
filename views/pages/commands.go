package pages

import (
	"context"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// Place is the page that somebody is on, as far as commands depend on it.
type Place struct {
	App          chat.AppID
	Conversation *chat.Conversation
	User         *chat.User
}

// where a command can be given.
type where int

const (
	onServer where = iota
	inApp
	inConversation
	onUser
)

// command is something that an admin may do, and the page that does it.
type command struct {
	where where
	label string
	also  string // that find it too
	icon  string
	key   string // on that page, as it is shown
	op    chat.Operation
	href  func(Place) string
	copy  func(Place) string // what choosing it copies; nil for most
	here  func(Place) bool   // nil: everywhere in its place
}

// commands is the table of everything that the palette can start. What a command needs is asked of chat.Allow by op.
var commands = []command{
	{where: inConversation, label: words.Key("Add participants"), also: words.Key("invite join people members"), icon: "user-plus", key: "A", op: chat.OpParticipantAdd,
		href: func(p Place) string { return paths.AddParticipantsPage(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("Block guests"), also: words.Key("close door not let in"), icon: "circle-slash", op: chat.OpConversationEdit,
		href: func(p Place) string { return paths.GuestAccess(p.app(), p.conv(), string(chat.GuestsForbidden)) }, here: Place.open},
	{where: inConversation, label: words.Key("Allow guests"), also: words.Key("open door let in unblock"), icon: "door-open", op: chat.OpConversationEdit,
		href: func(p Place) string { return paths.GuestAccess(p.app(), p.conv(), string(chat.GuestsInherit)) }, here: Place.blocked},
	{where: inConversation, label: words.Key("See the guests who are in"), also: words.Key("guests show out kick"), icon: "door-open", op: chat.OpGuestRead,
		href: func(p Place) string { return paths.Guests(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("See who can do what"), also: words.Key("rights permissions access why"), icon: "shield-check", op: chat.OpParticipantRead,
		href: func(p Place) string { return paths.ConversationRights(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("See the history"), also: words.Key("audit changes log"), icon: "history", op: chat.OpAuditRead,
		href: func(p Place) string { return paths.ConversationHistory(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("Edit subject, picture and fields"), also: words.Key("settings rename welcome custom"), icon: "pencil", op: chat.OpConversationEdit,
		href: func(p Place) string { return paths.ConversationSettings(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("Try the chat"), also: words.Key("open chatbox test"), icon: "play", op: chat.OpConversationRead,
		href: func(p Place) string { return paths.Try(p.app(), p.conv()) }},
	{where: inConversation, label: words.Key("Copy ID"), also: "clipboard", icon: "copy", op: chat.OpConversationRead,
		href: func(p Place) string { return paths.Participants(p.app(), p.conv()) }, copy: Place.conv},
	{where: inConversation, label: words.Key("Delete this conversation"), also: words.Key("remove trash"), icon: "trash-2", op: chat.OpConversationDelete,
		href: func(p Place) string { return paths.DeleteConversation(p.app(), p.conv()) }},

	{where: onUser, label: words.Key("Edit this user"), also: words.Key("name e-mail role custom"), icon: "pencil", op: chat.OpUserEdit,
		href: func(p Place) string { return paths.EditUser(p.app(), p.user()) }},
	{where: onUser, label: words.Key("Add to conversations"), also: words.Key("participant join"), icon: "messages-square", op: chat.OpParticipantAdd,
		href: func(p Place) string { return paths.Anchor(paths.User(p.app(), p.user()), "add") }},
	{where: onUser, label: words.Key("See every change of this user"), also: words.Key("audit history log"), icon: "history", op: chat.OpAuditRead,
		href: func(p Place) string {
			return paths.Page(paths.Audit(p.app()), AuditFilter{User: p.user()}.Query())
		}},
	{where: onUser, label: words.Key("Copy ID"), also: "clipboard", icon: "copy", op: chat.OpUserRead,
		href: func(p Place) string { return paths.User(p.app(), p.user()) }, copy: Place.user},

	{where: inApp, label: words.Key("New conversation"), also: words.Key("create add chat"), icon: "plus", op: chat.OpConversationCreate,
		href: func(p Place) string { return paths.NewConversation(p.app()) }},
	{where: inApp, label: words.Key("New user"), also: words.Key("create add person"), icon: "plus", op: chat.OpUserCreate,
		href: func(p Place) string { return paths.NewUser(p.app()) }},
	{where: inApp, label: words.Key("New secret key"), also: words.Key("create api token"), icon: "key-round", op: chat.OpKeyCreate,
		href: func(p Place) string { return paths.SettingsKeys(p.app()) }},
	{where: inApp, label: words.Key("Saved views"), also: words.Key("filters lists bookmarks"), icon: "list-filter", op: chat.OpViewSave,
		href: func(p Place) string { return paths.Views(p.app()) }},
	{where: inApp, label: words.Key("Try the chat"), also: words.Key("open chatbox test"), icon: "play", op: chat.OpConversationRead,
		href: func(p Place) string { return paths.Try(p.app(), "") }, here: func(p Place) bool { return p.Conversation == nil }},

	{where: onServer, label: words.Key("New app"), also: words.Key("create add"), icon: "plus", op: chat.OpAppCreate, href: func(Place) string { return paths.NewApp() }},
	{where: onServer, label: words.Key("Add an admin"), also: words.Key("invite team person"), icon: "mail-plus", op: chat.OpTeamManage, href: func(Place) string { return paths.Team() }},
	{where: onServer, label: words.Key("Change your password"), also: "account", icon: "lock", op: chat.OpTeamRead, href: func(Place) string { return paths.Account() }},
	{where: onServer, label: words.Key("Keyboard shortcuts"), also: words.Key("keys map help"), icon: "keyboard", key: "?", op: chat.OpTeamRead, href: func(Place) string { return paths.Anchor(paths.Account(), "keys") }},
}

func (p Place) app() string  { return string(p.App) }
func (p Place) conv() string { return string(p.Conversation.ID) }
func (p Place) user() string { return string(p.User.ID) }

func (p Place) open() bool    { return p.Conversation.Guests != chat.GuestsForbidden }
func (p Place) blocked() bool { return !p.open() }

// has tells whether a command can be given on the page.
func (p Place) has(c command) bool {
	ok := map[where]bool{onServer: true, inApp: p.App != "", inConversation: p.Conversation != nil, onUser: p.User != nil}[c.where]
	return ok && (c.here == nil || c.here(p))
}

// title names the object of the page's own commands.
func (p Place) title(ctx context.Context) string {
	switch {
	case p.Conversation != nil:
		return words.T(ctx, "In %s", conversationTitle(*p.Conversation))
	case p.User != nil:
		return words.T(ctx, "For %s", or(p.User.Name, p.user()))
	}
	return ""
}

// permits tells whether actor may do op; what asks for a password first counts, since its page does so.
func permits(actor chat.Actor, op chat.Operation, app chat.AppID, now time.Time) bool {
	err := chat.Allow(actor, op, chat.Facts{App: app, Now: now})
	return err == nil || chat.ReasonOf(err) == chat.ReauthRequired
}

// AddCommands puts in what actor may do on the page, and elsewhere, that text names. Where nothing is typed, only what the
// page itself offers.
func (v *SearchView) AddCommands(ctx context.Context, p Place, actor chat.Actor, now time.Time) {
	var here, elsewhere []SearchRow
	found := map[SearchRow]string{}
	for _, c := range commands {
		if !p.has(c) || !permits(actor, c.op, p.App, now) {
			continue
		}
		row := SearchRow{Href: c.href(p), Label: words.T(ctx, c.label), Icon: c.icon, Key: c.key}
		if c.copy != nil {
			row.Copy = c.copy(p)
		}
		found[row] = words.T(ctx, c.label) + " " + words.T(ctx, c.also)
		if c.where >= inConversation {
			here = append(here, row)
		} else {
			elsewhere = append(elsewhere, row)
		}
	}
	find := func(r SearchRow) string { return found[r] }
	v.Add(p.title(ctx), namedRows(here, v.Text, find))
	if v.Text != "" || len(here) == 0 {
		v.Add(words.T(ctx, "Do"), namedRows(elsewhere, v.Text, find))
	}
}

// AddTop puts in the first things that can be done with the conversation that was found best.
func (v *SearchView) AddTop(ctx context.Context, p Place, actor chat.Actor, now time.Time) {
	top := SearchView{}
	top.AddCommands(ctx, p, actor, now)
	if len(top.Groups) > 0 {
		v.Add(top.Groups[0].Name, top.Groups[0].Rows[:min(2, len(top.Groups[0].Rows))])
	}
}

// settingPlace is where a setting is found. Its label is the name that people search for.
type settingPlace struct {
	key   chat.SettingKey // "" for what is no setting of its own
	label string
	also  string
	op    chat.Operation
	href  func(app string) string
}

func onPage(page func(string) string, element string) func(string) string {
	return func(app string) string { return paths.Anchor(page(app), element) }
}

// settingPlaces is the index of everything on the settings pages.
var settingPlaces = []settingPlace{
	{chat.SettingUserSync, words.Key("Disallow user synchronization via the browser"), words.Key("user.set sync security"), chat.OpSettingsRead, onPage(paths.SettingsSecurity, "disallow-users")},
	{chat.SettingConversationSync, words.Key("Disallow conversation synchronization via the browser"), words.Key("conversation.set sync security"), chat.OpSettingsRead, onPage(paths.SettingsSecurity, "disallow-convs")},
	{chat.SettingGuests, words.Key("Guest access"), words.Key("guests allow block everywhere security"), chat.OpSettingsRead, onPage(paths.SettingsSecurity, "guests")},
	{chat.SettingIdentity, words.Key("Require identity verification"), words.Key("token signed jwt login security"), chat.OpSettingsRead, onPage(paths.SettingsSecurity, "require-identity")},
	{chat.SettingSignatures, words.Key("Older signatures"), words.Key("hmac identity legacy"), chat.OpSettingsRead, onPage(paths.SettingsBrowser, "signatures")},
	{chat.SettingAllowedOrigins, words.Key("Allowed origins"), words.Key("domains sites pages cors"), chat.OpSettingsRead, onPage(paths.SettingsBrowser, "origins")},
	{chat.SettingTheme, words.Key("Chat theme"), words.Key("colours look style accent dark"), chat.OpSettingsRead, onPage(paths.SettingsBrowser, "theme")},
	{chat.SettingParticipantLimit, words.Key("Participant limit"), words.Key("maximum people conversation"), chat.OpSettingsRead, onPage(paths.Settings, "limits")},
	{"", words.Key("App name"), words.Key("rename title"), chat.OpSettingsRead, onPage(paths.Settings, "about")},
	{"", words.Key("API keys"), words.Key("secret token rest backend"), chat.OpKeyList, paths.SettingsKeys},
	{"", words.Key("Delete this app"), words.Key("danger remove"), chat.OpAppDelete, paths.SettingsDanger},
}

// AddSettings puts in the settings that text names, with what the boxes say now.
func (v *SearchView) AddSettings(ctx context.Context, p Place, saved chat.Settings, actor chat.Actor, now time.Time) {
	if v.Text == "" {
		return
	}
	var rows []SearchRow
	found := map[SearchRow]string{}
	for _, s := range settingPlaces {
		if !permits(actor, s.op, p.App, now) {
			continue
		}
		row := SearchRow{Href: s.href(p.app()), Label: words.T(ctx, s.label), Icon: "sliders-horizontal", Text: settingState(ctx, s.key, saved, permits(actor, chat.OpSettingsSave, p.App, now))}
		found[row] = words.T(ctx, s.label) + " " + words.T(ctx, s.also) + " " + words.T(ctx, "setting tick untick")
		rows = append(rows, row)
	}
	v.Add(words.T(ctx, "Settings"), namedRows(rows, v.Text, func(r SearchRow) string { return found[r] }))
}

// settingState is what a box says now, and what may be done about it.
func settingState(ctx context.Context, key chat.SettingKey, saved chat.Settings, may bool) string {
	switch key {
	case chat.SettingUserSync, chat.SettingConversationSync, chat.SettingIdentity, chat.SettingSignatures:
	default:
		return ""
	}
	switch on := saved[key].Value == "true"; {
	case on && may:
		return words.T(ctx, "Ticked. Untick it there")
	case on:
		return words.T(ctx, "Ticked")
	case may:
		return words.T(ctx, "Not ticked. Tick it there")
	}
	return words.T(ctx, "Not ticked")
}
