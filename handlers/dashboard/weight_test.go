package dashboard_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
)

// wire is how many bytes an address costs a browser, compressed as it is sent, and the page itself.
func (b *browser) wire(path string) (int, string) {
	b.site.t.Helper()
	r, _ := http.NewRequest(http.MethodGet, b.site.url+path, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := b.client.Do(r)
	if err != nil {
		b.site.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		b.site.t.Fatal(path, resp.Status, err)
	}
	text := string(body)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(text))
		if err != nil {
			b.site.t.Fatal(err)
		}
		plain, _ := io.ReadAll(z)
		text = string(plain)
	}
	return len(body), text
}

// A full page of participants costs at most 60 KB the first time, fonts aside, and 15 KB after.
func TestPagesAreLight(t *testing.T) {
	s := newSite(t)
	b := s.admin("ana", chat.Owner)
	b.post("/apps/new", "name", "Shop", "id", "shop")
	var people []string
	for i := range 60 {
		id := "user-" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		if _, err := s.store.PutUser(t.Context(), chat.CommandLine, "shop", chat.UserID(id), chat.UserChange{Name: chat.Some("Person " + id)}, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
		people = append(people, id)
	}
	b.post("/apps/shop/conversations/new", "id", "fair", "participants", strings.Join(people, ","))
	for _, path := range []string{fair, fair + "/guests", "/apps/shop", "/apps/shop/conversations", "/apps/shop/users", "/apps/shop/audit", security} {
		page, html := b.wire(path)
		first := page
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		doc.Find("link[rel=stylesheet], link[rel=icon], script[src], use").Each(func(_ int, e *goquery.Selection) {
			address := e.AttrOr("href", e.AttrOr("src", ""))
			address, _, _ = strings.Cut(address, "#")
			if !seen[address] {
				seen[address] = true
				n, _ := b.wire(address)
				first += n
			}
		})
		if page > 15<<10 || first > 60<<10 {
			t.Errorf("%s: %d bytes, %d the first time", path, page, first)
		}
		t.Logf("%s: %d bytes, %d the first time", path, page, first)
	}
}

func TestErrorPages(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for _, x := range []struct {
		status       int
		method, path string
		body         string
	}{
		{404, "GET", "/nothing", ""}, {404, "GET", "/apps/nope", ""}, {404, "GET", "/apps/shop/users/nobody", ""}, {405, "GET", "/sign-out", ""}, {405, "DELETE", fair, ""}, {403, "GET", "/apps/shop/settings/danger", ""},
		{413, "POST", fair + "/participants", "list=" + strings.Repeat("x", 1<<20)}, {400, "POST", fair + "/participants/maya", "access=Write"}, {400, "GET", fair + "?after=!", ""}, {400, "POST", fair + "/participants", "list=%ff"},
	} {
		before := len(s.events())
		a := b.do(x.method, x.path, x.body, form)
		if a.Code != x.status || a.Find("h1").Length() != 1 || a.Find("main a.btn-primary[href]").Length() != 1 {
			t.Errorf("%s %s: %d %s", x.method, x.path, a.Code, a.text())
		}
		if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", x.path, csp)
		}
		if len(s.events()) != before {
			t.Errorf("%s %s changed something", x.method, x.path)
		}
	}
	r, _ := http.NewRequest("GET", s.url+"/sign-in", nil)
	r.Host = "evil.example"
	resp, err := http.DefaultClient.Do(r)
	if err != nil || resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another name: %v %v", resp, err)
	}
}
