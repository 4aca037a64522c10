package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
)

const security = "/apps/shop/settings/security"

// form is the first form of a page with this action: its fields as the browser would send them untouched.
func (a answer) form(action string) []string {
	var fields []string
	a.Find("form[action='" + action + "'] [name]").Each(func(_ int, s *goquery.Selection) {
		kind, _ := s.Attr("type")
		_, checked := s.Attr("checked")
		if (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		fields = append(fields, name, value)
	})
	return fields
}

// with is a form with one more value; a name that was there is replaced.
func with(form []string, name, value string) []string {
	var next []string
	for i := 0; i < len(form); i += 2 {
		if form[i] != name {
			next = append(next, form[i], form[i+1])
		}
	}
	return append(next, name, value)
}

func (s *site) settings() chat.Settings {
	s.t.Helper()
	all, err := s.store.Settings(s.t.Context(), "shop")
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestTickingABoxSavesOnlyThatBox(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	page := b.get(security)
	if page.Code != 200 || !strings.Contains(page.Find("[data-testid=state-disallowUserSync]").Text(), "Browsers can create and change users.") {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	a := b.post(security, with(page.form(security), "disallowUserSync", "true")...)
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	now := s.settings()
	if !now.Security().DisallowUserSync || now[chat.SettingConversationSync].Version != 0 || now[chat.SettingUserSync].ChangedBy != "ana" {
		t.Fatalf("%+v", now)
	}
	e := s.events()[0]
	if e.Type != chat.SettingsUpdated || string(e.Before) != `{"disallowUserSync":"false"}` || string(e.After) != `{"disallowUserSync":"true"}` {
		t.Fatalf("%+v", e)
	}
	page = b.get(security)
	if !strings.Contains(page.says(), "Saved.") || page.Find("#disallow-users[checked]").Length() != 1 || !strings.Contains(page.text(), "Changed just now by ana.") {
		t.Fatalf("%s", page.text())
	}
}

func TestTwoAdminsOnTheSwitches(t *testing.T) {
	s := fairSite(t)
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	anas, toms := ana.get(security).form(security), tom.get(security).form(security)
	if a := ana.post(security, with(anas, "disallowUserSync", "true")...); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	// Another key from a page that is out of date: both survive.
	if a := tom.post(security, with(toms, "disallowConversationSync", "true")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if now := s.settings().Security(); !now.DisallowUserSync || !now.DisallowConversationSync {
		t.Fatalf("%+v", now)
	}
	// The same key: refused, with both values on the page, and nothing changed.
	events := len(s.events())
	if a := ana.post(security, with(ana.get(security).form(security), "guestPolicy", "never")...); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	a := tom.post(security, with(toms, "guestPolicy", "allowed")...)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "Yours: “Only in conversations that allow it”. Now: “Never”.") || len(s.events()) != events+1 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if s.settings()[chat.SettingGuests].Value != "never" {
		t.Fatal("overwritten")
	}
}

func TestLooseningAsksForThePassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(security, with(b.get(security).form(security), "disallowUserSync", "true")...)
	s.clock.Add(11 * time.Minute)
	page := b.get(security)
	if page.Find("input[name=password]").Length() != 1 {
		t.Fatal("no password field")
	}
	loose := with(page.form(security), "disallowUserSync", "")
	a := b.post(security, loose...)
	if a.Code != http.StatusUnprocessableEntity || !s.settings().Security().DisallowUserSync || a.Find("#security[data-reauth]").Length() != 1 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post(security, with(loose, "password", "not it at all")...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "is not your password") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post(security, with(loose, "password", password)...); a.Code != http.StatusSeeOther || s.settings().Security().DisallowUserSync {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	// Tightening never asks.
	s.clock.Add(11 * time.Minute)
	if a = b.post(security, with(with(b.get(security).form(security), "disallowConversationSync", "true"), "password", "")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

func TestKeysAreShownOnce(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	const keys = "/apps/shop/settings/keys"
	a := b.post(keys+"/new", "name", "Orders")
	secret := a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "")
	if a.Code != 200 || !strings.HasPrefix(secret, "sk_test_") || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %q", a.Code, secret)
	}
	list := b.get(keys)
	if html, _ := list.Html(); strings.Contains(html, secret) || !strings.Contains(list.text(), secret[len(secret)-4:]) {
		t.Fatal("the list shows the secret, or not its end")
	}
	for _, e := range s.events() {
		if strings.Contains(string(e.Before)+string(e.After), secret) {
			t.Fatal("an event holds the secret")
		}
	}
	stored, err := s.store.Keys(t.Context(), "shop")
	if err != nil || len(stored) != 1 {
		t.Fatal(err)
	}
	id := stored[0].ID
	if a = b.post(keys + "/" + id + "/delete"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "This key is active.") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	b.post(keys + "/" + id + "/deactivate")
	if page := b.get(keys); !strings.Contains(page.text(), "Deactivated") || page.Find("#toasts form").Length() != 1 {
		t.Fatalf("%s", page.text())
	}
	s.clock.Add(11 * time.Minute)
	if a = b.post(keys + "/" + id + "/delete"); a.Code != http.StatusUnprocessableEntity || a.Find("input[name=password]").Length() != 1 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post(keys+"/"+id+"/delete", "password", password); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

func TestTeam(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	a := b.post("/team", "email", "new@guestlist.example", "name", "New", "role", "viewer")
	first := a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "")
	if a.Code != 200 || first == "" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	n := s.browser()
	if a := n.post("/sign-in", "email", "New@Guestlist.example", "password", first); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	admins, _ := s.store.Admins(t.Context())
	if admins[0].Name != "ana" {
		admins[0], admins[1] = admins[1], admins[0]
	}
	if a = b.post("/team/"+admins[0].ID, "role", "viewer"); a.Code != http.StatusConflict || !strings.Contains(a.text(), "This is the last owner.") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post("/team/"+admins[1].ID, "role", "owner"); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = n.get("/team"); a.Code != http.StatusSeeOther {
		t.Fatal("a change of role ends the sessions")
	}
	if page := b.get("/team"); !strings.Contains(page.text(), "ana changed role of the admin new@guestlist.example") && !strings.Contains(page.text(), "the role of the admin") {
		t.Fatalf("%s", page.text())
	}
}

func TestEveryRouteAsksForItsRole(t *testing.T) {
	s := fairSite(t)
	roles := map[chat.Role]*browser{chat.Viewer: s.admin("vic", chat.Viewer), chat.Manage: s.admin("mia", chat.Manage)}
	nobody := s.browser()
	fill := strings.NewReplacer(":app", "shop", ":conv", "fair", ":user", "maya", ":key", "key_x", ":seq", "1", ":admin", "adm_x", ":session", "ses_x")
	routes := s.routes()
	if len(routes) < 30 {
		t.Fatalf("only %d routes", len(routes))
	}
	before := len(s.events())
	for _, r := range routes {
		method, path, least := r[0], fill.Replace(r[1]), chat.Role(r[2])
		if least == "" {
			continue
		}
		send := func(b *browser) answer {
			if method == http.MethodPost {
				return b.post(path)
			}
			return b.get(path)
		}
		if a := send(nobody); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s without sign-in: %d %s", method, path, a.Code, a.Header.Get("Location"))
		}
		for role, b := range roles {
			if !role.Includes(least) {
				if a := send(b); a.Code != http.StatusForbidden {
					t.Errorf("%s %s as %s: %d", method, path, role, a.Code)
				}
			}
		}
	}
	if len(s.events()) != before {
		t.Error("a refused request changed something")
	}
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	other := s.browser()
	other.post("/sign-in", "email", "ana@guestlist.example", "password", password)
	if a := b.get("/account"); a.Find("[data-testid=session]").Length() != 2 {
		t.Fatalf("%s", a.text())
	}
	if a := b.post("/account/password", "password", "wrong wrong wrong", "new", "another horse battery staple"); a.Code != http.StatusUnprocessableEntity {
		t.Fatal(a.Code)
	}
	if a := b.post("/account/password", "password", password, "new", "another horse battery staple"); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := other.get("/account"); a.Code != http.StatusSeeOther {
		t.Fatal("the other session is still good")
	}
	if a := b.get("/account"); a.Code != 200 || a.Find("[data-testid=session]").Length() != 1 {
		t.Fatalf("%d", a.Code)
	}
}
