package dashboard_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
	"guestlist/docs"
	"guestlist/handlers/help"
	"guestlist/views/paths"
)

// Every reason of the inventory is explained, under its own name, and nothing else is.
func TestEveryReasonIsExplained(t *testing.T) {
	manual := help.Open(docs.Pages, paths.Help)
	file, err := parser.ParseFile(token.NewFileSet(), "../../db/chat/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Reason" {
			reason, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			known[reason] = true
			if !manual.Has("refusals", reason) {
				t.Errorf("docs/refusals.md has no paragraph on %s", reason)
			}
		}
		return true
	})
	page, _ := manual.Page("refusals")
	for _, s := range page.Sections {
		if s.Level == 3 && (!known[s.ID] || s.Text == "") {
			t.Errorf("docs/refusals.md explains %q, which is no reason, or with no word", s.ID)
		}
	}
	if len(known) < 50 {
		t.Fatalf("only %d reasons", len(known))
	}
}

// Every link to the help, and every link from one page of it to another, leads to a heading that is there.
func TestLinksToTheHelpLand(t *testing.T) {
	s := fairSite(t)
	s.called(setBob, sawKit)
	b := s.admin("ana", chat.Owner)
	manual := help.Open(docs.Pages, paths.Help)
	pages := []string{"/apps/shop/settings", security, browserSettings, "/apps/shop/settings/keys", health, settingsHistory, "/apps/shop/refusals", "/apps/shop/users/nope", "/help"}
	for _, p := range manual.Pages() {
		pages = append(pages, paths.Help(p.Name, ""))
	}
	checked := 0
	for _, path := range pages {
		page := b.get(path)
		page.Find("a[href^='/help/'], .manual a[href^='#']").Each(func(_ int, a *goquery.Selection) {
			checked++
			href := a.AttrOr("href", "")
			if strings.HasPrefix(href, "#") {
				href = path + href
			}
			name, anchor, _ := strings.Cut(strings.TrimPrefix(href, "/help/"), "#")
			if !manual.Has(name, anchor) {
				t.Errorf("%s links to %s", path, href)
			}
		})
		if strings.HasPrefix(path, "/apps/shop/settings") {
			page.Find("main section > div h2[id$='-h']").Each(func(_ int, h *goquery.Selection) {
				if h.Parent().Find("a[data-help]").Length() != 1 && h.Text() != "Use it" {
					t.Errorf("%s: no help for %q", path, h.Text())
				}
			})
		}
	}
	if checked < 50 {
		t.Fatalf("only %d links", checked)
	}
}

func TestTheHelpIsRead(t *testing.T) {
	s := fairSite(t)
	if a := s.browser().get("/help"); a.Code != http.StatusSeeOther {
		t.Errorf("without signing in: %d", a.Code)
	}
	b := s.admin("vic", chat.Viewer)
	page := b.get("/help/refusals")
	if page.Code != http.StatusOK || page.Find(".manual h3#user_sync_disallowed").Length() != 1 || page.Find("nav[aria-label='On this page'] a[href='#user_sync_disallowed']").Length() != 1 || page.Find("h1").Length() != 1 {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	if found := b.get("/help?q=Observe+tick"); found.Find("[data-testid=help-hit] a[href='/help/settings#browser-synchronization']").Length() != 1 {
		t.Error(found.text())
	}
	if found := b.get("/help?q=xyzzy"); !strings.Contains(found.text(), "No page has all of these words.") || found.Find("[data-testid=help-hit]").Length() != 0 {
		t.Error(found.text())
	}
	for _, path := range []string{"/help/nope", "/help/design", "/help/..%2Fdb"} {
		if a := b.get(path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if a := b.get("/apps/shop/users/nope"); a.Find("a[data-help]").AttrOr("href", "") != "/help/refusals#user_not_found" {
		t.Error("an error doesn't lead to its explanation")
	}
	if a := s.browser().get("/nope"); a.Find("a[data-help]").Length() != 0 {
		t.Error("somebody who is not signed in is led to the help")
	}
}
