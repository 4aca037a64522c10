import assert from "node:assert/strict";
import test from "node:test";
import { getTalkSession, setScriptHost, TalkSession } from "../src/session.js";
import { FakeWire, settled } from "./wire.js";

const session = async (answers = {}) => {
  const wire = new FakeWire();
  Object.assign(wire.answers, answers);
  const s = new TalkSession({ host: "https://chat.example", appId: "shop", userId: "maya" }, wire);
  s.link.start();
  await wire.come();
  return { wire, session: s };
};

const message = (seq, more = {}) => ({ id: "m" + seq, seq, type: "UserMessage", senderId: "bob", senderName: "Bob", text: "t" + seq, custom: {}, origin: "web", createdAt: seq, editedAt: null, deletedAt: null, ...more });
const messages = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => message(from - i));
const person = (id) => ({ user: { id, name: id }, access: "ReadWrite", notify: true, joinedAt: 1 });
const fair = (more = {}) => ({ id: "fair", subject: "Fair", access: "ReadWrite", notify: true, joinedAt: 1, createdAt: 1, lastMessage: null, custom: {}, unread: 0, ...more });
const opened = (data, next = "", people = [person("maya")]) => ({ conversation: fair(), access: "ReadWrite", guest: false, messages: { data, next }, participants: { data: people, next: "" } });
const gone = { errorCode: "CONVERSATION_NOT_FOUND", message: "There is none.", status: 404 };

test("sessions and refs are the same objects for the same names, until a session has ended", () => {
  assert.throws(() => getTalkSession({ appId: "shop", userId: "maya" }), /host/);
  setScriptHost("https://chat.example");
  const one = getTalkSession({ appId: "shop", userId: "maya" });
  assert.equal(one, getTalkSession({ appId: "shop", userId: "maya", host: "https://chat.example/" }));
  assert.notEqual(one, getTalkSession({ appId: "shop", userId: "bob" }));
  assert.equal(one.conversation("a").participant("b"), one.conversation("a").participant(one.user("b")));
  assert.equal(one.conversation("a").message("m"), one.conversation("a").message("m"));
  for (const bad of ["", 7, null, undefined]) assert.throws(() => one.user(bad as never), TypeError);
  one.destroy();
  assert.notEqual(one, getTalkSession({ appId: "shop", userId: "maya" }));
  assert.throws(() => getTalkSession({ appId: "shop", userId: "" }), TypeError);
  assert.throws(() => one.conversation("a").message("m").translate(), /isn't there yet/);
});

test("a window shows 30 messages and all that come, and more when asked", async () => {
  const { wire, session: s } = await session({
    "conversation.open": opened(messages(100, 71), "70"),
    "conversation.messages": ({ after, limit }) => ({ data: messages(+after, Math.max(1, +after - limit + 1)), next: +after > limit ? String(+after - limit) : "" }),
  });
  const shown = [];
  const sub = s.conversation("fair").subscribeMessages((list, all) => shown.push([list.length, list[0].text, all]));
  assert.equal(sub.state.type, "pending");
  await sub.connected;
  assert.deepEqual(shown, [[30, "t100", false]]);
  await wire.frame({ type: "message.sent", e: 1, conversation: "fair", message: message(101) });
  await wire.frame({ type: "message.sent", e: 1, conversation: "fair", message: message(101) });
  await wire.frame({ type: "message.sent", e: 2, conversation: "other", message: message(102) });
  assert.deepEqual(shown.at(-1), [31, "t101", false]);
  await sub.loadMore(40);
  assert.deepEqual(shown.at(-1), [71, "t101", false]);
  await wire.frame({ type: "message.edited", e: 3, conversation: "fair", message: message(101, { text: "new", editedAt: 9 }) });
  assert.deepEqual(shown.at(-1), [71, "new", false]);
  await wire.frame({ type: "message.deleted", e: 4, conversation: "fair", message: message(101, { deletedAt: 9 }) });
  assert.equal(shown.at(-1)[1], "t100");
  await wire.frame({ type: "message.restored", e: 5, conversation: "fair", message: message(101, { text: "back" }) });
  await wire.frame({ type: "message.restored", e: 6, conversation: "fair", message: message(2, { text: "far above" }) });
  assert.deepEqual(shown.at(-1), [71, "back", false]);
  await wire.frame({ type: "message.deleted", e: 7, conversation: "fair", message: message(101, { deletedAt: 9 }) });
  await sub.loadMore(100);
  assert.ok(sub.loadedAll);
  assert.deepEqual(shown.at(-1), [100, "t100", true]);
  for (const bad of [0, 101, 1.5, -1]) await assert.rejects(sub.loadMore(bad), TypeError);
  sub.unsubscribe();
  sub.unsubscribe();
  await settled();
  assert.equal(sub.state.type, "unsubscribed");
  assert.equal((await sub.terminated).type, "unsubscribed");
  assert.equal(wire.commands.filter((c) => c === "conversation.close").length, 1);
  const before = shown.length;
  await wire.frame({ type: "message.sent", e: 9, conversation: "fair", message: message(110) });
  assert.equal(shown.length, before);
});

test("all who watch a conversation share one opening", async () => {
  const { wire, session: s } = await session({ "conversation.open": opened([message(1)]) });
  const c = s.conversation("fair");
  const all = [c.subscribe(), c.subscribeMessages(), c.subscribeParticipants(), c.subscribeTyping(), c.participant("maya").subscribe()];
  await Promise.all(all.map((x) => x.connected));
  assert.equal(wire.commands.filter((x) => x === "conversation.open").length, 1);
  for (const x of all) assert.equal(x.state.type, "active");
  assert.equal(all[0].state.latestSnapshot.subject, "Fair");
  await wire.frame({ type: "conversation.updated", e: 1, conversation: "fair", subject: "New", photoUrl: null, welcomeMessages: null, custom: {} });
  assert.equal(all[0].state.latestSnapshot.subject, "New");
  assert.equal(all[0].state.latestSnapshot.id, "fair");
  await wire.frame({ type: "rights", conversation: "fair", access: "Read", guest: false });
  assert.equal(all[0].state.latestSnapshot.access, "Read");
  await wire.frame({ type: "participant.joined", e: 2, conversation: "fair", participant: person("bob") });
  await wire.frame({ type: "user.updated", e: 3, user: { id: "bob", name: "Bobby" } });
  assert.deepEqual(all[2].state.latestSnapshot.map((p) => p.user.name), ["Bobby", "maya"]);
  await wire.frame({ type: "participant.left", e: 4, conversation: "fair", user: "bob" });
  assert.equal(all[2].state.latestSnapshot.length, 1);
  for (const x of all.slice(1)) x.unsubscribe();
  await settled();
  assert.ok(!wire.commands.includes("conversation.close"));
  all[0].unsubscribe();
  await settled();
  assert.ok(wire.commands.includes("conversation.close"));
});

test("typing ends when the message comes, and by itself after ten seconds", async (t) => {
  const { wire, session: s } = await session({ "conversation.open": opened([]) });
  const seen = [];
  const sub = s.conversation("fair").subscribeTyping((x) => seen.push(x.users.map((u) => u.name).join()));
  await sub.connected;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await wire.frame({ type: "typing", conversation: "fair", user: "bob", name: "Bob" });
  await wire.frame({ type: "message.sent", e: 1, conversation: "fair", message: message(1) });
  await wire.frame({ type: "typing", conversation: "fair", user: "bob", name: "Bob" });
  t.mock.timers.tick(9_999);
  assert.equal(seen.at(-1), "Bob");
  t.mock.timers.tick(1);
  assert.deepEqual(seen, ["", "Bob", "", "Bob", ""]);
});

test("a conversation that is lost is null, and is there again when the user is let in again", async () => {
  const { wire, session: s } = await session({ "conversation.open": opened([message(1)]), "feed.open": { data: [], next: "" } });
  const seen = [];
  const sub = s.conversation("fair").subscribe((c) => seen.push(c && c.id));
  await sub.connected;
  wire.answers["conversation.open"] = gone;
  await wire.frame({ type: "cut", conversation: "fair", error: { errorCode: "REMOVED", message: "You were removed." } });
  assert.deepEqual(seen, ["fair", null]);
  await wire.frame({ type: "feed.updated", conversation: fair({ id: "other" }) });
  wire.answers["conversation.open"] = opened([]);
  await wire.frame({ type: "feed.updated", conversation: fair() });
  assert.deepEqual(seen, ["fair", null, "fair"]);
  await wire.frame({ type: "conversation.deleted", e: 7, conversation: "fair" });
  assert.equal(seen.at(-1), null);
});

test("a conversation made between the first look and the feed isn't missed", async () => {
  const { wire, session: s } = await session({ "conversation.open": gone });
  wire.answers["feed.open"] = () => {
    wire.answers["conversation.open"] = opened([]);
    return { data: [fair()], next: "" };
  };
  const seen = [];
  s.conversation("fair").subscribe((c) => seen.push(c && c.id));
  await settled();
  assert.deepEqual(seen, [null, "fair"]);
});

test("who doesn't exist yet gets an error that ends the subscription", async () => {
  const { session: s } = await session({ "conversation.open": { errorCode: "USER_NOT_FOUND", message: "Create the user first.", status: 404 } });
  const sub = s.conversation("fair").subscribe();
  await assert.rejects(sub.connected, { code: "USER_NOT_FOUND" });
  assert.equal(sub.state.type, "error");
  assert.equal((await sub.terminated).error.code, "USER_NOT_FOUND");
});

test("after a reconnect what is shown is read again", async () => {
  const { wire, session: s } = await session({ "conversation.open": opened([message(1)]), "user.watch": { user: { id: "bob", name: "Bob" }, online: true }, "feed.open": { data: [fair()], next: "" } });
  const seen = [], names = [], feeds = [];
  const subs = [s.conversation("fair").subscribeMessages((m) => seen.push(m.length)), s.user("bob").subscribeOnline((x) => names.push(x.user.name + x.isConnected)), s.subscribeConversations((c) => feeds.push(c.length))];
  await Promise.all(subs.map((x) => x.connected));
  await wire.go();
  wire.answers = { "conversation.open": opened([message(3), message(2), message(1)]), "user.watch": { user: { id: "bob", name: "Bobby" }, online: false }, "feed.open": { data: [fair(), fair({ id: "x" })], next: "" } };
  wire.sent = [];
  await wire.come();
  assert.deepEqual(wire.commands.sort(), ["conversation.open", "feed.open", "user.watch"]);
  assert.equal(seen.at(-1), 3);
  assert.equal(names.at(-1), "Bobbyfalse");
  assert.equal(feeds.at(-1), 2);
});

test("messages are told once and in order, whatever the feed skipped", async () => {
  const at = (seq, more = {}) => fair({ lastMessage: message(seq), ...more });
  const { wire, session: s } = await session({ "feed.open": { data: [at(3)], next: "" }, "conversation.messages": { data: [message(6), message(5, { deletedAt: 1 }), message(4)], next: "" } });
  const heard = [];
  s.feed.watch({ wants: 0, changed() {}, failed() {}, message: (m) => heard.push(m.text) });
  await settled();
  await wire.frame({ type: "feed.updated", conversation: at(3, { subject: "renamed" }) });
  await wire.frame({ type: "feed.updated", conversation: at(6) });
  await wire.frame({ type: "feed.updated", conversation: at(6) });
  await wire.frame({ type: "feed.updated", conversation: fair({ id: "old", lastMessage: message(1) }) });
  await wire.frame({ type: "feed.updated", conversation: fair({ id: "new", lastMessage: message(9, { text: "fresh" }) }) });
  assert.deepEqual(heard, ["t4", "t6", "fresh"]);
});

test("messages that come while skipped ones are read wait for them, and none is lost", async () => {
  const { wire, session: s } = await session({ "feed.open": { data: [fair({ lastMessage: message(3) })], next: "" },
    "conversation.messages": ({ limit, after }) => ({ data: after ? [message(4), message(3)] : [message(6), message(5)].slice(0, limit), next: after ? "" : "4" }) });
  const heard = [];
  s.feed.watch({ wants: 0, changed() {}, failed() {}, message: (m) => heard.push(m.text) });
  await settled();
  wire.hold = true;
  await wire.frame({ type: "feed.updated", conversation: fair({ lastMessage: message(5) }) });
  await wire.frame({ type: "feed.updated", conversation: fair({ lastMessage: message(6) }) });
  assert.deepEqual(heard, []);
  wire.hold = false;
  for (const call of wire.waiting.splice(0)) wire.answer(call);
  await settled();
  assert.deepEqual(heard, ["t4", "t5", "t6"]);
});

test("onError tells once what ended the session, also to who asks later", async () => {
  const { wire, session: s } = await session();
  const told = [];
  s.onError((e) => told.push(e.code));
  const deaf = s.onError(() => told.push("deaf"));
  deaf.unsubscribe();
  wire.hears.ended({ code: "KEY_DEACTIVATED", message: "Over." });
  s.onError((e) => told.push("late " + e.code));
  await settled();
  assert.deepEqual(told, ["KEY_DEACTIVATED", "late KEY_DEACTIVATED"]);
  assert.equal(s.isAlive, false);
  await assert.rejects(s.conversation("fair").send("x"), { code: "KEY_DEACTIVATED" });
});
