package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

// invited invites somebody with this form and gives the address of the link.
func (b *browser) invited(form ...string) string {
	b.site.t.Helper()
	a := b.post("/team/invite", form...)
	link := a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "")
	if a.Code != http.StatusOK || link == "" {
		b.site.t.Fatalf("%d %s", a.Code, a.text())
	}
	return strings.TrimPrefix(link, b.site.url)
}

func TestTeam(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	link := b.invited("email", "new@guestlist.example", "name", "New", "role", "viewer")
	n := s.browser()
	page := n.get(link)
	if page.Code != http.StatusOK || !strings.Contains(page.text(), "ana invited you as new@guestlist.example: Viewer.") || page.Find("#name").AttrOr("value", "") != "New" {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	token := page.Find("[name=token]").AttrOr("value", "")
	if a := n.post("/invitation", "token", token, "name", "Newt", "password", "short"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "needs 12 characters") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := n.post("/invitation", "token", token, "name", "Newt", "password", password); a.Code != http.StatusSeeOther || n.get("/account").Code != http.StatusOK {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	for _, again := range []answer{s.browser().get(link), s.browser().post("/invitation", "token", token, "name", "Other", "password", password)} {
		if again.Code != http.StatusNotFound || !strings.Contains(again.text(), "not good any more") {
			t.Errorf("%d %s", again.Code, again.text())
		}
	}
	ana, newt := "/team/"+s.id("ana"), "/team/"+s.id("Newt")
	if a := b.post(ana, "role", "viewer"); a.Code != http.StatusConflict || !strings.Contains(a.text(), "This is the last owner.") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := b.post(newt, "role", "owner"); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := n.get("/team"); a.Code != http.StatusSeeOther {
		t.Fatal("a change of role ends the sessions")
	}
	page = b.get("/team")
	if !strings.Contains(page.text(), "the role of the admin new@guestlist.example") {
		t.Fatalf("%s", page.text())
	}
	undo := page.Find("form[action^='/team/changes/']").First().AttrOr("action", "")
	if a := b.post(undo); a.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", undo, a.Code, a.text())
	}
	if admin, _ := s.store.Admin(t.Context(), s.id("Newt")); admin.Role != chat.Viewer {
		t.Errorf("%+v", admin)
	}
}

// id is the id of the admin of this name.
func (s *site) id(name string) string {
	s.t.Helper()
	all, err := s.store.Admins(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range all {
		if a.Name == name {
			return a.ID
		}
	}
	s.t.Fatalf("no admin %s", name)
	return ""
}

func TestTheLastOwnerStays(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	me := "/team/" + s.id("ana")
	for path, form := range map[string][]string{me: {"role", "admin"}, me + "/remove": nil} {
		if a := b.refuses(http.StatusConflict, path, form...); !strings.Contains(a.text(), "This is the last owner.") {
			t.Errorf("%s: %s", path, a.text())
		}
	}
}

// What can't be undone for an admin is asked about first, and then done.
func TestRemovingAndResettingAnAdmin(t *testing.T) {
	s := newSite(t)
	b, vic := s.admin("ana", chat.Owner), s.admin("vic", chat.Viewer)
	path := "/team/" + s.id("vic")
	ask := b.get(path + "/reset")
	if ask.Code != 200 || !strings.Contains(ask.text(), "Give vic a new password?") {
		t.Fatalf("%d %s", ask.Code, ask.text())
	}
	a := b.post(path+"/reset", ask.form(path+"/reset")...)
	fresh := a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "")
	if a.Code != 200 || fresh == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if vic.get("/account").Code != http.StatusSeeOther {
		t.Error("the old session is still good")
	}
	if a := vic.post("/sign-in", "email", "vic@guestlist.example", "password", password); a.Code == http.StatusSeeOther {
		t.Error("the old password is still good")
	}
	if a := vic.post("/sign-in", "email", "vic@guestlist.example", "password", fresh); a.Code != http.StatusSeeOther {
		t.Errorf("the new password is not good: %d", a.Code)
	}
	if ask = b.get(path + "/remove"); ask.Code != 200 || !strings.Contains(ask.text(), "Remove vic from the team?") {
		t.Fatalf("%d %s", ask.Code, ask.text())
	}
	if a = b.post(path + "/remove"); a.Code != http.StatusSeeOther || vic.get("/account").Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if page := b.get("/team"); page.Find("[data-testid=admin]").Length() != 1 || !strings.Contains(page.text(), "removed the admin vic@guestlist.example") {
		t.Errorf("%s", page.text())
	}
	b.refuses(http.StatusNotFound, path+"/remove")
	if b.get(path+"/remove").Code != http.StatusNotFound {
		t.Error("an admin who is gone is asked about")
	}
}

func TestInvitingWhoCannotBe(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	for _, form := range [][]string{{"email", "no address", "role", "viewer"}, {"email", "ANA@guestlist.example", "role", "viewer"}} {
		if a := b.refuses(http.StatusUnprocessableEntity, "/team/invite", form...); a.Find("#email[aria-invalid]").AttrOr("value", "") != form[1] {
			t.Errorf("%v: %s", form, a.text())
		}
	}
	b.refuses(http.StatusUnprocessableEntity, "/team/invite", "email", "new@guestlist.example", "role", "root")
	b.refuses(http.StatusUnprocessableEntity, "/team/invite", "email", "new@guestlist.example", "role", "viewer", "lasts", "-1h")
	b.refuses(http.StatusBadRequest, "/team/"+s.id("ana"), "role", "root")
	s.clock.Add(chat.ReauthWindow + time.Second)
	a := b.refuses(http.StatusUnprocessableEntity, "/team/invite", "email", "new@guestlist.example", "role", "owner")
	if a.Find("#password").Length() != 1 {
		t.Error(a.text())
	}
	b.invited("email", "new@guestlist.example", "role", "owner", "password", password)
}

func TestTheSameRoleAgainEndsNoSession(t *testing.T) {
	s := newSite(t)
	b, vic := s.admin("ana", chat.Owner), s.admin("vic", chat.Viewer)
	if a := b.post("/team/"+s.id("vic"), "role", "viewer"); a.Code != http.StatusSeeOther || vic.get("/account").Code != http.StatusOK {
		t.Errorf("%d", a.Code)
	}
	if says := b.get("/team").says(); !strings.Contains(says, "Nothing to change") {
		t.Error(says)
	}
}

func TestTheOthersSeeTheTeam(t *testing.T) {
	s := newSite(t)
	s.admin("ana", chat.Owner)
	for _, role := range []chat.Role{chat.Manage, chat.Viewer} {
		page := s.admin(string(role), role).get("/team")
		if page.Code != 200 || page.Find("#main form[method=post] button").Length() != 0 || !strings.Contains(page.text(), "Only owners change the team.") {
			t.Errorf("%s: %d %s", role, page.Code, page.text())
		}
	}
}
