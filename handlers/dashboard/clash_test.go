package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

// Of two fields in dispute each is chosen by one press; what else was typed is kept all the way, and what a third admin
// changes in between is a dispute again.
func TestOnePressChoosesMineOrTheirs(t *testing.T) {
	s := fairSite(t)
	const edit = "/apps/shop/users/maya/edit"
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	user := func() chat.User {
		u, err := s.store.User(t.Context(), "shop", "maya")
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	one, two := "1", "2"
	custom := chat.Custom{"same": &one, "mine": &one}
	if _, err := s.store.PutUser(t.Context(), chat.CommandLine, "shop", "maya", chat.UserChange{Custom: chat.Some(custom), Email: chat.Some([]string{"a@x.example"})}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	stale := tom.get(edit).form(edit)
	change := chat.UserChange{Name: chat.Some("Maya A."), Email: chat.Some([]string{"a@x.example", "ana@x.example"}), Custom: chat.Some(chat.Custom{"same": &two})}
	if _, err := s.store.EditUser(t.Context(), chat.CommandLine, "shop", "maya", change, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	for i, value := range stale {
		switch {
		case value == "same":
			stale[i+2] = "tom's"
		case value == "mine":
			stale[i+2] = "tom's too"
		}
	}
	stale = with(with(with(stale, "name", "Maya T."), "email", "a@x.example, tom@x.example"), "role", "guide")
	a := tom.refuses(http.StatusUnprocessableEntity, edit, stale...)
	for _, text := range []string{"NameBefore“Maya”Theirs, stored now“Maya A.”Yours“Maya T.”", "Custom field sameBefore“1”Theirs, stored now“2”Yours“tom's”"} {
		if !strings.Contains(a.text(), text) {
			t.Errorf("%q is not in %s", text, a.text())
		}
	}
	if a.Find("[data-testid=clashes] button").Length() != 4 {
		t.Fatal("another number of disputes")
	}
	a = tom.refuses(http.StatusUnprocessableEntity, edit, with(a.form(edit), "choose", "theirs.custom.same")...)
	if a.Find("[data-testid=clashes] button").Length() != 2 || a.Find("input[name=name]").AttrOr("value", "") != "Maya T." || a.Find("input[name=role]").AttrOr("value", "") != "guide" {
		t.Fatalf("what was typed is lost: %s", a.text())
	}
	if ana.post(edit, with(ana.get(edit).form(edit), "name", "Maya Third")...); user().Name != "Maya Third" {
		t.Fatal("ana can't save")
	}
	a = tom.refuses(http.StatusUnprocessableEntity, edit, with(a.form(edit), "choose", "mine.name")...)
	if a = tom.post(edit, with(a.form(edit), "choose", "mine.name")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	u := user()
	if u.Name != "Maya T." || u.Role != "guide" || strings.Join(u.Email, " ") != "a@x.example ana@x.example tom@x.example" || u.Custom["same"] != "2" || u.Custom["mine"] != "tom's too" {
		t.Errorf("%+v", u)
	}
}

func TestTakingTheirsOfASwitchSavesTheRest(t *testing.T) {
	s := fairSite(t)
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	stale := tom.get(security).form(security)
	ana.post(security, with(ana.get(security).form(security), "disallowUserSync", "true")...)
	a := tom.refuses(http.StatusUnprocessableEntity, security, with(with(stale, "observe.disallowUserSync", "true"), "requireIdentity", "true")...)
	if a = tom.post(security, with(a.form(security), "choose", "theirs.disallowUserSync")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if now := s.settings().Security(); !now.DisallowUserSync || !now.RequireIdentity {
		t.Errorf("%+v", now)
	}
}
