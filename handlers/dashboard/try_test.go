package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/auth"
)

func (s *site) requireIdentity() {
	s.t.Helper()
	if _, err := s.store.SaveSettings(s.t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: chat.SettingIdentity, Value: "true"}}); err != nil {
		s.t.Fatal(err)
	}
}

func TestTryingTheChat(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	page := b.get("/apps/shop/try")
	chatbox := page.Find("#try")
	if page.Code != 200 || chatbox.AttrOr("data-app", "") != "shop" || chatbox.AttrOr("data-conversation", "") != "fair" || chatbox.AttrOr("data-user", "") == "" || chatbox.AttrOr("data-token-url", "") != "" {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-src 'self'") ||
		!strings.Contains(policy, "connect-src 'self' ws://"+strings.TrimPrefix(s.url, "http://")) || strings.Contains(policy, "unsafe") || strings.Contains(policy, "frame-src 'self' ") {
		t.Error(policy)
	}
	if policy := b.get("/apps/shop").Header.Get("Content-Security-Policy"); strings.Contains(policy, "frame-src") || !strings.Contains(policy, "connect-src 'self';") && !strings.HasSuffix(policy, "connect-src 'self'") {
		t.Error(policy)
	}
	// Another site can't make an admin open a chat as somebody: what it shows would count as read.
	for site, opens := range map[string]int{"cross-site": 0, "same-site": 0, "same-origin": 1, "none": 1} {
		page := b.do(http.MethodGet, "/apps/shop/try?conversation=fair&user=bob", "", map[string]string{"Sec-Fetch-Site": site})
		if page.Find("#try").Length() != opens || page.Find("form input[name=user]").AttrOr("value", "") != "bob" {
			t.Errorf("%s: %s", site, page.text())
		}
	}
	// A guest is offered somebody who isn't on the list.
	page = b.get("/apps/shop/try?as=guest&conversation=fair")
	if user := page.Find("#try").AttrOr("data-user", ""); user != "zoe" || !strings.Contains(page.Find("pre").Text(), "asGuest: true") {
		t.Error(user, page.Find("pre").Text())
	}
	if page = b.get("/apps/shop/try?conversation=nope&user=zoe"); page.Find("#try").Length() != 0 || page.Find("[aria-invalid]").AttrOr("name", "") != "conversation" {
		t.Error(page.text())
	}
	if page = b.get("/apps/shop/try?conversation=fair&user=nobody"); page.Find("#try").Length() != 0 || page.Find("[aria-invalid]").AttrOr("name", "") != "user" {
		t.Error(page.text())
	}
}

func TestTheTriedChatHasATokenWhereOneIsRequired(t *testing.T) {
	s := fairSite(t)
	owner := s.admin("ana", chat.Owner)
	s.requireIdentity()
	if page := owner.get("/apps/shop/try"); page.Find("#try").Length() != 0 || !strings.Contains(page.text(), "no active secret key") {
		t.Fatal(page.text())
	}
	if a := owner.post("/apps/shop/try/token", "user", "maya"); a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusConflict {
		t.Error(a.Code)
	}
	if a := owner.post("/apps/shop/settings/keys/new", "name", "Orders"); a.Code >= 400 {
		t.Fatal(a.Code)
	}
	b := s.admin("mia", chat.Manage)
	page := b.get("/apps/shop/try")
	tokens := page.Find("#try").AttrOr("data-token-url", "")
	if tokens != "/apps/shop/try/token" || !strings.Contains(page.Find("pre").Text(), "process.env.GUESTLIST_KEY") || strings.Contains(page.Find("pre").Text(), "sk_") {
		t.Fatal(page.text())
	}
	token := strings.TrimSpace(b.post(tokens, "user", "maya").Text())
	proof, err := auth.Browser(t.Context(), s.store, auth.Claim{App: "shop", Token: token})
	if err != nil || proof.Actor.ID != "maya" || !proof.Actor.Verified || proof.Expires.Sub(s.clock.Now()).Minutes() > 5 || proof.Expires.IsZero() {
		t.Fatalf("%+v %v", proof, err)
	}
	b.post(tokens, "user", "maya") // renewed
	tried, err := s.store.Events(t.Context(), db.EventQuery{App: "shop", Types: []chat.EventType{chat.UserTried}})
	if err != nil || len(tried.Items) != 1 || tried.Items[0].User != "maya" || tried.Items[0].ActorName == "" {
		t.Fatalf("%+v %v", tried.Items, err)
	}
	if a := b.post(tokens, "user", "nobody"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	viewer := s.admin("vic", chat.Viewer)
	if page := viewer.get("/apps/shop/try"); page.Code != 200 || page.Find("#try").Length() != 0 || page.Find("pre").Length() != 2 || !strings.Contains(page.text(), "needs the role admin") {
		t.Error(page.text())
	}
	if a := viewer.post(tokens, "user", "maya"); a.Code != http.StatusForbidden || strings.Contains(a.Text(), "eyJ") {
		t.Error(a.Code)
	}
}

// Who is banned is tried too: the page says so, a token is theirs as before, and the chat that it opens is refused for the
// ban, as participant and as guest, until it is lifted.
func TestTryingAsABannedUser(t *testing.T) {
	s := fairSite(t)
	owner := s.admin("ana", chat.Owner)
	if a := owner.post("/apps/shop/settings/keys/new", "name", "Orders"); a.Code >= 400 {
		t.Fatal(a.Code)
	}
	s.requireIdentity()
	if _, err := s.store.BanUser(t.Context(), dbtest.Tom, "shop", "bob", chat.NewBan{For: chat.BanUntilLifted, Reason: "Spam"}); err != nil {
		t.Fatal(err)
	}
	const says = "Bob is banned from all conversations. The chat shows what they see."
	opens := func() error {
		t.Helper()
		a := owner.post("/apps/shop/try/token", "user", "bob")
		if a.Code != http.StatusOK {
			t.Fatal(a.Code, a.text())
		}
		proof, err := auth.Browser(t.Context(), s.store, auth.Claim{App: "shop", Token: strings.TrimSpace(a.Text())})
		if err != nil {
			return err
		}
		_, err = s.store.ConversationOf(t.Context(), proof.Actor, "fair")
		return err
	}
	for _, as := range []string{"", "guest"} {
		page := owner.get("/apps/shop/try?conversation=fair&user=bob&as=" + as)
		if page.Code != 200 || page.Find("#try").AttrOr("data-user", "") != "bob" || !strings.Contains(page.text(), says) || page.Find(`#main a[href="/apps/shop/users/bob"]`).Length() != 1 {
			t.Errorf("as %q: %d %s", as, page.Code, page.text())
		}
	}
	if page := owner.get("/apps/shop/try?conversation=fair&user=maya"); strings.Contains(page.text(), "is banned") {
		t.Error(page.text())
	}
	if err := opens(); chat.ReasonOf(err) != chat.Banned {
		t.Errorf("a banned user comes in: %v", err)
	}
	// Nobody who isn't banned is offered in their place, and they are not offered by themselves: they are on no list.
	if page := owner.get("/apps/shop/try?conversation=fair"); page.Find("#users option[value=bob]").Length() != 0 || page.Find("#try").AttrOr("data-user", "") == "bob" {
		t.Error(page.text())
	}
	if _, err := s.store.LiftBan(t.Context(), dbtest.Tom, "shop", "bob", true); err != nil {
		t.Fatal(err)
	}
	if page := owner.get("/apps/shop/try?conversation=fair&user=bob"); strings.Contains(page.text(), "is banned") || page.Find("#try").Length() != 1 {
		t.Error(page.text())
	}
	if err := opens(); err != nil {
		t.Errorf("lifted: %v", err)
	}
}
