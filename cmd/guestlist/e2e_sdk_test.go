package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"guestlist/cmd/guestlist/browser"
	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/db/dbtest"
)

const sdkSecret = "sk_test_0123456789abcdefghij"

// shop is an App with one app in it, and a page of another origin that loads its script.
type shop struct {
	*product
	page string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	p := start(t, t.TempDir())
	dbtest.App(t, p.app.store, "shop", "maya", "bob")
	if _, _, err := p.app.store.CreateKey(t.Context(), chat.CommandLine, "shop", "Orders", sdkSecret); err != nil {
		t.Fatal(err)
	}
	dbtest.Conversation(t, p.app.store, "shop", "fair", "bob")
	return &shop{p, pageOf(t, p.app.URL())}
}

// pageOf serves a page, on an origin of its own, that has both doors of the server at host.
func pageOf(t *testing.T, host string) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Shop</title><body><div id="chat" style="height:500px"></div>
<script>
(function(t,a,l,k,s){s=a.createElement("script");s.async=1;s.src=%q;a.head.appendChild(s);k=t.Promise;
t.Talk={v:3,ready:{then:function(f){if(k)return new k(function(r,e){l.push([f,r,e])});l.push([f])},catch:function(){return k&&new k()},c:l}}})(window,document,[]);
Talk.ready.then(function(){ window.queued = typeof Talk.Session; });
</script>
<script type="module">import * as guestlist from %q; Object.assign(window, { guestlist, getTalkSession: guestlist.getTalkSession });</script>`, host+"/talk.js", host+"/guestlist.mjs")
	}))
	t.Cleanup(site.Close)
	return site.URL
}

// tab opens the page, with helpers for what tests look at: refused(promise) is the code of a refusal, soon(f) waits.
func (s *shop) tab(t *testing.T, c *browser.Chromium) *browser.Tab {
	t.Helper()
	tab := c.Tab(t, s.page)
	tab.Open("/")
	tab.Until("both doors are there", `window.queued === "function" && window.getTalkSession`)
	browser.Eval[bool](tab, `(() => {
	  window.refused = (promise) => promise.then(() => "", (e) => e.name === "GuestlistError" ? e.code : String(e));
	  window.soon = async (f) => { for (let i = 0; i < 1000; i++) { try { if (await f()) return true; } catch {} await new Promise((r) => setTimeout(r, 10)); } throw new Error("not soon: " + f); };
	  return true;
	})()`)
	return tab
}

func sdkToken(t *testing.T, user string, life time.Duration) string {
	t.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"tokenType": "user", "iss": "shop", "sub": user, "exp": time.Now().Add(life).Unix()}).SignedString([]byte(sdkSecret))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sdkSignature is what older integrations have in place of a token.
func sdkSignature(user string) string {
	mac := hmac.New(sha256.New, []byte(sdkSecret))
	mac.Write([]byte(user))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *shop) set(t *testing.T, key chat.SettingKey, value string) {
	t.Helper()
	now, err := s.app.store.Settings(t.Context(), "shop")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.store.SaveSettings(t.Context(), chat.CommandLine, "shop", []chat.SettingChange{{Key: key, Value: value, Version: now[key].Version}}); err != nil {
		t.Fatal(err)
	}
}

// yes runs a script that returns an object of what must be true.
func yes(t *testing.T, tab *browser.Tab, script string) {
	t.Helper()
	got := browser.Eval[map[string]any](tab, `(async () => {`+script+`})()`)
	for what, is := range got {
		if is != true {
			text, _ := json.Marshal(is)
			t.Errorf("%s: %s", what, text)
		}
	}
	if len(got) == 0 {
		t.Error("nothing was looked at")
	}
}

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

// cable is a way to the server that a test can cut.
type cable struct {
	net.Listener
	to string

	mu    sync.Mutex
	dead  bool
	conns []net.Conn
}

func cableTo(t *testing.T, address string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &cable{Listener: listener, to: strings.TrimPrefix(address, "http://")}
	t.Cleanup(func() { listener.Close(); l.cut(true) })
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp", l.to)
			l.mu.Lock()
			if err != nil || l.dead {
				here.Close()
				if there != nil {
					there.Close()
				}
				l.mu.Unlock()
				continue
			}
			l.conns = append(l.conns, here, there)
			l.mu.Unlock()
			go func() { _, _ = io.Copy(here, there); here.Close() }()
			go func() { _, _ = io.Copy(there, here); there.Close() }()
		}
	}()
	return l
}

// URL is the server's, by this way.
func (l *cable) URL() string { return "http://" + l.Addr().String() }

// cut cuts all connections, and takes no others while it is dead.
func (l *cable) cut(dead bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dead = dead
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

// While the line is cut, calls wait and messages are missed; when it is back both are made good, in order and once.
func TestSDKComesBack(t *testing.T) {
	s := newShop(t)
	wire := cableTo(t, s.app.URL())
	s.page = pageOf(t, wire.URL())
	tab := s.tab(t, browser.Start(t))
	yes(t, tab, `
	  window.bob = getTalkSession({ appId: "shop", userId: "bob" }); window.fair = bob.conversation("fair");
	  window.lists = []; window.states = []; window.names = []; window.feeds = [];
	  const all = [fair.subscribeMessages((m) => lists.push(m.map((x) => x.text).join())), fair.subscribe((c) => states.push(c?.subject ?? null)), bob.user("maya").subscribe((u) => names.push(u.name)), bob.subscribeConversations((c) => feeds.push(c.length))];
	  await Promise.all(all.map((x) => x.connected));
	  window.ups = []; bob.link.onStatus((x) => ups.push(x.connected));
	  await fair.send("one");
	  await soon(() => lists.at(-1) === "one");
	  return { "connected": ups.at(-1) };`)
	wire.cut(true)
	tab.Until("it is noticed", `ups.at(-1) === false`)
	tab.Errors()
	backend := dbtest.Backend("shop")
	for _, text := range []string{"two", "three"} {
		if _, err := s.app.store.SendMessage(t.Context(), backend, "shop", "fair", chat.NewMessage{Sender: "bob", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.app.store.PutUser(t.Context(), backend, "shop", "maya", chat.UserChange{Name: chat.Some("Maya B.")}, chat.UserChange{}); err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](tab, `(() => { window.late = [fair.set({ subject: "a" }), fair.set({ subject: "b" }), fair.send("four"), fair.send("five")]; return true; })()`)
	time.Sleep(500 * time.Millisecond)
	wire.cut(false)
	yes(t, tab, `
	  await Promise.all(late);
	  await soon(() => lists.at(-1) === "five,four,three,two,one" && states.at(-1) === "b" && names.at(-1) === "Maya B.");
	  return { "back": ups.at(-1), "each is told once": lists.filter((x) => x === lists.at(-1)).length === 1 || lists };`)
	tab.Errors() // the browser says that it could not connect
	wire.cut(true)
	if _, err := s.app.store.RemoveParticipant(t.Context(), backend, chat.ParticipantRef{App: "shop", Conversation: "fair", User: "bob"}); err != nil {
		t.Fatal(err)
	}
	tab.Until("it is noticed", `ups.at(-1) === false`)
	wire.cut(false)
	yes(t, tab, `
	  await soon(() => states.at(-1) === null && feeds.at(-1) === 0);
	  return { "what was lost meanwhile is gone": true };`)
	tab.Errors()
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
