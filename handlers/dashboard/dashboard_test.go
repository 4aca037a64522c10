package dashboard_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers"
	"guestlist/handlers/auth"
	"guestlist/handlers/dashboard"
)

// site is the whole server on a real store, with browsers that keep cookies.
type site struct {
	t     testing.TB
	store *db.Store
	clock *dbtest.Clock
	url   string
	code  string // of the set-up page

	served *handlers.Server
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t}
	s.store, s.clock = dbtest.Bare(t)
	setup := auth.NewSetup(s.clock.Now, func(code string) { s.code = code })
	s.served = handlers.New(handlers.Options{Store: s.store, Setup: setup, Log: slog.New(slog.DiscardHandler), Version: "test"})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.served.Run(ctx) }()
	server := httptest.NewServer(s.served)
	t.Cleanup(func() {
		within, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		err := s.served.HangUp(within)
		server.Close()
		cancel()
		if err = errors.Join(err, <-ended); err != nil {
			t.Error(err)
		}
	})
	s.url = server.URL
	return s
}

const password = "correct horse battery staple"

// admin creates an admin with a role and gives the browser that they signed in with.
func (s *site) admin(name string, role chat.Role) *browser {
	s.t.Helper()
	return s.member(name, chat.Standing{Role: role})
}

// member is admin with a standing of any kind. The apps in it are created where they aren't there.
func (s *site) member(name string, standing chat.Standing) *browser {
	s.t.Helper()
	for app := range standing.Apps {
		if _, err := s.store.App(s.t.Context(), app); err != nil {
			dbtest.App(s.t, s.store, app)
		}
	}
	hash, err := auth.HashPassword(s.t.Context(), "password", password)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.store.CreateAdmin(s.t.Context(), chat.CommandLine, chat.AdminChange{Email: name + "@guestlist.example", Name: name, Role: standing.Role, Apps: standing.Apps, EndsAt: standing.EndsAt}, hash); err != nil {
		s.t.Fatal(err)
	}
	return s.again(name)
}

// again signs an admin in on another browser.
func (s *site) again(name string) *browser {
	s.t.Helper()
	b := s.browser()
	if r := b.post("/sign-in", "email", name+"@guestlist.example", "password", password); r.Code != http.StatusSeeOther {
		s.t.Fatalf("%s can't sign in: %d", name, r.Code)
	}
	return b
}

func (s *site) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// browser keeps its cookies and doesn't follow redirects.
type browser struct {
	site   *site
	client *http.Client
}

// answer is a response, read whole.
type answer struct {
	Code   int
	Header http.Header
	*goquery.Document
}

func (a answer) text() string { return strings.Join(strings.Fields(a.Document.Text()), " ") }

func (b *browser) get(path string) answer {
	b.site.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

// post sends a form of names and values.
func (b *browser) post(path string, form ...string) answer {
	b.site.t.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	return b.do(http.MethodPost, path, values.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

func (b *browser) do(method, path, body string, headers map[string]string) answer {
	b.site.t.Helper()
	r, err := http.NewRequest(method, b.site.url+path, strings.NewReader(body))
	if err != nil {
		b.site.t.Fatal(err)
	}
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer resp.Body.Close()
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		b.site.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, doc}
}

// routes is the table of the dashboard's routes: method, path and least role.
func (s *site) routes() [][3]string {
	return dashboard.Register(echo.New(), dashboard.Options{Store: s.store}).Routes()
}

// What isn't there leads to the list that it would be in.
func TestMissingThingsLeadToTheirList(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	for path, want := range map[string]string{
		"/apps/nope/conversations":               "/apps",
		"/apps/shop/conversations/nope":          "/apps/shop/conversations",
		"/apps/shop/conversations/nope/settings": "/apps/shop/conversations",
		"/apps/shop/users/nope":                  "/apps/shop/users",
		"/apps/shop/settings/keys/nope/delete":   "/apps/shop/settings/keys",
		"/team/nope/remove":                      "/team",
		"/nope":                                  "/",
	} {
		if a := b.get(path); a.Code != http.StatusNotFound || a.Find("main a.btn-primary").AttrOr("href", "") != want {
			t.Errorf("%s: %d, leads to %q", path, a.Code, a.Find("main a.btn-primary").AttrOr("href", ""))
		}
	}
}
