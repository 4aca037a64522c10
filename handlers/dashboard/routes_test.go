package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
)

func TestEveryRouteAsksForItsRole(t *testing.T) {
	s := fairSite(t)
	roles := map[chat.Role]*browser{chat.Viewer: s.admin("vic", chat.Viewer), chat.Moderator: s.admin("mo", chat.Moderator), chat.Manage: s.admin("mia", chat.Manage)}
	nobody := s.browser()
	fill := strings.NewReplacer(":app", "shop", ":conv", "fair", ":user", "maya", ":key", "key_x", ":seq", "1", ":job", "job_x", ":admin", "adm_x", ":session", "ses_x")
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
		for role, b := range roles {
			if !role.Includes(least) {
				if a := send(b); a.Code != http.StatusForbidden {
					t.Errorf("%s %s as %s: %d", method, path, role, a.Code)
				}
			}
		}
	}
	if len(s.events()) != before {
		t.Error("a refused request changed something")
	}
}
