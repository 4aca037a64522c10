package dashboard_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const security = "/apps/shop/settings/security"

// form are the fields of all forms of a page with this action, as the browser would send them untouched.
func (a answer) form(action string) []string {
	var fields []string
	a.Find("form[action='" + action + "'] [name]:not(button)").Each(func(_ int, s *goquery.Selection) {
		kind, _ := s.Attr("type")
		_, checked := s.Attr("checked")
		if (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		switch goquery.NodeName(s) {
		case "textarea":
			value = strings.ReplaceAll(s.Text(), "\n", "\r\n")
		case "select":
			value = s.Find("option[selected]").AttrOr("value", "")
		}
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
	copied := *b.client // somebody has a copy of the cookie
	copied.Jar, _ = cookiejar.New(nil)
	site, _ := url.Parse(s.url)
	copied.Jar.SetCookies(site, b.client.Jar.Cookies(site))
	if a = b.post(security, with(loose, "password", password)...); a.Code != http.StatusSeeOther || s.settings().Security().DisallowUserSync {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = (&browser{s, &copied}).get(security); a.Code != http.StatusSeeOther || b.get(security).Code != http.StatusOK {
		t.Fatalf("the copied cookie is still good: %d", a.Code)
	}
	// Tightening never asks.
	s.clock.Add(11 * time.Minute)
	if a = b.post(security, with(with(b.get(security).form(security), "disallowConversationSync", "true"), "password", "")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// refuses sends a form that must be refused with code, and sees that nothing was changed.
func (b *browser) refuses(code int, path string, form ...string) answer {
	b.site.t.Helper()
	before := dbtest.Dump(b.site.t, b.site.store)
	a := b.post(path, form...)
	if a.Code != code {
		b.site.t.Errorf("POST %s: %d, want %d: %s", path, a.Code, code, a.text())
	}
	if dbtest.Dump(b.site.t, b.site.store) != before {
		b.site.t.Errorf("POST %s was refused and changed something", path)
	}
	return a
}

func TestASecondClickSavesNothingMore(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := with(b.get(security).form(security), "disallowUserSync", "true")
	b.post(security, form...)
	before := dbtest.Dump(t, s.store)
	if a := b.post(security, form...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if dbtest.Dump(t, s.store) != before || !strings.Contains(b.get(security).says(), "Saved.") {
		t.Error("the second click changed something")
	}
	form = with(with(b.get(security).form(security), "disallowUserSync", "true"), "was.disallowUserSync", "false") // on another page
	if b.post(security, form...); dbtest.Dump(t, s.store) != before || !strings.Contains(b.get(security).says(), "Nothing to save") {
		t.Error("the same from another page changed something")
	}
}

func TestAStaleFormKeepsWhatWasWanted(t *testing.T) {
	s := fairSite(t)
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	toms := tom.get(security).form(security)
	ana.post(security, with(ana.get(security).form(security), "guestPolicy", "never")...)
	a := tom.refuses(http.StatusUnprocessableEntity, security, with(with(toms, "guestPolicy", "every"), "disallowConversationSync", "true")...)
	if a.Find("#guests-every[checked][autofocus]").Length() != 1 || a.Find("#guests-never[data-was]").Length() != 1 || a.Find("#disallow-convs[checked]:not([data-was])").Length() != 1 {
		t.Errorf("the page shows neither what was wanted nor what holds: %s", a.text())
	}
	if strings.TrimSpace(a.Find(".savebar a[href='"+security+"']").Text()) != "Discard" {
		t.Error("Discard does not lead to what is saved")
	}
	// Saving without having chosen changes nothing; having chosen his own, tom saves it all.
	a = tom.refuses(http.StatusUnprocessableEntity, security, a.form(security)...)
	if a = tom.post(security, with(a.form(security), "choose", "mine.guestPolicy")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if now := s.settings().Security(); now.Guests != chat.GuestsEvery || !now.DisallowConversationSync {
		t.Errorf("%+v", now)
	}
}

func TestBrokenSecurityFormsSaveNothing(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := b.get(security).form(security)
	b.refuses(http.StatusUnprocessableEntity, security, with(form, "guestPolicy", "sometimes")...)
	b.refuses(http.StatusUnprocessableEntity, security, with(form, "guestPolicy", "")...)
	b.refuses(http.StatusSeeOther, security) // nothing differs
	b.refuses(http.StatusBadRequest, security, with(form, "guestPolicy", "ne\x00ver")...)
	b.refuses(http.StatusNotFound, "/apps/nope/settings/security", form...)
	s.admin("vic", chat.Viewer).refuses(http.StatusForbidden, security, with(form, "disallowUserSync", "true")...)
}

func TestAViewerReadsTheSwitches(t *testing.T) {
	s := fairSite(t)
	page := s.admin("vic", chat.Viewer).get(security)
	if page.Code != 200 || page.Find("#security input:not([disabled]):not([type=hidden])").Length() != 0 || page.Find("#security [type=submit]").Length() != 0 {
		t.Fatalf("%d: a viewer is offered to change something", page.Code)
	}
	if !strings.Contains(page.text(), "Your role, viewer, reads only.") {
		t.Error("it is not said why")
	}
}

// Undoing a protection takes it away: the password is asked for on a page, and the undo is finished from there.
func TestUndoOfAProtectionAsksForThePassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(security, with(b.get(security).form(security), "disallowUserSync", "true")...)
	undo := b.get(security).Find("#toasts form").AttrOr("action", "")
	s.clock.Add(11 * time.Minute)
	a := b.refuses(http.StatusUnprocessableEntity, undo, "back", security)
	if a.Find("form[action='"+undo+"'] input[name=password][autofocus]").Length() != 1 || strings.Contains(a.text(), "is needed") {
		t.Fatalf("%s", a.text())
	}
	a = b.post(undo, with(a.form(undo), "password", "not it at all")...)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "is not your password") || !s.settings().Security().DisallowUserSync {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	a = b.post(undo, with(a.form(undo), "password", password)...)
	if a.Code != http.StatusSeeOther || a.Header.Get("Location") != security || s.settings().Security().DisallowUserSync {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// The boxes bind browsers only: the dashboard goes on, whatever they say.
func TestTheBoxesDoNotBindTheDashboard(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := with(with(b.get(security).form(security), "disallowUserSync", "true"), "disallowConversationSync", "true")
	b.post(security, with(form, "guestPolicy", "never")...)
	if a := b.post("/apps/shop/users/new", "id", "lea", "name", "Lea"); a.Code != http.StatusSeeOther {
		t.Errorf("a user: %d %s", a.Code, a.text())
	}
	if a := b.post("/apps/shop/conversations/fair/participants", "ids", "lea"); a.Code != http.StatusSeeOther || s.participant("lea").User == "" {
		t.Errorf("a participant: %d %s", a.Code, a.text())
	}
}
