package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

type selection = goquery.Selection

const refusals = "/apps/shop/refusals"

func TestRefusedCallsAreListed(t *testing.T) {
	s := fairSite(t)
	b := s.admin("vic", chat.Viewer)
	if page := b.get(refusals); page.Code != 200 || !strings.Contains(page.text(), "Nothing was refused") {
		t.Fatalf("%d %s", page.Code, page.text())
	}
	s.called(setBob, addZoe)
	s.clock.Add(time.Minute)
	s.called(sawKit)
	rows := b.get(refusals).Find("[data-testid=refusal]")
	if rows.Length() != 2 || !strings.Contains(rows.First().Text(), "kit") || !strings.Contains(rows.First().Text(), "Would be refused") || !strings.Contains(rows.Last().Text(), "maya") {
		t.Fatalf("%d: %s", rows.Length(), rows.Text())
	}
	for query, want := range map[string]string{"?reason=conversation_sync_disallowed": "maya", "?outcome=observed": "kit", "?outcome=refused": "maya"} {
		if rows := b.get(refusals + query).Find("[data-testid=refusal]"); rows.Length() != 1 || !strings.Contains(rows.Text(), want) {
			t.Errorf("%s: %d rows", query, rows.Length())
		}
	}
	if page := b.get(refusals + "?reason=read_only"); !strings.Contains(page.text(), "No refused call matches") {
		t.Error(page.text())
	}
}

func TestRefusedCallsComeInPages(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	var calls []chat.Call
	for i := range 120 {
		call := addZoe
		call.RequestID = fmt.Sprintf("req_%016d", i)
		calls = append(calls, call)
	}
	s.called(calls...)
	seen := map[string]bool{}
	for next := refusals + "?outcome=refused"; next != ""; {
		page := b.get(next)
		page.Find("[data-testid=refusal] [data-copy]").Each(func(_ int, r *selection) { seen[r.AttrOr("data-copy", "")] = true })
		next = page.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120", len(seen))
	}
}

// A request id leads to its call or to its change, wherever it is pasted.
func TestARequestIDLeadsToItsEntry(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Manage)
	s.called(addZoe)
	actor := dbtest.Tom
	actor.RequestID = "req_dddddddddddddddd"
	if _, err := s.store.RemoveParticipant(t.Context(), actor, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "kit"}); err != nil {
		t.Fatal(err)
	}
	call, change := refusals+"?request="+addZoe.RequestID, "/apps/shop/audit?request="+actor.RequestID
	for _, from := range []string{"/apps/shop/conversations?q=", "/apps/shop/users?q=", "/apps/shop/audit?conversation=", "/apps/shop/audit?user=", "/apps/shop/audit?request="} {
		if a := b.get(from + addZoe.RequestID); a.Code != http.StatusSeeOther || a.Header.Get("Location") != call {
			t.Errorf("%s: %d to %q", from, a.Code, a.Header.Get("Location"))
		}
		if a := b.get(from + actor.RequestID); from != "/apps/shop/audit?request=" && (a.Code != http.StatusSeeOther || a.Header.Get("Location") != change) {
			t.Errorf("%s: %d to %q", from, a.Code, a.Header.Get("Location"))
		}
		if a := b.get(from + "req_eeeeeeeeeeeeeeee"); a.Code != http.StatusOK {
			t.Errorf("%s: an unknown one: %d", from, a.Code)
		}
	}
	a := b.do(http.MethodGet, "/apps/shop/users?q="+addZoe.RequestID, "", map[string]string{"HX-Request": "true"})
	if a.Code != http.StatusNoContent || a.Header.Get("HX-Redirect") != call {
		t.Errorf("as a part: %d %q", a.Code, a.Header.Get("HX-Redirect"))
	}
	if page := b.get(call); page.Find("[data-testid=refusal] details[open]").Length() != 1 || !strings.Contains(page.text(), "Conversation synchronization is disallowed") {
		t.Error(page.text())
	}
	if page := b.get(change); page.Find("[data-testid=event]").Length() != 1 || !strings.Contains(page.text(), "removed Kit from") {
		t.Error(page.text())
	}
	if a := b.get(refusals + "?request=" + actor.RequestID); a.Code != http.StatusSeeOther || a.Header.Get("Location") != change {
		t.Errorf("%d %q", a.Code, a.Header.Get("Location"))
	}
	if page := b.get(refusals + "?request=req_nope"); page.Code != 200 || !strings.Contains(page.text(), "No call has this request ID") {
		t.Errorf("%d %s", page.Code, page.text())
	}
	// Another app's calls are not found.
	dbtest.App(t, s.store, "other")
	if page := b.get("/apps/other/refusals?request=" + addZoe.RequestID); page.Find("[data-testid=refusal]").Length() != 0 {
		t.Error("another app's call is shown")
	}
}
