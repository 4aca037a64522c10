package main

import (
	"fmt"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
	"guestlist/db/chat"
)

// fairPlace is somebody's place in the organisers' conversation.
func fairPlace(user chat.UserID) chat.ParticipantRef {
	return chat.ParticipantRef{App: demo.Live, Conversation: "spring-fair-organisers", User: user}
}

// lastTuesday is noon of the last Tuesday that is a day past, as the field for moments takes it.
func lastTuesday() string {
	at := time.Now().AddDate(0, 0, -1)
	for at.Weekday() != time.Tuesday {
		at = at.AddDate(0, 0, -1)
	}
	return at.Format("2006-01-02") + "T12:00"
}

// pick sets a field for moments, as its calendar does.
func pick(tab *browser.Tab, id, moment string) {
	browser.Eval[bool](tab, fmt.Sprintf(`(() => { document.getElementById(%q).value = %q; return true; })()`, id, moment))
}

func TestJourneyWhoCouldReadLastTuesday(t *testing.T) {
	p := demoProduct(t)
	for _, remove := range []chat.UserID{"u_priya", "seller_088"} {
		if _, err := p.app.store.RemoveParticipant(t.Context(), chat.CommandLine, fairPlace(remove)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.app.store.PutParticipant(t.Context(), chat.CommandLine, fairPlace("buyer_0934"), chat.ParticipantChange{}); err != nil {
		t.Fatal(err)
	}
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers + "/history")
	tab.See("Who was in, and when")
	pick(tab, "at", lastTuesday())
	tab.Click("button", "Look")
	tab.See("participants were on the list")
	tab.See("Priya Raman u_priya")
	tab.See("On the list since")
	tab.Click("link", "What changed since")
	tab.See("Went off the list")
	tab.See("Came on the list")
	tab.See("Noor Aziz buyer_0934")
	tab.Click("checkbox", "Remove 1 person who came since")
	tab.Click("button", "Restore what is ticked")
	tab.See("List restored:")
	for user, on := range map[chat.UserID]bool{"u_priya": true, "seller_088": true, "buyer_0934": false} {
		if _, err := p.app.store.Participant(t.Context(), fairPlace(user)); (err == nil) != on {
			t.Errorf("%s: %v", user, err)
		}
	}
	tab.Click("button", "Undo")
	tab.See("Undone for")
	for user, on := range map[chat.UserID]bool{"u_priya": false, "seller_088": false, "buyer_0934": true} {
		if _, err := p.app.store.Participant(t.Context(), fairPlace(user)); (err == nil) != on {
			t.Errorf("undone, %s: %v", user, err)
		}
	}
	tab.Open("/apps/larkfield/users/u_priya")
	tab.Click("link", "History")
	tab.See("removed Priya Raman from Spring fair organisers")
	pick(tab, "at", lastTuesday())
	tab.Click("button", "Look")
	tab.See("lists then")
	tab.Click("link", "Spring fair organisers")
	tab.See("Guests could read and write then")
}

// A list that over a thousand people came on since is restored by a job: its page moves on by itself, and what it did is
// taken back as one change.
func TestJourneyALongRestoration(t *testing.T) {
	p := demoProduct(t)
	before := p.listed()
	at := time.Now().Truncate(time.Second).Add(time.Second) // as the field for moments says it
	time.Sleep(time.Until(at) + 10*time.Millisecond)
	const crowd = 1500
	for from := 0; from < crowd; from += 500 {
		var people []db.NewParticipant
		for i := range 500 {
			people = append(people, db.NewParticipant{User: chat.UserID(fmt.Sprintf("crowd_%04d", from+i)), Name: "Somebody"})
		}
		if _, err := p.app.store.AddParticipants(t.Context(), chat.CommandLine, demo.Live, "spring-fair-organisers", people, chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
	}
	tab := p.signIn(browser.Start(t), ana)
	tab.Open(organisers + "/history/difference?at=" + at.In(time.Local).Format("2006-01-02T15:04:05"))
	tab.See("1,500 people moved")
	tab.Click("checkbox", "Remove 1,500 people who came since")
	tab.Click("button", "Restore what is ticked")
	tab.See("Restore the list: Spring fair organisers")
	tab.See("100 %")
	tab.See("1500 restored.")
	if n := p.listed(); n != before {
		t.Errorf("%d are on the list, %d were", n, before)
	}
	tab.Click("button", "Undo what was done")
	tab.See("Undo of a change of many")
	tab.See("100 %")
	if n := p.listed(); n != before+crowd {
		t.Errorf("%d are on the list after undo", n)
	}
}
