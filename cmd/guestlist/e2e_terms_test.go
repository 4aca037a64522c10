package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guestlist/cmd/guestlist/browser"
	"guestlist/cmd/guestlist/demo"
	"guestlist/db"
	"guestlist/db/chat"
)

// Somebody who is added with the history from now on finds nothing earlier in the chat, also when they leave and come back.
func TestJourneyHistoryFromNowOn(t *testing.T) {
	s := newShop(t)
	if _, err := s.app.store.PutConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{Subject: chat.Some("The fair")}, chat.ConversationChange{}, "bob"); err != nil {
		t.Fatal(err)
	}
	s.say(t, "bob", "a secret")
	c := browser.Start(t)
	admin := s.admin(t, c)
	admin.Open("/apps/shop/conversations/fair/participants/add")
	admin.Fill("Or by ID", "maya")
	browser.Eval[bool](admin, `(() => { document.getElementById("history").value = "now"; return true; })()`)
	admin.Click("button", "Add participants")
	admin.See("1 added.")
	admin.See("history since")
	maya := s.visit(t, c, "maya", ``, selectFair).ready()
	maya.box.See("You see what was written since")
	s.say(t, "bob", "hello Maya")
	maya.reads("hello Maya")
	if got := browser.Eval[string](maya.page, `session.conversation("fair").get().then((c) => c.lastMessage.text + " " + c.unread)`); !strings.HasPrefix(got, "hello Maya") {
		t.Errorf("the conversation’s last message: %q", got)
	}
	for _, again := range []string{`session.conversation("fair").participant("maya").delete()`, `session.conversation("fair").participant("maya").set({ access: "ReadWrite", historyFrom: null, accessUntil: null })`} {
		if got := browser.Eval[string](maya.page, `refused(`+again+`)`); got != "" {
			t.Fatalf("%s: %s", again, got)
		}
	}
	other := s.visit(t, c, "maya", ``, selectFair).ready()
	other.reads("hello Maya")
	other.box.Until("nothing earlier is shown", `!document.body.innerText.includes("a secret")`)
}

// An end that comes while the chat is open closes it and says why; the list loses the row by itself, and an admin's undo
// brings them back for a week.
func TestJourneyAccessEndsWhileTheChatIsOpen(t *testing.T) {
	s := newShop(t)
	if _, err := s.app.store.PutConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{Subject: chat.Some("The fair")}, chat.ConversationChange{}, "maya", "bob"); err != nil {
		t.Fatal(err)
	}
	s.say(t, "bob", "one")
	c := browser.Start(t)
	admin, maya := s.admin(t, c), s.visit(t, c, "maya", ``, selectFair).ready()
	maya.reads("one")
	end := time.Now().Add(10 * time.Second)
	s.rest().must(t, "PATCH", "/conversations/fair/participants/maya", fmt.Sprintf(`{"accessUntil":%d}`, end.UnixMilli()))
	admin.Open("/apps/shop/conversations/fair")
	admin.See("ends within a minute")
	maya.box.See("Your access to this conversation has ended")
	took := time.Since(end)
	t.Logf("the chat closed %s after the end", took.Round(10*time.Millisecond))
	if took < 0 {
		t.Error("the chat closed before the end")
	}
	maya.box.Until("nothing of it is left", `!document.querySelector(".bubble, textarea")`)
	if got := browser.Eval[string](maya.page, `refused(session.conversation("fair").send("let me"))`); got != "ACCESS_ENDED" {
		t.Errorf("whose access is over sends: %q", got)
	}
	admin.Open("/apps/shop/conversations/fair/history?what=people")
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := s.app.store.Participant(t.Context(), chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the row doesn’t go")
		}
	}
	admin.Open("/apps/shop/conversations/fair/history?what=people")
	admin.See("Guestlist took Maya off The fair, as their access ended")
	browser.Eval[bool](admin, `(() => { document.querySelector("[data-testid=event] summary").click(); return true; })()`)
	admin.Click("button", "Undo: Guestlist took Maya off The fair, as their access ended")
	admin.See("Undone.")
	maya.ready().reads("one")
	p, err := s.app.store.Participant(t.Context(), chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"})
	if left := time.Until(p.Until); err != nil || left > chat.Extension || left < chat.Extension-time.Minute {
		t.Errorf("%+v %v", p, err)
	}
}

// Ends are extended together from the page that lists them, with the keyboard, on a phone and without script.
func TestJourneyEndingsAreExtendedTogether(t *testing.T) {
	p := demoProduct(t)
	var was []time.Time
	people := []chat.UserID{"u_priya", "seller_088", "seller_019"}
	for i, user := range people {
		end := time.Now().Add(time.Duration(i+1) * 48 * time.Hour).Truncate(time.Millisecond)
		if _, err := p.app.store.ChangeParticipant(t.Context(), chat.CommandLine, fairPlace(user), chat.ParticipantChange{Until: chat.Some(chat.MomentOf(end))}, chat.ParticipantChange{}); err != nil {
			t.Fatal(err)
		}
		was = append(was, end)
	}
	c := browser.Start(t)
	tab := p.signIn(c, ana)
	ends := func(later time.Duration, n int) {
		t.Helper()
		all, err := p.app.store.Endings(t.Context(), db.EndingQuery{App: demo.Live})
		if err != nil || len(all.Items) != len(people) {
			t.Fatalf("%+v %v", all, err)
		}
		for i, user := range people {
			for _, e := range all.Items {
				want := was[i]
				if i < n {
					want = want.Add(later)
				}
				if e.User == user && !e.Until.Equal(want) {
					t.Errorf("%s ends %s, want %s", user, e.Until, want)
				}
			}
		}
	}
	tab.Open("/apps/larkfield")
	tab.Click("link", "Endings")
	tab.See("Whose access ends, the next first")
	tab.Click("checkbox", "Select Priya Raman in Spring fair organisers")
	tab.Click("checkbox", "Select Petra Novotná in Spring fair organisers")
	tab.See("2 selected")
	tab.Click("button", "Extend selected")
	tab.See("2 extended.")
	ends(7*24*time.Hour, 2)
	tab.Click("button", "Undo")
	tab.See("Undone for 2.")
	ends(0, 0)

	tab.Open("/apps/larkfield/endings")
	tab.Press("j")
	tab.Press("x")
	tab.See("1 selected")
	for tries := 0; tab.Focused() != "Extend selected"; tries++ {
		if tries > 40 {
			t.Fatal("the keyboard does not come to the button")
		}
		tab.Press(kb.Tab, chromedp.KeyModifiers(8)) // back, with shift: the bar stands above the rows
	}
	tab.Press(kb.Enter)
	tab.See("1 extended.")
	ends(7*24*time.Hour, 1)
	tab.Press("z")
	tab.See("Undone for 1.")
	ends(0, 0)

	plain := p.signIn(c, ana)
	plain.NoScript()
	plain.Open("/apps/larkfield/endings")
	plain.Click("checkbox", "Select Priya Raman in Spring fair organisers")
	plain.Click("button", "Extend selected")
	plain.See("1 extended.")
	ends(7*24*time.Hour, 1)
	plain.Click("button", "Undo")
	plain.See("Undone for 1.")
	ends(0, 0)

	tab.Size(390, 800)
	tab.Open("/apps/larkfield/endings?within=3")
	tab.Fits()
	tab.See("Priya Raman")
	tab.Click("link", "Change the end of Priya Raman in Spring fair organisers…")
	tab.See("Access of Priya Raman")
	tab.Axe()
}
