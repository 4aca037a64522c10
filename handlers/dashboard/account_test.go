package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

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

func TestEndingSessions(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Viewer)
	one, two, tom := s.again("ana"), s.again("ana"), s.admin("tom", chat.Viewer)
	page := b.get("/account")
	if page.Find("[data-testid=session]").Length() != 3 {
		t.Fatalf("%s", page.text())
	}
	// Another admin's session is not theirs to end.
	mine := page.Find("[data-testid=session] form").First().AttrOr("action", "")
	tom.post(mine)
	if b.get("/account").Find("[data-testid=session]").Length() != 3 {
		t.Fatal("somebody else ended a session")
	}
	if a := b.post(mine); a.Code != http.StatusSeeOther || b.get("/account").Find("[data-testid=session]").Length() != 2 {
		t.Fatalf("%d", a.Code)
	}
	if a := b.post("/account/sessions/end"); a.Code != http.StatusSeeOther {
		t.Fatalf("%d", a.Code)
	}
	for _, other := range []*browser{one, two} {
		if other.get("/account").Code != http.StatusSeeOther {
			t.Error("a session is still good")
		}
	}
	if page = b.get("/account"); page.Find("[data-testid=session]").Length() != 1 || strings.Contains(page.text(), "End all others") {
		t.Errorf("%s", page.text())
	}
	if tom.get("/account").Code != http.StatusOK {
		t.Error("somebody else's session ended")
	}
}

func TestThemeAndKeysAreKeptInTheBrowser(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Viewer)
	b.post("/account/theme", "theme", "dark")
	if page := b.get("/account"); page.Find("html[data-theme=dark]").Length() != 1 || page.Find("button[value=dark][aria-pressed=true]").Length() != 1 {
		t.Error("the theme is not kept")
	}
	b.post("/account/theme", "theme", "plaid")
	if page := b.get("/account"); page.Find("html[data-theme]").Length() != 0 {
		t.Error("an unknown theme does not follow the system")
	}
	b.post("/account/shortcuts", "keys", "off")
	if page := b.get("/account"); page.Find("html[data-keys=off]").Length() != 1 || !strings.Contains(page.text(), "Turn single keys on") {
		t.Error("single keys are not off")
	}
	b.post("/account/shortcuts", "keys", "on")
	if page := b.get("/account"); page.Find("html[data-keys=off]").Length() != 0 {
		t.Error("single keys are not on again")
	}
}
