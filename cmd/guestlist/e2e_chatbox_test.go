package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// chatPage serves a page of another origin that holds nothing but a chat of the server at host.
func chatPage(t *testing.T, host string) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<style>html, body, #chat { height: 100%%; margin: 0; }</style><script src="%s/talk.js"></script></head><body><div id="chat"></div></body></html>`, host)
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// chatter is one person at a page with a chat: the page, and the iframe in it.
type chatter struct {
	page *browser.Tab
	*browser.Tab
}

// chatOf opens a page for a user and runs a script there with session and conversation at hand; box is the UI it mounts.
func chatOf(t *testing.T, c *browser.Chromium, site, user, script string) chatter {
	t.Helper()
	tab := c.Tab(t, site)
	tab.Size(400, 640)
	tab.Open("/")
	browser.Eval[bool](tab, fmt.Sprintf(`(async () => {
	  await Talk.ready;
	  const name = %q, me = new Talk.User({ id: name, name: name[0].toUpperCase() + name.slice(1), email: null, role: "default" });
	  const session = window.session = new Talk.Session({ appId: "shop", me }), chat = document.getElementById("chat");
	  const fair = window.fair = session.getOrCreateConversation("fair");
	  %s
	  return true;
	})()`, user, script))
	return chatter{tab, tab.Frame("/chatbox/shop")}
}

const (
	asParticipant = `fair.setParticipant(me); const box = window.box = session.createChatbox(); box.select(fair); box.mount(chat);`
	asAGuest      = `const box = window.box = session.createChatbox(); box.select("fair", { asGuest: true }); box.mount(chat);`
	justLook      = `const box = window.box = session.createChatbox(); box.select("fair"); box.mount(chat);`
)

// ready waits until the field for messages is there.
func (c chatter) ready() chatter {
	c.Tab.Until("the chat is open", `document.querySelector("textarea")`)
	return c
}

func (c chatter) send(text string) {
	c.Fill("Message", text)
	c.page.Press(kb.Enter)
	// The driver types the line break although the key was taken; people's browsers don't.
	c.Until("it is sent", `document.querySelector("textarea").value.trim() === "" && !document.querySelector(".unsent")`)
}

// still waits until nothing moves.
func (c chatter) still() {
	c.Until("nothing moves", `document.getAnimations().length === 0`)
}

// picture keeps what a state looks like, when somebody wants to look: make screens does.
func (c chatter) picture(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("GUESTLIST_SCREENS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	c.page.Screenshot(filepath.Join(folder, "chat-"+name+".png"))
}

// check looks at a state in both themes, at 400 and 320 px.
func (c chatter) check(t *testing.T, name string) {
	t.Helper()
	for _, dark := range []bool{false, true} {
		c.page.Dark(dark)
		for _, width := range []int64{400, 320} {
			c.page.Size(width, 640)
			c.still()
			c.Axe()
			c.Fits()
			c.picture(t, fmt.Sprintf("%s-%d-%s", name, width, map[bool]string{true: "dark", false: "light"}[dark]))
		}
	}
	c.page.Dark(false)
	c.page.Size(400, 640)
}

func newChats(t *testing.T) (*shop, string) {
	s := newShop(t)
	return s, chatPage(t, s.app.URL())
}

// call names a conversation.
func (s *shop) call(t *testing.T, id chat.ConversationID, subject string) {
	t.Helper()
	s.change(t, id, chat.ConversationChange{Subject: chat.Some(subject)})
}

// guests sets what the fair lets guests do.
func (s *shop) guests(t *testing.T, may chat.ConversationGuests) {
	t.Helper()
	s.change(t, "fair", chat.ConversationChange{Guests: chat.Some(may)})
}

func (s *shop) change(t *testing.T, id chat.ConversationID, change chat.ConversationChange) {
	t.Helper()
	if _, err := s.app.store.PutConversation(t.Context(), chat.CommandLine, "shop", id, change, chat.ConversationChange{}); err != nil {
		t.Fatal(err)
	}
}

// Two people chat: what one does, the other sees.
func TestChatboxOfTwo(t *testing.T) {
	_, site := newChats(t)
	c := browser.Start(t)
	bob := chatOf(t, c, site, "bob", asParticipant).ready()
	maya := chatOf(t, c, site, "maya", asParticipant).ready()
	bob.See("Online")
	maya.send("Is the *lamp* still there? See https://lamp.example/1.")
	bob.See("Is the lamp still there?")
	bob.Until("a link", `[...document.querySelectorAll(".bubble a")].some((a) => a.href === "https://lamp.example/1" && a.target === "_blank" && a.rel.includes("noopener"))`)
	bob.Until("the news is announced", `document.querySelector("[aria-live=polite]").innerText.includes("lamp still there")`)
	if own := browser.Eval[string](maya.Tab, `document.querySelector("[aria-live=polite]").innerText`); own != "" {
		t.Errorf("one's own message is announced: %q", own)
	}
	maya.See("Seen")
	bob.Fill("Message", "Yes")
	maya.See("Bob is typing")
	bob.page.Press(kb.Enter, chromedp.KeyModifiers(8))
	bob.page.Press("it is")
	bob.page.Press(kb.Enter)
	maya.See("Yes it is")
	maya.NotSee("is typing")

	bob.page.Press(kb.ArrowUp)
	bob.See("Editing your message")
	bob.Fill("Edit message", "Yes, it is.")
	bob.page.Press(kb.Enter)
	maya.See("Yes, it is. edited")
	bob.Click("button", "Message options")
	bob.Click("button", "Delete…")
	bob.See("Delete this message?")
	bob.Click("button", "Delete message")
	maya.See("Message deleted")
	maya.NotSee("Yes, it is.")

	maya.Click("button", "Chat menu")
	maya.Click("button", "People")
	maya.See("Maya you")
	maya.check(t, "people")
	maya.page.Press(kb.Escape)
	maya.check(t, "participant")
	maya.Click("button", "Chat menu")
	maya.Click("button", "Leave…")
	maya.Click("button", "Leave")
	maya.See("You left this conversation")
	bob.See("1 person")
}

// Every state that the server can bring about is shown for what it is, and what may not be seen is gone.
func TestChatboxStates(t *testing.T) {
	s, site := newChats(t)
	c := browser.Start(t)
	store, admin := s.app.store, dbtest.Backend("shop")
	subject := "Spring fair organisers"
	s.call(t, "fair", subject)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	say := func(user chat.UserID, text string) {
		must(store.SendMessage(t.Context(), admin, "shop", "fair", chat.NewMessage{Type: chat.UserMessage, Sender: user, Text: text}))
	}
	place := chat.ParticipantRef{App: "shop", Conversation: "fair", User: "maya"}
	hidden := func(who chatter) {
		t.Helper()
		for _, secret := range []string{subject, "hello there", "Bob"} {
			if who.Has(secret) {
				t.Errorf("%q is shown", secret)
			}
		}
	}

	guest := chatOf(t, c, site, "gus", asAGuest).ready()
	guest.See("You’re here as a guest. You can read and write.")
	guest.See("No messages yet")
	guest.check(t, "empty")
	say("bob", "hello there")
	must(store.SendMessage(t.Context(), admin, "shop", "fair", chat.NewMessage{Type: chat.SystemMessage, Text: "The fair is on Saturday"}))
	guest.See("hello there")
	guest.See("The fair is on Saturday")
	guest.send("hi from outside")
	guest.check(t, "guest")
	s.guests(t, chat.GuestsRead)
	guest.See("You can read here, but not write.")
	guest.check(t, "guest-read")
	s.guests(t, chat.GuestsForbidden)
	guest.See("Guests can’t come in right now")
	hidden(guest)
	guest.check(t, "guests-off")
	s.guests(t, chat.GuestsInherit)
	guest.Click("button", "Try again")
	guest.See("hello there")
	guest.Click("button", "Close notice")
	guest.NotSee("You’re here as a guest")
	must(store.BlockGuest(t.Context(), chat.CommandLine, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "gus"}, chat.NewGuestBlock{For: chat.BlockHour, Reason: "advertising"}))
	guest.See("You were shown out of this chat")
	hidden(guest)
	guest.check(t, "shown-out")

	maya := chatOf(t, c, site, "maya", asParticipant).ready()
	maya.See("hello there")
	must(store.ChangeParticipant(t.Context(), admin, place, chat.ParticipantChange{Access: chat.Some(chat.Read)}, chat.ParticipantChange{}))
	maya.See("You can read here, but not write.")
	maya.check(t, "read-only")
	must(store.ChangeParticipant(t.Context(), admin, place, chat.ParticipantChange{Access: chat.Some(chat.ReadWrite)}, chat.ParticipantChange{}))
	maya.ready()
	must(store.RemoveParticipant(t.Context(), admin, place))
	maya.See("You were removed from this conversation")
	if maya.Has("hello there") {
		t.Error("who was removed still sees messages")
	}
	maya.check(t, "removed")
	say("bob", "while you were away")
	dbtest.Conversation(t, store, "shop", "fair", "maya")
	maya.See("while you were away")

	zoe := chatOf(t, c, site, "zoe", justLook)
	zoe.See("This conversation isn’t here")
	hidden(zoe)
	zoe.check(t, "not-found")
	nobody := chatOf(t, c, site, "nobody", `const box = session.createChatbox(); box.select(null); box.mount(chat);`)
	nobody.See("No conversation selected")

	s.set(t, chat.SettingAllowedOrigins, "https://elsewhere.example")
	maya.See("This chat can’t be used on this page")
	maya.check(t, "origin")
	s.set(t, chat.SettingAllowedOrigins, "")
	s.set(t, chat.SettingIdentity, "true")
	ana := chatOf(t, c, site, "ana", justLook)
	ana.See("This chat doesn’t know who you are")
	ana.check(t, "identity")
	for _, who := range []chatter{guest, maya, zoe, nobody, ana} {
		who.page.Errors() // the refusals are said in the console as well
	}
}

// Nothing is lost while the connection is away: what was written waits, and what was missed is there again.
func TestChatboxReconnects(t *testing.T) {
	s := newShop(t)
	line := cableTo(t, s.app.URL())
	maya := chatOf(t, browser.Start(t), chatPage(t, line.URL()), "maya", asParticipant).ready()
	maya.send("before")
	line.cut(true)
	maya.See("No connection. Trying again…")
	maya.Fill("Message", "written without a connection")
	maya.page.Press(kb.Enter)
	maya.See("Waiting to send")
	maya.Fill("Message", "half a sentence")
	maya.check(t, "reconnecting")
	if _, err := s.app.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Type: chat.UserMessage, Sender: "bob", Text: "missed meanwhile"}); err != nil {
		t.Fatal(err)
	}
	line.cut(false)
	maya.NotSee("No connection")
	maya.See("missed meanwhile")
	maya.NotSee("Waiting to send")
	if got := browser.Eval[string](maya.Tab, `[...document.querySelectorAll(".bubble")].map((b) => b.innerText).join("|") + "|" + document.querySelector("textarea").value`); got != "before|missed meanwhile|written without a connection|half a sentence" {
		t.Error(got)
	}
	maya.page.Errors() // Chromium reports the refused connections
}

// A long conversation opens at what is new, goes back without jumping, and says when there is news at its end.
func TestChatboxHistory(t *testing.T) {
	s, site := newChats(t)
	store, admin := s.app.store, dbtest.Backend("shop")
	say := func(n int) {
		if _, err := store.SendMessage(t.Context(), admin, "shop", "fair", chat.NewMessage{Type: chat.UserMessage, Sender: "bob", Text: fmt.Sprint("message ", n, ".")}); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Conversation(t, store, "shop", "fair", "maya")
	for n := range 120 {
		say(n)
	}
	maya := chatOf(t, browser.Start(t), site, "maya", asParticipant).ready()
	const log = `document.querySelector(".log")`
	maya.Until("the first is there", `(`+log+`.scrollTop = 0, document.body.innerText.includes("message 0."))`)
	maya.Until("back at the end", `(`+log+`.scrollTop = 1e6, document.body.innerText.includes("message 119."))`)
	for range 3 {
		before := browser.Eval[[]float64](maya.Tab, `(async () => { const log = `+log+`; log.scrollTop = 600; await new Promise(requestAnimationFrame); const m = [...document.querySelectorAll(".msg")].find((m) => m.getBoundingClientRect().top > 100); m.id = "probe"; return [m.getBoundingClientRect().top, log.scrollHeight]; })()`)
		if after := browser.Eval[float64](maya.Tab, `document.getElementById("probe").getBoundingClientRect().top`); after != before[0] {
			t.Errorf("the page jumped from %v to %v", before[0], after)
		}
		browser.Eval[bool](maya.Tab, `(document.getElementById("probe").id = "", true)`)
	}
	say(120)
	maya.See("1 new message")
	maya.picture(t, "news")
	maya.Click("button", "1 new message")
	maya.Until("at the end", log+`.scrollHeight - `+log+`.scrollTop - `+log+`.clientHeight < 40`)
	if over := browser.Eval[int](maya.Tab, `document.documentElement.scrollHeight - innerHeight`); over > 0 {
		t.Errorf("the chat around the messages can be scrolled %d px away", over)
	}
	maya.NotSee("1 new message")
}

// The inbox lists conversations by activity, counts what is unread, and fits a narrow page; the popup has it too.
func TestInboxAndPopup(t *testing.T) {
	s, site := newChats(t)
	c := browser.Start(t)
	store, admin := s.app.store, dbtest.Backend("shop")
	for _, id := range []chat.ConversationID{"fair", "stage", "pitch"} {
		dbtest.Conversation(t, store, "shop", id, "maya", "bob")
		s.call(t, id, "The "+string(id))
	}
	say := func(id chat.ConversationID, text string) {
		if _, err := store.SendMessage(t.Context(), admin, "shop", id, chat.NewMessage{Type: chat.UserMessage, Sender: "bob", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	say("stage", "lights at *nine*, and somebody should bring the long cable from the depot")
	maya := chatOf(t, c, site, "maya", `window.box = session.createInbox(); box.select(null); box.mount(chat);`)
	order := func(want string) {
		t.Helper()
		text, _ := json.Marshal(want)
		maya.Until("the order is "+want, `[...document.querySelectorAll(".item b")].map((b) => b.innerText).join(", ") === `+string(text))
	}
	maya.See("Bob: lights at nine")
	say("pitch", "power is on the left")
	maya.See("Bob: power is on the left")
	maya.Until("pitch leads", `document.querySelector(".item b").innerText === "The pitch"`)
	maya.Until("one unread", `document.querySelector(".item .count")?.innerText.startsWith("1")`)
	maya.check(t, "inbox")
	browser.Eval[bool](maya.page, `(window.picked = [], window.asked = box.onSelectConversation((e) => { picked.push(e.conversation.id); if (e.conversation.id === "stage") e.preventDefault(); }), true)`)
	maya.Click("button", "The stage")
	maya.page.Until("the page is asked", `picked.join() === "stage"`)
	maya.Click("button", "The pitch") // which is there to be picked, since the page prevented the other
	maya.ready()
	maya.page.Until("one is shown that the page allows", `box.currentConversation?.id === "pitch"`)
	browser.Eval[bool](maya.page, `(asked.unsubscribe(), true)`)
	maya.check(t, "inbox-open")
	maya.Click("button", "All chats")
	maya.Until("read", `!document.querySelector(".item:has(.count) b")?.innerText.includes("pitch")`)
	maya.page.Size(900, 640)
	maya.Click("button", "The stage")
	maya.ready()
	for _, dark := range []bool{true, false} {
		maya.page.Dark(dark)
		maya.still()
		maya.Axe()
		maya.Fits()
		maya.picture(t, fmt.Sprintf("inbox-900-%v", dark))
	}
	if _, err := store.RemoveParticipant(t.Context(), admin, chat.ParticipantRef{App: "shop", Conversation: "pitch", User: "maya"}); err != nil {
		t.Fatal(err)
	}
	order("The stage, The fair")

	zoe := chatOf(t, c, site, "zoe", `window.box = session.createInbox(); box.mount(chat);`)
	zoe.See("No chats yet")
	zoe.picture(t, "inbox-empty")

	bob := chatOf(t, c, site, "bob", `window.box = session.createPopup(); box.mount({ show: false });`)
	launcher := `document.querySelector("body > div:last-child").shadowRoot.querySelector("button")`
	bob.page.Size(900, 800)
	bob.page.Until("the launcher is there", launcher)
	if _, err := store.SendMessage(t.Context(), admin, "shop", "fair", chat.NewMessage{Type: chat.UserMessage, Sender: "maya", Text: "for the popup"}); err != nil {
		t.Fatal(err)
	}
	bob.page.Until("it counts", launcher+`.getAttribute("aria-label") === "Open chat, 1 unread"`)
	bob.picture(t, "popup-closed")
	browser.Eval[bool](bob.page, launcher+`.focus(), true`)
	bob.page.Press(kb.Enter)
	bob.See("The fair")
	bob.Click("button", "The fair")
	bob.See("for the popup")
	bob.picture(t, "popup-open")
	bob.Axe()
	bob.page.Press(kb.Escape)
	bob.page.Until("it is closed, and the focus is back", launcher+`.getAttribute("aria-expanded") === "false" && document.querySelector("body > div:last-child").shadowRoot.activeElement === `+launcher)
}

// Everything that a user may set is text, wherever it is shown.
func TestChatboxRunsNothing(t *testing.T) {
	s, site := newChats(t)
	c := browser.Start(t)
	store, admin := s.app.store, dbtest.Backend("shop")
	attacks := []string{
		`<img src=x onerror="document.documentElement.dataset.xss=1">`, `"><script>document.documentElement.dataset.xss=1</script>`, `<svg onload="document.documentElement.dataset.xss=1">`,
		`javascript:document.documentElement.dataset.xss=1`, `<javascript:alert(1)|click>`, `<a href="javascript:alert(1)">x</a>`, `https://x.example/"onmouseover="document.documentElement.dataset.xss=1`,
		`*<b onclick=alert(1)>*`, `</textarea><script>document.documentElement.dataset.xss=1</script>`, `{{constructor.constructor('alert(1)')()}}`, `<iframe srcdoc="<script>parent.document.documentElement.dataset.xss=1</script>">`,
		`<style>*{display:none}</style>`, "\u202etxt.exe https://x.example/\u202egpj", `data:text/html,<script>alert(1)</script>`,
	}
	for i, attack := range attacks {
		user, name := chat.UserID(fmt.Sprint("u", i)), strings.ReplaceAll(attack, "\u202e", "") // names have none of those
		change := chat.UserChange{Name: chat.Some(name), Custom: chat.Some(chat.Custom{"k": &attack}), WelcomeMessage: chat.Some(attack)}
		if _, err := store.PutUser(t.Context(), admin, "shop", user, change, chat.UserChange{}); err != nil {
			t.Fatal(err)
		}
		dbtest.Conversation(t, store, "shop", chat.ConversationID(fmt.Sprint("c", i)), "maya", user)
		dbtest.Conversation(t, store, "shop", "fair", "maya", user)
		s.call(t, chat.ConversationID(fmt.Sprint("c", i)), name)
		for _, kind := range []chat.NewMessage{{Type: chat.UserMessage, Sender: user, Text: attack}, {Type: chat.SystemMessage, Text: attack}} {
			for _, id := range []chat.ConversationID{"fair", chat.ConversationID(fmt.Sprint("c", i))} {
				if _, err := store.SendMessage(t.Context(), admin, "shop", id, kind); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	maya := chatOf(t, c, site, "maya", `window.box = session.createInbox(); box.select("fair"); box.mount(chat);`).ready()
	maya.page.Size(1000, 800)
	maya.See("data:text/html")
	maya.Click("button", "Chat menu")
	maya.Click("button", "People")
	maya.See("constructor.constructor")
	maya.page.Press(kb.Escape)
	for range attacks {
		maya.Until("the whole history", `(document.querySelector(".log").scrollTop = 0, true)`)
	}
	for i, attack := range attacks {
		browser.Eval[bool](maya.page, fmt.Sprintf(`box.select("c%d").then(() => true)`, i))
		name, _ := json.Marshal(strings.ReplaceAll(attack, "\u202e", ""))
		maya.Until("see "+attack, `document.querySelector(".conversation h1")?.textContent === `+string(name)+` && document.querySelectorAll(".msg, .system").length >= 2`)
	}
	maya.Until("nothing ran", `!document.documentElement.dataset.xss && !document.querySelector("#chatbox script, #chatbox iframe, #chatbox style, #chatbox [onerror], #chatbox [onclick], #chatbox [onload]")`)
	for _, href := range browser.Eval[[]string](maya.Tab, `[...document.querySelectorAll("a")].map((a) => a.href)`) {
		if !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
			t.Errorf("a link to %s", href)
		}
	}
	if ran := browser.Eval[bool](maya.page, `"xss" in document.documentElement.dataset`); ran {
		t.Error("a script ran in the page")
	}
}

// Everything is done with keys alone.
func TestChatboxByKeyboard(t *testing.T) {
	_, site := newChats(t)
	maya := chatOf(t, browser.Start(t), site, "maya", asParticipant).ready()
	focus := func(want string) {
		t.Helper()
		maya.Until("the focus is on "+want, fmt.Sprintf(`(document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText).includes(%q)`, want))
	}
	maya.send("by hand")
	maya.page.Press(kb.Tab, chromedp.KeyModifiers(8))
	focus("Message options")
	maya.page.Press(kb.Enter)
	focus("Edit")
	maya.page.Press(kb.ArrowDown)
	focus("Delete…")
	maya.page.Press(kb.Escape)
	focus("Message options")
	maya.page.Press(kb.Tab, chromedp.KeyModifiers(8))
	focus("Messages")
	maya.page.Press(kb.Tab, chromedp.KeyModifiers(8))
	focus("Chat menu")
	maya.page.Press(kb.Enter)
	focus("People")
	maya.page.Press(kb.Enter)
	focus("Close")
	maya.page.Press(kb.Escape)
	focus("Chat menu")
	browser.Eval[bool](maya.page, `box.messageField.setText("by the page"), box.messageField.focus(), true`)
	focus("Message")
	maya.page.Press(kb.Enter)
	maya.See("by the page")
}
