package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

func TestViewsKeepTheStateOfAList(t *testing.T) {
	s := fairSite(t)
	ana, vic := s.admin("ana", chat.Owner), s.admin("vic", chat.Viewer)
	a := ana.get("/apps/shop/audit?what=keys&after=")
	save := a.Find(`a[href^="/apps/shop/views/new"]`).AttrOr("href", "")
	if a = ana.get(save); a.Code != 200 || a.Find("input[name=query]").AttrOr("value", "") != "what=keys" || a.Find("[data-dialog-content] form").Length() != 1 {
		t.Fatalf("%s: %d %s", save, a.Code, a.text())
	}
	if a = ana.post("/apps/shop/views/new", "list", "audit", "query", "what=keys", "name", "", "for", "team"); a.Code != http.StatusUnprocessableEntity || a.Find("#name-error").Length() != 1 {
		t.Errorf("no name: %d", a.Code)
	}
	if a = ana.post("/apps/shop/views/new", "list", "audit", "query", "what=keys", "name", "Keys", "for", "team"); a.Header.Get("Location") != "/apps/shop/audit?what=keys" {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	// Beside the list's filters, of whom it is, and marked where it is what one sees.
	a = vic.get("/apps/shop/audit")
	if link := a.Find(`.menu-list a[href="/apps/shop/audit?what=keys"]`); !strings.Contains(link.Text(), "Keys, by ana") || link.AttrOr("aria-current", "") != "" {
		t.Errorf("the menu says %q", link.Text())
	}
	if a = ana.get("/apps/shop/audit?what=keys"); a.Find(`.menu-list a[aria-current=true][href="/apps/shop/audit?what=keys"]`).Length() != 1 {
		t.Error("the view that one sees isn't marked")
	}
	// A viewer keeps views for themself only, and can't touch the team's.
	if a = vic.post("/apps/shop/views/new", "list", "users", "query", "q=maya&sort=old", "name", "Maya", "for", "team"); a.Code != http.StatusForbidden {
		t.Errorf("a viewer shares: %d", a.Code)
	}
	if a = vic.post("/apps/shop/views/new", "list", "users", "query", "q=maya&sort=old", "name", "Maya", "for", "me"); a.Header.Get("Location") != "/apps/shop/users?q=maya&sort=old" {
		t.Errorf("%d %s", a.Code, a.Header.Get("Location"))
	}
	a = vic.get("/apps/shop/views")
	if a.Find("[data-testid=view]").Length() != 2 || a.Find("[data-testid=view] form[action$=delete]").Length() != 1 {
		t.Errorf("the viewer's views: %s", a.text())
	}
	a = ana.get("/apps/shop/views")
	if a.Find("[data-testid=view]").Length() != 1 {
		t.Errorf("the owner's views: %s", a.text())
	}
	address := a.Find("[data-testid=view] form").First().AttrOr("action", "")
	if a = ana.post(address, "name", "All keys", "was.name", "Keys", "for", "team", "was.for", "team"); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if a = ana.post(address, "name", "Stale", "was.name", "Keys", "for", "team", "was.for", "team"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "All keys") {
		t.Errorf("a stale name: %d %s", a.Code, a.text())
	}
	ana.post(address + "/delete")
	if a = ana.get("/apps/shop/views"); !strings.Contains(a.says(), "View deleted. Undo") {
		t.Errorf("after deletion: %q", a.says())
	}
	if events := s.events(); events[0].Type != chat.ViewDeleted || events[1].Type != chat.ViewUpdated || events[2].Type != chat.ViewShared {
		t.Errorf("the log: %v %v %v", events[0].Type, events[1].Type, events[2].Type)
	}
	if a = ana.post(address + "/delete"); a.Code != http.StatusNotFound {
		t.Errorf("deleted twice: %d", a.Code)
	}
	if a = ana.get("/apps/shop/views/new?list=nope"); a.Code != http.StatusNotFound {
		t.Errorf("a view of no list: %d", a.Code)
	}
}

// Every list says in its address what it shows, in which order.
func TestListsAreOrderedByTheirAddress(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	rows := func(path, one string) (all []string) {
		for _, row := range b.get(path).Find(one).EachIter() {
			all = append(all, strings.TrimSpace(row.Find("a bdi, bdi").First().Text()))
		}
		return all
	}
	newest, oldest := rows("/apps/shop/users", "[data-testid=user]"), rows("/apps/shop/users?sort=old", "[data-testid=user]")
	if len(newest) != 4 || newest[0] != oldest[3] || newest[3] != oldest[0] {
		t.Errorf("users: %v, %v", newest, oldest)
	}
	b.post("/apps/shop/conversations/new", "id", "second")
	newest, oldest = rows("/apps/shop/conversations?sort=new", "[data-testid=conversation]"), rows("/apps/shop/conversations?sort=old", "[data-testid=conversation]")
	if len(newest) != 2 || newest[0] != "second" || oldest[0] == "second" {
		t.Errorf("conversations: %v, %v", newest, oldest)
	}
	if quiet := rows("/apps/shop/conversations?sort=quiet", "[data-testid=conversation]"); len(quiet) != 2 {
		t.Errorf("quiet: %v", quiet)
	}
}
