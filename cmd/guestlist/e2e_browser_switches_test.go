package main

import (
	"fmt"
	"testing"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The calls of the data door that the two boxes rule or leave alone, by whether box 1 or box 2 stops them.
const dataCalls = `
  const own = session.conversation("fair"), bob = own.participant("bob"), self = own.participant("maya"), n = window.round = (window.round ?? 0) + 1;
  const connected = async (s) => { await s.connected; s.unsubscribe(); };
  const mine = async (then) => { const m = await own.send("mine"); await then(m); };
  const calls = {
    "1 user.set": () => session.currentUser.set({ name: "Maya" }),
    "0 user.createIfNotExists of one who is known": () => session.user("bob").createIfNotExists({ name: "Other" }),
    "1 user.createIfNotExists of one who is not": () => session.user("unknown" + n).createIfNotExists({ name: "New" }),
    "0 user.get": () => session.user("bob").get(), "0 user.subscribe": () => connected(session.user("bob").subscribe()), "0 user.subscribeOnline": () => connected(session.user("bob").subscribeOnline()),
    "2 conversation.set": () => own.set({ subject: "Fair " + n }),
    "2 conversation.set of notify and more": () => own.set({ notify: true, subject: "Fair" }),
    "0 conversation.set of notify": () => own.set({ notify: true }),
    "2 conversation.set where one is not": () => session.conversation("other" + n).set({ notify: true }),
    "0 conversation.createIfNotExists of one's own": () => own.createIfNotExists({ subject: "x" }),
    "2 conversation.createIfNotExists of what is not there": () => session.conversation("new" + n).createIfNotExists(),
    "2 participant.set": () => bob.set({ access: "ReadWrite" }), "2 participant.edit": () => bob.edit({ access: "ReadWrite" }),
    "0 participant.set of one's notify": () => self.set({ notify: true }), "0 participant.edit of one's notify": () => self.edit({ notify: true }),
    "0 participant.createIfNotExists of one who is in": () => bob.createIfNotExists(),
    "2 participant.createIfNotExists of one who is not": () => own.participant("out" + n).createIfNotExists(),
    "2 participant.delete": () => own.participant("in" + n).delete(),
    "0 send": () => own.send("hi"), "0 message.edit": () => mine((m) => m.edit("edited")), "0 message.delete": () => mine((m) => m.delete()),
    "0 markAsRead": () => own.markAsRead(), "0 markAsUnread": () => own.markAsUnread(), "0 markAsTyping": () => own.markAsTyping(),
    "0 conversation.get": () => own.get(), "0 participant.get": () => bob.get(), "0 subscribeMessages": () => connected(own.subscribeMessages()),
    "0 subscribeParticipants": () => connected(own.subscribeParticipants()), "0 subscribeConversations": () => connected(session.subscribeConversations()),
  };
  const out = {};
  for (const [name, call] of Object.entries(calls)) out[name] = await refused(call());
  return out;`

// Both boxes are flipped in the dashboard while two chats are open. Each call of both doors is let through or refused as
// the tables say, before and after, and the guest is cut and let in again.
func TestJourneyTheBoxesAreFlipped(t *testing.T) {
	s := newShop(t)
	store := s.app.store
	for n := range 5 {
		for _, id := range []string{"in", "out"} {
			if _, err := store.PutUser(t.Context(), chat.CommandLine, "shop", chat.UserID(fmt.Sprint(id, n+1)), chat.UserChange{Name: chat.Some("U")}, chat.UserChange{}); err != nil {
				t.Fatal(err)
			}
		}
		dbtest.Conversation(t, store, "shop", "fair", "maya", chat.UserID(fmt.Sprint("in", n+1)))
		dbtest.Conversation(t, store, "shop", chat.ConversationID(fmt.Sprint("other", n+1)), "bob")
	}
	if _, err := store.PutUser(t.Context(), chat.CommandLine, "shop", "gus", chat.UserChange{Name: chat.Some("Gus")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	c := browser.Start(t)
	admin := s.admin(t, c)
	maya := s.visit(t, c, "maya", ``, `const box = window.box = session.createChatbox(); box.select(fair); box.mount(chat);`).ready()
	gus := s.visit(t, c, "gus", ``, enterAsAGuest).ready()

	const users, conversations = "USER_SYNC_DISALLOWED", "CONVERSATION_SYNC_DISALLOWED"
	flip := func(label string) {
		t.Helper()
		admin.Open("/apps/shop/settings/security")
		admin.Click("checkbox", label)
		admin.Click("button", "Save changes")
		admin.See("Saved. It holds at once")
	}
	round := 0
	hold := func(box1, box2 bool) {
		t.Helper()
		round++
		stopped := map[byte]string{'0': ""}
		if box1 {
			stopped['1'] = users
		}
		if box2 {
			stopped['2'] = conversations
		}
		for name, code := range browser.Eval[map[string]string](maya.page, `(async () => {`+dataCalls+`})()`) {
			if want := stopped[name[0]]; code != want {
				t.Errorf("with the boxes %v and %v, %s: %q, want %q", box1, box2, name[2:], code, want)
			}
		}
		classic := func(what, script string, codes ...string) {
			t.Helper()
			browser.Eval[bool](maya.page, fmt.Sprintf(`(async () => { const n = %d; %s; return true; })()`, round, script))
			maya.refusals(t, fmt.Sprintf("with the boxes %v and %v, %s", box1, box2, what), codes...)
		}
		one := func(is bool, code string) []string {
			if is {
				return []string{code}
			}
			return nil
		}
		classic("a session of a user with data", `const s = new Talk.Session({ appId: "shop", me: user("maya", "Maya " + n) }); await s.currentUser.get()`, one(box1, users)...)
		classic("a session of a user by id", `const s = new Talk.Session({ appId: "shop", me: new Talk.User("maya") }); await s.currentUser.get()`)
		classic("setParticipant by id", `fair.setParticipant(new Talk.User("bob"), { access: "ReadWrite" })`, one(box2, conversations)...)
		classic("setParticipant of a user with data", `fair.setParticipant(user("bob", "Bob " + n), { access: "ReadWrite" })`, append(one(box1, users), one(box2, conversations)...)...)
		classic("setAttributes", `fair.setAttributes({ subject: "By the builder " + n })`, one(box2, conversations)...)
		classic("sendMessage", `await session.getOrCreateConversation("fair").sendMessage("by the builder")`)
		classic("a conversation that is not there", `const c = session.getOrCreateConversation("made" + n); c.setParticipant(me); window.second ??= session.createInbox(); await second.select(c); second.mount(document.body.appendChild(document.createElement("div"))).catch(() => {})`,
			one(box2, conversations)...)
		classic("one's own that is there", `await second.select(session.getOrCreateConversation("fair"))`)

		subject, err := store.Conversation(t.Context(), "shop", "fair")
		if err != nil {
			t.Fatal(err)
		}
		if by := fmt.Sprint("By the builder ", round); (subject.Subject == by) == box2 {
			t.Errorf("with box 2 %v the subject is %q", box2, subject.Subject)
		}
		if box1 || box2 {
			gus.box.See("Guests can’t come in right now")
			gus.box.NotSee("by the builder")
		}
	}
	hold(false, false)
	gus.box.See("by the builder")
	flip("Disallow user synchronization via the browser")
	hold(true, false)
	flip("Disallow conversation synchronization via the browser")
	hold(true, true)
	gus.box.Click("button", "Try again")
	gus.refusals(t, "another try", "GUESTS_NOT_ALLOWED")
	gus.box.See("Guests can’t come in right now")
	flip("Disallow user synchronization via the browser")
	hold(false, true)
	if !browser.Eval[bool](maya.page, `session.getOrCreateConversation("made1").leave()`) {
		t.Error("box 2 keeps people from leaving")
	}
	maya.refusals(t, "leave")
	flip("Disallow conversation synchronization via the browser")
	gus.box.Click("button", "Try again")
	gus.ready().box.See("by the builder")
	hold(false, false)
	maya.write("still here")
	gus.box.See("still here")
}
