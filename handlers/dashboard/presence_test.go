package dashboard_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

// present opens a page's stream, and gives what it says and the way to leave.
func (b *browser) present(at string) (said <-chan string, leave func()) {
	b.site.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	b.site.t.Cleanup(cancel)
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, b.site.url+"/apps/shop/presence?at="+url.QueryEscape(at), nil)
	r.Header.Set("Accept", "text/event-stream")
	resp, err := b.client.Do(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.site.t.Fatal(resp, err)
	}
	all := make(chan string, 20)
	go func() {
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				all <- data
			}
		}
	}()
	return all, cancel
}

func hears(t *testing.T, said <-chan string, want string) {
	t.Helper()
	for end := time.After(20 * time.Second); ; {
		select {
		case got := <-said:
			if got == want {
				return
			}
		case <-end:
			t.Fatalf("never heard %s", want)
		}
	}
}

func TestPresence(t *testing.T) {
	s := fairSite(t)
	ana, tom, vic := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage), s.admin("vic", chat.Viewer)
	hers, _ := ana.present(security)
	hears(t, hers, `""`)
	// A second tab of hers, and somebody on another page, are nobody else here.
	again, _ := ana.present(security)
	hears(t, again, `""`)
	_, _ = vic.present(fair)
	_, leave := tom.present(security)
	hears(t, hers, `"tom is editing this."`)
	hears(t, again, `"tom is editing this."`)
	looks, gone := vic.present(security)
	hears(t, looks, `"Also here: ana, tom."`)
	hears(t, hers, `"Also here: tom, vic."`)
	leave()
	hears(t, hers, `"vic is looking at this too."`)
	gone()
	hears(t, hers, `""`)
	// Without script, a page says who was there when it was opened, and never oneself.
	if a := tom.get(security); a.Find("[data-presence]").Text() == "" || !strings.Contains(a.Find("[data-presence]").Text(), "ana is editing this.") {
		t.Errorf("the page says %q", a.Find("[data-presence]").Text())
	}
	if a := ana.get(security); strings.TrimSpace(a.Find("[data-presence]").Text()) != "" {
		t.Errorf("her own page says %q", a.Find("[data-presence]").Text())
	}
	if a := ana.get(fair); !strings.Contains(a.Find("[data-presence]").Text(), "vic is looking at this too.") {
		t.Errorf("the list says %q", a.Find("[data-presence]").Text())
	}
	if a := ana.get("/apps/nope/presence?at=x"); a.Code != http.StatusNotFound {
		t.Errorf("in no app: %d", a.Code)
	}
}
