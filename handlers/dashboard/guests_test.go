package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

var zoe = chat.ParticipantRef{App: "shop", Conversation: "fair", User: "zoe"}

func (s *site) blocks() []chat.GuestBlock {
	s.t.Helper()
	p, err := s.store.GuestBlocks(s.t.Context(), "shop", "fair", db.Window{Limit: 50})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Items
}

// undoShown presses Undo of the toast on a page.
func (b *browser) undoShown(page answer) answer {
	b.site.t.Helper()
	form := page.Find("#toasts form")
	action, ok := form.Attr("action")
	if !ok {
		b.site.t.Fatalf("no undo: %q", page.says())
	}
	batch, _ := form.Find("[name=batch]").Attr("value")
	back, _ := form.Find("[name=back]").Attr("value")
	return b.post(action, "back", back, "batch", batch)
}

func TestShowingAGuestOut(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	ask := b.get(fair + "/guests/zoe/show-out")
	if ask.Code != 200 || ask.Find("[data-dialog-content] form").AttrOr("action", "") != fair+"/guests/zoe/show-out" || ask.Find("input[name=for][checked]").AttrOr("value", "") != "hour" {
		t.Fatalf("%d %s", ask.Code, ask.text())
	}
	if !strings.Contains(ask.text(), "they can come back under another user ID") {
		t.Error("the page doesn't say how they could come back")
	}
	a := b.post(fair+"/guests/zoe/show-out", "for", "day", "reason", " Advertises ")
	if a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair+"/guests" {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	blocks := s.blocks()
	if len(blocks) != 1 || blocks[0].User != "zoe" || blocks[0].Reason != "Advertises" || blocks[0].By != "ana" || blocks[0].Until.Sub(s.clock.Now()) != 24*time.Hour {
		t.Fatalf("%+v", blocks)
	}
	if e := s.events()[0]; e.Type != chat.GuestBlocked || e.User != "zoe" || e.ActorName != "ana" || e.Source != chat.Dashboard {
		t.Fatalf("%+v", e)
	}
	page := b.get(fair + "/guests")
	if row := page.Find("[data-testid=block]"); row.Length() != 1 || !strings.Contains(row.Text(), "Advertises") || !strings.Contains(row.Text(), "Zoe") || !strings.Contains(page.says(), "Zoe was shown out.") {
		t.Fatalf("%s", page.text())
	}
	// Undo takes it back, and undoing that shows them out again.
	if b.undoShown(page); len(s.blocks()) != 0 {
		t.Fatal("undo did not lift it")
	}
	if b.get(fair + "/guests"); s.events()[0].Type != chat.GuestUnblocked {
		t.Fatal("no event")
	}
	// Lifting, and undo of it.
	b.post(fair+"/guests/zoe/show-out", "for", string(chat.BlockUntilLifted))
	b.get(fair + "/guests")
	if a = b.post(fair + "/guests/zoe/lift"); a.Code != http.StatusSeeOther || len(s.blocks()) != 0 {
		t.Fatal(a.Code)
	}
	if page = b.get(fair + "/guests"); !strings.Contains(page.says(), "Lifted. Zoe can come in again") {
		t.Fatal(page.says())
	}
	if b.undoShown(page); len(s.blocks()) != 1 || !s.blocks()[0].Until.IsZero() {
		t.Fatalf("%+v", s.blocks())
	}
	// A second press says that there was nothing to do.
	b.post(fair + "/guests/zoe/lift")
	b.get(fair + "/guests")
	events := len(s.events())
	b.post(fair + "/guests/zoe/lift")
	if page = b.get(fair + "/guests"); !strings.Contains(page.says(), "did not stand any more") || len(s.events()) != events {
		t.Fatal(page.says(), events, s.events()[0])
	}
}

func TestShowingOutIsRefusedWhereItMakesNoSense(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	events := len(s.events())
	for _, form := range [][]string{{"for", "year"}, {"for", ""}, {"for", "hour", "reason", strings.Repeat("x", 501)}} {
		if a := b.post(fair+"/guests/zoe/show-out", form...); a.Code != http.StatusUnprocessableEntity || a.Find("[data-dialog-content]").Length() != 1 {
			t.Errorf("%q: %d", form, a.Code)
		}
	}
	if a := b.post(fair+"/guests/maya/show-out", "for", "hour"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "is on the list of this conversation") {
		t.Errorf("a participant: %d %s", a.Code, a.text())
	}
	for _, path := range []string{fair + "/guests/nobody/show-out", "/apps/shop/conversations/nope/guests/zoe/show-out", "/apps/other/conversations/fair/guests/zoe/show-out"} {
		if a := b.post(path, "for", "hour"); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if len(s.blocks()) != 0 || len(s.events()) != events {
		t.Error("something was changed")
	}
}

func TestPromotingAGuestPutsThemOnTheList(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	b.post(fair+"/guests/zoe/show-out", "for", string(chat.BlockUntilLifted))
	b.get(fair + "/guests")
	if a := b.post(fair + "/guests/zoe/promote"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair+"/guests" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if p := s.participant("zoe"); p.Access != chat.ReadWrite || p.JoinedBy != "ana" || len(s.blocks()) != 0 {
		t.Fatalf("%+v %+v", p, s.blocks())
	}
	page := b.get(fair + "/guests")
	if !strings.Contains(page.says(), "Zoe is a participant now and can read and write. The messages they wrote as a guest stay theirs.") {
		t.Fatal(page.says())
	}
	if b.undoShown(page); s.participant("zoe").Access != "" {
		t.Fatal("undo")
	}
	b.get(fair + "/guests")
	if _, err := s.store.PutParticipant(t.Context(), dbtest.Tom, zoe, chat.ParticipantChange{Access: chat.Some(chat.Read)}); err != nil {
		t.Fatal(err)
	}
	b.post(fair + "/guests/zoe/promote")
	if page = b.get(fair + "/guests"); !strings.Contains(page.says(), "They are a participant already.") || s.participant("zoe").Access != chat.Read {
		t.Fatal(page.says())
	}
}

func TestTheGuestsTabSaysWhoIsLetIn(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	page := b.get(fair + "/guests")
	if page.Code != 200 || !strings.Contains(page.text(), "No guest is in now") || page.Find("a[aria-current=page]:contains(Guests)").Length() != 1 {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	form := page.Find("#guest-access-form form")
	was, _ := form.Find("[name=was]").Attr("value")
	if a := b.post(form.AttrOr("action", ""), "only", "guests", "was", was, "back", fair+"/guests", "guests", "Never"); a.Header.Get("Location") != fair+"/guests" {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	if page = b.get(fair + "/guests"); !strings.Contains(page.text(), "Guests are not let in here") || !strings.Contains(page.text(), "this conversation forbids it") {
		t.Fatal(page.text())
	}
	// Somebody else's newer word is not overwritten.
	if a := b.post(form.AttrOr("action", ""), "only", "guests", "was", was, "guests", "Read"); a.Code != http.StatusUnprocessableEntity {
		t.Fatal(a.Code)
	}
	if a := b.get(fair + "/guests/access?to=Sometimes"); a.Code != http.StatusBadRequest {
		t.Error(a.Code)
	}
}

func TestViewersOfGuestsReadOnly(t *testing.T) {
	s := fairSite(t)
	if _, err := s.store.BlockGuest(t.Context(), dbtest.Tom, zoe, chat.NewGuestBlock{For: chat.BlockHour}); err != nil {
		t.Fatal(err)
	}
	b := s.admin("vic", chat.Viewer)
	page := b.get(fair + "/guests")
	if page.Code != 200 || page.Find("[data-testid=block]").Length() != 1 || page.Find("#main form[method=post] button").Length() != 0 || page.Find("#main input[type=radio]:not([disabled])").Length() != 0 {
		t.Fatalf("a viewer is offered changes: %d", page.Code)
	}
	for _, path := range []string{"/guests/zoe/show-out", "/guests/zoe/lift", "/guests/zoe/promote", "/settings"} {
		if a := b.post(fair+path, "for", "hour", "only", "guests", "guests", "Never"); a.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if len(s.blocks()) != 1 || s.participant("zoe").Access != "" {
		t.Error("changed")
	}
}

func TestWhoChangedTheGuestAccessLast(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	says := func(want string) {
		t.Helper()
		for _, tab := range []string{"/guests", "/settings"} {
			if got := b.get(fair + tab).Find("[data-testid=guests-changed]").Text(); got != want {
				t.Errorf("%s says %q, want %q", tab, got, want)
			}
		}
	}
	says("Never changed.")
	guests := func(to chat.ConversationGuests) {
		t.Helper()
		if _, err := s.store.EditConversation(t.Context(), dbtest.Tom, "shop", "fair", chat.ConversationChange{Guests: chat.Some(to)}, chat.ConversationChange{}); err != nil {
			t.Fatal(err)
		}
	}
	guests(chat.GuestsRead)
	says("Changed just now by Tom.")
	s.clock.Add(3 * time.Hour)
	if _, err := s.store.EditConversation(t.Context(), dbtest.Ana, "shop", "fair", chat.ConversationChange{Subject: chat.Some("Fair")}, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
	says("Changed 3 h ago by Tom.")
	guests(chat.GuestsInherit)
	says("Changed just now by Tom.")
}
