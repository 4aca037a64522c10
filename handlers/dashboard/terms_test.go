package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/pages"
)

const terms = fair + "/participants/maya/terms"

// saveTerms posts the form of the page as it stands, with other values.
func (b *browser) saveTerms(path string, values ...string) answer {
	b.site.t.Helper()
	form := b.get(path).Find("form[action$=terms]")
	return b.post(path, append([]string{"was", form.Find("[name=was]").AttrOr("value", ""), "back", fair}, values...)...)
}

func TestEndsAndCutsAreChangedInPlace(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mod", chat.Moderator)
	at := s.clock.Now().AddDate(0, 0, 20)
	a := b.saveTerms(terms, "until", at.Format("2006-01-02T15:04"), "history", "days", "days", "7")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), fair+"#p-") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if p := s.participant("maya"); !p.Until.Equal(at) || !p.HistoryFrom.Equal(s.clock.Now().AddDate(0, 0, -7)) {
		t.Errorf("%+v", p)
	}
	page := b.get(fair)
	if chips := strings.Join(strings.Fields(page.Find("[data-testid=terms]").Text()), " "); chips != "until 3 Apr history since 7 Mar" {
		t.Errorf("%q", chips)
	}
	if !strings.Contains(s.undoOn(b, page), "Undone") || !s.participant("maya").Until.IsZero() {
		t.Error("not undone")
	}
	before := len(s.events())
	for name, values := range map[string][]string{
		"a past end": {"until", "2020-01-01T10:00", "history", "all"}, "no moment": {"until", "soon", "history", "all"}, "no days": {"history", "days", "days", "x"},
		"too many days": {"history", "days", "days", "99999"}, "another history": {"history", "some"},
	} {
		if a := b.saveTerms(terms, values...); a.Code != http.StatusUnprocessableEntity || a.Find("[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %d %s", name, a.Code, a.text())
		}
	}
	if len(s.events()) != before {
		t.Error("a refused change left something")
	}
	// Two admins: the second one's form is from before the first one's change.
	form := b.get(terms).Find("[name=was]").AttrOr("value", "")
	if a := b.saveTerms(terms, "until", at.Format("2006-01-02T15:04"), "history", "all"); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if a := b.post(terms, "was", form, "until", at.AddDate(0, 1, 0).Format("2006-01-02T15:04"), "history", "all"); a.Code != http.StatusUnprocessableEntity || !s.participant("maya").Until.Equal(at) {
		t.Errorf("a stale form: %d %s", a.Code, a.text())
	}
	if a := b.get(fair + "/rights?user=maya"); !strings.Contains(a.Find("[data-testid=person-rights]").Text(), "Until 3 April 2026") {
		t.Error(a.Find("[data-testid=person-rights]").Text())
	}
}

// undoOn presses the Undo of a page's toast, and gives what is said then.
func (s *site) undoOn(b *browser, page answer) string {
	s.t.Helper()
	undo := page.Find("#toasts form")
	values := []string{"back", fair}
	if batch := undo.Find("[name=batch]").AttrOr("value", ""); batch != "" {
		values = append(values, "batch", batch)
	}
	if a := b.post(undo.AttrOr("action", ""), values...); a.Code != http.StatusSeeOther {
		s.t.Fatalf("%d %s", a.Code, a.text())
	}
	return b.get(fair).says()
}

func TestPeopleAreAddedForATimeAndFromNow(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mod", chat.Moderator)
	if a := b.get(fair + "/participants/add"); !strings.Contains(a.text(), "added again sees the whole history") {
		t.Error(a.text())
	}
	a := b.post(fair+"/participants", "list", "zoe", "access", "Read", "notify", "true", "until", "2026-05-01T08:00", "history", "now")
	if a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if p := s.participant("zoe"); p.Access != chat.Read || !p.Until.Equal(time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)) || !p.HistoryFrom.Equal(s.clock.Now()) {
		t.Errorf("%+v", p)
	}
	if a := b.post(fair+"/participants", "list", "kit", "until", "2001-05-01T08:00", "history", "now"); a.Code != http.StatusUnprocessableEntity || a.Find("#until[aria-invalid]").Length() != 1 {
		t.Errorf("%d %s", a.Code, a.text())
	}
}

func TestEndingsAreExtendedTogether(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mod", chat.Moderator)
	for i, user := range []string{"maya", "bob"} {
		if a := b.saveTerms(fair+"/participants/"+user+"/terms", "until", s.clock.Now().AddDate(0, 0, 2+10*i).Format("2006-01-02T15:04"), "history", "all"); a.Code != http.StatusSeeOther {
			t.Fatal(a.Code)
		}
	}
	const endings = "/apps/shop/endings"
	for query, want := range map[string]int{"": 2, "?within=7": 1, "?user=bob": 1, "?conversation=fair": 2, "?conversation=nope": 0, "?within=x": 2} {
		if a := b.get(endings + query); a.Code != 200 || a.Find("[data-testid=ending]").Length() != want {
			t.Errorf("%s: %d %s", query, a.Code, a.text())
		}
	}
	was := map[chat.UserID]time.Time{"maya": s.participant("maya").Until, "bob": s.participant("bob").Until}
	ids := []string{"ids", pages.EndingValue("fair", "maya"), "ids", pages.EndingValue("fair", "bob"), "ids", pages.EndingValue("fair", "kit")}
	events := len(s.events())
	for name, form := range map[string][]string{"no days": {"extend", "soon"}, "no moment": {"extend", "to"}, "the past": {"extend", "to", "to", "2020-01-01T10:00"}} {
		if a := b.post(endings, append(form, ids...)...); a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	if a := b.post(endings, "extend", "7"); a.Code != http.StatusSeeOther || !strings.Contains(b.get(endings).says(), "Nobody was selected") {
		t.Error(a.Code)
	}
	if len(s.events()) != events {
		t.Error("a refused change left something")
	}
	if a := b.post(endings, append([]string{"extend", "30"}, ids...)...); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	for user, at := range was {
		if got := s.participant(user).Until; !got.Equal(at.AddDate(0, 0, 30)) {
			t.Errorf("%s: %s", user, got)
		}
	}
	a := b.get(endings)
	if !strings.Contains(a.says(), "2 extended. 1 were left as they are.") {
		t.Error(a.says())
	}
	if !strings.Contains(s.undoOn(b, a), "Undone for 2") {
		t.Error("not undone")
	}
	for user, at := range was {
		if got := s.participant(user).Until; !got.Equal(at) {
			t.Errorf("undone, %s: %s", user, got)
		}
	}
	if a := s.admin("vic", chat.Viewer).get(endings); a.Find("[data-testid=ending]").Length() != 2 || a.Find("form[method=post][action*=endings]").Length() != 0 {
		t.Error("a viewer is offered to extend")
	}
}

func TestGuestsUntil(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Owner)
	guests := fair + "/guests"
	conv := func() chat.Conversation {
		c, err := s.store.Conversation(t.Context(), "shop", "fair")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if a := b.post(guests+"/until", "by", "7"); a.Code != http.StatusSeeOther || !conv().GuestsUntil.Equal(s.clock.Now().AddDate(0, 0, 7)) {
		t.Fatalf("%d %+v", a.Code, conv())
	}
	if a := b.get(guests); !strings.Contains(a.Find("[data-testid=guests]").Text(), "until 21 Mar") {
		t.Error(a.Find("[data-testid=guests]").Text())
	}
	if a := b.get("/apps/shop/endings"); a.Find("[data-testid=guest-ending]").Length() != 1 {
		t.Error(a.text())
	}
	if a := b.post(guests+"/until", "until", "2020-01-01T00:00"); a.Code != http.StatusBadRequest && a.Code != http.StatusUnprocessableEntity {
		t.Errorf("the past: %d", a.Code)
	}
	s.clock.Add(8 * 24 * time.Hour)
	b = s.again("ana")
	a := b.get(guests)
	if !strings.Contains(a.Find("[data-testid=guests]").Text(), "Guests are not let in") || !strings.Contains(a.text(), "their time in this conversation is over") {
		t.Error(a.Find("#who-can-get-in").Text())
	}
	form := a.Find("#who-can-get-in form")
	if a := b.post(form.AttrOr("action", ""), "only", "guests", "guests", form.Find("[name=guests]").AttrOr("value", ""), "was", form.Find("[name=was]").AttrOr("value", "")); a.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if c := conv(); !c.GuestsUntil.IsZero() || c.Guests != chat.GuestsInherit {
		t.Errorf("%+v", c)
	}
	if a := b.get(fair + "/history"); !strings.Contains(a.text(), "changed the end of guest access of") {
		t.Error(a.text())
	}
}
