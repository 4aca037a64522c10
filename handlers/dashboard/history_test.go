package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// past is a site whose list changed after a moment: bob went, zoe came, kit may only read.
func pastSite(t *testing.T) (*site, string) {
	t.Helper()
	s := fairSite(t)
	s.clock.Add(time.Hour)
	at := s.clock.Now()
	s.clock.Add(time.Hour)
	ref := func(user chat.UserID) chat.ParticipantRef {
		return chat.ParticipantRef{App: "shop", Conversation: "fair", User: user}
	}
	_, err1 := s.store.RemoveParticipant(t.Context(), dbtest.Tom, ref("bob"))
	_, err2 := s.store.PutParticipant(t.Context(), dbtest.Backend("shop"), ref("zoe"), chat.ParticipantChange{})
	_, err3 := s.store.PutParticipant(t.Context(), dbtest.Tom, ref("kit"), chat.ParticipantChange{Access: chat.Some(chat.Read)})
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	s.clock.Add(time.Hour)
	return s, at.Format("2006-01-02T15:04")
}

func TestTheListOfAMoment(t *testing.T) {
	s, at := pastSite(t)
	b := s.admin("vic", chat.Viewer)
	a := b.get(fair + "/history/at?at=" + at)
	if a.Code != 200 || a.Find("[data-testid=was-in]").Length() != 3 || !strings.Contains(a.text(), "3 participants were on the list") || !strings.Contains(a.text(), "Bob") || strings.Contains(a.Find("#results").Text(), "Zoe") {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if !strings.Contains(a.text(), "Guests could read and write then") || !strings.Contains(a.text(), "Whoever knew the ID could put themselves on the list then") {
		t.Error(a.text())
	}
	for query, want := range map[string]int{"&access=Read": 0, "&access=ReadWrite": 3, "&q=bob": 1, "&q=zoe": 0} {
		if a := b.get(fair + "/history/at?at=" + at + query); a.Find("[data-testid=was-in]").Length() != want {
			t.Errorf("%s: %s", query, a.Find("#results").Text())
		}
	}
	for _, bad := range []string{"nonsense", "2040-01-01T10:00", "1066-10-14T09:00"} {
		if a := b.get(fair + "/history/at?at=" + bad); a.Code != http.StatusUnprocessableEntity || a.Find("#at[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %d %s", bad, a.Code, a.text())
		}
		if a := b.get(fair + "/history/difference?at=" + bad); a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, a.Code)
		}
		if a := b.get("/apps/shop/users/bob/history?at=" + bad); a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, a.Code)
		}
	}
	if a := b.get(fair + "/history/at"); a.Code != 200 || !strings.Contains(a.text(), "Choose a moment") {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.get(fair + "/history/at?at=2026-01-01T00:00"); !strings.Contains(a.text(), "There was no such conversation then") {
		t.Error(a.text())
	}
}

func TestADifferenceIsRestoredAndUndone(t *testing.T) {
	s, at := pastSite(t)
	viewer, b := s.admin("vic", chat.Viewer), s.admin("mod", chat.Moderator)
	a := b.get(fair + "/history/difference?at=" + at)
	if a.Code != 200 || a.Find("[data-testid=move]").Length() != 3 || a.Find("form[action$=restore]").Length() != 1 {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if a.Find(`[name="part.in"][checked]`).Length() != 0 || a.Find(`[name="part.out"][checked]`).Length() != 1 {
		t.Error("removals are ticked by themselves, or what is added isn't")
	}
	if a := viewer.get(fair + "/history/difference?at=" + at); a.Find("form[action$=restore]").Length() != 0 {
		t.Error("a viewer is offered to restore")
	}
	form := []string{"at", at, "seen.in", "1", "seen.out", "1", "seen.change", "1", "part.in", "true", "part.out", "true", "part.change", "true"}
	stale := append([]string{}, form...)
	stale[3] = "2"
	events := len(s.events())
	if a := b.post(fair+"/history/restore", stale...); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "The list changed while you were looking") {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if len(s.events()) != events {
		t.Error("a refused restoration changed something")
	}
	if a := b.post(fair+"/history/restore", form...); a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair {
		t.Fatalf("%d %s", a.Code, a.text())
	}
	if s.participant("bob").Access != chat.ReadWrite || s.participant("zoe").Access != "" || s.participant("kit").Access != chat.ReadWrite {
		t.Error("not restored")
	}
	a = b.get(fair)
	if !strings.Contains(a.says(), "List restored: 3 changed.") {
		t.Error(a.says())
	}
	undo := a.Find("#toasts form")
	if a := b.post(undo.AttrOr("action", ""), "batch", undo.Find("[name=batch]").AttrOr("value", ""), "back", fair); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if s.participant("bob").Access != "" || s.participant("zoe").Access != chat.ReadWrite || s.participant("kit").Access != chat.Read {
		t.Error("not undone as one")
	}
	nothing := b.post(fair+"/history/restore", form[:8]...)
	if nothing.Code != http.StatusSeeOther || !strings.Contains(b.get(fair).says(), "Nothing was ticked") {
		t.Error(nothing.Code)
	}
}

func TestTheHistoryOfAPerson(t *testing.T) {
	s, at := pastSite(t)
	b := s.admin("vic", chat.Viewer)
	a := b.get("/apps/shop/users/bob/history?at=" + at)
	if a.Code != 200 || !strings.Contains(a.Find("[data-testid=places-then]").Text(), "On 1 list then") || a.Find("[data-testid=event]").Length() != 2 {
		t.Errorf("%d %s", a.Code, a.text())
	}
	if a := b.get("/apps/shop/users/bob/history?at=" + url.QueryEscape(s.clock.Now().Format("2006-01-02T15:04"))); !strings.Contains(a.text(), "On 0 lists then") {
		t.Error(a.text())
	}
	if a := b.get("/apps/shop/users/nobody/history"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
	if a := b.get(fair + "/history?what=people&door=rest"); a.Find("[data-testid=event]").Length() != 1 {
		t.Error(a.text())
	}
	if a := b.get(fair + "/history?what=guests"); a.Find("[data-testid=event]").Length() != 0 || !strings.Contains(a.text(), "No change matches") {
		t.Error(a.text())
	}
}

// A restoration of more people than one change may be is a job, whose page says how far it is.
func TestALongRestorationIsAJob(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mod", chat.Moderator)
	at := s.clock.Now().Add(time.Hour).Format("2006-01-02T15:04")
	s.clock.Add(2 * time.Hour)
	for from := 0; from < 1100; from += 550 {
		var people []db.NewParticipant
		for i := range 550 {
			people = append(people, db.NewParticipant{User: chat.UserID(fmt.Sprintf("u%04d", from+i)), Name: "Somebody"})
		}
		if _, err := s.store.AddParticipants(t.Context(), dbtest.Tom, "shop", "fair", people, chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	form := []string{"at", at, "seen.in", "1100", "part.in", "true"}
	viewer := s.admin("vic", chat.Viewer)
	if a := viewer.post(fair+"/history/restore", form...); a.Code != http.StatusForbidden {
		t.Error(a.Code)
	}
	a := b.post(fair+"/history/restore", form...)
	page := a.Header.Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(page, "/apps/shop/jobs/job_") {
		t.Fatalf("%d %s %s", a.Code, page, a.text())
	}
	if a := b.get(page); a.Code != 200 || !strings.Contains(a.text(), "of 1,100") || !strings.Contains(a.text(), "Restore of a list of participants") {
		t.Error(a.text())
	}
	ref := chat.JobRef{App: "shop", ID: chat.JobID(page[len("/apps/shop/jobs/"):])}
	for j := (chat.Job{}); !j.State.Ended(); time.Sleep(5 * time.Millisecond) {
		var err error
		if j, err = s.store.Job(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	if a := b.get(page); !strings.Contains(a.text(), "1100 restored.") || !strings.Contains(a.text(), "Undo what was done") {
		t.Error(a.text())
	}
	if c, err := s.store.Conversation(t.Context(), "shop", "fair"); err != nil || c.Counts.All() != 3 {
		t.Errorf("%+v %v", c.Counts, err)
	}
}
