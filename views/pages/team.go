package pages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"guestlist/db/chat"
	"guestlist/views/components"
	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// TeamView is everybody who may use the dashboard.
type TeamView struct {
	Frame       layouts.Page
	Admins      []chat.Admin
	Uses        map[string]SessionUse
	Invitations []chat.Invitation
	Rules       chat.TeamRules
	Me          string
	CanOwn      bool
	Days        []Day // newest changes of the whole server
	Error       string
}

// SessionUse is how somebody is signed in now.
type SessionUse struct {
	Sessions int
	SeenAt   time.Time
}

// secondStep says what somebody gives beside their password.
func secondStep(ctx context.Context, a chat.Admin) (text, icon string, tone components.Tone) {
	switch {
	case a.Passkeys > 0:
		return words.T(ctx, "Passkey"), "fingerprint", components.Neutral
	case a.HasCode:
		return words.T(ctx, "App code"), "smartphone", components.Neutral
	}
	return words.T(ctx, "None yet"), "triangle-alert", components.Warn
}

func (v TeamView) signedIn(ctx context.Context, a chat.Admin) string {
	switch n := v.Uses[a.ID].Sessions; n {
	case 0:
		return words.T(ctx, "Not now")
	case 1:
		return "1 session"
	default:
		return words.T(ctx, "%s sessions", strconv.Itoa(n))
	}
}

// bare are those who would have to set up a second step.
func (v TeamView) bare(ctx context.Context) string {
	var names []string
	for _, a := range v.Admins {
		if !a.SecondStep() {
			names = append(names, a.Name)
		}
	}
	switch {
	case len(names) == 0:
		return words.T(ctx, "Everybody has one.")
	case len(names) > 3:
		return words.T(ctx, "%s people have none yet. They set one up before anything else.", strconv.Itoa(len(names)))
	}
	return words.T(ctx, "None yet: %s. They set one up before anything else.", list(ctx, names))
}

// rolesOf says in words where an admin may do what.
func rolesOf(ctx context.Context, role chat.Role, apps chat.AppRoles) string {
	var all []string
	if role != "" {
		all = append(all, words.T(ctx, roleLabels[role]))
	}
	for _, app := range sortedKeys(apps) {
		all = append(all, words.T(ctx, "%s of %s", words.T(ctx, roleLabels[apps[app]]), string(app)))
	}
	return strings.Join(all, ", ")
}

// matrix is what each role can do, as the policy has it.
var matrix = []struct {
	Text string
	Op   chat.Operation
}{
	{words.Key("See everything but secrets"), chat.OpConversationRead},
	{words.Key("Change participants, show guests out"), chat.OpParticipantAdd},
	{words.Key("Delete messages"), chat.OpMessageDeleteOther},
	{words.Key("Create users and conversations, change them"), chat.OpUserEdit},
	{words.Key("Change settings"), chat.OpSettingsSave},
	{words.Key("Create and reveal secret keys"), chat.OpKeyReveal},
	{words.Key("Manage the team"), chat.OpTeamManage},
	{words.Key("Delete apps"), chat.OpAppDelete},
}

// may asks the policy itself, so that the table can't say anything else.
func may(role chat.Role, op chat.Operation) bool {
	now := time.Unix(1_000_000_000, 0)
	return chat.Allow(chat.Actor{Kind: chat.AdminActor, Role: role, AuthAt: now}, op, chat.Facts{App: "app", Now: now}) == nil
}

// StandingForm is the part of a form that says what somebody may do, and where.
type StandingForm struct {
	Role   string
	Apps   map[string]string // app to role
	All    []layouts.App
	Errors map[string]string
}

func (f StandingForm) serverRoles(ctx context.Context) []components.Option {
	return append(roleOptions(ctx), components.Option{Value: "none", Label: words.T(ctx, "No role for the whole server, only the apps below")})
}

func (f StandingForm) appRoles(ctx context.Context) []components.Option {
	all := []components.Option{{Value: "", Label: words.T(ctx, "None of its own")}}
	for _, r := range chat.Roles {
		all = append(all, components.Option{Value: string(r), Label: words.T(ctx, roleLabels[r])})
	}
	return all
}

// InviteView is the form that invites somebody, and asks for it again with what is wrong.
type InviteView struct {
	Frame       layouts.Page
	Email, Name string
	Lasts       string
	Standing    StandingForm
	Passkey     string
	Proof       bool // the admin proves who they are: an owner is made
	Error       string
	Errors      map[string]string
}

// AccessTerms are how long somebody's access may last, from accepting or from now on.
var AccessTerms = []components.Option{{Value: "", Label: words.Key("Without an end")}, {Value: "4h", Label: words.Key("4 hours")}, {Value: "24h", Label: words.Key("1 day")}, {Value: "168h", Label: words.Key("7 days")}, {Value: "720h", Label: words.Key("30 days")}}

// InvitedView shows the link of an invitation, once.
type InvitedView struct {
	Frame      layouts.Page
	Invitation chat.Invitation
	Link       chat.Secret
}

// MemberView is the page of one admin, for owners.
type MemberView struct {
	Frame    layouts.Page
	Admin    chat.Admin
	Self     bool
	Standing StandingForm
	Sessions []chat.AdminSession
	Error    string
}

// terms are the ends that can be chosen: to leave the end as it is comes first where there is one.
func (v MemberView) terms(ctx context.Context) []components.Option {
	if v.Admin.EndsAt.IsZero() {
		return said(ctx, AccessTerms)
	}
	all := []components.Option{{Value: "keep", Label: words.T(ctx, "As it is: %s", words.Full(ctx, v.Admin.EndsAt, v.Frame.Now))}}
	for _, t := range said(ctx, AccessTerms) {
		if t.Value != "" {
			t.Label += words.T(ctx, " from now")
		}
		all = append(all, t)
	}
	return all
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

func (v AdminView) removal(ctx context.Context) string {
	if v.Self {
		return words.T(ctx, "Your sessions end at once, this one too, and only another owner can add you again.")
	}
	return words.T(ctx, "Their sessions end at once. What they did stays in the audit log.")
}

var roleTexts = map[chat.Role]string{
	chat.Owner:     words.Key("Owner: everything"),
	chat.Manage:    words.Key("Admin: all but the team, keys and deleting apps"),
	chat.Moderator: words.Key("Moderator: participants, guests and messages"),
	chat.Viewer:    words.Key("Viewer: reads, without secrets"),
}

var roleLabels = map[chat.Role]string{chat.Owner: words.Key("Owner"), chat.Manage: words.Key("Admin"), chat.Moderator: words.Key("Moderator"), chat.Viewer: words.Key("Viewer")}

func roleOptions(ctx context.Context) []components.Option {
	var all []components.Option
	for _, r := range chat.Roles {
		all = append(all, components.Option{Value: string(r), Label: words.T(ctx, roleTexts[r])})
	}
	return all
}

func roleSegments(ctx context.Context) []components.SegOption {
	var all []components.SegOption
	for _, r := range chat.Roles {
		all = append(all, components.SegOption{Value: string(r), Label: words.T(ctx, roleLabels[r])})
	}
	return all
}

func (v TeamView) menu(ctx context.Context, a chat.Admin) components.MenuProps {
	items := []components.MenuItem{{Label: words.T(ctx, "Roles, end and sessions"), Icon: "sliders-horizontal", Href: paths.Member(a.ID)}}
	if a.ID == v.Me {
		items = append(items, components.MenuItem{Label: words.T(ctx, "Your account"), Icon: "circle-user-round", Href: paths.Account()})
	} else {
		items = append(items, components.MenuItem{Label: words.T(ctx, "Give a new password…"), Icon: "key-round", Href: paths.ResetAdmin(a.ID), Dialog: true})
		if a.SecondStep() {
			items = append(items, components.MenuItem{Label: words.T(ctx, "Take the second step away…"), Icon: "smartphone", Href: paths.ResetSecondStep(a.ID), Dialog: true})
		}
		if v.Uses[a.ID].Sessions > 0 {
			items = append(items, components.MenuItem{Label: words.T(ctx, "End all their sessions"), Icon: "log-out", Action: paths.SignOutMember(a.ID)})
		}
	}
	items = append(items, components.MenuItem{}, components.MenuItem{Label: words.T(ctx, "Remove from the team…"), Icon: "user-minus", Danger: true, Href: paths.RemoveAdmin(a.ID), Dialog: true})
	return components.MenuProps{Label: words.T(ctx, "Actions for %s", a.Name), Items: items}
}

// AccountView is the admin's own page.
type AccountView struct {
	Frame    layouts.Page
	Admin    chat.Admin
	Sessions []chat.AdminSession
	Current  string // the id of the session that this page is seen in
	Error    string
	Errors   map[string]string
	Language string // chosen for this browser; "" for what it asks for
	Zone     string // likewise; "" for its own

	Keys      []chat.Passkey
	KeysWhy   string // why pages at this address can't have passkeys; "" when they can
	CodesLeft int
	SSO       string    // the provider's name; "" for none
	Linked    bool      // signs in through it
	Confirmed time.Time // until when the admin needs not prove who they are
}

func themes(ctx context.Context) []components.SegOption {
	return []components.SegOption{{Value: string(layouts.System), Label: words.T(ctx, "System")}, {Value: string(layouts.Light), Label: words.T(ctx, "Light")}, {Value: string(layouts.Dark), Label: words.T(ctx, "Dark")}}
}

// device is a browser in words that people recognise.
func device(ctx context.Context, userAgent string) string {
	browser, system := words.T(ctx, "A browser"), ""
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
