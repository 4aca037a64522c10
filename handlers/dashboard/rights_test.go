package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const rights = "/apps/shop/conversations/fair/rights"

// cells are the rows of a table of rights: yes or no, by column.
func cells(rows *selection) (all []string) {
	rows.Each(func(_ int, row *selection) {
		line := ""
		row.Find("td").Each(func(_ int, cell *selection) {
			if strings.Contains(cell.Text(), "Yes") {
				line += "y"
			} else {
				line += "n"
			}
		})
		all = append(all, line)
	})
	return all
}

func TestWhoCanDoWhatHere(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	// Rows: read, write, add, remove, join, enter as a guest. Columns: can write, can read, not on the list, guest.
	if got := strings.Join(cells(b.get(rights).Find("[data-testid=right]")), " "); got != "yyny ynny ynnn ynnn yyyy yyyy" {
		t.Errorf("open: %s", got)
	}
	b.post(security, with(b.get(security).form(security), "disallowConversationSync", "true")...)
	page := b.get(rights)
	if got := strings.Join(cells(page.Find("[data-testid=right]")), " "); got != "yynn ynnn nnnn nnnn yynn yynn" {
		t.Errorf("box 2 ticked: %s", got)
	}
	if !strings.Contains(page.text(), "Conversation synchronization via the browser is disallowed.") {
		t.Error("the rule is not named")
	}
}

func TestTheRightsOfOneUser(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	kit := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "kit"}
	look := func(user, standing, want string) {
		t.Helper()
		panel := b.get(rights + "?user=" + user).Find("[data-testid=person-rights]")
		if got := strings.Join(cells(panel.Find("[data-testid=right]")), " "); got != want || !strings.Contains(panel.Text(), standing) {
			t.Errorf("%s: %s, %s", user, got, panel.Find("p").Text())
		}
	}
	look("kit", "On the list: Read & write.", "y y y y y y")
	look("zoe", "Not on the list.", "ny ny nn nn yy yy")
	change := func(access chat.Access) {
		t.Helper()
		if _, err := s.store.ChangeParticipant(t.Context(), dbtest.Tom, kit, chat.ParticipantChange{Access: chat.Some(access)}, chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	change(chat.Read)
	look("kit", "On the list: Read only.", "y n n n y y")
	change(chat.AccessNone)
	look("kit", "Kept out", "n n n n n n")
	if a := b.get(rights + "?user=nobody"); a.Code != http.StatusOK || !strings.Contains(a.text(), "There is no user “nobody”") || a.Find("[aria-invalid]").Length() != 1 {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.get("/apps/shop/conversations/nope/rights"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
}

func TestAGuestWhoWasShownOutHasNoRights(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	if _, err := s.store.BlockGuest(t.Context(), dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "zoe"}, chat.NewGuestBlock{For: chat.BlockDay}); err != nil {
		t.Fatal(err)
	}
	panel := b.get(rights + "?user=zoe").Find("[data-testid=person-rights]")
	if got := strings.Join(cells(panel.Find("[data-testid=right]")), " "); got != "nn nn nn nn nn nn" || !strings.Contains(panel.Text(), "shown out") {
		t.Errorf("%s %s", got, panel.Text())
	}
}

func TestAUsersPageSaysWhatTheyCanDo(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	if got := strings.Join(cells(b.get("/apps/shop/users/maya").Find("[data-testid=right]")), " "); got != "y y y y y y" {
		t.Errorf("in the conversation that they are in: %s", got)
	}
	page := b.get("/apps/shop/users/zoe")
	if page.Find("[data-testid=right]").Length() != 0 || page.Find("#who-can input[name=in]").Length() != 1 {
		t.Error("who is in no conversation has nothing to look up, or nothing is shown")
	}
	if got := strings.Join(cells(b.get("/apps/shop/users/zoe?in=fair").Find("[data-testid=right]")), " "); got != "ny ny nn nn yy yy" {
		t.Error(got)
	}
	if page := b.get("/apps/shop/users/zoe?in=nope"); page.Code != http.StatusOK || !strings.Contains(page.text(), "There is no conversation “nope”") {
		t.Errorf("%d %s", page.Code, page.text())
	}
}
