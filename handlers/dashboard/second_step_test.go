package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"guestlist/db/chat"
)

// Codes are guessed ten times from one place and no more, even by who knows the password; the right one is refused then too.
func TestCodesAreNotGuessed(t *testing.T) {
	s := newSite(t)
	s.admin("ana", chat.Owner)
	id := s.id("ana")
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "x", AccountName: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SetCode(t.Context(), chat.CommandLine, id, chat.Secret(key.Secret()), 0); err != nil {
		t.Fatal(err)
	}
	right := func() string {
		code, err := totp.GenerateCode(key.Secret(), s.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	half := func(next string) *browser {
		b := s.browser()
		if a := b.post("/sign-in", "email", "ana@guestlist.example", "password", password, "next", next); a.Header.Get("Location") != "/sign-in/code" {
			t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
		}
		return b
	}
	b := half("https://evil.example/")
	if a := b.get("/account"); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
		t.Errorf("a password alone opens the account: %d", a.Code)
	}
	for range 10 {
		if a := b.post("/sign-in/code", "code", "000000"); a.Code != http.StatusBadRequest && a.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%d %s", a.Code, a.text())
		}
	}
	for _, who := range []*browser{b, half("")} { // starting again is no way around
		if a := who.post("/sign-in/code", "code", right()); a.Code != http.StatusTooManyRequests || who.get("/account").Code == http.StatusOK {
			t.Errorf("%d %s", a.Code, a.text())
		}
	}
	if _, err := s.store.Unlock(t.Context(), chat.CommandLine, "ana@guestlist.example"); err != nil {
		t.Fatal(err)
	}
	code := right()
	if a := b.post("/sign-in/code", "code", code); a.Header.Get("Location") != "/" || b.get("/account").Code != http.StatusOK {
		t.Errorf("%d %s", a.Code, a.Header.Get("Location"))
	}
	again := half("")
	if a := again.post("/sign-in/code", "code", code); a.Code == http.StatusSeeOther {
		t.Error("a code was good twice")
	}
	if a := s.browser().post("/sign-in/code", "code", code); a.Header.Get("Location") != "/sign-in" {
		t.Errorf("a code without a password: %d %s", a.Code, a.Header.Get("Location"))
	}
	s.clock.Add(11 * time.Minute) // what was under way is too old
	if a := again.post("/sign-in/code", "code", right()); a.Header.Get("Location") != "/sign-in" {
		t.Errorf("%d %s", a.Code, a.Header.Get("Location"))
	}
}

// Every page says until when nobody asks again who the admin is, and ends it there and then.
func TestEveryPageSaysThatYouConfirmed(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	pages := []string{"/apps", "/apps/shop", "/apps/shop/users?q=bob", security, "/team", "/account"}
	until := s.clock.Now().Add(chat.ReauthWindow).UTC().Format("15:04")
	for _, path := range pages {
		said := b.get(path).Find("[data-testid=confirmed]")
		if !strings.Contains(said.Text(), "until "+until) || said.Find("input[name=back]").AttrOr("value", "") != path {
			t.Errorf("%s: %q", path, said.Text())
		}
	}
	if a := b.post("/account/confirm/end", "back", "//elsewhere.example"); a.Header.Get("Location") != "/account" {
		t.Errorf("it sends people to %q", a.Header.Get("Location"))
	}
	b = s.again("ana")
	if a := b.post("/account/confirm/end", "back", "/apps/shop/users?q=bob"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != "/apps/shop/users?q=bob" {
		t.Errorf("%d to %q", a.Code, a.Header.Get("Location"))
	}
	for _, path := range pages {
		if b.get(path).Find("[data-testid=confirmed]").Length() != 0 {
			t.Errorf("%s speaks of what was ended", path)
		}
	}
	if a := b.post("/apps/shop/settings/keys/new", "name", "Key"); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("it was ended, and a key is made: %d", a.Code)
	}
	b = s.again("ana")
	s.clock.Add(chat.ReauthWindow + time.Millisecond)
	if b.get("/apps").Find("[data-testid=confirmed]").Length() != 0 {
		t.Error("it outlives its time")
	}
}
