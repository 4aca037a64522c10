package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestEveryRouteAsksForItsRole(t *testing.T) {
	s := fairSite(t)
	roles := map[chat.Role]*browser{chat.Viewer: s.admin("vic", chat.Viewer), chat.Moderator: s.admin("mo", chat.Moderator), chat.Manage: s.admin("mia", chat.Manage)}
	// Who is an owner of one app has no role anywhere else, and is a viewer of another at most.
	elsewhere := s.member("eli", chat.Standing{Apps: chat.AppRoles{"other": chat.Owner}})
	here := map[chat.Role]*browser{}
	for _, role := range []chat.Role{chat.Viewer, chat.Moderator, chat.Manage} {
		here[role] = s.member("here-"+string(role), chat.Standing{Apps: chat.AppRoles{"shop": role, "other": chat.Owner}})
	}
	nobody := s.browser()
	fill := strings.NewReplacer(":app", "shop", ":conv", "fair", ":user", "maya", ":key", "key_x", ":seq", "1", ":n", "1", ":job", "job_x", ":list", "list_x", ":line", "1", ":admin", "adm_x", ":session", "ses_x", ":backup", "x.db", ":message", "msg_x", ":invitation", "inv_x", ":passkey", "key_x")
	routes := s.routes()
	if len(routes) < 30 {
		t.Fatalf("only %d routes", len(routes))
	}
	before := len(s.events())
	for _, r := range routes {
		method, path, least := r[0], fill.Replace(r[1]), chat.Role(r[2])
		if least == "" {
			continue
		}
		send := func(b *browser) answer {
			if method == http.MethodPost {
				return b.post(path)
			}
			return b.get(path)
		}
		if a := send(nobody); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s without sign-in: %d %s", method, path, a.Code, a.Header.Get("Location"))
		}
		if least == "signed in" {
			continue
		}
		for role, b := range roles {
			if !role.Includes(least) {
				if a := send(b); a.Code != http.StatusForbidden {
					t.Errorf("%s %s as %s: %d", method, path, role, a.Code)
				}
			}
		}
		inApp := strings.HasPrefix(r[1], "/apps/:app")
		want := http.StatusForbidden
		if inApp {
			want = http.StatusNotFound
		}
		if a := send(elsewhere); a.Code != want {
			t.Errorf("%s %s by an owner of another app: %d", method, path, a.Code)
		}
		for role, b := range here {
			if !inApp || !role.Includes(least) {
				if a := send(b); a.Code != http.StatusForbidden {
					t.Errorf("%s %s as %s of this app: %d", method, path, role, a.Code)
				}
			}
		}
	}
	if len(s.events()) != before {
		t.Error("a refused request changed something")
	}
}

// Who has roles for single apps sees those and no other.
func TestAppsThatAreNotOnesOwn(t *testing.T) {
	s := fairSite(t)
	dbtest.App(t, s.store, "hidden")
	b := s.member("mo", chat.Standing{Apps: chat.AppRoles{"shop": chat.Moderator}})
	for _, path := range []string{"/apps", "/account", fair} {
		page := b.get(path)
		if page.Code != http.StatusOK || strings.Contains(page.text(), "hidden") || page.Find("a[href='/team']").Length() != 0 {
			t.Errorf("%s: %d %s", path, page.Code, page.text())
		}
	}
	if a := b.get("/"); a.Header.Get("Location") != "/apps/shop" {
		t.Error(a.Header)
	}
	if a := b.post(fair+"/participants/maya", "access", "Read"); a.Code != http.StatusSeeOther || s.participant("maya").Access != chat.Read {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.get("/apps/hidden"); a.Code != http.StatusNotFound || !strings.Contains(a.text(), "no such app") {
		t.Errorf("%d %s", a.Code, a.text())
	}
}
