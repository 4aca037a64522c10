package main

import (
	"fmt"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
)

// What a session is let in by can end: a token by its time, a key by the dashboard, a bare id by the switch. The chat says
// so, the console once, and who renews in time notices nothing.
func TestJourneyOfWhatProvesAUser(t *testing.T) {
	s := newShop(t)
	store := s.app.store
	if _, err := store.PutConversation(t.Context(), chat.CommandLine, "shop", "fair", chat.ConversationChange{}, chat.ConversationChange{}, "maya"); err != nil {
		t.Fatal(err)
	}
	c := browser.Start(t)
	admin := s.admin(t, c)
	bare := s.visit(t, c, "maya", ``, selectFair).ready()
	const hears = `window.ended = []; session.data.onError((e) => ended.push(e.code)); window.ups = []; session.data.link.onStatus((s) => ups.push(s.connected));` + selectFair
	tokens := text(sdkToken(t, "bob", 8*time.Second), sdkToken(t, "bob", time.Hour))
	renewed := s.visit(t, c, "bob", fmt.Sprintf(`tokenFetcher: () => { window.asked = (window.asked ?? 0) + 1; return %s[Math.min(asked, 2) - 1]; }`, tokens), hears).ready()
	s.say(t, "bob", "before")
	brief := s.visit(t, c, "maya", fmt.Sprintf(`token: %q`, sdkToken(t, "maya", 8*time.Second)), hears).ready()
	brief.reads("before")
	over := func(v visitor, code, title string) {
		t.Helper()
		v.box.See(title)
		v.box.Until("nothing of the chat is left", `!document.querySelector(".bubble, textarea")`)
		v.refusals(t, title, code)
	}
	over(brief, "TOKEN_EXPIRED", "Your sign-in has run out")
	renewed.page.Until("a new token was fetched", `asked === 2`)
	s.say(t, "bob", "after")
	renewed.reads("before|after")
	if got := browser.Eval[string](renewed.page, `JSON.stringify([ups, ended])`); got != "[[false,true],[]]" {
		t.Errorf("who renewed in time noticed: %s", got)
	}
	if got := browser.Eval[string](brief.page, `JSON.stringify(ended)`); got != `["TOKEN_EXPIRED"]` {
		t.Errorf("onError told of %s", got)
	}

	admin.Open("/apps/shop/settings/security")
	admin.Click("checkbox", "Require")
	admin.Click("button", "Save changes")
	admin.See("Saved. It holds at once")
	over(bare, "IDENTITY_REQUIRED", "This chat doesn’t know who you are")
	renewed.write("with a token")
	renewed.reads("before|after|with a token")

	if _, _, err := store.CreateKey(t.Context(), chat.CommandLine, "shop", "Next", "sk_test_jihgfedcba9876543210"); err != nil {
		t.Fatal(err)
	}
	keys, err := store.Keys(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key.Name == "Orders" {
			if _, err := store.DeactivateKey(t.Context(), chat.CommandLine, "shop", key.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	over(renewed, "KEY_DEACTIVATED", "This chat doesn’t know who you are")
}
