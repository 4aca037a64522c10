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
