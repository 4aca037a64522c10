package dashboard_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
)

const trash = "/apps/shop/trash"

func TestADeletionIsUndoneFromTheToastAndTheTrash(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	for name, x := range map[string]struct{ there, on string }{
		"conversation": {fair, "/apps/shop/conversations"},
		"user":         {"/apps/shop/users/bob", "/apps/shop/users"},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.events())
			if a := b.get(x.there + "/delete"); a.Code != http.StatusOK || !strings.Contains(a.text(), "30 days") || a.Find("input[name=confirm]").Length() != 0 || len(s.events()) != before {
				t.Fatal(a.Code, a.text())
			}
			for _, way := range []string{"toast", "trash"} {
				a := b.post(x.there + "/delete")
				if a.Code != http.StatusSeeOther || a.Header.Get("Location") != x.on {
					t.Fatal(a.Code, a.Header)
				}
				page := b.get(x.on)
				if !strings.Contains(page.says(), "30 days") {
					t.Error(page.says())
				}
				if a := b.get(x.there); a.Code != http.StatusNotFound {
					t.Error(a.Code)
				}
				list := b.get(trash)
				if list.Find("[data-testid=trashed]").Length() != 1 || !strings.Contains(list.text(), "Deleted by ana") && !strings.Contains(list.text(), "Deleted by Ana") {
					t.Error(list.text())
				}
				if way == "toast" {
					if a := b.undoShown(page); a.Code != http.StatusSeeOther || a.Header.Get("Location") != x.there {
						t.Error(a.Code, a.Header)
					}
				} else {
					action := list.Find("form[action*='/restore']").AttrOr("action", "")
					if a := b.post(action); a.Code != http.StatusSeeOther {
						t.Error(a.Code)
					}
					if a := b.get(trash); !strings.Contains(a.says(), "Restored: ") {
						t.Error(a.says())
					}
				}
				if a := b.get(x.there); a.Code != http.StatusOK {
					t.Error(way, a.Code)
				}
				if a := b.get(trash); a.Find("[data-testid=trashed]").Length() != 0 {
					t.Error(a.text())
				}
			}
		})
	}
	if p := s.participant("bob"); p.Access != chat.ReadWrite {
		t.Errorf("%+v", p)
	}
}

func TestPurgeAsksForTheIDAndThePassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(fair + "/delete")
	purge := b.get(trash).Find("a[href*='/purge']").AttrOr("href", "")
	viewer := s.admin("vic", chat.Viewer)
	if a := viewer.get(trash); a.Code != http.StatusOK || a.Find("form[action*='/restore'], a[href*='/purge']").Length() != 0 {
		t.Error("a viewer is offered what they may not")
	}
	s.clock.Add(time.Hour) // since the password was given
	if a := b.get(purge); a.Code != http.StatusOK || a.Find("input[name=password]").Length() != 1 || a.Find("input[name=confirm]").Length() != 1 {
		t.Fatal(a.text())
	}
	before := len(s.events())
	for name, form := range map[string][]string{
		"nothing":          nil,
		"another id":       {"confirm", "fai", "password", password},
		"no password":      {"confirm", "fair"},
		"a wrong password": {"confirm", "fair", "password", "nope nope nope"},
	} {
		if a := b.post(purge, form...); a.Code != http.StatusUnprocessableEntity || a.Find("[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	if a := b.get(trash); a.Find("[data-testid=trashed]").Length() != 1 || len(s.events()) != before {
		t.Error("a refusal changed something")
	}
	if a := b.post(purge, "confirm", "fair", "password", password); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code, a.text())
	}
	if a := b.get(trash); a.Find("[data-testid=trashed]").Length() != 0 || !strings.Contains(a.says(), "Purged: ") {
		t.Error(a.text())
	}
	if a := b.post(strings.Replace(purge, "/purge", "/restore", 1)); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
}

func TestATakenIDIsSaidInTheTrash(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(fair + "/delete")
	b.post("/apps/shop/conversations/new", "id", "fair")
	page := b.get(trash)
	if page.Find("form[action*='/restore']").Length() != 0 || page.Find("[data-testid=trashed] a[href='"+fair+"']").Length() != 1 {
		t.Error(page.text())
	}
	restore := strings.Replace(page.Find("a[href*='/purge']").AttrOr("href", ""), "/purge", "/restore", 1)
	b.post(restore) // from a stale tab
	if a := b.get(trash); !strings.Contains(a.says(), "belongs to another conversation by now") || a.Find("[data-testid=trashed]").Length() != 1 {
		t.Error(a.says())
	}
}

func TestEraseAsksForTheIDAndThePassword(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	const erase = "/apps/shop/users/bob/erase"
	s.clock.Add(time.Hour)
	if a := b.get(erase); a.Code != http.StatusOK || !strings.Contains(a.text(), "This can’t be undone. It removes, for good:") || !strings.Contains(a.text(), "1 place on a list") {
		t.Fatal(a.text())
	}
	if a := b.get(erase); !strings.Contains(a.text(), "Erasing doesn’t reach backups made before") || strings.Contains(a.text(), "result file") {
		t.Error(a.text())
	}
	owner := s.admin("olga", chat.Owner)
	if a := owner.post("/apps/shop/settings/export", "password", password); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code, a.text())
	}
	results := func() (files int) {
		t.Helper()
		jobs, err := s.store.Jobs(t.Context(), db.JobQuery{App: "shop"})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs.Items {
			if j.HasFile(s.clock.Now()) {
				files++
			}
		}
		return files
	}
	for results() == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	if a := b.get(erase); !strings.Contains(a.text(), "1 result file of an export, since they may be in it") {
		t.Error(a.text())
	}
	for name, form := range map[string][]string{"another id": {"confirm", "maya", "password", password}, "no password": {"confirm", "bob"}} {
		if a := b.post(erase, form...); a.Code != http.StatusUnprocessableEntity || a.Find("[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	if a := b.get("/apps/shop/users/bob"); a.Code != http.StatusOK {
		t.Error("a refusal erased them")
	}
	if results() != 1 {
		t.Error("a refusal removed a result")
	}
	if a := b.post(erase, "confirm", "bob", "password", password); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code, a.text())
	}
	if a := b.get("/apps/shop/users/bob"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	if files, err := os.ReadDir(s.store.JobFiles()); err != nil || results() != 0 || len(files) != 0 {
		t.Errorf("results are left: %v %v", files, err)
	}
	audit := b.get("/apps/shop/audit").text()
	if strings.Contains(audit, "Bob") || strings.Contains(audit, "bob") || !strings.Contains(audit, "erased a person") || !strings.Contains(audit, "Erased user") {
		t.Error(audit)
	}
}

func TestBanAndLift(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mo", chat.Moderator)
	const bob = "/apps/shop/users/bob"
	if a := b.get(bob + "/ban"); a.Code != http.StatusOK || !strings.Contains(a.text(), "Removed from 1 conversation. Their messages stay.") {
		t.Fatal(a.text())
	}
	before := len(s.events())
	if a := b.post(bob+"/ban", "for", "never", "reason", strings.Repeat("x", 600)); a.Code != http.StatusUnprocessableEntity || a.Find("[aria-invalid]").Length() != 1 || len(s.events()) != before {
		t.Error(a.Code, a.text())
	}
	if a := b.post(bob+"/ban", "for", "until_lifted", "reason", "Spam"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != bob {
		t.Fatal(a.Code)
	}
	page := b.get(bob)
	if text := page.text(); !strings.Contains(page.says(), "Bob is banned from all conversations.") || !strings.Contains(text, "Reason: Spam") || !strings.Contains(text, "On no list.") {
		t.Error(text)
	}
	if s.participant("bob").Access != "" {
		t.Error("still on the list")
	}
	if a := b.get("/apps/shop/users?show=banned"); a.Find("[data-testid=ban]").Length() != 1 || !strings.Contains(a.text(), "Spam") {
		t.Error(a.text())
	}
	if a := b.get("/apps/shop/users"); !strings.Contains(a.Find("[data-testid=user]:contains(Bob)").Text(), "Banned") {
		t.Error(a.text())
	}
	found := b.get(fair + "/participants/add?q=bob")
	if row := found.Find("[data-testid=found]"); !strings.Contains(row.Text(), "Banned from all conversations") || row.Find("input[disabled]").Length() != 1 {
		t.Error(row.Text())
	}
	if a := b.post(fair+"/participants", "list", "bob"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "“bob” is banned from all conversations.") {
		t.Error(a.Code, a.text())
	}
	if a := b.get(fair + "/rights?user=bob"); !strings.Contains(a.text(), "They are banned from all conversations of this app.") {
		t.Error(a.text())
	}
	if a := b.undoShown(page); a.Code != http.StatusSeeOther {
		t.Error(a.Code)
	}
	if s.participant("bob").Access != chat.ReadWrite {
		t.Error("the undo didn't bring them back")
	}
	b.post(bob+"/ban", "for", "day")
	if a := b.get(bob + "/lift"); a.Code != http.StatusOK || a.Find("input[name=putBack][checked]").Length() != 1 {
		t.Error(a.text())
	}
	if a := b.post(bob + "/lift"); a.Code != http.StatusSeeOther {
		t.Error(a.Code)
	}
	if s.participant("bob").Access != "" {
		t.Error("lifted without their places, and back all the same")
	}
	if a := b.get(bob + "/lift"); a.Code != http.StatusSeeOther {
		t.Error(a.Code)
	}
}
