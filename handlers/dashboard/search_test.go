package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// finds are the labels and addresses of what a search shows.
func (b *browser) finds(path, text, at string) map[string]string {
	b.site.t.Helper()
	a := b.get(path + "?" + url.Values{"q": {text}, "at": {at}}.Encode())
	if a.Code != http.StatusOK {
		b.site.t.Fatalf("%s %q: %d", path, text, a.Code)
	}
	all := map[string]string{}
	for _, link := range a.Find("[data-testid=find]").EachIter() {
		all[strings.Join(strings.Fields(link.Text()), " ")] = link.AttrOr("href", "")
	}
	return all
}

func has(all map[string]string, label, href string) bool {
	for text, to := range all {
		if strings.Contains(text, label) && to == href {
			return true
		}
	}
	return false
}

func TestSearchResolvesWhatIsPasted(t *testing.T) {
	s := fairSite(t)
	dbtest.App(t, s.store, "other", "maya", "olga")
	dbtest.Conversation(t, s.store, "other", "hushhush", "olga")
	if _, err := s.store.PutUser(t.Context(), chat.CommandLine, "shop", "a/b c", chat.UserChange{Name: chat.Some("Slash")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	b := s.admin("ana", chat.Owner)
	event := s.events()[0]
	for _, x := range []struct{ text, label, href string }{
		{"maya", "Maya", "/apps/shop/users/maya"},
		{"fair", "", fair},
		{"a/b c", "Slash", "/apps/shop/users/a%2Fb%20c"},
		{"a%2Fb%20c", "Slash", "/apps/shop/users/a%2Fb%20c"},
		{s.url + fair + "/guests?x=1", "", fair + "/guests?x=1"},
		{"localhost:8080" + fair, "", fair},
		{fair + "/participants/bob/remove", "Bob", "/apps/shop/users/bob"},
		{fair + "/participants/bob/remove", "fair", fair},
		{"https://api.example/v1/shop/conversations/fair/participants/bob", "Bob", "/apps/shop/users/bob"},
		{"https://api.example/v1/shop/conversations/fair/messages?limit=3", "", fair},
		{"https://api.example/v1/shop/users/a%2Fb%20c", "Slash", "/apps/shop/users/a%2Fb%20c"},
		{"https://api.example/v1/other/users/olga", "Olga", "/apps/other/users/olga"},
		{fmt.Sprint("#", event.Seq), "", fmt.Sprintf("/apps/shop/audit?entry=%d", event.Seq)},
		{fmt.Sprint(event.Seq), "", fmt.Sprintf("/apps/shop/audit?entry=%d", event.Seq)},
		{"audit", "Audit log", "/apps/shop/audit"},
		{"conversation synchronization", "Disallow conversation synchronization via the browser", "/apps/shop/settings/security#disallow-convs"},
		{"new user", "New user", "/apps/shop/users/new"},
		{"other", "other", "/apps/other"},
	} {
		if got := b.finds("/apps/shop/search", x.text, ""); !has(got, x.label, x.href) {
			t.Errorf("%q finds %v, and not %s at %s", x.text, got, x.label, x.href)
		}
	}
	// What isn't there, or is in another app, is not made up.
	for _, text := range []string{"olga", "hushhush", "https://x/v1/nope/users/maya", "/apps/nope/users/maya", "https://x/v1/shop/users/nobody", "#99999999", "req_aaaaaaaaaaaa", "%zz", "\x00", "/apps/shop/users/%zz"} {
		for label, href := range b.finds("/apps/shop/search", text, "") {
			t.Errorf("%q finds %s at %s", text, label, href)
		}
	}
	if a := b.get(fmt.Sprintf("/apps/shop/audit?entry=%d", event.Seq)); a.Find("[data-testid=event]").Length() != 1 || a.Find(fmt.Sprintf("#event-%d", event.Seq)).Length() != 1 {
		t.Errorf("the entry's own page: %s", a.text())
	}
}

func TestSearchResolvesRequests(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	b.post(fair + "/participants/maya/remove")
	request := s.events()[0].RequestID
	if got := b.finds("/apps/shop/search", request, ""); !has(got, "What this request did", "/apps/shop/audit?request="+request) {
		t.Errorf("%s finds %v", request, got)
	}
	if err := s.store.CountCalls(t.Context(), []chat.Call{{App: "shop", At: s.clock.Now(), Command: "user.set", Outcome: chat.CallRefused, Reason: chat.UserSyncOff, RequestID: "req_refused12345678"}}); err != nil {
		t.Fatal(err)
	}
	if got := b.finds("/apps/shop/search", " req_refused12345678 ", ""); !has(got, "What this request did", "/apps/shop/refusals?request=req_refused12345678") {
		t.Errorf("a refused call: %v", got)
	}
}

func TestSearchOffersWhatThePageCanDo(t *testing.T) {
	s := fairSite(t)
	b, vic := s.admin("ana", chat.Owner), s.admin("vic", chat.Viewer)
	if got := b.finds("/apps/shop/search", "", fair+"/history"); !has(got, "Add participants", fair+"/participants/add") || !has(got, "Block guests", fair+"/guests/access?to=Never") {
		t.Errorf("in a conversation: %v", got)
	}
	if got := vic.finds("/apps/shop/search", "", fair); has(got, "Add participants", fair+"/participants/add") || !has(got, "See the history", fair+"/history") {
		t.Errorf("as a viewer: %v", got)
	}
	if got := b.finds("/apps/shop/search", "edit", "/apps/shop/users/maya"); !has(got, "Edit this user", "/apps/shop/users/maya/edit") {
		t.Errorf("at a user: %v", got)
	}
	if got := b.finds("/search", "shop", "/team"); !has(got, "shop", "/apps/shop") {
		t.Errorf("outside of apps: %v", got)
	}
	// The rows of the palette are the same finds, without the page around them, and use up nothing that is left to say.
	b.post(fair+"/participants/maya/remove", "back", fair)
	part := b.do(http.MethodGet, "/apps/shop/search?q=maya", "", map[string]string{"HX-Request": "true"})
	if part.Find("main").Length() != 0 || part.Find("[role=option]").Length() == 0 {
		t.Error("the palette's rows are a page, or none")
	}
	if a := b.get(fair); !strings.Contains(a.says(), "was removed") {
		t.Errorf("the palette took the toast: %q", a.says())
	}
	if a := b.get("/apps/nope/search?q=x"); a.Code != http.StatusNotFound {
		t.Errorf("in no app: %d", a.Code)
	}
	if a := b.get("/apps/shop/search?at=//evil.example/"); a.Find("input[name=at]").AttrOr("value", "") == "//evil.example/" {
		t.Error("another site as the page that the search is on")
	}
}
