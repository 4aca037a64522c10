package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/paths"
)

const browserSettings = "/apps/shop/settings/browser"

// fields are the fields of one form of a page.
func (a answer) fields(form string) (all []string) {
	a.Find(form + " [name]").Each(func(_ int, s *selection) {
		if name := s.AttrOr("name", ""); name != "do" && name != "trial" {
			all = append(all, name, s.AttrOr("value", strings.TrimPrefix(s.Text(), "\n")))
		}
	})
	return all
}

func TestOriginsAreSavedAfterTheirEffectWasSeen(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	s.called(setBob, sawKit) // from market.example and old.example
	form := with(b.get(browserSettings).fields("#origins-form"), "allowedOrigins", "HTTPS://Market.example\r\nhttps://shop.example:443/")
	check := b.refuses(http.StatusOK, browserSettings, append(form, "do", "check")...)
	if !strings.Contains(check.Find("[data-testid=seen]").Text(), "1 of the 2 origins whose pages called in 7 days is refused by this list.") {
		t.Fatal(check.text())
	}
	warned := b.refuses(http.StatusUnprocessableEntity, browserSettings, form...)
	if !strings.Contains(warned.text(), "Not saved yet.") || !strings.Contains(warned.text(), "Save, and refuse 1 origin") {
		t.Fatal(warned.text())
	}
	if a := b.post(browserSettings, warned.fields("#origins-form")...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if got := s.settings()[chat.SettingAllowedOrigins]; got.Value != "https://market.example\nhttps://shop.example" || got.ChangedBy != "ana" {
		t.Fatalf("%+v", got)
	}
	e := s.events()[0]
	if e.Type != chat.SettingsUpdated || !strings.Contains(string(e.After), "https://shop.example") {
		t.Fatalf("%+v", e)
	}
	// Saved again, it is nothing new; undone, any may again.
	b.refuses(http.StatusSeeOther, browserSettings, b.get(browserSettings).fields("#origins-form")...)
	b.post(paths.Undo("shop", e.Seq), "back", browserSettings)
	if got := s.settings()[chat.SettingAllowedOrigins]; got.Value != "" {
		t.Errorf("%+v", got)
	}
}

func TestBadOriginsAreRefusedWithTheirReason(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := b.get(browserSettings).fields("#origins-form")
	for _, bad := range []string{"market.example", "https://market.example/chat", "ftp://x.example", "https://a b"} {
		a := b.refuses(http.StatusUnprocessableEntity, browserSettings, with(form, "allowedOrigins", bad)...)
		if a.Find("#allowedOrigins[aria-invalid][autofocus]").Length() != 1 || !strings.Contains(a.Find("#allowedOrigins").Text(), bad) {
			t.Errorf("%s: %s", bad, a.text())
		}
	}
	s.admin("vic", chat.Viewer).refuses(http.StatusForbidden, browserSettings, with(form, "allowedOrigins", "https://x.example")...)
}

func TestTwoAdminsOnTheOrigins(t *testing.T) {
	s := fairSite(t)
	ana, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	stale := tom.get(browserSettings).fields("#origins-form")
	ana.post(browserSettings, with(ana.get(browserSettings).fields("#origins-form"), "allowedOrigins", "https://a.example")...)
	if a := tom.post(browserSettings, with(stale, "allowedOrigins", "https://b.example")...); a.Code != http.StatusSeeOther || s.settings()[chat.SettingAllowedOrigins].Value != "https://a.example\nhttps://b.example" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	// Both change the same entry: one press decides.
	stale = tom.get(browserSettings).fields("#origins-form")
	ana.post(browserSettings, with(ana.get(browserSettings).fields("#origins-form"), "allowedOrigins", "https://a2.example\nhttps://b.example")...)
	a := tom.refuses(http.StatusUnprocessableEntity, browserSettings, with(stale, "allowedOrigins", "https://a3.example\nhttps://b.example")...)
	if !strings.Contains(a.text(), "Theirs, stored nowhttps://a2.example, https://b.exampleYourshttps://a3.example, https://b.example") || a.Find("[data-testid=clashes]").Length() != 1 {
		t.Error(a.text())
	}
	if a := tom.post(browserSettings, with(a.fields("#origins-form"), "choose", "mine.allowedOrigins")...); a.Code != http.StatusSeeOther || s.settings()[chat.SettingAllowedOrigins].Value != "https://a3.example\nhttps://b.example" {
		t.Errorf("%d %s", a.Code, a.text())
	}
}

func TestOlderSignaturesAreAcceptedWithThePassword(t *testing.T) {
	s := fairSite(t)
	b, tom := s.admin("ana", chat.Manage), s.admin("tom", chat.Manage)
	s.clock.Add(11 * time.Minute)
	form := b.get(browserSettings).fields("#signatures-form") // unticked, it is sent ticked
	a := b.refuses(http.StatusUnprocessableEntity, browserSettings, form...)
	if a.Find("#signatures-form input[name=acceptSignatures][checked]").Length() != 1 || a.Find("#signatures-form input[name=password][autofocus]").Length() != 1 || a.Find("input[name=password]").Length() != 1 {
		t.Fatal(a.text())
	}
	if a = b.refuses(http.StatusUnprocessableEntity, browserSettings, with(form, "password", "not it at all")...); !strings.Contains(a.text(), "is not your password") {
		t.Fatal(a.text())
	}
	s.admin("vic", chat.Viewer).refuses(http.StatusForbidden, browserSettings, form...)
	if a = b.post(browserSettings, with(form, "password", password)...); a.Code != http.StatusSeeOther || !s.settings().Security().AcceptSignatures {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	e := s.events()[0]
	if e.Type != chat.SettingsUpdated || string(e.Before) != `{"acceptSignatures":"false"}` || string(e.After) != `{"acceptSignatures":"true"}` {
		t.Fatalf("%+v", e)
	}
	page := b.get(browserSettings)
	if now := page.Find("#signatures-form").Text(); !strings.Contains(now, "for as long as its key is active") || !strings.Contains(now, "ana") {
		t.Error(now)
	}
	if audit := b.get("/apps/shop/audit"); !strings.Contains(audit.text(), "Accept signatures of older integrations") {
		t.Error(audit.text())
	}
	// Somebody who still sees it unticked doesn't untick it unknowingly, and saving it again is nothing new.
	if a := tom.refuses(http.StatusSeeOther, browserSettings, with(form, "acceptSignatures", "")...); a.Header.Get("Location") != browserSettings {
		t.Error(a.text())
	}
	// Unticking never asks, and so doesn't the undo of ticking.
	s.clock.Add(11 * time.Minute)
	if a := tom.post(paths.Undo("shop", e.Seq), "back", browserSettings); a.Code != http.StatusSeeOther || s.settings().Security().AcceptSignatures {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

func TestALiveAppIsWarnedOfPagesFromAnywhere(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	b.post("/apps/new", "name", "Live", "id", "live", "kind", "live")
	const warning = "Pages of any website can open chats of this live app."
	if page := b.get("/apps/live/settings/browser"); page.Code != 200 || !strings.Contains(page.text(), warning) {
		t.Errorf("%d %s", page.Code, page.text())
	}
	if strings.Contains(b.get(browserSettings).text(), warning) {
		t.Error("a test app is warned")
	}
}

func TestTheThemeIsLookedAtAndSaved(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := with(with(b.get(browserSettings).fields("#theme-form"), "chatTheme.accent", "#7A1FA2"), "chatTheme.radius", "4px")
	look := b.refuses(http.StatusOK, browserSettings, append(form, "do", "preview")...)
	sample := look.Find("link[data-sample]").AttrOr("href", "")
	if !strings.Contains(sample, "accent=%237a1fa2") || !strings.Contains(look.Find("#sample").Text(), "Not saved") {
		t.Fatal(sample, look.text())
	}
	css := b.get(sample)
	if css.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(css.text(), "--gl-accent:#7a1fa2;") || !strings.Contains(css.text(), "--gl-radius:4px;") {
		t.Errorf("%s", css.text())
	}
	if a := b.post(browserSettings, form...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if theme := s.settings().Theme(); len(theme) != 2 || theme["accent"] != "#7a1fa2" || theme["radius"] != "4px" {
		t.Fatalf("%v", theme)
	}
	page := b.get(browserSettings)
	if page.Find("[name='chatTheme.accent']").AttrOr("value", "") != "#7a1fa2" {
		t.Error("the form does not show what is saved")
	}
	if a := b.post(page.Find("#toasts form").AttrOr("action", ""), "back", browserSettings); a.Code != http.StatusSeeOther || len(s.settings().Theme()) != 0 {
		t.Errorf("undo: %d %v", a.Code, s.settings().Theme())
	}
}

func TestAThemeThatCannotBeReadIsRefused(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := b.get(browserSettings).fields("#theme-form")
	if look := b.refuses(http.StatusOK, browserSettings, append(with(form, "chatTheme.accent", "#eeeeee"), "do", "preview")...); !strings.Contains(look.text(), "too low to read") {
		t.Error(look.text())
	}
	a := b.refuses(http.StatusUnprocessableEntity, browserSettings, with(form, "chatTheme.accent", "#eeeeee")...)
	if !strings.Contains(a.text(), "can't be read on #eeeeee") || !strings.Contains(a.text(), "too low to read") {
		t.Error(a.text())
	}
	a = b.refuses(http.StatusUnprocessableEntity, browserSettings, with(form, "chatTheme.text", "red;}body{display:none")...)
	if !strings.Contains(a.text(), "must be a colour") {
		t.Error(a.text())
	}
	if css := b.get(a.Find("link[data-sample]").AttrOr("href", "")); strings.Contains(css.text(), "red") || strings.Contains(css.text(), "display") {
		t.Error("what is no colour is in the stylesheet: " + css.text())
	}
}
