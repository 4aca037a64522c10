package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestUsersAreCreatedFoundAndEdited(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	a := b.post("/apps/shop/users/new", "name", "Łukasz Żółw", "id", "a@b c", "email", "l@x.example, z@x.example", "custom.0.key", "tier", "custom.0.value", "gold")
	if a.Code != http.StatusSeeOther || a.Header.Get("Location") != "/apps/shop/users/a@b%20c" {
		t.Fatalf("%d %s %s", a.Code, a.Header.Get("Location"), a.text())
	}
	u, err := s.store.User(t.Context(), "shop", "a@b c")
	if err != nil || u.Name != "Łukasz Żółw" || len(u.Email) != 2 || u.Custom["tier"] != "gold" {
		t.Fatalf("%+v %v", u, err)
	}
	if a = b.post("/apps/shop/users/new", "name", "Twice", "id", "a@b c"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "is taken") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	for _, q := range []string{"lukasz", "zolw", "z%40x.example", "B+C"} {
		if a = b.get("/apps/shop/users?q=" + q); a.Find("[data-testid=user]").Length() != 1 {
			t.Errorf("search %q: %s", q, a.text())
		}
	}
	if a = b.get("/apps/shop/users?q=%22%20OR%20*"); a.Code != 200 || !strings.Contains(a.text(), "No user matches") {
		t.Errorf("%d %s", a.Code, a.text())
	}
	const edit = "/apps/shop/users/a@b%20c/edit"
	stale := b.get(edit).form(edit)
	if a = b.post(edit, with(stale, "name", "Lukas")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	// Another field from the page that is out of date is saved, the same field is not, and both values are shown.
	if a = b.post(edit, with(stale, "role", "seller")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	a = b.post(edit, with(stale, "name", "Luke")...)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "was changed meanwhile from “Łukasz Żółw” to “Lukas”; you wrote “Luke”") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if u, _ = s.store.User(t.Context(), "shop", "a@b c"); u.Name != "Lukas" || u.Role != "seller" || u.Custom["tier"] != "gold" {
		t.Fatalf("%+v", u)
	}
	// Emptying a custom field's name removes it.
	fresh := b.get(edit).form(edit)
	if a = b.post(edit, with(fresh, "custom.0.key", "")...); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if u, _ = s.store.User(t.Context(), "shop", "a@b c"); len(u.Custom) != 0 {
		t.Fatalf("%+v", u.Custom)
	}
}

func TestAUserIsAddedToConversations(t *testing.T) {
	s := fairSite(t)
	dbtest.Conversation(t, s.store, "shop", "news")
	b := s.admin("ana", chat.Manage)
	events := len(s.events())
	a := b.post("/apps/shop/users/zoe/conversations", "conversations", "news, nowhere")
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "There is no conversation “nowhere”") || len(s.events()) != events {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post("/apps/shop/users/zoe/conversations", "conversations", "news\nfair"); a.Code != http.StatusSeeOther || s.participant("zoe").Access != chat.ReadWrite {
		t.Fatal(a.Code)
	}
	page := b.get("/apps/shop/users/zoe")
	if page.Find("[data-testid=place]").Length() != 2 || !strings.Contains(page.says(), "Added to 2.") {
		t.Fatalf("%s", page.text())
	}
	action, _ := page.Find("#toasts form").Attr("action")
	batch, _ := page.Find("#toasts [name=batch]").Attr("value")
	b.post(action, "batch", batch, "back", "/apps/shop/users/zoe")
	if s.participant("zoe").Access != "" {
		t.Fatal("not undone")
	}
}

func TestAuditFiltersAndUndoes(t *testing.T) {
	s := fairSite(t)
	s.admin("ana", chat.Manage)
	s.clock.Add(48 * time.Hour)
	b := s.again("ana")
	b.post(fair + "/participants/bob/remove")
	b.get(fair)
	count := func(query string) int { return b.get("/apps/shop/audit?" + query).Find("[data-testid=event]").Length() }
	all := count("")
	if all != len(s.events()) {
		t.Fatalf("%d of %d events", all, len(s.events()))
	}
	if n := count("who=admin"); n != 1 {
		t.Errorf("by admins: %d", n)
	}
	if n := count("what=participants&user=bob"); n != 2 {
		t.Errorf("bob's: %d", n)
	}
	if n := count("conversation=fair&what=conversations"); n != 1 {
		t.Errorf("the conversation's: %d", n)
	}
	if n := count("from=2026-03-16"); n != 1 {
		t.Errorf("since the second day: %d", n)
	}
	if n := count("to=2026-03-14"); n != all-1 {
		t.Errorf("on the first day: %d", n)
	}
	if a := b.get("/apps/shop/audit?user=nobody"); !strings.Contains(a.text(), "No change matches") {
		t.Error(a.text())
	}
	page := b.get("/apps/shop/audit?who=admin")
	action, _ := page.Find("[data-testid=event] form").Attr("action")
	if a := b.post(action, "back", "//evil.example"); a.Header.Get("Location") != "/apps/shop/audit" || s.participant("bob").Access != chat.ReadWrite {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	b.get("/apps/shop/audit")
	b.post(action)
	if page = b.get("/apps/shop/audit"); !strings.Contains(page.says(), "It was undone already.") || !strings.Contains(page.text(), "undid a change: added Bob to fair") {
		t.Fatalf("%q %s", page.says(), page.text())
	}
}

func TestOverviewLeadsANewApp(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	if a := b.post("/apps/new", "name", "Larkfield Market", "kind", "live"); a.Header.Get("Location") != "/apps/larkfield_market" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	page := b.get("/apps/larkfield_market")
	if page.Code != 200 || !strings.Contains(page.text(), "0 of 6") || !strings.Contains(page.Find("pre").Text(), "/v1/larkfield_market/users/maya") {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	if !strings.Contains(page.text(), "Signed tokensRequired") {
		t.Error("a live app requires tokens from the start")
	}
	if a := b.get("/apps/nowhere"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	if a := b.get("/"); a.Header.Get("Location") != "/apps/larkfield_market" {
		t.Error(a.Header.Get("Location"))
	}
}

func TestOddIDsWorkInEveryAddress(t *testing.T) {
	s := newSite(t)
	dbtest.App(t, s.store, "shop", "maya")
	b := s.admin("ana", chat.Manage)
	for _, id := range []string{"new", "add", "a@b", "a b", "100%", "ü?#&", "<script>", `"'`, "a+b", "%2F"} {
		a := b.post("/apps/shop/conversations/new", "id", id, "participants", "maya")
		address := a.Header.Get("Location")
		page := b.get(address)
		if a.Code != http.StatusSeeOther || page.Code != 200 || page.Find("[data-testid=participant]").Length() != 1 {
			t.Errorf("%q: %d %s %d", id, a.Code, address, page.Code)
			continue
		}
		action, _ := page.Find("[data-testid=participant] .menu-list form").Attr("action")
		if a := b.post(action); a.Code != http.StatusSeeOther {
			t.Errorf("%q: remove at %s: %d", id, action, a.Code)
		}
		if page = b.get(address); page.Find("[data-testid=participant]").Length() != 0 {
			t.Errorf("%q: still there", id)
		}
	}
}

func TestGuestPolicyOfAConversation(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	page := b.get(fair)
	if !strings.Contains(page.Find("[data-testid=guests]").Text(), "Guests are allowed") {
		t.Fatal(page.text())
	}
	if a := b.post(fair+"/settings", page.form(fair+"/settings")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	page = b.get(fair)
	if !strings.Contains(page.Find("[data-testid=guests]").Text(), "Guests are not let in") || !strings.Contains(page.text(), "this conversation forbids it") {
		t.Fatal(page.text())
	}
	c, _ := s.store.Conversation(t.Context(), "shop", "fair")
	if c.Guests != chat.GuestsForbidden {
		t.Fatal(c.Guests)
	}
}

// Who made a change leads to all that they changed, and the page says that it shows no more.
func TestTheLogIsFilteredByOneActor(t *testing.T) {
	s := fairSite(t)
	ana, mia := s.admin("ana", chat.Owner), s.admin("mia", chat.Manage)
	ana.post(fair+"/participants/bob", "access", "Read", "was.access", "ReadWrite")
	mia.post(fair+"/participants/kit", "access", "Read", "was.access", "ReadWrite")
	link := ana.get("/apps/shop/audit").Find("[data-testid=event]").First().Find("a[data-testid=by-actor]")
	href, _ := link.Attr("href")
	if link.Text() != "All by mia" || href == "" {
		t.Fatalf("%q %q", link.Text(), href)
	}
	page := ana.get(href)
	if page.Find("[data-testid=event]").Length() != 1 || !strings.Contains(page.Find("[data-testid=only-actor]").Text(), "Only changes by mia.") {
		t.Errorf("%s", page.text())
	}
	if kept, _ := page.Find("form[role=search] input[name=actor]").Attr("value"); kept == "" {
		t.Error("another filter loses the actor")
	}
}
