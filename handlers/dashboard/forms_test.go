package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/dashboard"
)

// What becomes of a form that is sent from a page that is out of date.
const (
	judged   = "judged"   // by what it was made from: joined, or refused with both values; tried in the tests below
	same     = "same"     // it does one thing, whoever does it: the second one finds it done
	adds     = "adds"     // it adds something of its own, or one more
	explicit = "explicit" // it says what shall hold for those who were picked, whatever held before, and the audit log has both
	own      = "own"      // it changes what belongs to the admin who sends it, or to nobody yet
	nothing  = "nothing"  // it changes nothing that is stored
)

// verdicts say for each form of the dashboard why no change of somebody else is lost by it.
var verdicts = map[string]string{
	"/setup": own, "/sign-in": own, "/sign-in/code": own, "/sign-in/passkey/options": nothing, "/sign-in/passkey": own, "/invitation": own, "/invitation/options": nothing, "/sign-out": own,
	"/account/password": own, "/account/shortcuts": own, "/account/theme": own, "/account/reading": own, "/account/code": own, "/account/code/remove": own,
	"/account/passkeys/options": nothing, "/account/passkeys": own, "/account/passkeys/:passkey/remove": own, "/account/recovery-codes": own, "/account/recovery-codes/file": nothing,
	"/account/sso/unlink": own, "/account/confirm": own, "/account/confirm/options": nothing, "/account/confirm/end": own, "/account/sessions/end": own, "/account/sessions/:session/end": own,

	"/team/invite": adds, "/team/invitations/:invitation/renew": same, "/team/invitations/:invitation/revoke": same, "/team/rules": judged, "/team/changes/:seq/undo": same,
	"/team/:admin/standing": judged, "/team/:admin": judged, "/team/:admin/sessions/end": same, "/team/:admin/sessions/:session/end": same, "/team/:admin/second-step/reset": same,
	"/team/:admin/reset": same, "/team/:admin/remove": same,
	"/backups": adds, "/backups/plan": judged, "/backups/upload": adds, "/backups/:backup/participants": adds, "/backups/:backup/download": nothing, "/backups/:backup/restore": explicit, "/backups/:backup/delete": same,

	"/apps/new": adds, "/apps/:app/try/token": nothing, "/apps/:app/settings": judged, "/apps/:app/settings/security": judged, "/apps/:app/settings/browser": judged,
	"/apps/:app/settings/keys/new": adds, "/apps/:app/settings/keys/:key/activate": same, "/apps/:app/settings/keys/:key/deactivate": same, "/apps/:app/settings/keys/:key/delete": same,
	"/apps/:app/settings/history/:seq/keep": same, "/apps/:app/settings/health": same, "/apps/:app/settings/schedule/new": adds, "/apps/:app/settings/schedule/:plan": judged, "/apps/:app/settings/schedule/:plan/cancel": same,
	"/apps/:app/settings/danger": same, "/apps/:app/settings/export": adds,

	"/apps/:app/conversations/new": adds, "/apps/:app/conversations/:conv/participants": adds, "/apps/:app/conversations/:conv/participants/many": own,
	"/apps/:app/conversations/:conv/lists/:list/lines/:line": own, "/apps/:app/conversations/:conv/lists/:list/all": own, "/apps/:app/conversations/:conv/lists/:list/apply": explicit, "/apps/:app/conversations/:conv/lists/:list/discard": own,
	"/apps/:app/conversations/:conv/participants/bulk": explicit, "/apps/:app/conversations/:conv/participants/:user": judged, "/apps/:app/conversations/:conv/participants/:user/remove": same,
	"/apps/:app/conversations/:conv/participants/:user/terms": judged, "/apps/:app/endings": explicit, "/apps/:app/conversations/:conv/guests/until": judged,
	"/apps/:app/conversations/:conv/guests/:user/show-out": explicit, "/apps/:app/conversations/:conv/guests/:user/lift": same, "/apps/:app/conversations/:conv/guests/:user/promote": adds,
	"/apps/:app/conversations/:conv/messages/reason": adds, "/apps/:app/conversations/:conv/messages/system": adds, "/apps/:app/conversations/:conv/messages/:message/delete": same, "/apps/:app/conversations/:conv/messages/:message/restore": same,
	"/apps/:app/conversations/:conv/history/restore": adds, "/apps/:app/conversations/:conv/settings": judged, "/apps/:app/conversations/:conv/delete": same,

	"/apps/:app/users/new": adds, "/apps/:app/users/:user/edit": judged, "/apps/:app/users/:user/ban": explicit, "/apps/:app/users/:user/lift": same, "/apps/:app/users/:user/delete": same, "/apps/:app/users/:user/erase": same,
	"/apps/:app/trash/:n/restore": same, "/apps/:app/trash/:n/purge": same, "/apps/:app/users/:user/conversations": adds,
	"/apps/:app/jobs/:job/cancel": same, "/apps/:app/jobs/:job/restart": same, "/apps/:app/views/new": adds, "/apps/:app/views/:view": judged, "/apps/:app/views/:view/delete": same,
	"/apps/:app/audit/:seq/undo": same, "/apps/:app/undo": same,
}

func TestEveryFormHasAVerdict(t *testing.T) {
	known := map[string]bool{}
	for _, r := range dashboard.Register(echo.New(), dashboard.Options{}).Routes() {
		if r[0] == http.MethodGet {
			continue
		}
		known[r[1]] = true
		if verdicts[r[1]] == "" {
			t.Errorf("%s %s: say what becomes of it when it is sent from a page that is out of date", r[0], r[1])
		}
	}
	tried := map[string]bool{"/team/rules": true} // in a test of its own
	for _, f := range staleForms {
		tried[f.route] = true
	}
	for path, verdict := range verdicts {
		if !known[path] {
			t.Errorf("%s is no form", path)
		}
		if (verdict == judged) != tried[path] {
			t.Errorf("%s is %s, and tried: %t", path, verdict, tried[path])
		}
	}
}

// staleForm is a form that two admins have open. Each sends another value; what the second is told holds both.
type staleForm struct {
	route, page, action, css string // css narrows the forms with this action; "" for all
	name, first, second      string
	make                     func(*site) (page, action string) // where there is no such thing yet
	says                     [2]string                         // theirs and mine, as the second one reads them; none where both wanted the same or are joined
}

var staleForms = []staleForm{
	{route: "/apps/:app/settings", page: "/apps/shop/settings", name: "name", first: "Shop A", second: "Shop B", says: [2]string{"Shop A", "Shop B"}},
	{route: "/apps/:app/settings", page: "/apps/shop/settings", name: "participantLimit", first: "100", second: "200", says: [2]string{"100", "200"}},
	{route: "/apps/:app/settings/security", page: security, name: "guestPolicy", first: "never", second: "every", says: [2]string{"“Never”", "“In every conversation"}},
	{route: "/apps/:app/settings/browser", page: browserSettings, css: "#theme-form", name: "chatTheme.radius", first: "4px", second: "6px", says: [2]string{"Corners 4px", "Corners 6px"}},
	{route: "/apps/:app/users/:user/edit", page: "/apps/shop/users/maya/edit", name: "name", first: "Maya A.", second: "Maya B.", says: [2]string{"Maya A.", "Maya B."}},
	{route: "/apps/:app/conversations/:conv/settings", page: fair + "/settings", css: "form:has([name=subject])", name: "subject", first: "Fair A", second: "Fair B", says: [2]string{"Fair A", "Fair B"}},
	{route: "/apps/:app/conversations/:conv/participants/:user", page: fair, action: fair + "/participants/maya", name: "access", first: "Read", second: "None", says: [2]string{"Read only", "Not saved."}},
	{route: "/apps/:app/conversations/:conv/participants/:user/terms", page: fair + "/participants/maya/terms", name: "until", first: "2026-04-01T10:00", second: "2026-05-01T10:00", says: [2]string{"Not saved.", "2026-05-01T10:00"}},
	{route: "/apps/:app/conversations/:conv/guests/until", page: fair + "/guests", action: fair + "/guests/until", css: "form:has(#guests-until-field)", name: "until", first: "2026-04-01T10:00", second: "2026-05-01T10:00", says: [2]string{"Not saved.", "April 2026"}},
	{route: "/apps/:app/views/:view", make: sharedView, name: "name", first: "View A", second: "View B", says: [2]string{"View A", "View B"}},
	{route: "/apps/:app/settings/schedule/:plan", make: waitingPlan, name: "date", first: "2026-04-01", second: "2026-05-01", says: [2]string{"It is scheduled for 1 April", "2026-05-01"}},
	{route: "/team/:admin", page: "/team", action: "/team/adm_tom", name: "role", first: "viewer", second: "owner", says: [2]string{"“viewer”", "“owner”"}},
	{route: "/team/:admin/standing", page: "/team/adm_tom", action: "/team/adm_tom/standing", name: "role", first: "viewer", second: "moderator", says: [2]string{"“viewer”", "“moderator”"}},
	{route: "/backups/plan", page: "/backups", action: "/backups/plan", name: "keep", first: "10", second: "20", says: [2]string{"to 10", "you chose 20"}},
}

func sharedView(s *site) (page, action string) {
	v, _, err := s.store.SaveView(s.t.Context(), dbtest.Ana, chat.SavedView{App: "shop", List: "users", Query: "q=maya", Name: "Maya", Shared: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return "/apps/shop/views", "/apps/shop/views/" + v.ID
}

func waitingPlan(s *site) (page, action string) {
	if _, err := s.store.ScheduleSettings(s.t.Context(), dbtest.Ana, chat.SettingsPlan{App: "shop", At: s.clock.Now().Add(48 * time.Hour), Changes: []chat.SettingChange{{Key: chat.SettingGuests, Value: "never"}}}); err != nil {
		s.t.Fatal(err)
	}
	return "/apps/shop/settings/schedule/1", "/apps/shop/settings/schedule/1"
}

func TestStaleForms(t *testing.T) {
	for _, f := range staleForms {
		if f.action == "" {
			f.action = f.page
		}
		t.Run(f.route+" "+f.name, func(t *testing.T) {
			s := fairSite(t)
			ana, eve := s.admin("ana", chat.Owner), s.admin("eve", chat.Owner)
			fields := func(b *browser) []string {
				a := b.get(f.page)
				if f.css == "" {
					return a.form(f.action)
				}
				if form := a.Find(f.css).First(); form.Length() == 1 {
					form.SetAttr("action", "mine")
				}
				return a.form("mine")
			}
			if f.make != nil {
				f.page, f.action = f.make(s)
			}
			anas, eves := fields(ana), fields(eve)
			if len(anas) == 0 {
				t.Fatal("no such form")
			}
			if a := ana.post(f.action, with(anas, f.name, f.first)...); a.Code != http.StatusSeeOther {
				t.Fatalf("the first: %d %s", a.Code, a.text())
			}
			before := dbtest.Dump(t, s.store)
			if a := ana.post(f.action, with(anas, f.name, f.first)...); dbtest.Dump(t, s.store) != before {
				t.Errorf("a second press changed something: %d", a.Code)
			}
			a := eve.post(f.action, with(eves, f.name, f.second)...)
			if a.Code == http.StatusSeeOther {
				a = eve.get(a.Header.Get("Location"))
			}
			html, _ := a.Html()
			for _, says := range f.says {
				if !strings.Contains(a.text(), says) && !strings.Contains(html, says) {
					t.Errorf("the second does not read %q: %d %s", says, a.Code, a.text())
				}
			}
			if dbtest.Dump(t, s.store) != before {
				t.Error("the second overwrote the first")
			}
		})
	}
}

// A box has two values only: who left it as their page showed it does not take back what another set meanwhile.
func TestAStalePageKeepsTheRuleOfTheTeam(t *testing.T) {
	s := fairSite(t)
	ana, eve := s.admin("ana", chat.Owner), s.admin("eve", chat.Owner)
	for _, name := range []string{"ana", "eve"} {
		if _, err := s.store.SetCode(t.Context(), chat.CommandLine, s.id(name), "secret", 0); err != nil {
			t.Fatal(err)
		}
	}
	anas, eves := ana.get("/team").form("/team/rules"), eve.get("/team").form("/team/rules")
	if a := ana.post("/team/rules", with(anas, "secondStep", "true")...); a.Code != http.StatusSeeOther {
		t.Fatalf("the first: %d %s", a.Code, a.text())
	}
	before := dbtest.Dump(t, s.store)
	if a := eve.post("/team/rules", eves...); a.Code != http.StatusSeeOther {
		t.Fatalf("the second: %d %s", a.Code, a.text())
	}
	if rules, err := s.store.TeamRules(t.Context()); err != nil || !rules.SecondStep || dbtest.Dump(t, s.store) != before {
		t.Errorf("the second overwrote the first: %+v %v", rules, err)
	}
}
