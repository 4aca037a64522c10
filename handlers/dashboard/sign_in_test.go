package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

func TestSetUpThenSignInAndOut(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	if a := b.get("/"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != "/setup" {
		t.Fatalf("a new server sends to /setup: %d %q", a.Code, a.Header.Get("Location"))
	}
	if a := b.get("/setup"); a.Code != 200 || s.code == "" {
		t.Fatalf("%d, code %q", a.Code, s.code)
	}
	wrong := b.post("/setup", "code", "WRONG", "name", "Imani", "email", "imani@larkfield.example", "password", password)
	if wrong.Code != http.StatusUnprocessableEntity || !strings.Contains(wrong.text(), "is not the one") {
		t.Fatalf("%d %s", wrong.Code, wrong.text())
	}
	weak := b.post("/setup", "code", s.code, "name", "Imani", "email", "imani@larkfield.example", "password", "password123456")
	if weak.Code != http.StatusUnprocessableEntity || !strings.Contains(weak.text(), "too easy to guess") {
		t.Fatalf("%d %s", weak.Code, weak.text())
	}
	if a := b.post("/setup", "code", s.code, "name", "Imani", "email", "imani@larkfield.example", "password", password); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := b.get("/"); a.Header.Get("Location") != "/apps" {
		t.Fatalf("signed in: %d %q", a.Code, a.Header.Get("Location"))
	}
	if a := b.get("/setup"); a.Header.Get("Location") != "/sign-in" {
		t.Fatalf("set-up closes for good: %d", a.Code)
	}
	if a := b.post("/sign-out"); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if a := b.get("/"); a.Header.Get("Location") != "/sign-in?next=%2F" {
		t.Fatalf("%d %q", a.Code, a.Header.Get("Location"))
	}
}

func TestSignInTellsNothingAndSlowsGuessing(t *testing.T) {
	s := newSite(t)
	s.admin("imani", chat.Owner)
	b := s.browser()
	known := b.post("/sign-in", "email", "imani@guestlist.example", "password", "wrong wrong wrong")
	unknown := b.post("/sign-in", "email", "nobody@guestlist.example", "password", "wrong wrong wrong")
	if known.Code != http.StatusUnauthorized || unknown.Code != known.Code || known.Find(`[role=alert]`).Text() != unknown.Find(`[role=alert]`).Text() {
		t.Fatalf("%d %d", known.Code, unknown.Code)
	}
	for range 9 {
		b.post("/sign-in", "email", "imani@guestlist.example", "password", "wrong wrong wrong")
	}
	if a := b.post("/sign-in", "email", "imani@guestlist.example", "password", password); a.Code != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Fatalf("%d", a.Code)
	}
}

func TestForeignPostsAreRefused(t *testing.T) {
	s := newSite(t)
	b := s.admin("imani", chat.Owner)
	a := b.do(http.MethodPost, "/sign-out", "", map[string]string{"Origin": "https://evil.example", "Content-Type": "application/x-www-form-urlencoded"})
	if a.Code != http.StatusForbidden {
		t.Fatal(a.Code)
	}
	if a := b.get("/"); a.Header.Get("Location") != "/apps" {
		t.Fatal("still signed in")
	}
}
