package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

// called is what browsers did in the shop, at the present time.
func (s *site) called(calls ...chat.Call) {
	s.t.Helper()
	for i := range calls {
		calls[i].App, calls[i].At = "shop", s.clock.Now()
	}
	if err := s.store.CountCalls(s.t.Context(), calls); err != nil {
		s.t.Fatal(err)
	}
}

var (
	setBob = chat.Call{Command: "user.set", Outcome: chat.CallAllowed, User: "bob", Origin: "https://market.example", RequestID: "req_aaaaaaaaaaaaaaaa"}
	addZoe = chat.Call{Command: "participant.set", Outcome: chat.CallRefused, Reason: chat.ConversationSyncOff, User: "maya", Conversation: "fair",
		Origin: "https://market.example", RequestID: "req_bbbbbbbbbbbbbbbb"}
	sawKit = chat.Call{Command: "user.set", Outcome: chat.CallObserved, Reason: chat.UserSyncOff, User: "kit", Origin: "https://old.example", RequestID: "req_cccccccccccccccc"}
)

func TestABoxCanObserve(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := b.get(security).form(security)
	if a := b.post(security, with(form, "observe.disallowUserSync", "true")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	now := s.settings()
	if is := now.Security(); now[chat.SettingUserSync].Value != chat.Observing || is.DisallowUserSync || !is.ObserveUserSync || now[chat.SettingConversationSync].Version != 0 {
		t.Fatalf("%+v", now)
	}
	page := b.get(security)
	if page.Find("#observe-users[checked][data-observed]").Length() != 1 || page.Find("#disallow-users[checked]").Length() != 0 {
		t.Error("the page does not show what is observed")
	}
	// A stale form of the other admin is refused, and says both.
	a := s.admin("tom", chat.Manage).refuses(http.StatusUnprocessableEntity, security, with(form, "disallowUserSync", "true")...)
	if !strings.Contains(a.text(), "Yours: ticked. Now: observing") {
		t.Error(a.text())
	}
	// The tick counts before the observing box, and neither direction between allow and observe asks for a password.
	s.clock.Add(11 * time.Minute)
	if a := b.post(security, with(with(b.get(security).form(security), "observe.disallowUserSync", ""), "password", "")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	both := with(with(b.get(security).form(security), "observe.disallowUserSync", "true"), "disallowUserSync", "true")
	if a := b.post(security, both...); a.Code != http.StatusSeeOther || !s.settings().Security().DisallowUserSync {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	// From the tick to observing takes protection away.
	loose := with(with(b.get(security).form(security), "disallowUserSync", ""), "observe.disallowUserSync", "true")
	a = b.refuses(http.StatusUnprocessableEntity, security, with(loose, "password", "")...)
	if a.Find("#security[data-reauth]").Length() != 1 || a.Find("#observe-users[checked]:not([data-observed])").Length() != 1 {
		t.Error("what was wanted is not on the page")
	}
	if a := b.post(security, with(loose, "password", password)...); a.Code != http.StatusSeeOther || s.settings()[chat.SettingUserSync].Value != chat.Observing {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	undo := b.get(security).Find("#toasts form").AttrOr("action", "")
	if a := b.post(undo, "back", security); a.Code != http.StatusSeeOther || !s.settings().Security().DisallowUserSync {
		t.Errorf("undo: %d %s", a.Code, a.text())
	}
}

// Identity verification has no third position.
func TestOnlyTheTwoBoxesObserve(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	page := b.get(security)
	if page.Find("[data-observe]").Length() != 2 {
		t.Error("not two boxes that observe")
	}
	b.refuses(http.StatusUnprocessableEntity, security, with(page.form(security), "observe.requireIdentity", "true")...)
}

func TestSecurityShowsRealUse(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	quiet := b.get(security)
	for _, key := range []string{"disallowUserSync", "disallowConversationSync", "guestPolicy"} {
		if text := quiet.Find("[data-testid=usage-" + key + "]").Text(); !strings.Contains(text, "No browser has called this in 7 days.") {
			t.Errorf("%s: %q", key, text)
		}
	}
	s.called(setBob, setBob)
	s.clock.Add(30 * time.Hour)
	s.called(setBob, sawKit, addZoe)
	page := s.again("ana").get(security) // the session was idle for too long
	users := page.Find("[data-testid=usage-disallowUserSync] [data-testid=call]")
	cells := users.Find("td").Map(func(_ int, c *selection) string { return strings.Join(strings.Fields(c.Text()), " ") })
	if len(cells) != 2 || cells[0] != "1 allowed 1 would be refused" || cells[1] != "3 allowed 1 would be refused" {
		t.Errorf("%q", cells)
	}
	convs := page.Find("[data-testid=usage-disallowConversationSync]")
	if convs.Find("a[href='/apps/shop/users/maya']").Length() != 1 || convs.Find("a[href='/apps/shop/conversations/fair']").Length() != 1 || !strings.Contains(convs.Text(), "https://market.example") {
		t.Errorf("%s", convs.Text())
	}
	s.clock.Add(8 * 24 * time.Hour)
	if text := s.again("ana").get(security).Find("[data-testid=usage-disallowUserSync]").Text(); !strings.Contains(text, "No browser has called this in 7 days.") {
		t.Error(text)
	}
}

// A choice that cuts guests says how many before it is saved; saved, it does so.
func TestSecuritySaysWhomAChoiceCuts(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	if page := b.get(security); page.Find("[data-testid=cut]").Length() != 0 || !strings.Contains(page.Find("[data-testid=guests-in]").Text(), "No guest is in a conversation now.") {
		t.Fatal(page.Find("[data-testid=guests-in]").Text())
	}
	zoe := s.visit("zoe", "fair")
	soon(t, "a guest is counted", func() bool {
		return strings.Contains(b.get(security).Find("[data-testid=guests-in]").Text(), "1 guest is in 1 conversation now.")
	})
	page := b.get(security)
	if page.Find("[data-testid=guests-in] a[href='"+fair+"/guests']").Length() != 1 {
		t.Error("it is not said where")
	}
	for _, when := range []string{"never", "allowed", "follow-users", "follow-convs", "follow-users-convs"} {
		if text := page.Find("[data-testid=cut][data-when=" + when + "]").Text(); !strings.Contains(text, "Saving disconnects 1 guest in 1 conversation.") {
			t.Errorf("%s: %q", when, text)
		}
	}
	if page.Find("[data-testid=cut][data-when=every], [data-testid=cut][data-when=follow]").Length() != 0 {
		t.Error("a choice that cuts nobody warns")
	}
	b.post(security, with(page.form(security), "disallowConversationSync", "true")...)
	soon(t, "the guest is cut", func() bool { return zoe.heard(`"cut"`) })
	soon(t, "nobody is in", func() bool {
		return strings.Contains(b.get(security).Find("[data-testid=guests-in]").Text(), "No guest is in a conversation now.")
	})
}
