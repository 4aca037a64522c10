package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

// The language is the one that was chosen, else what the browser accepts; so it is on the page for signing in.
func TestPagesAreInTheLanguageOfTheReader(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Viewer)
	language := func(path, accepts string) string {
		t.Helper()
		a := b.do(http.MethodGet, path, "", map[string]string{"Accept-Language": accepts})
		return a.Find("html").AttrOr("lang", "")
	}
	for accepts, want := range map[string]string{"": "en", "fr": "en", "es-MX,es;q=0.9,en;q=0.8": "es", "de-AT": "de", "fr, de;q=0.5": "de", "not a language;;": "en"} {
		if got := language("/account", accepts); got != want {
			t.Errorf("Accept-Language %q: %q, want %q", accepts, got, want)
		}
	}
	if got := language("/nothing/here", "de"); got != "de" {
		t.Errorf("a page that isn’t there is in %q", got)
	}
	b.post("/account/reading", "language", "es", "zone", "")
	if got := language("/account", "de"); got != "es" {
		t.Errorf("chosen: %q", got)
	}
	b.post("/sign-out")
	if got := language("/sign-in", "de"); got != "es" {
		t.Errorf("to sign in: %q", got)
	}
}

func TestTimesAreInTheZoneOfTheReader(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Viewer)
	zoneOf := func(cookies string) string {
		t.Helper()
		text := b.do(http.MethodGet, "/account", "", map[string]string{"Cookie": cookies}).text()
		_, after, _ := strings.Cut(text, "Times are shown in ")
		zone, _, _ := strings.Cut(after, " now.")
		return zone
	}
	if got := zoneOf("browser-zone=Asia/Kolkata"); got != "IST" {
		t.Errorf("the browser’s zone: %q", got)
	}
	if got := zoneOf("browser-zone=../../etc/passwd"); got == "" || got == "IST" {
		t.Errorf("a zone that is none: %q", got)
	}
	a := b.refuses(http.StatusUnprocessableEntity, "/account/reading", "language", "de", "zone", "Middle/Earth")
	if a.Find("[name=zone]").AttrOr("value", "") != "Middle/Earth" || !strings.Contains(a.text(), "Europe/Berlin") || a.Header.Get("Set-Cookie") != "" && strings.Contains(strings.Join(a.Header.Values("Set-Cookie"), ""), "language=") {
		t.Errorf("an unknown zone: %v %s", a.Header, a.text())
	}
	b.refuses(http.StatusUnprocessableEntity, "/account/reading", "language", "tlh", "zone", "")
	if a := b.post("/account/reading", "language", "", "zone", "Asia/Tokyo"); a.Code != http.StatusSeeOther {
		t.Fatalf("a zone: %d", a.Code)
	}
	if got := zoneOf("browser-zone=Asia/Kolkata"); got != "JST" {
		t.Errorf("the chosen zone: %q", got)
	}
}
