package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

// Every method of the data door, on a page of another origin, over the socket.
func TestSDKDataDoor(t *testing.T) {
	s := newShop(t)
	c := browser.Start(t)
	tab := s.tab(t, c)
	yes(t, tab, `
	  const session = window.maya = getTalkSession({ appId: "shop", userId: "maya" }), bob = window.bob = getTalkSession({ appId: "shop", userId: "bob" });
	  const zoe = session.user("zoe"), before = await zoe.get();
	  zoe.createIfNotExists({ name: "Zoe", custom: { a: "1", b: "2" } });
	  zoe.createIfNotExists({ name: "Other" });
	  zoe.set({ photoUrl: "https://x.example/z.png", email: ["z@x.example"], custom: { a: null, c: "3" }, role: undefined });
	  const made = await zoe.get();
	  await zoe.set({ photoUrl: null });
	  const after = await zoe.get();
	  const seen = [], online = [];
	  const a = zoe.subscribe((u) => seen.push(u?.name)), b = session.user("bob").subscribeOnline((o) => online.push(o?.isConnected));
	  await a.connected; await b.connected;
	  await zoe.set({ name: "Zoe Z." });
	  await soon(() => seen.includes("Zoe Z."));
	  await bob.currentUser.get();
	  await soon(() => online.includes(true));
	  a.unsubscribe(); b.unsubscribe();
	  return { "the same session": session === getTalkSession({ appId: "shop", userId: "maya" }), "the same ref": zoe === session.user("zoe") && session.currentUser === session.user("maya"),
	    "not there at first": before === null, "made as asked": made.name === "Zoe" && made.custom.c === "3" && made.custom.b === "2" && !("a" in made.custom) && made.photoUrl.endsWith("z.png"),
	    "mail is nobody's": !JSON.stringify(made).includes("z@x"), "null removes": after.photoUrl === null, "seen": JSON.stringify(seen) === '["Zoe","Zoe Z."]', "online": online.at(-1) === true,
	    "ended": a.state.type === "unsubscribed" && (await a.terminated).type === "unsubscribed", "ids are texts": (() => { try { session.user(""); } catch (e) { return e instanceof TypeError; } })() };`)
	yes(t, tab, `
	  const talk = maya.conversation("talk"), before = await talk.get(), states = [], lists = [], people = [], typing = [];
	  const sub = talk.subscribe((c) => states.push(c)), messages = talk.subscribeMessages((m) => lists.push(m)), who = talk.subscribeParticipants((p) => people.push(p)), ty = talk.subscribeTyping((x) => typing.push(x));
	  const nothing = await messages.connected;
	  talk.createIfNotExists({ subject: "Talk", custom: { k: "v" } });
	  talk.createIfNotExists({ subject: "Other" });
	  talk.participant("bob").set({ access: "Read", notify: false });
	  talk.participant("bob").set({ access: "ReadWrite" });
	  await talk.set({ photoUrl: "https://x.example/t.png" });
	  await soon(() => lists.at(-1) && people.at(-1)?.length === 2);
	  const b = await talk.participant("bob").get(), snapshot = await talk.get();
	  const his = bob.conversation("talk"), sent = await his.send("hello"), second = await his.send({ text: "again", custom: { x: "y" } });
	  await soon(() => lists.at(-1).length === 2);
	  await his.markAsTyping();
	  await soon(() => typing.at(-1).users.length === 1);
	  const texts = lists.at(-1).map((m) => m.text).join(), who2 = typing.at(-1).users[0];
	  await his.message(sent.id).edit("hello!");
	  await second.edit({ custom: { x: null, z: "1" } });
	  await soon(() => lists.at(-1)[1].text === "hello!");
	  const edited = await talk.message(second.id).get();
	  await second.delete(); await second.delete();
	  await soon(() => lists.at(-1).length === 1);
	  await talk.markAsUnread(); await talk.markAsRead();
	  await talk.participant("zoe").createIfNotExists({ access: "Read" });
	  await talk.participant("zoe").createIfNotExists({ access: "ReadWrite" });
	  const zoe = await talk.participant("zoe").get();
	  await talk.participant("zoe").edit({ access: "ReadWrite" });
	  const zoes = []; const zs = talk.participant("zoe").subscribe((p) => zoes.push(p?.access ?? null)); await zs.connected;
	  await talk.participant("zoe").delete(); await talk.participant("zoe").delete();
	  await soon(() => zoes.at(-1) === null && people.at(-1).length === 2);
	  const missing = await refused(talk.participant("zoe").edit({ notify: true }));
	  await soon(() => states.at(-1)?.photoUrl);
	  await talk.set({ subject: null });
	  await soon(() => states.at(-1)?.subject === null);
	  const strange = await refused(bob.conversation("nowhere").send("x"));
	  await bob.conversation("talk").participant("maya").delete();
	  await soon(() => states.at(-1) === null && lists.at(-1) === null);
	  await bob.conversation("talk").participant("maya").set();
	  await soon(() => states.at(-1)?.id === "talk" && lists.at(-1)?.length === 1);
	  for (const x of [sub, messages, who, ty, zs]) x.unsubscribe();
	  return { "not there at first": before === null && nothing.latestSnapshot === null && states[0] === null, "kept": snapshot.subject === "Talk" && snapshot.custom.k === "v" && snapshot.access === "ReadWrite",
	    "omitted settings stay": b.access === "ReadWrite" && b.notify === false, "newest first": texts === "again,hello", "typing": who2.id === "bob", "custom is patched": JSON.stringify(edited.custom) === '{"z":"1"}' && edited.text === "again",
	    "deleted": (await second.get()) === null, "left as it was": zoe.access === "Read", "missing": missing === "PARTICIPANT_NOT_FOUND" || missing, "strange": strange === "CONVERSATION_NOT_FOUND" || strange,
	    "zoe": JSON.stringify(zoes.slice(-2)) === '["ReadWrite",null]' || zoes };`)
	for n := range 75 {
		if _, err := s.app.store.SendMessage(t.Context(), dbtest.Backend("shop"), "shop", "fair", chat.NewMessage{Sender: "bob", Text: fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
	}
	yes(t, tab, `
	  const shown = [];
	  const sub = bob.conversation("fair").subscribeMessages((m, all) => shown.push([m.length, m[0]?.text, all]));
	  await sub.connected;
	  const first = shown.at(-1);
	  await sub.loadMore(40);
	  const second = shown.at(-1);
	  await bob.conversation("fair").send("75");
	  await soon(() => shown.at(-1)[1] === "75");
	  const third = shown.at(-1);
	  await sub.loadMore(100);
	  const feeds = []; const feed = bob.subscribeConversations((c) => feeds.push(c.map((x) => x.id).join())); await feed.connected;
	  await bob.conversation("talk").send("up");
	  await soon(() => feeds.at(-1) === "talk,fair");
	  const many = await sub.loadMore(101).then(() => "", (e) => e.name);
	  return { "thirty": JSON.stringify(first) === '[30,"74",false]' || first, "seventy": second[0] === 70 && second[1] === "74" || second, "one more": third[0] === 71 || third, "all": shown.at(-1)[0] === 76 && sub.loadedAll, "feed": feeds[0] === "fair,talk" || feeds, "too many": many === "TypeError" };`)
}

// With a box ticked each call of the table is refused or not, over a socket that was open before.
func TestSDKRefusals(t *testing.T) {
	s := newShop(t)
	tab := s.tab(t, browser.Start(t))
	yes(t, tab, `
	  window.bob = getTalkSession({ appId: "shop", userId: "bob" });
	  await bob.conversation("fair").participant("maya").set();
	  return { in: (await bob.currentUser.get()).id === "bob" };`)
	s.set(t, chat.SettingUserSync, "true")
	yes(t, tab, `
	  const no = "USER_SYNC_DISALLOWED", set = await refused(bob.currentUser.set({ name: "Bo" })), create = await refused(bob.user("new").createIfNotExists({ name: "New" }));
	  return { "set": set === no, "create": create === no, "who exists": await refused(bob.user("maya").createIfNotExists({ name: "M" })) === "", "get": (await bob.user("maya").get()).id === "maya",
	    "conversations": await refused(bob.conversation("fair").set({ subject: "Fair" })) === "" };`)
	s.set(t, chat.SettingConversationSync, "true")
	yes(t, tab, `
	  const no = "CONVERSATION_SYNC_DISALLOWED", fair = bob.conversation("fair"), maya = fair.participant("maya"), me = fair.participant("bob");
	  const refuses = { "set": fair.set({ subject: "x" }), "create": bob.conversation("new").createIfNotExists(), "participant set": maya.set({ access: "Read" }), "participant edit": maya.edit({ access: "Read" }),
	    "participant create": fair.participant("zoe").createIfNotExists(), "participant delete": maya.delete() };
	  const passes = { "own notify": me.edit({ notify: false }), "own notify by set": me.set({ notify: true }), "conversation's notify": fair.set({ notify: false }), "create mine": fair.createIfNotExists(), "create who is in": maya.createIfNotExists(),
	    "send": fair.send("still"), "read": fair.markAsRead(), "typing": fair.markAsTyping(), "get": fair.get(), "participant get": maya.get() };
	  const out = {};
	  for (const [name, call] of Object.entries(refuses)) out[name] = (await refused(call)).replace(no, "") === "" || await refused(call);
	  for (const [name, call] of Object.entries(passes)) out[name] = await refused(call) === "" || await refused(call);
	  const e = await fair.set({ subject: "x" }).catch((e) => e);
	  out["says what to do"] = /Settings|server/.test(e.message) && e.status === 403 && !!e.requestId || e.message;
	  return out;`)
}

// A session proves itself by a token, renews it in time, and ends once when it can't.
func TestSDKTokens(t *testing.T) {
	s := newShop(t)
	s.set(t, chat.SettingIdentity, "true")
	tab := s.tab(t, browser.Start(t))
	yes(t, tab, fmt.Sprintf(`
	  const errors = [], bare = getTalkSession({ appId: "shop", userId: "maya" });
	  bare.onError((e) => errors.push(e.code));
	  const first = await refused(bare.currentUser.get()), again = await refused(bare.currentUser.get());
	  const session = window.held = getTalkSession({ appId: "shop", userId: "maya", token: %q });
	  session.onError((e) => (window.heldEnded = [...(window.heldEnded ?? []), e.code]));
	  const own = await session.currentUser.get();
	  await session.setToken(%q);
	  const wrong = await refused(session.setToken(%q));
	  return { "refused": first !== "" && first === again, "once": errors.length === 1 && errors[0] === first, "a new session after": session !== bare && !bare.isAlive, "let in": own.id === "maya", "another's token": wrong !== "" , "still here": (await session.currentUser.get()).id === "maya" };`,
		sdkToken(t, "maya", time.Hour), sdkToken(t, "maya", 2*time.Hour), sdkToken(t, "bob", time.Hour)))
	yes(t, tab, fmt.Sprintf(`
	  let asked = 0; const tokens = %s;
	  const session = guestlist.getTalkSession({ appId: "shop", userId: "bob" });
	  session.onNeedToken(() => { const token = tokens[asked++]; if (asked === 2) setTimeout(() => session.setToken(token), 50); else return token; });
	  const seen = []; session.onError((e) => seen.push(e.code));
	  const statuses = []; session.link.onStatus((s) => statuses.push(s.connected));
	  await session.conversation("fair").get();
	  await soon(() => asked === 2);
	  await new Promise((r) => setTimeout(r, 4500));
	  return { "renewed": asked === 2, "alive": (await session.conversation("fair").get())?.id === "fair" && seen.length === 0, "without a gap": JSON.stringify(statuses) === "[false,true]" || statuses };`,
		text(sdkToken(t, "bob", 4*time.Second), sdkToken(t, "bob", time.Hour))))
	yes(t, tab, fmt.Sprintf(`
	  const session = getTalkSession({ host: location.protocol + "//" + new URL(window.held.host).host, appId: "shop", userId: "zoe", token: %q }), ended = [];
	  session.onError((e) => ended.push(e.code));
	  await session.currentUser.get();
	  await soon(() => ended.length > 0);
	  await new Promise((r) => setTimeout(r, 500));
	  return { "ended once": JSON.stringify(ended) === '["TOKEN_EXPIRED"]' || ended, "refused": await refused(session.currentUser.get()) === "TOKEN_EXPIRED" };`, sdkToken(t, "zoe", 4*time.Second)))
}

func text(list ...string) string {
	b, _ := json.Marshal(list)
	return string(b)
}
