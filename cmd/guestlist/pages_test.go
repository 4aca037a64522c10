package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
	"guestlist/views/paths"
)

// lastWeek is a moment of the demo's month, in the time of the pages.
var lastWeek = time.Now().AddDate(0, 0, -20).Format("2006-01-02T15:04")

// viewer is who opens a page.
type viewer string

const (
	anAdmin  viewer = ""
	stranger viewer = "stranger" // not signed in
	halfway  viewer = "halfway"  // whose password was right, and who is asked for a second step
	newcomer viewer = "newcomer" // at a server without admins
)

// stepping is an admin with an authenticator app.
const stepping = "ines@guestlist.example"

// page is an address of a page, by the name of its picture.
type page struct {
	name, path string
	who        viewer
}

// everyPage is an address of every page of the product. Those of things whose ids only the store knows are made for it.
func (p *product) everyPage() []page {
	p.t.Helper()
	p.browsersCall()
	p.trashSome()
	return slices.Concat(plainPages, p.listSome(), p.serverPages())
}

var plainPages = []page{
	{"overview", "/apps/larkfield", anAdmin},
	{"conversations", "/apps/larkfield/conversations", anAdmin},
	{"conversations-no-match", "/apps/larkfield/conversations?q=harvest", anAdmin},
	{"conversation-new", "/apps/larkfield/conversations/new", anAdmin},
	{"participants", organisers, anAdmin},
	{"participants-large", "/apps/larkfield/conversations/town-hall", anAdmin},
	{"participants-add", organisers + "/participants/add?q=ma", anAdmin},
	{"participants-many", manyPeople, anAdmin},
	{"participants-many-conversation", manyPeople + "?from=conversation", anAdmin},
	{"participants-many-rule", manyPeople + "?from=rule", anAdmin},
	{"conversation-guests", organisers + "/guests", anAdmin},
	{"conversation-guests-closed", "/apps/larkfield/conversations/cleaning/guests", anAdmin},
	{"conversation-guests-show-out", organisers + "/guests/buyer_0934/show-out", anAdmin},
	{"conversation-guests-access", organisers + "/guests/access?to=Never", anAdmin},
	{"conversation-messages", organisers + "/messages", anAdmin},
	{"conversation-messages-no-match", organisers + "/messages?q=harvest", anAdmin},
	{"try", "/apps/larkfield/try", anAdmin},
	{"try-guest", "/apps/larkfield/try?as=guest&conversation=spring-fair-organisers", anAdmin},
	{"try-nothing", "/apps/larkfield/try?conversation=nope", anAdmin},
	{"conversation-rights", organisers + "/rights?user=seller_019", anAdmin},
	{"conversation-rights-nobody", organisers + "/rights?user=nobody", anAdmin},
	{"conversation-history", organisers + "/history", anAdmin},
	{"conversation-history-at", organisers + "/history/at?at=" + lastWeek, anAdmin},
	{"conversation-history-difference", organisers + "/history/difference?at=" + lastWeek, anAdmin},
	{"conversation-terms", organisers + "/participants/seller_019/terms", anAdmin},
	{"endings", "/apps/larkfield/endings", anAdmin},
	{"endings-no-match", "/apps/larkfield/endings?user=nobody", anAdmin},
	{"conversation-settings", organisers + "/settings", anAdmin},
	{"conversation-delete", organisers + "/delete", anAdmin},
	{"search", "/apps/larkfield/search?q=spring&at=" + organisers, anAdmin},
	{"search-nothing", "/apps/larkfield/search?q=zzzz", anAdmin},
	{"search-server", "/search?q=app", anAdmin},
	{"views", "/apps/larkfield/views", anAdmin},
	{"view-new", "/apps/larkfield/views/new?list=audit&query=what%3Dkeys%26who%3Dadmin", anAdmin},
	{"users", "/apps/larkfield/users", anAdmin},
	{"user", "/apps/larkfield/users/u_maya", anAdmin},
	{"user-history", "/apps/larkfield/users/seller_450/history?at=" + lastWeek, anAdmin},
	{"user-edit", "/apps/larkfield/users/seller_019/edit", anAdmin},
	{"user-banned", "/apps/larkfield/users/buyer_5561", anAdmin},
	{"user-ban", "/apps/larkfield/users/seller_019/ban", anAdmin},
	{"user-lift", "/apps/larkfield/users/buyer_5561/lift", anAdmin},
	{"user-delete", "/apps/larkfield/users/seller_019/delete", anAdmin},
	{"user-erase", "/apps/larkfield/users/seller_019/erase", anAdmin},
	{"users-banned", "/apps/larkfield/users?show=banned", anAdmin},
	{"trash", trashPage, anAdmin},
	{"trash-purge", trashPage + "/1/purge", anAdmin},
	{"user-new", "/apps/larkfield/users/new", anAdmin},
	{"audit", "/apps/larkfield/audit", anAdmin},
	{"jobs", "/apps/larkfield/jobs", anAdmin},
	{"refusals", "/apps/larkfield/refusals", anAdmin},
	{"refusals-no-match", "/apps/larkfield/refusals?reason=origin_not_allowed", anAdmin},
	{"refusals-request", "/apps/larkfield/refusals?request=req_nope", anAdmin},
	{"refusals-none", "/apps/larkfield_test/refusals", anAdmin},
	{"settings", "/apps/larkfield/settings", anAdmin},
	{"settings-security", security, anAdmin},
	{"settings-browser", "/apps/larkfield/settings/browser", anAdmin},
	{"settings-keys", "/apps/larkfield/settings/keys", anAdmin},
	{"settings-health", "/apps/larkfield/settings/health", anAdmin},
	{"settings-history", "/apps/larkfield/settings/history", anAdmin},
	{"settings-schedule", "/apps/larkfield/settings/schedule/new?disallowConversationSync=true&guestPolicy=never&allowedOrigins=https%3A%2F%2Fmarket.larkfield.example", anAdmin},
	{"help", "/help", anAdmin},
	{"help-found", "/help?q=guest", anAdmin},
	{"help-settings", "/help/settings", anAdmin},
	{"help-refusals", "/help/refusals", anAdmin},
	{"overview-month", "/apps/larkfield?range=30d", anAdmin},
	{"settings-danger", "/apps/larkfield/settings/danger", anAdmin},
	{"overview-test-app", "/apps/larkfield_test", anAdmin},
	{"apps", "/apps", anAdmin},
	{"app-new", "/apps/new", anAdmin},
	{"team", "/team", anAdmin},
	{"team-invite", "/team/invite", anAdmin},
	{"backups", "/backups", anAdmin},
	{"account", "/account", anAdmin},
	{"account-code", "/account/code", anAdmin},
	{"account-second-step", "/account/second-step", anAdmin},
	{"account-confirm", "/account/confirm", anAdmin},
	{"not-found", "/apps/larkfield/conversations/nope", anAdmin},
	{"participants-print", organisers + "/participants/print", anAdmin},
	{"sign-in", "/sign-in", stranger},
	{"sign-in-code", "/sign-in/code", halfway},
	{"sign-in-recovery", "/sign-in/code?with=recovery", halfway},
	{"invitation-gone", "/invitation?token=used", stranger},
}

// complaints are what the console rightly says on a page, by the page's name: once browsers were kept from changing
// conversations, guests are not let in.
var complaints = map[string]string{"not-found": "status of 404", "try-guest": "select was refused", "invitation-gone": "status of 404"}

// serverPages are the pages of keys, plans, members, invitations and backups.
func (p *product) serverPages() []page {
	p.t.Helper()
	s, ctx := p.app.store, p.t.Context()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	hash, err := auth.HashPassword(ctx, "password", demo.Password)
	must(err)
	ines, err := s.CreateAdmin(ctx, chat.CommandLine, chat.AdminChange{Email: stepping, Name: "Inês Duarte", Role: chat.Moderator}, hash)
	must(err)
	_, err = s.SetCode(ctx, chat.CommandLine, ines.ID, "JBSWY3DPEHPK3PXP", 0)
	must(err)
	_, token, err := s.Invite(ctx, chat.CommandLine, chat.Invitation{Email: "greta@larkfield.example", Apps: chat.AppRoles{demo.Live: chat.Moderator}})
	must(err)
	now, err := s.Settings(ctx, demo.Live)
	must(err)
	_, err = s.ScheduleSettings(ctx, chat.CommandLine, chat.SettingsPlan{App: demo.Live, At: s.Now().Add(24 * time.Hour),
		Changes: []chat.SettingChange{{Key: chat.SettingUserSync, Value: "true", Version: now[chat.SettingUserSync].Version}}})
	must(err)
	key, _, err := s.CreateKey(ctx, chat.CommandLine, demo.Live, "Old orders", "")
	must(err)
	backup, err := s.MakeBackup(ctx, chat.CommandLine, chat.BackupAsked)
	must(err)
	// A photo that lies elsewhere, and that no page of the dashboard may fetch.
	_, err = s.PutUser(ctx, chat.CommandLine, demo.Live, "u_maya", chat.UserChange{PhotoURL: chat.Some("https://photos.example/maya.png")}, chat.UserChange{})
	must(err)
	lists := url.Values{"app": {string(demo.Live)}, "conversation": {"spring-fair-organisers"}}
	return []page{
		{"member", paths.Member(ines.ID), anAdmin},
		{"member-second-step", paths.ResetSecondStep(ines.ID), anAdmin},
		{"member-reset", paths.ResetAdmin(ines.ID), anAdmin},
		{"member-remove", paths.RemoveAdmin(ines.ID), anAdmin},
		{"invitation", paths.Invitation(token.Reveal()), stranger},
		{"settings-plan", paths.SettingsPlan(string(demo.Live), 1), anAdmin},
		{"settings-key-delete", paths.DeleteKey(string(demo.Live), key.ID), anAdmin},
		{"backup", paths.Backup(backup.Name), anAdmin},
		{"backup-list", paths.BackupParticipants(backup.Name, lists), anAdmin},
		{"setup", "/setup?code=x", newcomer},
	}
}

// notPages are the addresses that answer GET with something else than a page.
var notPages = map[string]string{
	"/":                                           "leads on",
	"/sign-in/sso":                                "leads to the provider",
	"/sign-in/sso/callback":                       "comes from the provider",
	"/account/confirm/sso":                        "leads to the provider",
	"/apps/:app/live":                             "a stream",
	"/apps/:app/presence":                         "a stream",
	"/apps/:app/export/:list":                     "a file",
	"/apps/:app/jobs/:job/file":                   "a file",
	"/apps/:app/conversations/:conv/export":       "a file",
	"/apps/:app/conversations/:conv/export/:list": "a file",
	"/apps/:app/conversations/:conv/lists/:list/rejects.csv": "a file",
	"/apps/:app/settings/browser/sample.css":                 "a style sheet",
	"/chatbox/:app":                                          "the frame of a chat, which has journeys of its own",
	"/chatbox/:app/theme.css":                                "a style sheet",
	"/healthz":                                               "for machines",
	"/readyz":                                                "for machines",
	"/favicon.ico":                                           "leads to a picture",
	"/static/*":                                              "assets",
	"/talk.js":                                               "the SDK",
	"/guestlist.mjs":                                         "the SDK",
	"/sdk/*":                                                 "the SDK",
}

func TestEveryPageIsOnTheList(t *testing.T) {
	p := demoProduct(t)
	visited := map[string]bool{}
	for _, page := range p.everyPage() {
		address, err := url.Parse(page.path)
		if err != nil {
			t.Fatal(err)
		}
		c := p.app.handler.NewContext(nil, nil)
		p.app.handler.Router().Find(http.MethodGet, address.EscapedPath(), c)
		visited[c.Path()] = true
	}
	for _, r := range p.app.handler.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path+"/", "/v1/") {
			continue
		}
		if _, other := notPages[r.Path]; visited[r.Path] == other {
			t.Errorf("%s: on the list of pages %t, named as no page %t", r.Path, visited[r.Path], other)
		}
		delete(visited, r.Path)
	}
	for path := range visited {
		t.Errorf("no route leads to %q", path)
	}
}

// What acts on a selection stays in sight of what is selected, however far down the list that is.
func TestTheBarOfASelectionStaysInSight(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	for _, wide := range []int64{1280, 390} {
		tab.Size(wide, 740)
		tab.Open("/apps/larkfield/conversations/town-hall")
		browser.Eval[bool](tab, `(() => { const all = document.querySelectorAll("[data-pick]"), e = all[all.length - 5]; e.scrollIntoView({ block: "center", behavior: "instant" }); e.click(); return true; })()`)
		tab.See("1 selected")
		tab.Until("see and reach Remove selected", `(() => {
		  const e = [...document.querySelectorAll("[data-bulk] button")].find((b) => b.innerText.trim() === "Remove selected"), r = e.getBoundingClientRect();
		  return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2));
		})()`)
	}
}
