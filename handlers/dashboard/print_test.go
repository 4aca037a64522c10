package dashboard_test

import (
	"strconv"
	"strings"
	"testing"

	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

func TestAListOfParticipantsGoesOnPaper(t *testing.T) {
	s := fairSite(t)
	b := s.admin("ana", chat.Viewer)
	const address = fair + "/participants/print"
	if page := b.get(fair + "?q=o"); page.Find(`a[href="`+address+`?q=o"]`).Length() != 1 {
		t.Error("the list does not lead to its paper")
	}
	page := b.get(address)
	if page.Code != 200 || page.Find("main tbody tr").Length() != 3 || !strings.Contains(page.text(), "3 participants, as of ") {
		t.Errorf("%d %s", page.Code, page.text())
	}
	found := b.get(address + "?q=bob&access=ReadWrite")
	if found.Find("main tbody tr").Length() != 1 || !strings.Contains(found.text(), "Found with “bob”. Only with the access Read & write.") {
		t.Error(found.text())
	}
	if none := b.get(address + "?q=nobody"); none.Find("main table").Length() != 0 || !strings.Contains(none.text(), "Nobody is on this list.") {
		t.Error(none.text())
	}
}

func TestALongListSaysThatNotAllGoOnPaper(t *testing.T) {
	s := newSite(t)
	dbtest.People(t, s.store)
	people := make([]chat.UserID, 2100)
	for i := range people {
		people[i] = chat.UserID("u" + strings.Repeat("0", 4-len(strconv.Itoa(i))) + strconv.Itoa(i))
	}
	dbtest.App(t, s.store, "shop", people...)
	dbtest.Conversation(t, s.store, "shop", "fair", people...)
	page := s.admin("ana", chat.Owner).get(fair + "/participants/print")
	if n := page.Find("main tbody tr").Length(); n != 2000 || !strings.Contains(page.text(), "the first 2,000") || page.Find("a[download]").Length() != 1 {
		t.Errorf("%d rows: %s", n, page.Find(".notice").Text())
	}
}
