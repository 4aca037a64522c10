package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
)

const settingsHistory = "/apps/shop/settings/history"

// until waits for what a loop of the server does by itself.
func (s *site) until(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(15 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatal("not within 15 s: ", what)
		}
	}
}

func TestASaveSaysWhyAndIsReverted(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := with(with(b.get(security).form(security), "disallowUserSync", "true"), "reason", " Abuse from a script ")
	if a := b.post(security, form...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	e := s.events()[0]
	if e.Reason != "Abuse from a script" {
		t.Fatalf("%+v", e)
	}
	page := b.get(settingsHistory)
	row := page.Find("[data-testid=settings-change]").First()
	for _, want := range []string{"ana", "Abuse from a script", "Disallow user synchronization via the browser", "before: not ticked", "after: ticked"} {
		if !strings.Contains(strings.Join(strings.Fields(row.Text()), " "), want) {
			t.Errorf("%q is missing in %s", want, row.Text())
		}
	}
	undo := row.Find("form").AttrOr("action", "")
	if a := b.post(undo, "back", settingsHistory); a.Code != http.StatusSeeOther || a.Header.Get("Location") != settingsHistory {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if s.settings().Security().DisallowUserSync {
		t.Fatal("not reverted")
	}
	page = b.get(settingsHistory)
	if rows := page.Find("[data-testid=settings-change]"); rows.Length() != 2 || !strings.Contains(rows.First().Text(), "Took back a change") || !strings.Contains(rows.Last().Text(), "Reverted") {
		t.Fatalf("%s", page.text())
	}
}

// A change that somebody built on offers no revert and says why; posting it all the same changes nothing.
func TestARevertThatMovedOnIsRefused(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(security, with(b.get(security).form(security), "guestPolicy", "never")...)
	past := s.events()[0]
	b.post(security, with(b.get(security).form(security), "guestPolicy", "allowed")...)
	page := b.get(settingsHistory)
	if row := page.Find("[data-testid=settings-change]").Last(); row.Find("form").Length() != 0 || !strings.Contains(row.Text(), "Guest access was changed again since, by ana.") {
		t.Fatalf("%s", row.Text())
	}
	events := len(s.events())
	b.post(fmt.Sprintf("/apps/shop/audit/%d/undo", past.Seq), "back", settingsHistory)
	if now := s.settings()[chat.SettingGuests].Value; now != "allowed" || len(s.events()) != events || !strings.Contains(b.get(settingsHistory).says(), "It was changed again since.") {
		t.Fatal(now)
	}
}

func TestATrialIsToldOnEveryPageAndGoesBack(t *testing.T) {
	s := fairSite(t)
	b, vic := s.admin("ana", chat.Manage), s.admin("vic", chat.Viewer)
	save := func() {
		t.Helper()
		if a := b.post(security, with(with(b.get(security).form(security), "guestPolicy", "never"), "trial", "true")...); a.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Code, a.text())
		}
	}
	save()
	for _, path := range []string{"/apps/shop", "/apps/shop/users", "/apps/shop/audit", security, settingsHistory} {
		banner := b.get(path).Find("[data-testid=trial]")
		if text := strings.Join(strings.Fields(banner.Text()), " "); !strings.Contains(text, "Guest access, changed by ana, goes back in 30 minutes unless it is confirmed.") || banner.Find("form").Length() != 2 ||
			banner.Find("[name=back]").AttrOr("value", "") != path {
			t.Errorf("%s: %q", path, text)
		}
	}
	if banner := vic.get("/apps/shop").Find("[data-testid=trial]"); banner.Length() != 1 || banner.Find("form").Length() != 0 {
		t.Error("a viewer's banner")
	}
	if a := b.get("/apps"); a.Find("[data-testid=trial]").Length() != 0 {
		t.Error("a page of no app has the banner")
	}
	s.clock.Add(chat.DefaultTrial)
	s.until("it goes back", func() bool { return s.settings()[chat.SettingGuests].Value == "follow" })
	if a := b.get("/apps/shop"); a.Find("[data-testid=trial]").Length() != 0 {
		t.Error("the banner stays")
	}
	if page := b.get(settingsHistory); !strings.Contains(page.text(), "Nobody confirmed it in time.") {
		t.Errorf("%s", page.text())
	}
	save()
	forms := b.get("/apps/shop/users").Find("[data-testid=trial] form")
	keep := forms.First().AttrOr("action", "")
	if a := vic.post(keep); a.Code != http.StatusForbidden {
		t.Error("a viewer confirms: ", a.Code)
	}
	if a := b.post(keep, "back", "/apps/shop/users"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != "/apps/shop/users" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	s.clock.Add(time.Hour)
	if a := b.get("/apps/shop"); a.Find("[data-testid=trial]").Length() != 0 || s.settings()[chat.SettingGuests].Value != "never" {
		t.Error("it was confirmed and doesn't stay")
	}
	if a := b.post(keep, "back", "/apps/shop/users"); a.Code != http.StatusSeeOther || !strings.Contains(b.get("/apps/shop").says(), "doesn’t wait to be confirmed any more") {
		t.Error("confirmed twice")
	}
}

func TestAScheduledChange(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	a := b.post(security, with(with(b.get(security).form(security), "disallowConversationSync", "true"), "do", "schedule")...)
	where := a.Header.Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(where, "/apps/shop/settings/schedule/new?") {
		t.Fatalf("%d %s", a.Code, where)
	}
	const add = "/apps/shop/settings/schedule/new"
	page := b.get(where)
	if !strings.Contains(page.Find("#does").Text(), "Stops in browsers: Create a conversation.") {
		t.Fatalf("%s", page.text())
	}
	form := with(page.form(add), "reason", "After the deploy")
	if a := b.post(add, with(form, "date", "2020-01-01")...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "must be in the future") {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.post(add, with(form, "date", "soon")...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "must be a date and a time") {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.post(add, with(form, "do", "look")...); a.Code != http.StatusOK || len(s.plans()) != 0 {
		t.Errorf("looking: %d", a.Code)
	}
	if a := b.post(add, form...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	plan := s.plans()[0]
	edit := fmt.Sprint("/apps/shop/settings/schedule/", plan.N)
	if page := b.get(settingsHistory); page.Find("[data-testid=plan]").Length() != 1 || !strings.Contains(page.says(), "Scheduled for 15 March 2026, 11:00 UTC.") {
		t.Fatalf("%s", page.text())
	}
	form = b.get(edit).form(edit)
	if a := b.post(edit, with(form, "time", "12:30")...); a.Code != http.StatusSeeOther || s.plans()[0].At.Minute() != 30 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a := b.post(edit, with(form, "time", "12:40")...); a.Code != http.StatusUnprocessableEntity || s.plans()[0].At.Minute() != 30 {
		t.Errorf("from an old page: %d", a.Code)
	}
	if a := b.post(edit + "/cancel"); a.Code != http.StatusSeeOther || len(s.plans()) != 0 {
		t.Fatal(a.Code)
	}
	if a := b.get(edit); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	b.post(fmt.Sprintf("/apps/shop/audit/%d/undo", s.events()[0].Seq), "back", settingsHistory)
	if len(s.plans()) != 1 {
		t.Fatal("cancelling can't be undone")
	}
	s.clock.Add(26 * time.Hour)
	s.until("it is made", func() bool { return s.settings().Security().DisallowConversationSync })
	if page := s.again("ana").get(settingsHistory); !strings.Contains(page.text(), "After the deploy") || page.Find("[data-testid=ended-plan]").Length() != 1 {
		t.Errorf("%s", page.text())
	}
}

func (s *site) plans() []chat.SettingsPlan {
	s.t.Helper()
	all, err := s.store.SettingsPlans(s.t.Context(), "shop")
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}
