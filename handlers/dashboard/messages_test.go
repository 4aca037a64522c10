package dashboard_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func (s *site) say(user chat.UserID, text string) chat.Message {
	s.t.Helper()
	m, err := s.store.SendMessage(s.t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: user, Text: text})
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func TestReadingIsInTheAuditLog(t *testing.T) {
	s := fairSite(t)
	s.say("maya", "hello all")
	b := s.admin("vic", chat.Viewer)
	opened := func() (n int) {
		for _, e := range s.events() {
			if e.Type == chat.MessagesOpened {
				n++
			}
		}
		return n
	}
	page := b.get(fair + "/messages")
	if page.Code != 200 || !strings.Contains(page.text(), "hello all") {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	e := s.events()[0]
	if e.Type != chat.MessagesOpened || e.Conversation != "fair" || e.ActorName != "vic" || len(e.After) != 0 {
		t.Fatalf("%+v", e)
	}
	for range 3 {
		b.get(fair + "/messages?q=hello")
	}
	if opened() != 1 {
		t.Errorf("told %d times", opened())
	}
	s.clock.Add(chat.ReadingLasts)
	b.get(fair + "/messages")
	s.admin("tom", chat.Moderator).get(fair + "/messages")
	if opened() != 3 {
		t.Errorf("told %d times", opened())
	}
	if a := b.post(fair+"/messages/reason", "reason", " Complaint 41 "); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code)
	}
	if e := s.events()[0]; e.Type != chat.MessagesOpened || string(e.After) != `{"reason":"Complaint 41"}` {
		t.Errorf("%+v", e)
	}
	if text := b.get(fair + "/history").text(); !strings.Contains(text, "read the messages of fair: Complaint 41") {
		t.Error(text)
	}
	if a := b.post(fair+"/messages/reason", "reason", strings.Repeat("x", chat.MaxReason+1)); a.Code != http.StatusUnprocessableEntity || opened() != 4 {
		t.Error(a.Code, opened())
	}
	if a := b.get("/apps/shop/conversations/nope/messages"); a.Code != http.StatusNotFound || opened() != 4 {
		t.Error(a.Code, opened())
	}
}

func TestDeletingAndRestoringAMessage(t *testing.T) {
	s := fairSite(t)
	m := s.say("maya", "Buy cheap at https://bad.example")
	b, viewer := s.admin("mo", chat.Moderator), s.admin("vic", chat.Viewer)
	if a := b.post(fair+"/messages/"+m.ID+"/delete", "back", fair+"/messages"); a.Code != http.StatusSeeOther || a.Header.Get("Location") != fair+"/messages" {
		t.Fatal(a.Code, a.Header)
	}
	if e := s.events()[0]; e.Type != chat.MessageRemoved || e.Subject != m.ID || e.User != "maya" || e.Before != nil {
		t.Fatalf("%+v", e)
	}
	page := b.get(fair + "/messages")
	if kept := page.Find("[data-testid=kept]"); kept.Length() != 1 || !strings.Contains(kept.Text(), "Buy cheap") || !strings.Contains(page.says(), "kept for 30 days") {
		t.Fatal(page.text())
	}
	if text := viewer.get(fair + "/messages").text(); strings.Contains(text, "Buy cheap") {
		t.Error("a viewer reads what was deleted")
	}
	// Undo brings it back, undo of that deletes it again, and Restore brings it back.
	b.undoShown(page)
	if text := viewer.get(fair + "/messages").text(); !strings.Contains(text, "Buy cheap") {
		t.Fatal(text)
	}
	e := s.events()[0]
	if e.Type != chat.MessageRestored {
		t.Fatalf("%+v", e)
	}
	b.get(fair + "/messages")
	if a := b.post(undoPath(e.Seq)); a.Code != http.StatusSeeOther || s.events()[0].Type != chat.MessageRemoved {
		t.Fatal(a.Code, s.events()[0])
	}
	if a := b.post(fair + "/messages/" + m.ID + "/restore"); a.Code != http.StatusSeeOther || s.events()[0].Type != chat.MessageRestored {
		t.Fatal(a.Code)
	}
	events := len(s.events())
	if b.post(fair + "/messages/" + m.ID + "/restore"); len(s.events()) != events || !strings.Contains(b.get(fair+"/messages").says(), "done already") {
		t.Error("the second press did something")
	}
	// After 30 days it is gone, whether it was forgotten yet or not.
	b.post(fair + "/messages/" + m.ID + "/delete")
	removed := s.events()[0]
	s.clock.Add(chat.KeepMessages)
	b = s.admin("max", chat.Moderator)
	if b.post(fair + "/messages/" + m.ID + "/restore"); !strings.Contains(b.get(fair+"/messages").says(), "Its text is gone.") {
		t.Error("it came back")
	}
	if b.post(undoPath(removed.Seq)); s.events()[0].Type == chat.MessageRestored {
		t.Error("undo brought it back")
	}
	if _, err := s.store.ForgetMessages(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dbtest.Dump(t, s.store), "Buy cheap") {
		t.Error("its text is still stored")
	}
	// What its sender deletes is not kept.
	own := s.say("maya", "oops")
	if _, err := s.store.DeleteMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", own.ID); err != nil {
		t.Fatal(err)
	}
	if b.post(fair + "/messages/" + own.ID + "/restore"); !strings.Contains(b.get(fair+"/messages").says(), "Its text is gone.") {
		t.Error("it came back")
	}
}

func undoPath(seq int64) string { return "/apps/shop/audit/" + digits(seq) + "/undo" }

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func TestSendingAsSystem(t *testing.T) {
	s := fairSite(t)
	b := s.admin("mo", chat.Moderator)
	if a := b.post(fair+"/messages/system", "text", "Gates open at ten."); a.Code != http.StatusSeeOther {
		t.Fatal(a.Code, a.text())
	}
	events := s.events()
	if events[0].Type != chat.MessageAnnounced || events[0].ActorName != "mo" || events[0].Conversation != "fair" {
		t.Fatalf("%+v", events[0])
	}
	c, err := s.store.Conversation(t.Context(), "shop", "fair")
	if err != nil || c.LastMessage == nil || c.LastMessage.Text != "Gates open at ten." || c.LastMessage.Type != chat.SystemMessage || c.LastMessage.Sender != "" {
		t.Fatalf("%+v %v", c.LastMessage, err)
	}
	if a := b.post(fair+"/messages/system", "text", " "); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "is empty") || len(s.events()) != len(events)+1 {
		t.Error(a.Code, s.events()[0]) // the page that shows the form is read
	}
	if _, err := s.store.SendMessage(t.Context(), dbtest.Tom, "shop", "fair", chat.NewMessage{Sender: "maya", Text: "as Maya"}); chat.ReasonOf(err) != chat.PageNotFound {
		t.Error("an admin wrote in somebody's name:", err)
	}
}

func TestFindingAndJumping(t *testing.T) {
	s := fairSite(t)
	for i := range 120 {
		s.say("maya", "message number "+digits(int64(i)))
		s.clock.Add(time.Hour)
	}
	b := s.admin("mo", chat.Moderator)
	shown := func(page answer) (all []string) {
		page.Find("[data-testid=message]").Each(func(i int, _ *goquery.Selection) {
			all = append(all, strings.TrimSpace(page.Find("[data-testid=message]").Eq(i).Find("p").Eq(1).Text()))
		})
		return all
	}
	page := b.get(fair + "/messages")
	if got := shown(page); len(got) != 50 || got[0] != "message number 70" || got[49] != "message number 119" {
		t.Fatal(got)
	}
	older, _ := page.Find("a[rel=next]").First().Attr("href")
	if got := shown(b.get(older)); len(got) != 50 || got[49] != "message number 69" {
		t.Fatal(got)
	}
	if got := shown(b.get(fair + "/messages?q=number+11+MESSAGE")); len(got) != 11 || got[0] != "message number 11" || got[10] != "message number 119" {
		t.Errorf("%v", got)
	}
	if got := shown(b.get(fair + "/messages?on=2026-03-16")); len(got) != 50 || got[0] != "message number 37" {
		t.Errorf("%v", got[:1])
	}
	if text := b.get(fair + "/messages?on=2027-01-01").text(); !strings.Contains(text, "Nothing was said since then") {
		t.Error(text)
	}
	if got := shown(b.get(fair + "/messages?kind=system")); len(got) != 0 {
		t.Error(got)
	}
	if a := b.get(fair + "/messages?message=msg_nope"); a.Code != http.StatusNotFound {
		t.Error(a.Code)
	}
}
