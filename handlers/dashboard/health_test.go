package dashboard_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const health = "/apps/shop/settings/health"

// Each finding that has a button is mended by it, and comes back by Undo.
func TestFindingsAreMendedByTheirButtons(t *testing.T) {
	s := fairSite(t)
	key, _, err := s.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Old", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.EditConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{Guests: chat.Some(chat.GuestsRead)}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(chat.ConversationsOpenFor - time.Millisecond)
	b := s.admin("ana", chat.Owner)
	has := func(kind chat.FindingKind) bool {
		t.Helper()
		page := b.get(health)
		if page.Code != http.StatusOK {
			t.Fatal(page.Code)
		}
		return page.Find("[data-testid=finding-"+string(kind)+"]").Length() > 0
	}
	if has(chat.ConversationOpen) || has(chat.KeyUnused) || !has(chat.SyncUnverified) || !has(chat.WriteUnverified) {
		t.Fatal(b.get(health).text())
	}
	s.clock.Add(61 * 24 * time.Hour)
	b = s.again("ana")
	if !has(chat.ConversationOpen) || !has(chat.KeyUnused) {
		t.Fatal(b.get(health).text())
	}
	vic, tom := s.admin("vic", chat.Viewer), s.admin("tom", chat.Manage)
	events := len(s.events())
	if a := vic.post(health, "fix", "key_unused", "subject", key.ID); a.Code != http.StatusForbidden {
		t.Error(a.Code)
	}
	if a := tom.post(health, "fix", "key_unused", "subject", key.ID); a.Code != http.StatusForbidden {
		t.Error(a.Code)
	}
	if a := b.post(health, "fix", "everything"); a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusBadRequest {
		t.Error(a.Code)
	}
	if a := b.post(health, "fix", "conversation_open", "subject", "nope"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	if len(s.events()) != events {
		t.Error("a refusal left something")
	}
	for _, fix := range []struct {
		kind    chat.FindingKind
		subject string
		says    string
	}{{chat.KeyUnused, key.ID, "Key deactivated."}, {chat.ConversationOpen, "fair", "Closed to guests."}, {chat.SyncUnverified, "", "Saved for 30 minutes."}} {
		a := b.post(health, "fix", string(fix.kind), "subject", fix.subject)
		if a.Code != http.StatusSeeOther || a.Header.Get("Location") != health || has(fix.kind) {
			t.Errorf("%s: %d", fix.kind, a.Code)
		}
		b.post(health, "fix", string(fix.kind), "subject", fix.subject) // a second click
	}
	if trials, err := s.store.SettingsTrials(t.Context(), "shop"); err != nil || len(trials) != 1 {
		t.Error("requiring tokens can cut people off, and doesn't go back by itself: ", err)
	}
	c, err := s.store.Conversation(t.Context(), "shop", "fair")
	if err != nil || c.Guests != chat.GuestsForbidden {
		t.Errorf("%+v %v", c, err)
	}
}

// A key that a browser showed is found, and outranks that it is unused.
func TestAShownKeyIsFound(t *testing.T) {
	s := fairSite(t)
	key, _, err := s.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Web shop", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.KeyExposed(t.Context(), dbtest.Backend("shop"), key); err != nil {
		t.Fatal(err)
	}
	b := s.admin("vic", chat.Viewer)
	page := b.get(health)
	if row := page.Find("[data-testid=finding-key_shown]"); !strings.Contains(row.Text(), "Web shop") || row.Find("form").Length() != 0 {
		t.Fatal(page.text())
	}
}

// Who signs in with a password alone is found by those who see the team, and by themself, with the way to a second step.
func TestPasswordsAloneAreFound(t *testing.T) {
	s := fairSite(t)
	ana, vic := s.admin("ana", chat.Owner), s.admin("vic", chat.Viewer)
	ben := s.member("ben", chat.Standing{Apps: chat.AppRoles{"shop": chat.Owner}})
	s.member("zoe", chat.Standing{Apps: chat.AppRoles{"other": chat.Owner}})
	found := func(b *browser) (all []string) {
		b.get(health).Find("[data-testid=finding-no_second_factor]").Each(func(_ int, row *goquery.Selection) {
			name, _, _ := strings.Cut(strings.TrimSpace(row.Find("p").First().Text()), " ")
			all = append(all, name+" "+row.Find("a.link").AttrOr("href", ""))
		})
		slices.Sort(all)
		return all
	}
	for who, x := range map[string]struct {
		b    *browser
		want []string
	}{
		"an owner":            {ana, []string{"“ana” /account#second-step", "“ben” /team", "“vic” /team"}},
		"a viewer":            {vic, []string{"“ana” /team", "“ben” /team", "“vic” /account#second-step"}},
		"an owner of the app": {ben, []string{"“ben” /account#second-step"}},
	} {
		if got := found(x.b); !slices.Equal(got, x.want) {
			t.Errorf("%s finds %q, not %q", who, got, x.want)
		}
	}
	admin, _, err := s.store.AdminByEmail(t.Context(), "ana@guestlist.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SetCode(t.Context(), admin.Actor(s.clock.Now()), admin.ID, "secret", 1); err != nil {
		t.Fatal(err)
	}
	if got := found(vic); slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "“ana”") }) || len(got) != 2 {
		t.Errorf("with a second step: %q", got)
	}
}
