package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
	"guestlist/handlers/auth"
)

// visitor is somebody at a page of another origin: the page, and the iframe of the chat in it.
type visitor struct{ page, box *browser.Tab }

// visit opens the page for a user and runs a script there that mounts a chat. It finds session, fair and chat, the place
// for it.
func (s *shop) visit(t *testing.T, c *browser.Chromium, user, credential, script string) visitor {
	t.Helper()
	tab := s.tab(t, c)
	browser.Eval[bool](tab, fmt.Sprintf(`(async () => {
	  await Talk.ready;
	  window.user = (id, name = id[0].toUpperCase() + id.slice(1)) => new Talk.User({ id, name, email: null, role: "default" });
	  window.me = user(%q);
	  const session = window.session = new Talk.Session({ appId: "shop", userId: me.id, %s }), chat = document.getElementById("chat");
	  const fair = window.fair = session.getOrCreateConversation("fair");
	  %s
	  return true;
	})()`, user, credential, script))
	return visitor{tab, tab.Frame("/chatbox/shop")}
}

const (
	selectFair    = `const box = window.box = session.createChatbox(); box.select("fair"); box.mount(chat);`
	enterAsAGuest = `const box = window.box = session.createChatbox(); box.select("fair", { asGuest: true }); box.mount(chat);`
)

// ready waits until the visitor can write.
func (v visitor) ready() visitor {
	v.box.Until("one can write", `document.querySelector("textarea")`)
	return v
}

func (v visitor) write(text string) {
	v.box.Fill("Message", text)
	v.page.Press(kb.Enter)
}

// reads waits until this is what the visitor sees of the conversation, oldest first.
func (v visitor) reads(want string) {
	v.box.Until("the log is "+want, fmt.Sprintf(`[...document.querySelectorAll(".bubble")].map((b) => b.innerText).join("|") === %q`, want))
}

// refusals takes what the console says: one line for each of these, in any order, with its code, a sentence and what to do.
func (v visitor) refusals(t *testing.T, what string, codes ...string) {
	t.Helper()
	var said []string
	for end := time.Now().Add(10 * time.Second); len(said) < len(codes) && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		said = append(said, v.page.Errors()...)
	}
	time.Sleep(300 * time.Millisecond)
	said = append(said, v.page.Errors()...)
	left := append([]string{}, said...)
	for _, code := range codes {
		at := -1
		for i, line := range left {
			if strings.HasPrefix(line, "[Guestlist] ") && strings.Contains(line, " was refused. "+code+": ") && strings.Count(line, ". ") >= 2 {
				at = i
			}
		}
		if at < 0 {
			t.Errorf("%s: the console does not tell of %s: %q", what, code, said)
			return
		}
		left = append(left[:at], left[at+1:]...)
	}
	if len(left) > 0 {
		t.Errorf("%s: the console says more than %q: %q", what, codes, left)
	}
}

// admin signs in to the shop's dashboard, in a profile of their own.
func (s *shop) admin(t *testing.T, c *browser.Chromium) *browser.Tab {
	t.Helper()
	const password = "solid is on the list"
	hash, err := auth.HashPassword(t.Context(), "password", password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.store.CreateAdmin(t.Context(), chat.CommandLine, chat.AdminChange{Email: "ana@shop.example", Name: "Ana", Role: chat.Owner}, hash); err != nil {
		t.Fatal(err)
	}
	tab := c.Tab(t, s.app.URL())
	tab.Open("/sign-in")
	tab.Fill("Email", "ana@shop.example")
	tab.Fill("Password", password)
	tab.Click("button", "Sign in")
	tab.Until("be in", `location.pathname.startsWith("/apps")`)
	return tab
}

func (s *shop) say(t *testing.T, user chat.UserID, text string) {
	t.Helper()
	if _, err := s.app.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: user, Text: text}); err != nil {
		t.Fatal(err)
	}
}

// From a script tag to a chat of three: whoever is set before the chat is mounted is in it, and so is whoever is set after.
func TestJourneyFromAScriptTagToAChat(t *testing.T) {
	s := newShop(t)
	c := browser.Start(t)
	maya := s.visit(t, c, "maya", `me`, `
	  const lamp = window.lamp = session.getOrCreateConversation("lamp");
	  lamp.subject = "The lamp";
	  lamp.setParticipant(me); lamp.setParticipant(user("bob"));
	  const box = window.box = session.createChatbox();
	  box.select(lamp); box.mount(chat);`).ready()
	maya.box.See("The lamp")
	maya.box.See("No messages yet")
	maya.write("Is the lamp still there?")
	bob := s.visit(t, c, "bob", ``, `const box = window.box = session.createChatbox(); box.select(undefined); box.mount(chat);`).ready()
	bob.reads("Is the lamp still there?")
	maya.box.See("Seen")
	bob.box.Fill("Message", "It is")
	maya.box.See("Bob is typing")
	bob.page.Press(kb.Enter)
	maya.reads("Is the lamp still there?|It is")
	maya.box.NotSee("is typing")
	bob.box.See("Seen")

	// Set while the chat is shown: at once. Set where no chat is shown: with the select that shows it.
	browser.Eval[bool](maya.page, `(lamp.setParticipant(user("nia"), { access: "Read" }), true)`)
	bob.box.See("3 people")
	nia := s.visit(t, c, "nia", ``, `const box = window.box = session.createChatbox(); box.select("lamp"); box.mount(chat);`)
	nia.reads("Is the lamp still there?|It is")
	nia.box.See("You can read here, but not write.")
	browser.Eval[bool](maya.page, `(async () => {
	  const desk = window.desk = session.getOrCreateConversation("desk");
	  desk.subject = "The desk"; desk.setParticipant(me); desk.setParticipant(user("nia"));
	  return true;
	})()`)
	time.Sleep(300 * time.Millisecond)
	if _, err := s.app.store.Conversation(t.Context(), "shop", "desk"); chat.ReasonOf(err) != chat.ConversationMissing {
		t.Errorf("it was made before it was shown: %v", err)
	}
	browser.Eval[bool](maya.page, `box.select(desk).then(() => true)`)
	maya.box.See("The desk")
	maya.ready().write("And the desk?")
	browser.Eval[bool](nia.page, `box.select("desk").then(() => true)`)
	nia.reads("And the desk?")
	nia.ready().write("Gone")
	maya.reads("And the desk?|Gone")
	bob.reads("Is the lamp still there?|It is")
}
