package dashboard_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers"
	"guestlist/handlers/auth"
)

const keys = "/apps/shop/settings/keys"

// The answer of a form that made something shows what is shown once; a second press gets that answer, not a second key.
func TestASecondPressMakesNoSecondKey(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	form := with(with(b.get(keys).form(keys+"/new"), "name", "Orders"), "password", password)
	before := len(s.events())

	// Two presses at once, with the cookie of before the first one: its answer is dropped by the browser, with the new cookie.
	var both sync.WaitGroup
	var answers [2]answer
	var twins [2]*browser
	for i := range answers {
		twins[i] = b.twin()
		both.Go(func() { answers[i] = twins[i].post(keys+"/new", form...) })
	}
	both.Wait()
	secret := func(a answer) string { return a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "") }
	for _, twin := range twins { // either press is followed by a page, signed in
		if a := twin.get(keys); a.Code != 200 {
			t.Errorf("after the answer: %d", a.Code)
		}
	}
	if answers[0].Code != 200 || secret(answers[0]) == "" || answers[1].Code != 200 || secret(answers[1]) != secret(answers[0]) || len(s.events()) != before+1 {
		t.Fatalf("%d %d %q, %d events", answers[0].Code, answers[1].Code, secret(answers[0]), len(s.events())-before)
	}
}

// twin is a browser with the cookies that b has now.
func (b *browser) twin() *browser {
	copied := *b.client
	copied.Jar, _ = cookiejar.New(nil)
	site, _ := url.Parse(b.site.url)
	copied.Jar.SetCookies(site, b.client.Jar.Cookies(site))
	return &browser{b.site, &copied}
}

// restart is another server on the same store: what the first one remembered is forgotten.
func (s *site) restart() {
	server := httptest.NewServer(handlers.New(handlers.Options{Store: s.store, Setup: auth.NewSetup(s.clock.Now, func(string) {}), Log: slog.New(slog.DiscardHandler)}))
	s.t.Cleanup(server.Close)
	s.url = server.URL
}

// What was done is known after a restart, too, when no answer is remembered.
func TestWhatWasDoneIsKnownForADay(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	const create = "/apps/shop/users/new"
	form := with(b.get(create).form(create), "name", "Una")
	if a := b.post(create, form...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	s.restart()
	before := dbtest.Dump(t, s.store)
	a := b.post(create, form...)
	if a.Code != http.StatusConflict || !strings.Contains(a.text(), "That was done already") || dbtest.Dump(t, s.store) != before {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// The same from another making of the page may be meant: it is asked, and done for who means it.
func TestTheSameOnceMoreIsAskedAbout(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	const create = "/apps/shop/users/new"
	post := func() answer { return b.post(create, with(b.get(create).form(create), "name", "Una")...) }
	count := func() int {
		list, err := s.store.Users(t.Context(), db.UserQuery{App: "shop", Search: "Una", Window: db.Window{Limit: 10}})
		if err != nil {
			t.Fatal(err)
		}
		return len(list.Items)
	}
	post()
	a := post()
	if a.Code != http.StatusConflict || !strings.Contains(a.text(), "Nothing was done this time.") || count() != 1 {
		t.Fatalf("%d %s, %d", a.Code, a.text(), count())
	}
	meant := a.form(create)
	for range 2 { // pressed twice, it is done once
		if a = b.post(create, meant...); a.Code != http.StatusSeeOther || count() != 2 {
			t.Fatalf("%d %s, %d", a.Code, a.text(), count())
		}
	}
	s.clock.Add(chat.SentFormAsked)
	if a = post(); a.Code != http.StatusSeeOther || count() != 3 {
		t.Fatalf("%d %s, %d", a.Code, a.text(), count())
	}
	if a = b.post(create, with(b.get(create).form(create), "name", "Una B.")...); a.Code != http.StatusSeeOther { // something else
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// A refused form did nothing, and can be sent again as it is. The answer of a form is for the browser that sent it.
func TestRefusedFormsCanBeSentAgain(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	s.clock.Add(11 * time.Minute)
	form := with(b.get(keys).form(keys+"/new"), "name", "Orders")
	if a := b.post(keys+"/new", with(form, "password", "wrong")...); a.Code != http.StatusUnprocessableEntity {
		t.Fatal(a.Code)
	}
	if a := b.post(keys+"/new", with(form, "password", password)...); a.Code != 200 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := s.browser().post(keys+"/new", with(form, "password", password)...); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
		t.Errorf("somebody else got the answer: %d", a.Code)
	}
	if a := s.again("ana").post(keys+"/new", with(form, "password", password)...); a.Code != http.StatusConflict || a.Find("[data-testid=secret]").Length() != 0 {
		t.Errorf("another session got the answer: %d", a.Code)
	}
}
