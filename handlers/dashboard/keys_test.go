package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const apiKeys = "/apps/shop/settings/keys"

// key creates a key of an app as its owner would.
func (s *site) key(app chat.AppID, name string) chat.Key {
	s.t.Helper()
	key, _, err := s.store.CreateKey(s.t.Context(), chat.CommandLine, app, name, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

func TestKeysAreShownOnce(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	const keys = "/apps/shop/settings/keys"
	a := b.post(keys+"/new", "name", "Orders")
	secret := a.Find("[data-testid=secret] [data-copy]").AttrOr("data-copy", "")
	if a.Code != 200 || !strings.HasPrefix(secret, "sk_test_") || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %q", a.Code, secret)
	}
	list := b.get(keys)
	if html, _ := list.Html(); strings.Contains(html, secret) || !strings.Contains(list.text(), secret[len(secret)-4:]) {
		t.Fatal("the list shows the secret, or not its end")
	}
	for _, e := range s.events() {
		if strings.Contains(string(e.Before)+string(e.After), secret) {
			t.Fatal("an event holds the secret")
		}
	}
	stored, err := s.store.Keys(t.Context(), "shop")
	if err != nil || len(stored) != 1 {
		t.Fatal(err)
	}
	id := stored[0].ID
	if a = b.post(keys + "/" + id + "/delete"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "This key is active.") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	b.post(keys + "/" + id + "/deactivate")
	if page := b.get(keys); !strings.Contains(page.text(), "Deactivated") || page.Find("#toasts form").Length() != 1 {
		t.Fatalf("%s", page.text())
	}
	s.clock.Add(11 * time.Minute)
	if a = b.post(keys + "/" + id + "/delete"); a.Code != http.StatusUnprocessableEntity || a.Find("input[name=password]").Length() != 1 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.post(keys+"/"+id+"/delete", "password", password); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// Only owners act on keys. The others see the list, and why they can do no more.
func TestOnlyOwnersActOnKeys(t *testing.T) {
	s := fairSite(t)
	key := s.key("shop", "Orders")
	for _, role := range []chat.Role{chat.Manage, chat.Viewer} {
		b := s.admin(string(role), role)
		page := b.get(apiKeys)
		if page.Code != 200 || page.Find("[data-testid=key]").Length() != 1 || page.Find("main form").Length() != 0 || page.Find("main details").Length() != 0 {
			t.Errorf("%s: %d, %d forms", role, page.Code, page.Find("main form").Length())
		}
		if !strings.Contains(page.text(), "Only owners create, deactivate and delete keys.") || !strings.Contains(page.text(), "/v1/shop/") {
			t.Errorf("%s: %s", role, page.text())
		}
		for _, action := range []string{"/new", "/" + key.ID + "/deactivate", "/" + key.ID + "/activate", "/" + key.ID + "/delete"} {
			b.refuses(http.StatusForbidden, apiKeys+action, "name", "Mine")
		}
	}
}

func TestAnotherAppsKeyIsNotThere(t *testing.T) {
	s := fairSite(t)
	dbtest.App(t, s.store, "other")
	b, key := s.admin("ana", chat.Owner), s.key("other", "Orders")
	for _, action := range []string{"deactivate", "activate", "delete"} {
		b.refuses(http.StatusNotFound, apiKeys+"/"+key.ID+"/"+action)
	}
	if a := b.get(apiKeys + "/" + key.ID + "/delete"); a.Code != http.StatusNotFound {
		t.Errorf("%d", a.Code)
	}
}

func TestCreatingAKeyAsksForNameAndPassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	if a := b.refuses(http.StatusUnprocessableEntity, apiKeys+"/new", "name", " "); a.Find("#name[aria-invalid][autofocus]").Length() != 1 {
		t.Errorf("%s", a.text())
	}
	s.clock.Add(11 * time.Minute)
	a := b.refuses(http.StatusUnprocessableEntity, apiKeys+"/new", "name", "Orders")
	if a.Find("#password[aria-invalid][autofocus]").Length() != 1 || a.Find("#name").AttrOr("value", "") != "Orders" {
		t.Errorf("%s", a.text())
	}
	if a = b.post(apiKeys+"/new", "name", "Orders", "password", password); a.Code != http.StatusOK {
		t.Errorf("%d %s", a.Code, a.text())
	}
}

func TestAnAppHasTenKeysAtMost(t *testing.T) {
	s := fairSite(t)
	for i := range chat.MaxKeys {
		s.key("shop", fmt.Sprint("Key ", i))
	}
	if a := s.admin("ana", chat.Owner).refuses(http.StatusUnprocessableEntity, apiKeys+"/new", "name", "One more"); !strings.Contains(a.text(), "10 secret keys already") {
		t.Errorf("%s", a.text())
	}
}

// A deactivated key stops at once; Undo and Activate bring it back, and a second click changes nothing.
func TestDeactivateAndUndo(t *testing.T) {
	s := fairSite(t)
	b, key := s.admin("ana", chat.Owner), s.key("shop", "Orders")
	active := func() bool {
		k, err := s.store.Key(t.Context(), "shop", key.ID)
		if err != nil {
			t.Fatal(err)
		}
		return k.Active
	}
	deactivate := apiKeys + "/" + key.ID + "/deactivate"
	if a := b.post(deactivate); a.Code != http.StatusSeeOther || active() {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	undo := b.get(apiKeys).Find("#toasts form").AttrOr("action", "")
	before := dbtest.Dump(t, s.store)
	if a := b.post(deactivate); a.Code != http.StatusSeeOther || dbtest.Dump(t, s.store) != before {
		t.Error("the second click changed something")
	}
	if a := b.post(undo); a.Code != http.StatusSeeOther || !active() {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	b.post(deactivate)
	if a := b.post(apiKeys + "/" + key.ID + "/activate"); a.Code != http.StatusSeeOther || !active() {
		t.Fatalf("%d %s", a.Code, a.text())
	}
}

// The log offers what a role may do: changes of keys are undone by owners only.
func TestOnlyOwnersAreOfferedToUndoChangesOfKeys(t *testing.T) {
	s := fairSite(t)
	owner, key := s.admin("ana", chat.Owner), s.key("shop", "Orders")
	owner.post(apiKeys + "/" + key.ID + "/deactivate")
	for name, b := range map[string]*browser{"owner": owner, "admin": s.admin("mia", chat.Manage)} {
		entry := b.get("/apps/shop/audit?what=keys").Find("[data-testid=event]").First()
		if offered := entry.Find("form").Length() == 1; offered != (name == "owner") {
			t.Errorf("%s: offered: %v", name, offered)
		}
		if name == "admin" && !strings.Contains(entry.Text(), "Only owners can undo this.") {
			t.Errorf("%s", entry.Text())
		}
	}
}
