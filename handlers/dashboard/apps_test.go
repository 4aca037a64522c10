package dashboard_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const (
	general = "/apps/shop/settings"
	danger  = "/apps/shop/settings/danger"
)

func TestWithoutAnAppTheListIsTheStart(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	if a := b.get("/"); a.Header.Get("Location") != "/apps" {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	if page := b.get("/apps"); !strings.Contains(page.text(), "No app yet") || page.Find("a[href='/apps/new']").Length() == 0 {
		t.Errorf("%s", page.text())
	}
}

func TestCreatingApps(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Manage)
	if a := b.post("/apps/new", "name", "Larkfield Market", "id", "", "kind", "live"); a.Header.Get("Location") != "/apps/larkfield_market" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	app, err := s.store.App(t.Context(), "larkfield_market")
	settings, _ := s.store.Settings(t.Context(), "larkfield_market")
	if err != nil || !app.Live || !settings.Security().RequireIdentity {
		t.Fatalf("%+v %+v %v", app, settings, err)
	}
	b.post("/apps/new", "name", "Try", "id", "try", "kind", "test")
	if page := b.get("/apps/try"); page.Find("summary:contains('Try')").Length() == 0 || page.Find(".menu-list a[href='/apps/larkfield_market']").Length() == 0 {
		t.Error("one can't switch between the apps")
	}
	// The id that was made from the name stands in the form, so that it can be changed.
	a := b.refuses(http.StatusUnprocessableEntity, "/apps/new", "name", "Try", "id", "", "kind", "live")
	if a.Find("#id[aria-invalid][autofocus]").AttrOr("value", "") != "try" || a.Find("input[name=kind][value=live][checked]").Length() != 1 {
		t.Errorf("%s", a.text())
	}
	b.refuses(http.StatusUnprocessableEntity, "/apps/new", "name", "", "id", "")
	b.refuses(http.StatusUnprocessableEntity, "/apps/new", "name", "市場", "id", "")
	vic := s.admin("vic", chat.Viewer)
	vic.refuses(http.StatusForbidden, "/apps/new", "name", "Mine", "id", "mine")
	if page := vic.get("/apps"); page.Find("[data-testid=app]").Length() != 2 || page.Find("a[href='/apps/new']").Length() != 0 {
		t.Errorf("%s", page.text())
	}
}

func TestGeneralSettings(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	page := b.get(general)
	for _, want := range []string{"shop", "Test", s.url} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("no %s: %s", want, page.text())
		}
	}
	if a := b.post(general, with(with(page.form(general), "name", "Larkfield"), "participantLimit", "300")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	app, err := s.store.App(t.Context(), "shop")
	if err != nil || app.Name != "Larkfield" || s.settings().ParticipantLimit() != 300 {
		t.Fatalf("%+v %v", app, err)
	}
	if e := s.events(); e[0].Type != chat.SettingsUpdated || e[1].Type != chat.AppUpdated {
		t.Errorf("%+v", e[:2])
	}
	form := b.get(general).form(general)
	for _, limit := range []string{"-1", "many", "", "10000001"} {
		if a := b.refuses(http.StatusUnprocessableEntity, general, with(with(form, "name", "Other"), "participantLimit", limit)...); a.Find("#participantLimit[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %s", limit, a.text())
		}
	}
	b.refuses(http.StatusUnprocessableEntity, general, with(form, "name", "")...)
	s.admin("vic", chat.Viewer).refuses(http.StatusForbidden, general, with(form, "name", "Vic’s")...)
}

// Two admins on the page: both changes survive when they differ, and neither is overwritten when they don't.
func TestTwoAdminsOnGeneral(t *testing.T) {
	s := fairSite(t)
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	toms := tom.get(general).form(general)
	ana.post(general, with(ana.get(general).form(general), "name", "Ana’s")...)
	if a := tom.post(general, with(toms, "participantLimit", "5")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	app, _ := s.store.App(t.Context(), "shop")
	if app.Name != "Ana’s" || s.settings().ParticipantLimit() != 5 {
		t.Fatalf("%+v", app)
	}
	a := tom.refuses(http.StatusUnprocessableEntity, general, with(with(toms, "name", "Tom’s"), "participantLimit", "7")...)
	if !strings.Contains(a.text(), "Yours: “Tom’s”. Now: “Ana’s”.") {
		t.Errorf("%s", a.text())
	}
	a = tom.refuses(http.StatusUnprocessableEntity, general, with(toms, "participantLimit", "7")...)
	if !strings.Contains(a.text(), "Yours: 7. Now: 5") {
		t.Errorf("%s", a.text())
	}
}

func TestDeletingAnApp(t *testing.T) {
	s := fairSite(t)
	dbtest.App(t, s.store, "other", "maya")
	b := s.admin("ana", chat.Owner)
	page := b.get(danger)
	for _, want := range []string{"4 users", "1 conversation with its messages", "3 places on lists"} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("no “%s”: %s", want, page.text())
		}
	}
	b.refuses(http.StatusUnprocessableEntity, danger, "confirm", "Shop")
	s.clock.Add(11 * time.Minute)
	if a := b.refuses(http.StatusUnprocessableEntity, danger, "confirm", "shop"); a.Find("#password[aria-invalid]").Length() != 1 || a.Find("#confirm").AttrOr("value", "") != "shop" {
		t.Errorf("%s", a.text())
	}
	s.admin("mia", chat.Manage).refuses(http.StatusForbidden, danger, "confirm", "shop", "password", password)
	if a := b.post(danger, "confirm", "shop", "password", password); a.Header.Get("Location") != "/apps" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if page = b.get("/apps"); !strings.Contains(page.says(), "App deleted.") || page.Find("[data-testid=app]").Length() != 1 {
		t.Errorf("%s", page.text())
	}
	if b.get("/apps/shop").Code != http.StatusNotFound || b.get("/apps/other/users/maya").Code != http.StatusOK {
		t.Error("the wrong app is gone")
	}
	if page = b.get("/team"); !strings.Contains(page.text(), "deleted the app shop") {
		t.Errorf("%s", page.text())
	}
	b.refuses(http.StatusNotFound, danger, "confirm", "shop")
}

// The overview's charts have the range of the address, and what needs attention leads to where it is mended.
func TestTheOverviewShowsWhatHappened(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	for query, want := range map[string]string{"": "24", "?range=7d": "28", "?range=30d": "30", "?range=nope": "24"} {
		page := b.get("/apps/shop" + query)
		if rows := page.Find("[data-testid=numbers] tbody tr").Length(); strconv.Itoa(rows) != want || page.Find("nav[aria-label='Range of the charts'] [aria-current=page]").Length() != 1 {
			t.Errorf("%q: %d rows", query, rows)
		}
	}
	page := b.get("/apps/shop")
	if !strings.Contains(page.Find("[data-testid=chart-users]").Text(), "4") || page.Find("[data-testid=doors]").Length() != 1 {
		t.Error(page.text())
	}
	if link := page.Find("[data-testid=attention] a").First(); link.AttrOr("href", "") != health || !strings.Contains(link.Text(), "nobody has to prove who they are") {
		t.Error(link.Text())
	}
}
