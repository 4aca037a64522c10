package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const fair = "/apps/shop/conversations/fair"

// fairSite is a site with the app shop and the conversation fair, with maya, bob and kit in it; zoe is a user only.
func fairSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	dbtest.People(t, s.store)
	dbtest.App(t, s.store, "shop", "maya", "bob", "kit", "zoe")
	dbtest.Conversation(t, s.store, "shop", "fair", "maya", "bob", "kit")
	return s
}

func (s *site) participant(user chat.UserID) chat.Participant {
	s.t.Helper()
	p, err := s.store.Participant(s.t.Context(), chat.ParticipantRef{App: "shop", Conversation: "fair", User: user})
	if err != nil && chat.ReasonOf(err) != chat.ParticipantMissing {
		s.t.Fatal(err)
	}
	return p
}

// events are an app's events, newest first.
func (s *site) events() []chat.Event {
	s.t.Helper()
	p, err := s.store.Events(s.t.Context(), db.EventQuery{App: "shop", Window: db.Window{Limit: 500}})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Items
}

// says is the text of the toast on a page.
func (a answer) says() string { return strings.Join(strings.Fields(a.Find("#toasts").Text()), " ") }

func TestParticipantsAreListedFoundAndFiltered(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	a := b.get(fair)
	if a.Code != 200 || a.Find("[data-testid=participant]").Length() != 3 || !strings.Contains(a.text(), "3 participants are on the list") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a = b.get(fair + "?q=MÁY"); a.Find("[data-testid=participant]").Length() != 1 || !strings.Contains(a.text(), "Maya") {
		t.Fatalf("search: %s", a.text())
	}
	if a = b.get(fair + "?access=Read"); a.Find("[data-testid=participant]").Length() != 0 || !strings.Contains(a.text(), "Nobody here matches") {
		t.Fatalf("filter: %s", a.text())
	}
	if a = b.get("/apps/shop/conversations/nope"); a.Code != http.StatusNotFound {
		t.Fatal(a.Code)
	}
}

func TestChangingAParticipantInPlace(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	form := []string{"access", "Read", "was.access", "ReadWrite", "was.notify", "true", "back", fair + "?access=ReadWrite"}
	a := b.post(fair+"/participants/maya", form...)
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), fair+"?access=ReadWrite#p-") {
		t.Fatalf("%d %s", a.Code, a.Header.Get("Location"))
	}
	if p := s.participant("maya"); p.Access != chat.Read || p.Notify != chat.NotifyAll {
		t.Fatalf("%+v", p)
	}
	e := s.events()[0]
	if e.Type != chat.ParticipantUpdated || e.ActorName != "ana" || e.Source != chat.Dashboard || string(e.Before) != `{"access":"ReadWrite"}` || e.RequestID == "" {
		t.Fatalf("%+v", e)
	}
	page := b.get(fair)
	undo := page.Find("#toasts form")
	if !strings.Contains(page.says(), "Saved.") || undo.Length() != 1 {
		t.Fatalf("toast: %q", page.says())
	}
	// The same press again changes nothing; a press from a page that is out of date is refused.
	before := len(s.events())
	b.post(fair+"/participants/maya", form...)
	b.post(fair+"/participants/maya", "access", "None", "was.access", "ReadWrite", "was.notify", "true")
	if p := s.participant("maya"); p.Access != chat.Read || len(s.events()) != before {
		t.Fatalf("%+v", p)
	}
	if page = b.get(fair); !strings.Contains(page.says(), "ana changed this participant while you were looking: access is now “Read only”") {
		t.Fatalf("toast: %q", page.says())
	}
	action, _ := undo.Attr("action")
	if a = b.post(action, "back", fair); a.Code != http.StatusSeeOther || s.participant("maya").Access != chat.ReadWrite {
		t.Fatalf("undo: %d", a.Code)
	}
}

func TestARowAnswersWithARow(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	part := map[string]string{"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
	a := b.do(http.MethodPost, fair+"/participants/maya", "notify=false&was.access=ReadWrite&was.notify=true", part)
	html, _ := a.Html()
	if a.Code != 200 || !strings.Contains(html, "Saved.") || s.participant("maya").Notify != chat.NotifyNone {
		t.Fatalf("%d %s", a.Code, html)
	}
	if _, err := s.store.RemoveParticipant(t.Context(), dbtest.Tom, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	a = b.do(http.MethodPost, fair+"/participants/maya", "notify=true&was.access=ReadWrite&was.notify=false", part)
	if html, _ = a.Html(); a.Code != 200 || !strings.Contains(html, "Not saved. Tom removed this participant at") {
		t.Fatalf("%d %s", a.Code, html)
	}
}

func TestRemovingOneAndSeveralWithUndo(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	joined := s.participant("bob").JoinedAt
	if a := b.post(fair + "/participants/bob/remove"); a.Code != http.StatusSeeOther || s.participant("bob").Access != "" {
		t.Fatal(a.Code)
	}
	page := b.get(fair)
	if !strings.Contains(page.says(), "Bob was removed. While browsers may change conversations, they can come back by themselves.") {
		t.Fatalf("toast: %q", page.says())
	}
	action, _ := page.Find("#toasts form").Attr("action")
	if b.post(action, "back", fair); s.participant("bob").JoinedAt != joined {
		t.Fatal("undo brings back when they joined")
	}
	b.get(fair)
	a := b.post(fair+"/participants/bulk", "ids", "maya", "ids", "bob", "ids", "zoe", "do", "remove")
	page = b.get(a.Header.Get("Location"))
	if !strings.Contains(page.says(), "2 removed. 1 gone already.") || page.Find("[data-testid=participant]").Length() != 1 {
		t.Fatalf("%q", page.says())
	}
	form := page.Find("#toasts form")
	action, _ = form.Attr("action")
	batch, _ := form.Find("[name=batch]").Attr("value")
	b.post(action, "batch", batch, "back", fair)
	if page = b.get(fair); page.Find("[data-testid=participant]").Length() != 3 || !strings.Contains(page.says(), "Undone for 2.") {
		t.Fatalf("%q", page.says())
	}
	b.post(fair+"/participants/bulk", "ids", "maya", "ids", "bob", "do", "set", "set", "access Read")
	if s.participant("maya").Access != chat.Read || s.participant("bob").Access != chat.Read || s.participant("kit").Access != chat.ReadWrite {
		t.Fatal("access of the selected")
	}
}

func TestAddingPeople(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	found := b.get(fair + "/participants/add?q=o")
	if found.Find("[data-testid=found]").Length() == 0 {
		found = b.get(fair + "/participants/add?q=bob")
	}
	if !strings.Contains(found.text(), "Already a participant") && !strings.Contains(b.get(fair+"/participants/add?q=bob").text(), "Already a participant") {
		t.Fatalf("%s", found.text())
	}
	// An unknown id asks for a name, and keeps what was typed; nobody is added meanwhile.
	events := len(s.events())
	a := b.post(fair+"/participants", "list", "zoe; nina, bob", "access", "Read", "notify", "MentionsOnly")
	if a.Code != http.StatusUnprocessableEntity || a.Find("[data-testid=unknown] input[name='name.nina']").Length() != 1 || a.Find("textarea[name=list]").Text() != "zoe; nina, bob" {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if len(s.events()) != events {
		t.Fatal("something was changed")
	}
	a = b.post(fair+"/participants", "list", "zoe; nina, bob", "access", "Read", "notify", "MentionsOnly", "unknown", "nina", "name.nina", "Nina Simone")
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if p := s.participant("nina"); p.Access != chat.Read || p.Notify != chat.NotifyMentions || p.JoinedBy != "ana" {
		t.Fatalf("%+v", p)
	}
	if s.participant("bob").Access != chat.ReadWrite {
		t.Fatal("who was there keeps what they had")
	}
	if page := b.get(fair); !strings.Contains(page.says(), "2 added. 1 were participants already and keep what they have.") {
		t.Fatalf("%q", page.says())
	}
}

func TestViewersReadOnly(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	page := b.get(fair)
	if page.Code != 200 || page.Find("[data-testid=participant] button:not([disabled]):not([data-copy])").Length() != 0 || page.Find("a[href$='/participants/add']").Length() != 0 {
		t.Fatalf("a viewer is offered changes: %d", page.Code)
	}
	for _, path := range []string{"/participants/maya", "/participants/maya/remove", "/participants/bulk", "/participants", "/settings", "/delete"} {
		if a := b.post(fair+path, "access", "Read", "ids", "maya", "do", "remove"); a.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if s.participant("maya").Access != chat.ReadWrite {
		t.Fatal("changed")
	}
}

// A moderator changes who is in a conversation, and takes it back, and nothing else.
func TestModeratorsMindThePeople(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mo", chat.Moderator)
	page := b.get(fair)
	if page.Code != 200 || page.Find("[data-testid=participant] button:not([disabled]):not([data-copy])").Length() == 0 || page.Find("a[href$='/participants/add']").Length() == 0 {
		t.Fatalf("a moderator is offered nothing: %d", page.Code)
	}
	if a := b.post(fair+"/participants/maya", "access", "Read"); a.Code != http.StatusSeeOther || s.participant("maya").Access != chat.Read {
		t.Fatalf("%d %s", a.Code, s.participant("maya").Access)
	}
	events := s.events()
	if a := b.post(fmt.Sprintf("/apps/shop/audit/%d/undo", events[0].Seq)); a.Code != http.StatusSeeOther || s.participant("maya").Access != chat.ReadWrite {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	before := len(s.events())
	for _, path := range []string{fair + "/settings", fair + "/delete", "/apps/shop/users/new", "/apps/shop/settings/security", "/apps/shop/settings/keys/new", "/team/invite"} {
		if a := b.post(path, "subject", "x", "name", "x"); a.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	if a := b.post(fair+"/participants", "ids", "stranger", "stranger-name", "Stranger"); a.Code == http.StatusSeeOther {
		t.Error("a moderator created a user")
	}
	if len(s.events()) != before {
		t.Error("changed")
	}
}
