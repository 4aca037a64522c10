package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// The classic door: the snippet's queue is drained, users are synchronised, a builder waits for its UI, and what is
// changed while it is shown goes out at once.
func TestSDKClassicDoor(t *testing.T) {
	s := newShop(t)
	tab := s.tab(t, browser.Start(t))
	has := func(user chat.UserID, want string) {
		t.Helper()
		end := time.Now().Add(10 * time.Second)
		got := ""
		for time.Now().Before(end) {
			p, err := s.app.store.Participants(t.Context(), db.ParticipantQuery{App: "shop", Conversation: "d12e223825a919e00efd"})
			got = ""
			for _, x := range p.Items {
				if err == nil && x.User == user {
					got = fmt.Sprint(x.Access, " ", x.Notify)
				}
			}
			if got == want {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("%s is %q, want %q", user, got, want)
	}
	yes(t, tab, `
	  const me = window.me = new Talk.User({ id: "a", name: "Ann", email: null, role: "default" }), other = window.other = new Talk.User({ id: "b", name: "Ben", email: null, role: "default" });
	  const session = window.session = new Talk.Session({ appId: "shop", me });
	  const conversation = window.conversation = session.getOrCreateConversation(Talk.oneOnOneId(me, other));
	  conversation.setParticipant(me); conversation.setParticipant(other, { access: "Read", notify: false }); conversation.setParticipant(other, { access: "ReadWrite" });
	  conversation.subject = "Lamp"; conversation.setAttributes({ custom: { order: "1" } });
	  window.heard = []; session.onMessage((m) => heard.push(m.text + m.isByMe)); window.unreads = []; session.unreads.onChange((u) => unreads.push(u.length));
	  const box = window.box = session.createChatbox();
	  await box.select(conversation);
	  await soon(() => session.currentUser.get());
	  const before = await session.conversation(conversation.id).get();
	  await box.mount(document.getElementById("chat"));
	  await soon(() => session.conversation(conversation.id).get());
	  const after = await session.conversation(conversation.id).get();
	  const throws = (f) => { try { f(); } catch (e) { return /isn't there yet/.test(e.message) || e.message; } return "silent"; };
	  return { "the same builder": session.getOrCreateConversation(conversation.id) === conversation, "waits": before === null, "made": after.subject === "Lamp" && after.custom.order === "1", "an iframe": document.querySelectorAll("#chat iframe").length === 1,
	    "not built": throws(() => box.sendFile()), "not built either": throws(() => session.searchMessages()),
	    "no guest in an inbox": await session.createInbox().select("x", { asGuest: true }).then(() => "let in", (e) => /guest/.test(e.message)), "valid": await session.hasValidCredentials() };`)
	has("a", "ReadWrite true")
	has("b", "ReadWrite false")
	s.set(t, chat.SettingSignatures, "true")
	yes(t, tab, fmt.Sprintf(`window.signed = new Talk.Session({ appId: "shop", userId: "bob", signature: %q }); return { "a signature lets in": await signed.hasValidCredentials() };`, sdkSignature("bob")))
	s.set(t, chat.SettingSignatures, "false")
	yes(t, tab, `await soon(() => !signed.isAlive); await new Promise((r) => setTimeout(r, 300)); return { "until they aren't accepted": await refused(signed.currentUser.get()) === "SIGNATURES_NOT_ACCEPTED" };`)
	if errors := tab.Errors(); len(errors) != 1 || !strings.Contains(errors[0], "SIGNATURES_NOT_ACCEPTED: ") {
		t.Errorf("the console says %q", errors)
	}
	yes(t, tab, `conversation.setParticipant(other, { access: "Read" }); return { done: true };`)
	has("b", "Read false")
	yes(t, tab, `
	  const ben = getTalkSession({ appId: "shop", userId: "b" });
	  await ben.conversation("fair").participant("b").get().catch(() => {});
	  conversation.setParticipant(other, { access: "ReadWrite" });
	  await soon(() => refused(ben.conversation(conversation.id).send("one")).then((x) => x === ""));
	  const quick = ["two", "three", "four"].map((text) => ben.conversation(conversation.id).send(text));
	  await Promise.all(quick);
	  await conversation.sendMessage("five", { custom: { k: "v" } });
	  await soon(() => heard.length === 5);
	  await soon(() => unreads.includes(1));
	  return { "heard each": heard.join() === "onefalse,twofalse,threefalse,fourfalse,fivetrue" || heard };`)
	s.set(t, chat.SettingConversationSync, "true")
	s.set(t, chat.SettingUserSync, "true")
	yes(t, tab, `
	  conversation.setParticipant(other, { access: "Read" }); conversation.subject = "x";
	  await new Promise((r) => setTimeout(r, 300)); // what would be changed goes out after a moment
	  return { "nothing changed": (await session.conversation(conversation.id).get()).subject === "Lamp" };`)
	one := func(code string) {
		t.Helper()
		if errors := tab.SomeErrors(); len(errors) != 1 || !strings.Contains(errors[0], code+": ") || !strings.Contains(errors[0], "Settings") {
			t.Errorf("the console says %q, want one %s", errors, code)
		}
	}
	one("CONVERSATION_SYNC_DISALLOWED")
	yes(t, tab, `
	  new Talk.Session({ appId: "shop", me: new Talk.User({ id: "a", name: "Anna", email: null, role: "default" }) });
	  await new Promise((r) => setTimeout(r, 500));
	  return { "the stored one stays": (await session.currentUser.get()).name === "Ann" };`)
	one("USER_SYNC_DISALLOWED")
	yes(t, tab, `
	  box.select("fair"); await new Promise((r) => setTimeout(r, 300)); return { "nothing is shown of it": true };`)
	if errors := tab.SomeErrors(); len(errors) != 1 || !strings.Contains(errors[0], "select was refused. CONVERSATION_NOT_FOUND: ") {
		t.Errorf("the console says %q", errors)
	}
	yes(t, tab, `
	  const left = await conversation.leave(); session.destroy();
	  return { left, "gone": document.querySelectorAll("iframe").length === 0, "ended": !session.isAlive, "refuses": await refused(session.currentUser.get()) === "SESSION_DESTROYED" };`)
	has("a", "")
}

// What a page hears of its UIs, and what it can say to them.
func TestSDKHearsItsUIs(t *testing.T) {
	s := newShop(t)
	if _, err := s.app.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: "before"}); err != nil {
		t.Fatal(err)
	}
	tab := s.tab(t, browser.Start(t))
	yes(t, tab, `
	  const session = window.session = new Talk.Session({ appId: "shop", userId: "bob" });
	  const box = window.box = session.createChatbox(); window.events = [];
	  box.onFocus(() => events.push("focus")); box.onKeydown((e) => events.push("key " + e.key)); box.onBlur(() => events.push("blur"));
	  const once = box.onSendMessage(() => events.push("never")); once.unsubscribe();
	  box.onSendMessage((e) => { events.push("send " + e.message.text + " in " + e.conversation.id); e.override({ text: e.message.text.toUpperCase(), custom: { from: "page" } }); });
	  box.select("fair");
	  await box.mount(document.getElementById("chat"));
	  await soon(() => box.currentConversation?.id === "fair");
	  box.messageField.setText("hello");
	  await soon(() => box.messageField.getText() === "hello");
	  box.messageField.focus();
	  await soon(() => events.includes("focus"));
	  return { "access": box.currentConversation.participants.bob.access === "ReadWrite", "one": session.getChatboxes()[0] === box && session.getPopups().length === 0 };`)
	tab.Press("\r")
	yes(t, tab, `
	  await soon(() => events.some((e) => e.startsWith("send")));
	  const last = await new Promise((r) => { const x = session.conversation("fair").subscribeMessages((m) => m[0].text === "HELLO" && r(m[0])); window.watch = x; });
	  watch.unsubscribe();
	  return { "overridden": last.custom.from === "page", "in order": events.indexOf("key Enter") >= 0 && events.includes("send hello in fair") && !events.includes("never") || events };`)
	yes(t, tab, `
	  const frame = document.querySelector("#chat iframe");
	  const moved = document.body.appendChild(document.createElement("div")); moved.style.height = "400px";
	  let shown = 0; session.conversation("fair").subscribe(() => shown++);
	  await box.mount(moved); // an iframe that is moved is loaded anew
	  await soon(() => { box.messageField.setText("again"); return box.messageField.getText() === "again"; });
	  await soon(() => box.currentConversation?.id === "fair");
	  await session.conversation("fair").send("seen");
	  await box.select(null); await soon(() => box.currentConversation === null);
	  await box.select("fair"); await soon(() => box.currentConversation?.id === "fair");
	  const gone = await box.select("fair", { messageId: "m" }).catch((e) => e.message);
	  box.destroy(); box.destroy();
	  const after = await box.select("fair").catch((e) => e.message);
	  const back = session.createChatbox(); await back.mount(moved); await soon(() => back.currentConversation?.id === "fair"); // the last that was active
	  back.destroy();
	  return { "moved": frame.parentElement === null, "not built": /isn't there yet/.test(gone), "destroyed": /destroyed/.test(after), "still watched": shown > 0 };`)
	yes(t, tab, `
	  const popup = session.createPopup(); const toggles = []; popup.onOpen(() => toggles.push("open")); popup.onClose(() => toggles.push("close"));
	  popup.select("fair"); await popup.mount({ show: false });
	  const hidden = toggles.length === 0;
	  popup.show(); popup.show(); popup.hide();
	  const legacy = session.createChatbox(session.getOrCreateConversation("fair"), { theme: "dark" });
	  await legacy.mount(document.getElementById("chat")); await soon(() => legacy.currentConversation?.id === "fair");
	  const bad = (() => { try { legacy.mount(null); } catch (e) { return e instanceof TypeError; } })();
	  session.destroy();
	  return { hidden, "toggled": toggles.join() === "open,close" || toggles, "an element is needed": bad, "all gone": document.querySelectorAll("iframe").length === 0 };`)
}
