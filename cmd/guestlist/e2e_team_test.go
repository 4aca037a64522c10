package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db/chat"
	"guestlist/handlers/auth"
)

// byName is the App's address with a name, which passkeys need.
func (p *product) byName() string { return strings.Replace(p.app.URL(), "127.0.0.1", "localhost", 1) }

// secret is what the page shows once.
func secret(tab *browser.Tab) string {
	return browser.Eval[string](tab, `document.querySelector("[data-testid=secret] [data-copy]").dataset.copy`)
}

// newTab opens a tab at a site, signed in to the demo as an admin.
func (p *product) newTab(c *browser.Chromium, site, email string) *browser.Tab {
	p.t.Helper()
	tab := c.Tab(p.t, site)
	tab.Open("/sign-in")
	tab.Fill("Email", email)
	tab.Fill("Password", demo.Password)
	tab.Click("button", "Sign in")
	tab.At("/apps/larkfield")
	return tab
}

// Somebody is invited as a moderator of one app, does a moderator's day on a phone, and is out when their access ends.
func TestJourneyAModeratorIsInvited(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	owner := p.signIn(chromium, ana)
	owner.Open("/team")
	owner.Click("link", "Invite")
	owner.At("/team/invite")
	owner.Fill("Email", "greta@larkfield.example")
	owner.Choose("Role", "none")
	owner.Choose("Larkfield Market", "moderator")
	owner.Choose("Their access lasts", "4h")
	owner.Click("button", "Make the link")
	owner.See("The link is ready.")
	link := secret(owner)
	owner.Open("/team")
	owner.See("greta@larkfield.example")
	owner.See("for 4 hours")

	greta := chromium.Tab(t, p.app.URL())
	greta.Size(390, 800)
	greta.Open(strings.TrimPrefix(link, p.app.URL()))
	greta.See("Imani Okafor invited you as greta@larkfield.example: Moderator of larkfield, for 4 hours.")
	greta.Fits()
	greta.Axe()
	greta.Fill("Your name", "Greta Holm")
	greta.Fill("Password", "four unrelated words of hers")
	greta.Press("\r")
	greta.At("/apps/larkfield")
	greta.NotSee("Team")

	greta.Open(organisers)
	greta.See("Petra Novotná")
	greta.Until("change an access", `(() => { const b = [...document.querySelectorAll('[aria-label="Access for Petra Novotná"] button')].find((b) => b.innerText.trim() === "Read & write"); if (b) b.click(); return !!b; })()`)
	greta.See("Saved.")
	greta.Open("/apps/larkfield/settings/security")
	greta.See("Your role, moderator, reads only.")
	for path, says := range map[string]string{"/team": "Your roles are for single apps", "/apps/larkfield_test": "There is no such app"} {
		greta.Open(path)
		greta.See(says)
		greta.SomeErrors()
	}

	owner.Open("/team")
	owner.See("Ends ")
	admins, err := p.app.store.Admins(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := admins[len(admins)-1].ID
	greta.Open(organisers)
	isLive(greta)
	soon := chat.Standing{Apps: chat.AppRoles{demo.Live: chat.Moderator}, EndsAt: time.Now().Add(time.Second)}
	if _, err := p.app.store.ChangeStanding(t.Context(), chat.CommandLine, id, soon); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(soon.EndsAt) + 50*time.Millisecond)
	greta.Open(organisers)
	greta.At("/sign-in")
	greta.Fill("Email", "greta@larkfield.example")
	greta.Fill("Password", "four unrelated words of hers")
	greta.Click("button", "Sign in")
	greta.See("That email and password don’t match.")
	greta.SomeErrors()
}

// An authenticator app is set up, asked for, and stood in for by a recovery code, all without script.
func TestJourneyAnAuthenticatorApp(t *testing.T) {
	p := demoProduct(t)
	tab := browser.Start(t).Tab(t, p.app.URL())
	tab.NoScript()
	signIn := func() {
		tab.Open("/sign-in")
		tab.Fill("Email", ana)
		tab.Fill("Password", demo.Password)
		tab.Click("button", "Sign in")
	}
	signIn()
	tab.At("/apps/larkfield")
	tab.Open("/account")
	tab.Click("link", "Set up…")
	tab.At("/account/code")
	key := strings.ReplaceAll(secret(tab), " ", "")
	code := func(at time.Time) string {
		text, err := totp.GenerateCode(key, at)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	tab.Fill("Code", "000000")
	tab.Click("button", "Turn on")
	tab.See("is not the one that the app shows now")
	tab.SomeErrors()
	first := code(time.Now())
	tab.Fill("Code", first)
	tab.Click("button", "Turn on")
	tab.See("Keep these where your phone isn’t.")
	recovery := browser.Eval[[]string](tab, `[...document.querySelectorAll("[data-testid=codes] li")].map((e) => e.innerText)`)
	if len(recovery) != 10 {
		t.Fatal(recovery)
	}
	out := func() {
		tab.Open("/account")
		browser.Eval[bool](tab, `(() => { document.querySelector('form[action="/sign-out"]').submit(); return true; })()`)
		tab.At("/sign-in")
	}
	out()

	signIn()
	tab.At("/sign-in/code")
	tab.Fill("Code", first) // it was used
	tab.Click("button", "Continue")
	tab.See("That code is not right, or was used already.")
	tab.SomeErrors()
	tab.Open("/apps/larkfield") // a password alone opens nothing
	tab.At("/sign-in")
	tab.Open("/sign-in/code")
	tab.Fill("Code", code(time.Now().Add(30*time.Second)))
	tab.Click("button", "Continue")
	tab.At("/apps/larkfield")
	tab.Open("/account")
	tab.See("With a password and a code")
	tab.See("10 left. Each works once.")
	out()

	for _, want := range []bool{true, false} {
		signIn()
		tab.Click("link", "Use a recovery code")
		tab.Fill("Recovery code", strings.ToUpper(recovery[3]))
		tab.Click("button", "Continue")
		if !want {
			tab.See("That code is not right, or was used already.")
			tab.SomeErrors()
			break
		}
		tab.At("/apps/larkfield")
		tab.Open("/account")
		tab.See("9 left. Each works once.")
		out()
	}
}

// A passkey is made, signs in without a password, and confirms what takes protection away.
func TestJourneyAPasskey(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	number := p.newTab(chromium, p.app.URL(), ana)
	number.Open("/account")
	number.See("Passkeys need a name, and this page’s address is a number.")

	tab := p.newTab(chromium, p.byName(), ana)
	tab.Authenticator()
	tab.Open("/account")
	tab.Fill("Name of the passkey", "Work laptop")
	tab.Click("button", "Add a passkey")
	tab.See("Keep these where your phone isn’t.")
	tab.Click("link", "I have kept them")
	tab.See("Work laptop")
	tab.See("never used")
	tab.Axe()
	browser.Eval[bool](tab, `(() => { document.querySelector('form[action="/sign-out"]').submit(); return true; })()`)
	tab.At("/sign-in")

	tab.Open("/sign-in?next=%2Faccount")
	tab.Click("button", "Use a passkey")
	tab.At("/account")
	tab.See("With a passkey")
	tab.See("Confirmed for 10 more minutes.")
	tab.Click("button", "End it now")
	tab.See("From now on you are asked again.")
	tab.Click("button", "Make new codes")
	tab.See("Confirm who you are")
	tab.SomeErrors() // the answer is a form to fill in
	tab.Axe()
	tab.Click("button", "Use a passkey instead")
	tab.See("Keep these where your phone isn’t.")

	// After the password it is a second step.
	browser.Eval[bool](tab, `(() => { document.querySelector('form[action="/sign-out"]').submit(); return true; })()`)
	tab.At("/sign-in")
	tab.Fill("Email", ana)
	tab.Fill("Password", demo.Password)
	tab.Click("button", "Sign in")
	tab.At("/sign-in/code")
	tab.Axe()
	tab.Click("button", "Use a passkey")
	tab.At("/apps/larkfield")
}

// Who is invited joins with a passkey alone.
func TestJourneyJoiningWithAPasskey(t *testing.T) {
	p := demoProduct(t)
	_, token, err := p.app.store.Invite(t.Context(), chat.CommandLine, chat.Invitation{Email: "kim@larkfield.example", Name: "Kim", Role: chat.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	tab := browser.Start(t).Tab(t, p.byName())
	tab.Authenticator()
	tab.Open("/invitation?token=" + token.Reveal())
	tab.Click("button", "Join with a passkey instead")
	tab.See("Keep these where your phone isn’t.")
	tab.Click("link", "I have kept them")
	tab.At("/apps/larkfield")
	if a, hash, err := p.app.store.AdminByEmail(t.Context(), "kim@larkfield.example"); err != nil || hash != "" || a.Passkeys != 1 || a.Name != "Kim" {
		t.Errorf("%+v %q %v", a, hash, err)
	}
	tab.Open("/account")
	tab.Click("button", "Remove the passkey First passkey")
	tab.See("Nothing would be left to sign in with.")
	tab.SomeErrors()
}

// provider is a real OpenID Connect provider on loopback, with the users test-user@localhost and test-user2.
func provider(t *testing.T, callback string) (issuer string, users storage.UserStore) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	issuer = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
	users = storage.NewUserStore(issuer)
	storage.RegisterClients(storage.WebClient("guestlist", "hush", callback))
	quiet := slog.Default()
	handler = exampleop.SetupServer(issuer, storage.NewStorage(users), slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	slog.SetDefault(quiet)
	return issuer, users
}

// Admins sign in through a provider: who is on the team, by the address that it vouches for, and nobody else.
func TestJourneySingleSignOn(t *testing.T) {
	p := &product{t: t, dir: demoDir(t), sso: &auth.SSO{ClientID: "guestlist", Secret: "hush", Name: "Keycloak"}}
	p.boot()
	t.Cleanup(func() { p.stop() })
	issuer, users := provider(t, p.byName()+"/sign-in/sso/callback")
	p.sso.Issuer = issuer
	known, stranger := users.GetUserByID("id1"), users.GetUserByID("id2")
	known.Email, stranger.Email, stranger.EmailVerified = tom, "mallory@elsewhere.example", true
	chromium := browser.Start(t)
	sso := func(tab *browser.Tab, user *storage.User) {
		tab.Click("link", "Sign in with Keycloak")
		tab.Fill("Username:", user.Username)
		tab.Fill("Password:", user.Password)
		tab.Click("button", "Login")
	}
	quiet := func(line string) bool { return strings.Contains(line, "favicon") }

	tab := chromium.Tab(t, p.byName())
	tab.Normal(quiet)
	tab.Open("/sign-in?next=%2Faccount")
	sso(tab, known)
	tab.At("/account")
	tab.See("Tomás Herrera")
	tab.See("With single sign-on")
	tab.See("Confirm who you are") // the provider was perhaps not asked just now
	tab.Click("link", "Confirm who you are")
	tab.At("/account/confirm")
	tab.Click("link", "Confirm with Keycloak")
	tab.Fill("Username:", known.Username)
	tab.Fill("Password:", known.Password)
	tab.Click("button", "Login")
	tab.At("/account")
	tab.See("Confirmed for 10 more minutes.")

	other := chromium.Tab(t, p.byName())
	other.Normal(func(line string) bool { return quiet(line) || strings.Contains(line, "403") })
	other.Open("/sign-in")
	sso(other, stranger)
	other.See("“mallory@elsewhere.example” is not on this team.")
	other.Open("/apps/larkfield")
	other.At("/sign-in")
	// An address that the provider didn't verify is worth nothing.
	stranger.Email, stranger.EmailVerified = ana, false
	other.Open("/sign-in")
	sso(other, stranger)
	other.See("names no verified e-mail address")

	// Who is invited gets in by the address; owners by the link only.
	stranger.Email, stranger.EmailVerified = "new@larkfield.example", true
	_, token, err := p.app.store.Invite(t.Context(), chat.CommandLine, chat.Invitation{Email: "new@larkfield.example", Role: chat.Owner})
	if err != nil {
		t.Fatal(err)
	}
	other.Open("/sign-in")
	sso(other, stranger)
	other.See("is not on this team")
	other.Open("/invitation?token=" + token.Reveal())
	other.Click("link", "Join with Keycloak")
	other.Fill("Username:", stranger.Username)
	other.Fill("Password:", stranger.Password)
	other.Click("button", "Login")
	other.At("/apps/larkfield")
	if a, _, err := p.app.store.AdminByEmail(t.Context(), "new@larkfield.example"); err != nil || a.Role != chat.Owner {
		t.Errorf("%+v %v", a, err)
	}

	// What another browser began, or nobody, can't be finished here.
	thief := chromium.Tab(t, p.byName())
	thief.Normal(func(line string) bool { return strings.Contains(line, "401") })
	for _, query := range []string{"?code=x&state=y", "", "?error=access_denied&state=y"} {
		thief.Open("/sign-in/sso/callback" + query)
		thief.See("Single sign-on did not work.")
	}
	thief.Open("/sign-in/sso?next=https%3A%2F%2Fevil.example%2F")
	thief.Fill("Username:", known.Username)
	thief.Fill("Password:", known.Password)
	thief.Click("button", "Login")
	thief.At("/apps/larkfield")
}

// The last owner stays, and says so; a second step can be required of everybody; what an owner does is undone.
func TestJourneyTheTeam(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	owner := p.signIn(chromium, ana)
	tomas := p.signIn(chromium, tom)
	owner.Open("/team")
	press := func(role string) {
		owner.Until("press "+role, fmt.Sprintf(`(() => { const b = [...document.querySelectorAll('[aria-label="Role of Imani Okafor"] button')].find((b) => b.innerText.trim() === %q); if (b) b.click(); return !!b; })()`, role))
	}
	press("Viewer")
	owner.See("This is the last owner.")
	owner.SomeErrors()
	owner.Open("/team")
	owner.Click("checkbox", "Require a second step")
	owner.Click("button", "Save")
	owner.See("Set up a second step") // the owner has none either
	owner.See("The owners of this server require one.")
	tomas.Open("/apps/larkfield/conversations")
	tomas.At("/account/second-step")
	tomas.Axe()
	tomas.Click("link", "Set up an app")
	tomas.At("/account/code")
	key := strings.ReplaceAll(secret(tomas), " ", "")
	code, err := totp.GenerateCode(key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tomas.Fill("Code", code)
	tomas.Click("button", "Turn on")
	tomas.See("Keep these where your phone isn’t.")
	tomas.Open("/apps/larkfield/conversations")
	tomas.At("/apps/larkfield/conversations")
}

// A confirmation is seen on any page and ended there, without script and on a phone too; the next dangerous act asks again.
func TestJourneyAConfirmationIsEndedFromAnyPage(t *testing.T) {
	p := demoProduct(t)
	chromium := browser.Start(t)
	for _, script := range []bool{true, false} {
		tab := p.signIn(chromium, ana)
		if !script {
			tab.NoScript()
			tab.Size(390, 800)
		}
		tab.Open("/apps/larkfield/users?q=ma")
		tab.See("You confirmed it’s you, until ")
		tab.Click("button", "End it: ask me again who I am")
		tab.See("From now on you are asked again.")
		tab.At("/apps/larkfield/users")
		tab.Until("keep the filter", `location.search === "?q=ma"`)
		tab.NotSee("You confirmed it’s you")
		tab.Open("/account")
		tab.See("Confirm who you are")
		tab.NotSee("You confirmed it’s you")
	}
}
