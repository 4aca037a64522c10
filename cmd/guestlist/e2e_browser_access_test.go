package main

import (
	"fmt"
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
)

// rest is the shop's own server.
func (s *shop) rest() backend { return (&serving{url: s.app.URL()}).shop(sdkSecret) }

// press sets a participant's access in the dashboard's list.
func press(admin *browser.Tab, name, option string) {
	buttons := fmt.Sprintf(`[...document.querySelectorAll('[aria-label="Access for %s"] button')]`, name)
	admin.Until("press "+option, buttons+`.some((b) => b.innerText.trim() === "`+option+`" && (b.click(), true))`)
	admin.Until(option+" is pressed", buttons+`.some((b) => b.innerText.trim() === "`+option+`" && b.getAttribute("aria-pressed") === "true")`)
}

// What the dashboard and the shop's server do to a participant is seen in the chat that they have open: taken out, made to
// read only, put back with all that was said meanwhile.
func TestJourneyOfAParticipantWhoseAccessChanges(t *testing.T) {
	s := newShop(t)
	if _, err := s.app.store.PutConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{Subject: chat.Some("The fair")}, chat.ConversationChange{}, "maya"); err != nil {
		t.Fatal(err)
	}
	c := browser.Start(t)
	admin, maya := s.admin(t, c), s.visit(t, c, "maya", ``, selectFair).ready()
	const fair, place = "/apps/shop/conversations/fair", "/conversations/fair/participants/maya"
	server := s.rest()
	gone := func(title string) {
		t.Helper()
		maya.box.See(title)
		maya.box.Until("nothing of it is left", `!document.querySelector(".bubble, textarea")`)
		if refused := browser.Eval[string](maya.page, `refused(session.conversation("fair").send("let me"))`); refused == "" {
			t.Error("who was removed can still send")
		}
	}
	s.say(t, "bob", "one")
	maya.reads("one")

	admin.Open(fair)
	press(admin, "Maya", "Read only")
	maya.box.See("You can read here, but not write.")
	maya.box.Until("the field is gone", `!document.querySelector("textarea")`)
	if got := browser.Eval[string](maya.page, `refused(session.conversation("fair").send("let me"))`); got != "READ_ONLY" {
		t.Errorf("who only reads sends: %q", got)
	}
	s.say(t, "bob", "two")
	maya.reads("one|two")
	server.must(t, "PATCH", place, `{"access":"ReadWrite"}`)
	maya.ready().write("three")
	maya.reads("one|two|three")

	admin.Open(fair)
	admin.Click("button", "Actions for Maya")
	admin.Click("button", "Remove from conversation")
	admin.See("Maya was removed")
	gone("You were removed from this conversation")
	s.say(t, "bob", "while away")
	server.must(t, "PUT", place, ``)
	maya.ready().reads("one|two|three|while away")

	server.must(t, "DELETE", place, ``)
	gone("You were removed from this conversation")
	s.say(t, "bob", "and again")
	admin.Open(fair + "/participants/add")
	admin.Fill("Or by ID", "maya")
	admin.Click("button", "Add participants")
	admin.See("1 added.")
	maya.ready().reads("one|two|three|while away|and again")

	server.must(t, "PATCH", place, `{"access":"None"}`)
	maya.box.Until("nothing of it is left", `!document.querySelector(".bubble, textarea")`)
	s.say(t, "bob", "to nobody")
	server.must(t, "PUT", place, `{"access":"Read"}`)
	maya.box.See("You can read here, but not write.")
	maya.reads("one|two|three|while away|and again|to nobody")
	server.must(t, "PUT", place, ``)
	maya.ready().write("back")
	maya.reads("one|two|three|while away|and again|to nobody|back")
}

// A guest is seen by the switches while they are inside: less is shown at once, nothing at all when guests are not let in,
// and who is made a participant stays, with what they wrote.
func TestJourneyOfAGuestWhileThePolicyChanges(t *testing.T) {
	s := newShop(t)
	if _, err := s.app.store.PutUser(t.Context(), chat.CommandLine, "shop", "gus", chat.UserChange{Name: chat.Some("Gus")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	c := browser.Start(t)
	admin, gus, bob := s.admin(t, c), s.visit(t, c, "gus", ``, enterAsAGuest).ready(), s.visit(t, c, "bob", ``, selectFair).ready()
	gus.box.See("You’re here as a guest. You can read and write.")
	gus.write("hello")
	bob.reads("hello")
	if bob.box.Has("2 people") {
		t.Error("a guest is counted as one of the people")
	}
	policy := func(to chat.GuestPolicy) {
		t.Helper()
		admin.Open("/apps/shop/settings/security")
		admin.Click("radio", to.Label())
		admin.Click("button", "Save changes")
		admin.See("Saved. It holds at once")
	}
	const guests = "/apps/shop/conversations/fair/guests"
	conversation := func(to string) {
		t.Helper()
		admin.Open(guests)
		admin.Click("radio", to)
		admin.Click("button", "Save guest access")
	}
	conversation("Read only")
	admin.See("1 guest is in now and can’t write any more.")
	admin.See("Leave it as it is")
	admin.Click("button", "Save guest access")
	gus.box.See("You can read, but not write.")
	gus.box.Until("the field is gone", `!document.querySelector("textarea")`)
	bob.write("and you?")
	gus.reads("hello|and you?")
	conversation("Same as the app")
	gus.ready()

	policy(chat.GuestsNever)
	gus.box.See("Guests can’t come in right now")
	gus.box.Until("nothing of it is left", `!document.querySelector(".bubble, textarea")`)
	if got := browser.Eval[string](gus.page, `session.data.link.call("conversation.send", { conversation: "fair", text: "x" }, { asGuest: true }).then(() => "", (e) => e.code)`); got == "" {
		t.Error("who is out can still send")
	}
	bob.write("only us")
	gus.box.Click("button", "Try again")
	gus.refusals(t, "another try", "GUESTS_NOT_ALLOWED")
	gus.box.See("Guests can’t come in right now")
	late := s.visit(t, c, "gus", ``, enterAsAGuest)
	late.box.See("Guests can’t come in right now")
	late.refusals(t, "a page that comes late", "GUESTS_NOT_ALLOWED")
	policy(chat.GuestsFollow)
	gus.box.Click("button", "Try again")
	gus.ready().reads("hello|and you?|only us")

	admin.Open(guests)
	admin.See("Gus gus")
	admin.Click("button", "Add as participant")
	admin.See("Gus is a participant now")
	gus.box.NotSee("You’re here as a guest")
	gus.box.See("Bob")
	policy(chat.GuestsNever)
	gus.write("a participant")
	bob.reads("hello|and you?|only us|a participant")
	gus.reads("hello|and you?|only us|a participant")
}
