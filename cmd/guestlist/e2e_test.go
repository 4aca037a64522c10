package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

// product is the production App on a data directory, stopped when the test ends.
type product struct {
	t    testing.TB
	dir  string
	app  *App
	out  *printed
	said time.Time
	now  func() time.Time // nil: the system's clock
	stop func()
	sso  *auth.SSO // nil: nobody signs in through a provider
}

// printed is what the App writes to its output.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

func start(t testing.TB, dir string) *product {
	t.Helper()
	p := &product{t: t, dir: dir}
	p.boot()
	t.Cleanup(func() { p.stop() })
	return p
}

func (p *product) boot() {
	p.t.Helper()
	p.out = &printed{}
	app, err := openApp(context.Background(), appOptions{Addr: "127.0.0.1:0", Dir: p.dir, Now: p.now, SSO: p.sso, Out: p.out, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	p.app = app
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
		if err := app.Close(); err != nil {
			p.t.Error(err)
		}
	})
}

// restart stops the App and starts it again on the same data.
func (p *product) restart() {
	p.t.Helper()
	p.stop()
	p.boot()
}

// demoProduct is the App on a fresh copy of the demo.
func demoProduct(t testing.TB) *product {
	t.Helper()
	return start(t, demoDir(t))
}

// signIn opens a tab and signs in to the demo.
func (p *product) signIn(c *browser.Chromium, email string) *browser.Tab {
	p.t.Helper()
	tab := c.Tab(p.t, p.app.URL())
	tab.Open("/sign-in")
	tab.Fill("Email", email)
	tab.Fill("Password", demo.Password)
	tab.Click("button", "Sign in")
	tab.At("/apps/larkfield")
	return tab
}

const (
	ana        = demo.Email
	tom        = "tomas@guestlist.example"
	organisers = "/apps/larkfield/conversations/spring-fair-organisers"
	security   = "/apps/larkfield/settings/security"
)

var setupLink = regexp.MustCompile(`http://\S+(/setup\?code=\S+)`)

func TestJourneySetUpAndFirstUse(t *testing.T) {
	p := start(t, t.TempDir())
	tab := browser.Start(t).Tab(t, p.app.URL())
	tab.Open("/")
	tab.At("/setup")
	end := time.Now().Add(5 * time.Second)
	for setupLink.FindStringSubmatch(p.out.String()) == nil && time.Now().Before(end) {
		time.Sleep(10 * time.Millisecond)
	}
	link := setupLink.FindStringSubmatch(p.out.String())
	if link == nil {
		t.Fatalf("no set-up link in %q", p.out)
	}
	tab.Open(link[1])
	tab.Axe()
	tab.Fill("Your name", "Imani Okafor")
	tab.Fill("Email", "imani@larkfield.example")
	tab.Fill("Password", "solid is on the list")
	tab.Click("button", "Create admin")
	tab.At("/apps")
	tab.See("No app yet")
	tab.Click("link", "New app")
	tab.Fill("Name", "Larkfield Market")
	tab.Click("button", "Create app")
	tab.At("/apps/larkfield_market")
	tab.See("Getting started")
	tab.Click("link", "New conversation")
	tab.Fill("Subject", "Spring fair")
	tab.Fill("ID", "fair")
	tab.Click("button", "Create conversation")
	tab.See("Nobody is on the list")
	tab.Click("link", "Add participants")
	tab.Fill("Or by ID", "maya")
	tab.Click("button", "Add participants")
	tab.See("1 ID has no user yet")
	expect(t, tab, "status of 422")
	tab.Fill("Name for maya", "Maya Lindqvist")
	tab.Click("button", "Add participants")
	tab.See("1 added.")
	tab.See("1 participant is on the list")
	tab.Click("button", "Account menu")
	tab.Click("button", "Sign out")
	tab.At("/sign-in")
	tab.Open("/apps")
	tab.At("/sign-in")
}

func TestJourneyTickBothBoxes(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(security)
	tab.See("Now: Browsers can create and change users.")
	tab.Click("checkbox", "Disallow user synchronization via the browser")
	tab.See("After saving: Browsers cannot create or change users.")
	tab.Until("the panel says No for guests, and Yes now", `[...document.querySelectorAll("[data-testid=effect]")].some((r) => r.innerText.includes("Open a chat as a guest") && r.innerText.includes("No") && r.innerText.includes("now Yes"))`)
	tab.Click("checkbox", "Disallow conversation synchronization via the browser")
	tab.Click("button", "Save changes")
	tab.See("Saved. It holds at once")
	tab.Leave()
	p.restart()
	tab = p.signIn(browser.Start(t), ana)
	tab.Open(security)
	for _, id := range []string{"disallow-users", "disallow-convs"} {
		tab.Until(id+" is ticked", `document.getElementById("`+id+`").checked`)
	}
	tab.See("Now: Browsers cannot create conversations or change who is in them.")
	settings, err := p.app.store.Settings(t.Context(), demo.Live)
	if err != nil || !settings.Security().DisallowUserSync || !settings.Security().DisallowConversationSync {
		t.Fatalf("%+v %v", settings, err)
	}
	tab.Open(organisers)
	tab.See("Guests are not let in")
	tab.See("can’t come back by themself")
}

// expect takes the one error of the console that a refused form leaves.
func expect(t testing.TB, tab *browser.Tab, text string) {
	t.Helper()
	if errors := tab.SomeErrors(); len(errors) != 1 || !strings.Contains(errors[0], text) {
		t.Errorf("the console says %q of %s", errors, browser.Eval[string](tab, "location.href"))
	}
}

func word(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func TestJourneyParticipants(t *testing.T) {
	p := demoProduct(t)
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers)
	// Change in place: the row answers, and a toast offers to undo.
	tab.Click("button", "Actions for Maya Lindqvist")
	tab.Press("\x1b")
	press := func(row, group, option string) {
		tab.Until("press "+option, `(() => { const b = [...document.querySelectorAll('[aria-label="`+group+` for `+row+`"] button')].find((b) => b.innerText.trim() === "`+option+`"); if (b) b.click(); return !!b; })()`)
	}
	pressed := func(row, group, option string) {
		t.Helper()
		tab.Until(option+" is pressed for "+row, `[...document.querySelectorAll('[aria-label="`+group+` for `+row+`"] button')].some((b) => b.innerText.trim() === "`+option+`" && b.getAttribute("aria-pressed") === "true")`)
	}
	press("Maya Lindqvist", "Access", "Read only")
	pressed("Maya Lindqvist", "Access", "Read only")
	tab.See("Saved.")
	tab.Click("button", "Undo")
	tab.See("Undone.")
	pressed("Maya Lindqvist", "Access", "Read & write")
	// Search as one types.
	tab.Fill("Find by name or ID", "yuki")
	tab.NotSee("Oskar Lund")
	tab.See("Yuki Tanabe")
	tab.Open(organisers)
	// Remove one, with undo.
	tab.Click("button", "Actions for Oskar Lund")
	tab.Click("button", "Remove from conversation")
	tab.See("Oskar Lund was removed. While browsers may change conversations, they can come back by themselves.")
	tab.Click("button", "Undo")
	tab.See("Undone.")
	tab.See("Oskar Lund")
	// Remove the selected.
	tab.Click("checkbox", "Select Ravi Menon")
	tab.Click("checkbox", "Select Jonas Ek")
	tab.See("2 selected")
	tab.Click("button", "Remove selected")
	tab.See("2 removed.")
	tab.NotSee("Ravi Menon seller_256")
	tab.Click("button", "Undo")
	tab.See("Undone for 2.")
	tab.See("Ravi Menon")
	// Its history tells all of it.
	tab.Click("link", "History")
	tab.See("undid a change: added Ravi Menon to Spring fair organisers")
}

func TestJourneyTwoAdminsAtOnce(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	one, two := p.signIn(chromium, ana), p.signIn(chromium, tom)
	one.Open(organisers)
	two.Open(organisers)
	press := func(tab *browser.Tab, option string) {
		tab.Until("press "+option, `(() => { const b = [...document.querySelectorAll('[aria-label="Access for Petra Novotná"] button')].find((b) => b.innerText.trim() === "`+option+`"); if (b) b.click(); return !!b; })()`)
	}
	press(one, "Read & write")
	one.See("Saved.")
	press(two, "None")
	two.See("Not saved. Imani Okafor changed this participant while you were looking")
	ref := chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: "seller_088"}
	if got, err := p.app.store.Participant(t.Context(), ref); err != nil || got.Access != chat.ReadWrite {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := p.app.store.RemoveParticipant(t.Context(), p.admin("Zoe"), ref); err != nil {
		t.Fatal(err)
	}
	press(one, "Read only")
	one.See("Not saved. Zoe removed this participant")
}

// admin is an admin more, as the one who acts.
func (p *product) admin(name string) chat.Actor {
	p.t.Helper()
	a, err := p.app.store.CreateAdmin(p.t.Context(), chat.CommandLine, chat.AdminChange{Email: strings.ToLower(strings.Fields(name)[0]) + ".more@guestlist.example", Name: name,
		Role: chat.Manage}, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return a.Actor(time.Now())
}

func TestJourneyWithoutScript(t *testing.T) {
	p := demoProduct(t)
	tab := browser.Start(t).Tab(t, p.app.URL())
	tab.NoScript()
	tab.Open("/sign-in")
	tab.Fill("Email", ana)
	tab.Fill("Password", demo.Password)
	tab.Click("button", "Sign in")
	tab.At("/apps/larkfield")
	tab.Open(organisers + "?q=carmen")
	tab.See("Carmen Ruiz")
	tab.NotSee("Maya Lindqvist u_maya")
	tab.Click("button", "Mentions")
	tab.See("Saved.")
	tab.Click("button", "Undo")
	tab.See("Undone.")
	tab.Open(organisers)
	tab.Click("checkbox", "Select Jonas Ek")
	tab.Click("button", "Remove selected")
	tab.See("1 removed.")
	tab.Click("button", "Undo")
	tab.See("Undone for 1.")
	tab.Open(organisers + "/participants/add")
	tab.Fill("Find users", "kit")
	tab.Press("\r")
	tab.Click("checkbox", "Add Kit Marlow")
	tab.Click("button", "Add participants")
	tab.See("1 added.")
	tab.Open(security)
	tab.Click("checkbox", "Disallow conversation synchronization via the browser")
	tab.Click("button", "Save changes")
	tab.See("Saved. It holds at once")
	tab.Click("button", "Undo")
	tab.See("Undone.")
	tab.Open("/apps/larkfield/users/u_sam/edit")
	tab.Fill("Name", "Samuel Whitlock")
	tab.Click("button", "Save changes")
	tab.See("Saved.")
	tab.See("Samuel Whitlock")
	tab.Open("/apps/larkfield/conversations/cleaning/delete")
	tab.Click("button", "Delete conversation")
	tab.See("Conversation deleted.")
	tab.Click("button", "Undo")
	tab.See("Undone.")
}

func TestJourneyByKeyboard(t *testing.T) {
	p := demoProduct(t)
	tab := browser.Start(t).Tab(t, p.app.URL())
	tab.Open("/sign-in")
	tab.Until("the first field has the focus", `document.hasFocus() && document.activeElement.type === "email"`)
	tab.Press(ana)
	tab.Until("the address is typed", fmt.Sprintf(`document.activeElement.value === %q`, ana))
	tab.Press("\t")
	tab.Until("the password has the focus", `document.activeElement.name === "password"`)
	tab.Press(demo.Password)
	tab.Until("the password is typed", fmt.Sprintf(`document.activeElement.value === %q`, demo.Password))
	tab.Press("\r")
	tab.At("/apps/larkfield")
	tab.Press("\t")
	if got := tab.Focused(); got != "Skip to content" {
		t.Errorf("the first stop is %q", got)
	}
	tab.Open(organisers)
	tab.Press("/")
	if got := tab.Focused(); got != "Find by name or ID" {
		t.Errorf("/ leads to %q", got)
	}
	tab.Fill("Find by name or ID", "jonas")
	tab.NotSee("Maya Lindqvist u_maya")
	tab.Until("reach the row by Tab", `document.querySelectorAll("#results tbody tr").length === 1`)
	reach := func(name string) {
		t.Helper()
		for range 60 {
			if tab.Focused() == name {
				return
			}
			tab.Press("\t")
		}
		t.Fatalf("Tab never reaches %q", name)
	}
	reach("Select Jonas Ek")
	reach("Read only")
	tab.Press("\r")
	tab.See("Saved.")
	ref := chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: "seller_341"}
	if got, err := p.app.store.Participant(t.Context(), ref); err != nil || got.Access != chat.Read {
		t.Fatalf("%+v %v", got, err)
	}
	tab.Press("z")
	tab.See("Undone.")
	tab.Open(organisers)
	tab.Press("a")
	tab.At(organisers + "/participants/add")
	tab.Open(security)
	reach("Disallow user synchronization via the browser")
	tab.Press(" ")
	reach("Save changes")
	tab.Press("\r")
	tab.See("Saved. It holds at once")
}
