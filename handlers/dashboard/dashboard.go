// Package dashboard is the admins' surface: plain pages and forms over the store. Each handler parses, asks who, does one
// thing and answers; what is allowed is decided by the store's rules, inside the transaction.
package dashboard

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/views/paths"
)

// Options are what the dashboard needs.
type Options struct {
	Store     *db.Store
	Sessions  *auth.Sessions
	Setup     *auth.Setup
	PublicURL string // where browsers and backends reach this server, without a slash at the end
	Version   string
	Demo      bool      // shows that the data is sample data
	SSO       *auth.SSO // nil: nobody signs in through a provider

	Live Live // nil: nobody is ever in as a guest, and pages don't refresh by themselves
}

// Handler serves the dashboard.
type Handler struct {
	Options
	streams  streams
	presence presence
	once     once
	stopping chan struct{} // closed when the server stops
	stop     func()
}

// Uploads are the paths that take files.
var Uploads = []string{paths.UploadBackup()}

// route is one line of the table of everything that the dashboard answers.
type route struct {
	method, path string
	least        chat.Role // the weakest role that may come here, in the app of the path if it has one
	handle       echo.HandlerFunc
}

const (
	anyone   = chat.Role("")
	signedIn = chat.Role("signed in") // every admin, whatever their roles
)

// routes is the whole dashboard, with the role that each page or action needs. The store asks again, in the transaction.
func (h *Handler) routes() []route {
	get, post := http.MethodGet, http.MethodPost
	return []route{
		{get, "/setup", anyone, h.showSetup},
		{post, "/setup", anyone, h.setUp},
		{get, "/sign-in", anyone, h.showSignIn},
		{post, "/sign-in", anyone, h.signIn},
		{get, "/sign-in/code", anyone, h.showSignInCode},
		{post, "/sign-in/code", anyone, h.signInWithCode},
		{post, "/sign-in/passkey/options", anyone, h.signInPasskeyOptions},
		{post, "/sign-in/passkey", anyone, h.signInWithPasskey},
		{get, "/sign-in/sso", anyone, h.beginSSO},
		{get, "/sign-in/sso/callback", anyone, h.finishSSO},
		{get, "/invitation", anyone, h.showInvitation},
		{post, "/invitation", anyone, h.acceptInvitation},
		{post, "/invitation/options", anyone, h.invitationOptions},
		{post, "/sign-out", anyone, h.signOut},
		{get, "/", signedIn, h.home},

		{get, "/search", signedIn, h.search},
		{get, "/apps/:app/search", chat.Viewer, h.search},

		{get, "/help", signedIn, h.showHelp},
		{get, "/help/:page", signedIn, h.showHelpPage},
		{get, "/account", signedIn, h.showAccount},
		{post, "/account/password", signedIn, h.changePassword},
		{post, "/account/shortcuts", signedIn, h.setShortcuts},
		{post, "/account/theme", signedIn, h.setTheme},
		{post, "/account/reading", signedIn, h.setReading},
		{get, "/account/second-step", signedIn, h.showSecondStep},
		{get, "/account/code", signedIn, h.showCode},
		{post, "/account/code", signedIn, h.setCode},
		{post, "/account/code/remove", signedIn, h.removeCode},
		{post, "/account/passkeys/options", signedIn, h.passkeyOptions},
		{post, "/account/passkeys", signedIn, h.addPasskey},
		{post, "/account/passkeys/:passkey/remove", signedIn, h.removePasskey},
		{post, "/account/recovery-codes", signedIn, h.makeRecoveryCodes},
		{post, "/account/recovery-codes/file", signedIn, h.recoveryFile},
		{post, "/account/sso/unlink", signedIn, h.unlinkSSO},
		{get, "/account/confirm", signedIn, h.showConfirm},
		{post, "/account/confirm", signedIn, h.confirm},
		{post, "/account/confirm/options", signedIn, h.confirmOptions},
		{get, "/account/confirm/sso", signedIn, h.confirmSSO},
		{post, "/account/confirm/end", signedIn, h.endConfirmed},
		{post, "/account/sessions/end", signedIn, h.endOtherSessions},
		{post, "/account/sessions/:session/end", signedIn, h.endSession},
		{get, "/team", chat.Viewer, h.showTeam},
		{get, "/team/invite", chat.Owner, h.showInvite},
		{post, "/team/invite", chat.Owner, h.invite},
		{post, "/team/invitations/:invitation/renew", chat.Owner, h.renewInvitation},
		{post, "/team/invitations/:invitation/revoke", chat.Owner, h.revokeInvitation},
		{post, "/team/rules", chat.Owner, h.saveTeamRules},
		{post, "/team/changes/:seq/undo", chat.Owner, h.undoTeam},
		{get, "/team/:admin", chat.Owner, h.showMember},
		{post, "/team/:admin/standing", chat.Owner, h.changeStanding},
		{post, "/team/:admin/sessions/end", chat.Owner, h.signOutMember},
		{post, "/team/:admin/sessions/:session/end", chat.Owner, h.signOutSession},
		{get, "/team/:admin/second-step/reset", chat.Owner, h.showResetSecondStep},
		{post, "/team/:admin/second-step/reset", chat.Owner, h.resetSecondStep},
		{post, "/team/:admin", chat.Owner, h.changeRole},
		{get, "/team/:admin/reset", chat.Owner, h.showResetAdmin},
		{post, "/team/:admin/reset", chat.Owner, h.resetAdmin},
		{get, "/team/:admin/remove", chat.Owner, h.showRemoveAdmin},
		{post, "/team/:admin/remove", chat.Owner, h.removeAdmin},

		{get, "/backups", chat.Owner, h.showBackups},
		{post, "/backups", chat.Owner, h.makeBackup},
		{post, "/backups/plan", chat.Owner, h.planBackups},
		{post, "/backups/upload", chat.Owner, h.uploadBackup},
		{get, "/backups/:backup", chat.Owner, h.showBackup},
		{get, "/backups/:backup/participants", chat.Owner, h.showBackupList},
		{post, "/backups/:backup/participants", chat.Owner, h.restoreBackupList},
		{post, "/backups/:backup/download", chat.Owner, h.downloadBackup},
		{post, "/backups/:backup/restore", chat.Owner, h.restoreBackup},
		{post, "/backups/:backup/delete", chat.Owner, h.deleteBackup},

		{get, "/apps", signedIn, h.showApps},
		{get, "/apps/new", chat.Manage, h.showNewApp},
		{post, "/apps/new", chat.Manage, h.createApp},
		{get, "/apps/:app", chat.Viewer, h.showOverview},
		{get, "/apps/:app/live", chat.Viewer, h.showNews},
		{get, "/apps/:app/presence", chat.Viewer, h.showPresence},
		{get, "/apps/:app/try", chat.Viewer, h.showTry},
		{post, "/apps/:app/try/token", chat.Manage, h.signTryToken},
		{get, "/apps/:app/settings", chat.Viewer, h.showGeneral},
		{post, "/apps/:app/settings", chat.Manage, h.saveGeneral},
		{get, "/apps/:app/settings/security", chat.Viewer, h.showSecurity},
		{post, "/apps/:app/settings/security", chat.Manage, h.saveSecurity},
		{get, "/apps/:app/settings/browser", chat.Viewer, h.showBrowserSettings},
		{post, "/apps/:app/settings/browser", chat.Manage, h.saveBrowserSettings},
		{get, "/apps/:app/settings/browser/sample.css", chat.Viewer, h.chatSample},
		{get, "/apps/:app/settings/keys", chat.Viewer, h.showKeys},
		{post, "/apps/:app/settings/keys/new", chat.Owner, h.createKey},
		{post, "/apps/:app/settings/keys/:key/activate", chat.Owner, h.activateKey},
		{post, "/apps/:app/settings/keys/:key/deactivate", chat.Owner, h.deactivateKey},
		{get, "/apps/:app/settings/keys/:key/delete", chat.Owner, h.showDeleteKey},
		{post, "/apps/:app/settings/keys/:key/delete", chat.Owner, h.deleteKey},
		{get, "/apps/:app/settings/history", chat.Viewer, h.showSettingsHistory},
		{post, "/apps/:app/settings/history/:seq/keep", chat.Manage, h.keepSettings},
		{get, "/apps/:app/settings/health", chat.Viewer, h.showHealth},
		{post, "/apps/:app/settings/health", chat.Manage, h.fixHealth},
		{get, "/apps/:app/settings/schedule/new", chat.Manage, h.showScheduleSettings},
		{post, "/apps/:app/settings/schedule/new", chat.Manage, h.scheduleSettings},
		{get, "/apps/:app/settings/schedule/:plan", chat.Manage, h.showEditPlan},
		{post, "/apps/:app/settings/schedule/:plan", chat.Manage, h.editPlan},
		{post, "/apps/:app/settings/schedule/:plan/cancel", chat.Manage, h.cancelPlan},
		{get, "/apps/:app/settings/danger", chat.Owner, h.showDanger},
		{post, "/apps/:app/settings/danger", chat.Owner, h.deleteApp},
		{post, "/apps/:app/settings/export", chat.Owner, h.exportApp},

		{get, "/apps/:app/conversations", chat.Viewer, h.showConversations},
		{get, "/apps/:app/conversations/new", chat.Manage, h.showNewConversation},
		{post, "/apps/:app/conversations/new", chat.Manage, h.createConversation},
		{get, "/apps/:app/conversations/:conv", chat.Viewer, h.showParticipants},
		{get, "/apps/:app/conversations/:conv/participants/print", chat.Viewer, h.showPrintParticipants},
		{get, "/apps/:app/conversations/:conv/participants/add", chat.Moderator, h.showAddParticipants},
		{post, "/apps/:app/conversations/:conv/participants", chat.Moderator, h.addParticipants},
		{get, "/apps/:app/conversations/:conv/participants/many", chat.Moderator, h.showMany},
		{post, "/apps/:app/conversations/:conv/participants/many", chat.Moderator, h.makeStage},
		{get, "/apps/:app/conversations/:conv/lists/:list", chat.Moderator, h.showStage},
		{get, "/apps/:app/conversations/:conv/lists/:list/rejects.csv", chat.Moderator, h.stageRejects},
		{post, "/apps/:app/conversations/:conv/lists/:list/lines/:line", chat.Moderator, h.fixStaged},
		{post, "/apps/:app/conversations/:conv/lists/:list/all", chat.Moderator, h.chooseStaged},
		{post, "/apps/:app/conversations/:conv/lists/:list/apply", chat.Moderator, h.applyStage},
		{post, "/apps/:app/conversations/:conv/lists/:list/discard", chat.Moderator, h.discardStage},
		{post, "/apps/:app/conversations/:conv/participants/bulk", chat.Moderator, h.changeParticipants},
		{post, "/apps/:app/conversations/:conv/participants/:user", chat.Moderator, h.changeParticipant},
		{post, "/apps/:app/conversations/:conv/participants/:user/remove", chat.Moderator, h.removeParticipant},
		{get, "/apps/:app/conversations/:conv/participants/:user/terms", chat.Moderator, h.showTerms},
		{post, "/apps/:app/conversations/:conv/participants/:user/terms", chat.Moderator, h.saveTerms},
		{get, "/apps/:app/endings", chat.Viewer, h.showEndings},
		{post, "/apps/:app/endings", chat.Moderator, h.extendEndings},
		{post, "/apps/:app/conversations/:conv/guests/until", chat.Manage, h.setGuestsUntil},
		{get, "/apps/:app/conversations/:conv/guests", chat.Viewer, h.showGuests},
		{get, "/apps/:app/conversations/:conv/guests/access", chat.Manage, h.showGuestAccess},
		{get, "/apps/:app/conversations/:conv/guests/:user/show-out", chat.Moderator, h.showShowOut},
		{post, "/apps/:app/conversations/:conv/guests/:user/show-out", chat.Moderator, h.showOut},
		{post, "/apps/:app/conversations/:conv/guests/:user/lift", chat.Moderator, h.liftBlock},
		{post, "/apps/:app/conversations/:conv/guests/:user/promote", chat.Moderator, h.promoteGuest},
		{get, "/apps/:app/export/:list", chat.Manage, h.exportList},
		{get, "/apps/:app/conversations/:conv/export", chat.Moderator, h.exportConversation},
		{get, "/apps/:app/conversations/:conv/export/:list", chat.Moderator, h.exportConversationList},
		{get, "/apps/:app/conversations/:conv/messages", chat.Viewer, h.showMessages},
		{post, "/apps/:app/conversations/:conv/messages/reason", chat.Viewer, h.sayWhy},
		{post, "/apps/:app/conversations/:conv/messages/system", chat.Moderator, h.sendSystemMessage},
		{post, "/apps/:app/conversations/:conv/messages/:message/delete", chat.Moderator, h.deleteMessage},
		{post, "/apps/:app/conversations/:conv/messages/:message/restore", chat.Moderator, h.restoreMessage},
		{get, "/apps/:app/conversations/:conv/rights", chat.Viewer, h.showRights},
		{get, "/apps/:app/conversations/:conv/history", chat.Viewer, h.showConversationHistory},
		{get, "/apps/:app/conversations/:conv/history/at", chat.Viewer, h.showListAt},
		{get, "/apps/:app/conversations/:conv/history/difference", chat.Viewer, h.showListDifference},
		{post, "/apps/:app/conversations/:conv/history/restore", chat.Moderator, h.restoreList},
		{get, "/apps/:app/conversations/:conv/settings", chat.Viewer, h.showConversationSettings},
		{post, "/apps/:app/conversations/:conv/settings", chat.Manage, h.saveConversationSettings},
		{get, "/apps/:app/conversations/:conv/delete", chat.Manage, h.showDeleteConversation},
		{post, "/apps/:app/conversations/:conv/delete", chat.Manage, h.deleteConversation},

		{get, "/apps/:app/users", chat.Viewer, h.showUsers},
		{get, "/apps/:app/users/new", chat.Manage, h.showNewUser},
		{post, "/apps/:app/users/new", chat.Manage, h.createUser},
		{get, "/apps/:app/users/:user", chat.Viewer, h.showUser},
		{get, "/apps/:app/users/:user/history", chat.Viewer, h.showUserHistory},
		{get, "/apps/:app/users/:user/edit", chat.Manage, h.showEditUser},
		{post, "/apps/:app/users/:user/edit", chat.Manage, h.editUser},
		{get, "/apps/:app/users/:user/ban", chat.Moderator, h.showBan},
		{post, "/apps/:app/users/:user/ban", chat.Moderator, h.banUser},
		{get, "/apps/:app/users/:user/lift", chat.Moderator, h.showLiftBan},
		{post, "/apps/:app/users/:user/lift", chat.Moderator, h.liftBan},
		{get, "/apps/:app/users/:user/delete", chat.Manage, h.showDeleteUser},
		{post, "/apps/:app/users/:user/delete", chat.Manage, h.deleteUser},
		{get, "/apps/:app/users/:user/erase", chat.Manage, h.showEraseUser},
		{post, "/apps/:app/users/:user/erase", chat.Manage, h.eraseUser},
		{get, "/apps/:app/trash", chat.Viewer, h.showTrash},
		{post, "/apps/:app/trash/:n/restore", chat.Manage, h.restoreTrashed},
		{get, "/apps/:app/trash/:n/purge", chat.Manage, h.showPurge},
		{post, "/apps/:app/trash/:n/purge", chat.Manage, h.purge},
		{post, "/apps/:app/users/:user/conversations", chat.Moderator, h.addToConversations},

		{get, "/apps/:app/jobs", chat.Viewer, h.showJobs},
		{get, "/apps/:app/jobs/:job", chat.Viewer, h.showJob},
		{get, "/apps/:app/jobs/:job/file", chat.Moderator, h.jobFile},
		{post, "/apps/:app/jobs/:job/cancel", chat.Moderator, h.cancelJob},
		{post, "/apps/:app/jobs/:job/restart", chat.Moderator, h.restartJob},
		{get, "/apps/:app/views", chat.Viewer, h.showViews},
		{get, "/apps/:app/views/new", chat.Viewer, h.showNewView},
		{post, "/apps/:app/views/new", chat.Viewer, h.saveView},
		{post, "/apps/:app/views/:view", chat.Viewer, h.editView},
		{post, "/apps/:app/views/:view/delete", chat.Viewer, h.deleteView},

		{get, "/apps/:app/refusals", chat.Viewer, h.showRefusals},
		{get, "/apps/:app/audit", chat.Viewer, h.showAudit},
		{post, "/apps/:app/audit/:seq/undo", chat.Moderator, h.undo},
		{post, "/apps/:app/undo", chat.Moderator, h.undoBatch},
	}
}

// Register adds the dashboard's routes. Only posts that browsers vouch for as coming from this site get in.
func Register(e *echo.Echo, o Options) *Handler {
	h := &Handler{Options: o, stopping: make(chan struct{})}
	h.stop = sync.OnceFunc(func() { close(h.stopping) })
	if h.Live == nil {
		h.Live = nobody{}
	}
	sameOrigin := sameOriginOnly(o.PublicURL)
	for _, r := range h.routes() {
		e.Add(r.method, r.path, r.handle, speak, sameOrigin, h.sendOnce, h.only(r.least), h.unsent)
	}
	return h
}

// Routes lists method, path and least role of every route, for tests.
func (h *Handler) Routes() [][3]string {
	var all [][3]string
	for _, r := range h.routes() {
		all = append(all, [3]string{r.method, r.path, string(r.least)})
	}
	return all
}

// sameOriginOnly refuses posts from other sites, before anything is looked up.
func sameOriginOnly(publicURL string) echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	if publicURL != "" {
		if err := guard.AddTrustedOrigin(publicURL); err != nil {
			panic(err) // the configuration was checked before
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return &chat.Error{Code: chat.Forbidden, Reason: chat.CrossOrigin, Message: "This form was sent from another website.",
					Hint: "Nothing was changed. Open the page here and send it again."}
			}
			return next(c)
		}
	}
}

const whoKey = "guestlist.who"

// only lets in admins whose role includes least, in the app of the path if it has one: to who has no role there, there is
// no such app. Others sign in first, or are told what they lack. Who has to set up a second step does that first.
func (h *Handler) only(least chat.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			me, ok, err := h.Sessions.Current(c)
			if err != nil {
				return err
			}
			app, inApp, bad := appParam(c)
			if inApp {
				me = me.In(app)
			}
			if ok {
				c.Set(whoKey, me)
			}
			switch {
			case least == anyone:
				return next(c)
			case !ok:
				return h.toSignIn(c)
			case bad != nil:
				return bad
			}
			if bare, err := h.lacksSecondStep(c, me); err != nil {
				return err
			} else if bare {
				return h.seeOther(c, paths.SecondStep())
			}
			switch {
			case inApp && me.Role == "":
				return chat.ErrAppNotFound()
			case least != signedIn && !me.Role.Includes(least):
				return roleTooLow(me.Role)
			}
			return next(c)
		}
	}
}

func roleTooLow(have chat.Role) *chat.Error {
	message := "Your roles are for single apps, and don’t include this."
	if have != "" {
		message = "Your role, " + string(have) + ", does not include this."
	}
	return &chat.Error{Code: chat.Forbidden, Reason: chat.RoleTooLow, Message: message, Hint: "Nothing was changed. Ask an owner."}
}

// lacksSecondStep tells whether the admin has to set up a second step before anything else. Their account is open to them
// for that.
func (h *Handler) lacksSecondStep(c echo.Context, me auth.Current) (bool, error) {
	if me.SecondStep() || strings.HasPrefix(c.Path(), "/account") {
		return false, nil
	}
	rules, err := h.Store.TeamRules(c.Request().Context())
	return rules.SecondStep, err
}

// who is the signed-in admin of the request; the zero value on pages for anyone.
func who(c echo.Context) auth.Current {
	w, _ := c.Get(whoKey).(auth.Current)
	return w
}

// toSignIn sends to the sign-in page, or to the set-up page while there is no admin.
func (h *Handler) toSignIn(c echo.Context) error {
	has, err := h.Store.HasAdmin(c.Request().Context())
	if err != nil {
		return err
	}
	if !has {
		return h.seeOther(c, paths.Setup(""))
	}
	next := ""
	if c.Request().Method == http.MethodGet {
		next = c.Request().URL.RequestURI()
	}
	return h.seeOther(c, paths.SignIn(next))
}

// home goes to the overview of the app that the admin used last, or to the list of apps.
func (h *Handler) home(c echo.Context) error {
	apps, err := h.apps(c)
	if err != nil {
		return err
	}
	if cookie, err := c.Cookie(lastAppCookie); err == nil {
		for _, a := range apps {
			if string(a.ID) == unescape(cookie.Value) {
				return h.seeOther(c, paths.Overview(string(a.ID)))
			}
		}
	}
	if len(apps) > 0 {
		return h.seeOther(c, paths.Overview(string(apps[0].ID)))
	}
	return h.seeOther(c, paths.Apps())
}

// apps are the apps that the admin sees.
func (h *Handler) apps(c echo.Context) ([]chat.App, error) {
	all, err := h.Store.Apps(c.Request().Context())
	return slices.DeleteFunc(all, func(a chat.App) bool { return !who(c).Everywhere.Sees(a.ID) }), err
}
