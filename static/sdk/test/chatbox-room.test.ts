import assert from "node:assert/strict";
import test from "node:test";
import { applyToFeed, sorted, waiting } from "../chatbox/feed.js";
import { apply, asRefusal, enter, lose, merge, open, stored } from "../chatbox/room.js";
import type { Opened, Room } from "../chatbox/room.js";
import { firstUnread, rows } from "../chatbox/rows.js";
import type { Conversation, Message } from "../chatbox/shapes.js";

const noon = new Date(2026, 2, 3, 12).getTime();
const message = (seq: number, sender: string | null, more: Partial<Message> = {}): Message => ({
  id: "m" + seq, seq, type: sender ? "UserMessage" : "SystemMessage", senderId: sender, senderName: sender, text: "text " + seq, custom: {}, origin: "web",
  createdAt: noon + seq * 60_000, editedAt: null, deletedAt: null, ...more,
});
const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  id, subject: id, photoUrl: null, welcomeMessages: null, custom: {}, createdAt: noon, lastMessage: null, access: "ReadWrite", joinedAt: noon, unread: 0, readSeq: 0, participantCount: 2, ...more,
});
const person = (id: string) => ({ user: { id, name: id, photoUrl: null }, access: "ReadWrite" as const, joinedAt: noon });
const opened = (messages: Message[], next = ""): Opened => ({
  conversation: conversation("fair"), access: "ReadWrite", guest: false, messages: { data: [...messages].reverse(), next }, participants: { data: [person("maya"), person("bob")], next: "" }, readers: {},
});
const room = (messages: Message[] = [], next = ""): Room => open(enter("fair", false), opened(messages, next));
const seqs = (r: { messages: Message[] }) => r.messages.map((m) => m.seq);

test("rows stand under days and people", () => {
  const all = [message(1, "maya"), message(2, "maya"), message(3, "bob"), message(4, null), message(5, "bob"), message(20, "bob"), message(1500, "bob")];
  const got = rows(all, "bob", 3).map((r) => (r.kind === "message" ? `${r.message.seq}${r.own ? " own" : ""}${r.head ? " head" : ""}${r.last ? " last" : ""}` : r.kind));
  assert.deepEqual(got, ["day", "1 head", "2 last", "unread", "3 own head last", "system", "5 own head last", "20 own head last", "day", "1500 own head last"]);
});

test("what somebody wrote as a guest stands under a head of its own", () => {
  const got = rows([message(1, "zoe", { guest: true }), message(2, "zoe", { guest: true }), message(3, "zoe", { guest: false })], "bob");
  assert.deepEqual(got.map((r) => r.kind === "message" && r.head), [false, true, false, true]);
});

test("the unread line stands where it is known", () => {
  const all = [message(5, "maya"), message(6, "bob"), message(7, "maya")];
  assert.equal(firstUnread(all, "bob", 5, false), 7);
  assert.equal(firstUnread(all, "bob", 7, false), undefined);
  assert.equal(firstUnread(all, "bob", 3, false), undefined, "older ones may be unread too");
  assert.equal(firstUnread(all, "bob", 0, true), 5);
});

test("frames make the room anew", () => {
  let r = room([message(1, "maya")]);
  const hear = (frame: object) => (r = apply(r, { conversation: "fair", ...frame } as never, noon));
  hear({ type: "typing", user: "maya", name: "Maya" });
  assert.deepEqual(Object.keys(r.typing), ["maya"]);
  hear({ type: "message.sent", e: 1, message: message(2, "maya") });
  assert.deepEqual([seqs(r), Object.keys(r.typing)], [[1, 2], []]);
  hear({ type: "message.edited", e: 2, message: message(1, "maya", { text: "new", editedAt: noon + 1 }) });
  assert.equal(r.messages[0].text, "new");
  hear({ type: "message.edited", message: message(1, "maya", { text: "old" }) });
  assert.equal(r.messages[0].text, "new", "an older state changes nothing");
  hear({ type: "message.deleted", e: 3, message: message(2, "maya", { text: "", deletedAt: noon }) });
  hear({ type: "message.sent", message: message(2, "maya") });
  assert.ok(r.messages[1].deletedAt, "what is deleted stays so");
  hear({ type: "message.restored", message: message(2, "maya") });
  assert.deepEqual([seqs(r), r.messages[1].deletedAt], [[1, 2], null], "but for what an admin brings back");
  hear({ type: "message.read", e: 4, user: "maya", seq: 2 });
  hear({ type: "message.read", e: 5, user: "maya", seq: 1 });
  assert.equal(r.readers.maya, 2);
  hear({ type: "participant.joined", e: 6, participant: person("ana") });
  assert.deepEqual([r.participants.length, r.conversation!.participantCount], [3, 3]);
  hear({ type: "participant.left", e: 7, user: "maya" });
  assert.deepEqual([r.participants.map((p) => p.user.id), r.conversation!.participantCount], [["ana", "bob"], 2]);
  hear({ type: "conversation.updated", e: 8, subject: "Fair", custom: {} });
  assert.equal(r.conversation!.subject, "Fair");
  hear({ type: "rights", access: "Read", guest: false });
  assert.equal(r.access, "Read");
  const before = r;
  hear({ type: "message.sent", conversation: "other", message: message(9, "maya") });
  assert.equal(r, before, "another conversation's news changes nothing");
});

test("who is cut off keeps nothing of the conversation", () => {
  const cut = (code: string) => apply(room([message(1, "maya")]), { type: "cut", conversation: "fair", error: { errorCode: code, message: "x" } }, noon);
  const out = cut("GUESTS_NOT_ALLOWED");
  assert.deepEqual([out.phase, out.messages, out.participants, out.conversation, out.lostAt], ["lost", [], [], undefined, noon]);
  assert.equal(cut("REMOVED").conversation!.subject, "fair", "who was removed knows what it was");
  assert.equal(asRefusal({ errorCode: "read_only" }).code, "READ_ONLY");
});

test("what is opened again is what the database says", () => {
  const r = room([message(1, "maya"), message(2, "bob"), message(3, "maya")]);
  const again = open(r, opened([message(3, "maya", { text: "edited", editedAt: noon }), message(4, "maya")], "c"), [{ data: [message(2, "bob", { deletedAt: noon })], next: "d" }]);
  assert.deepEqual([seqs(again), again.next], [[2, 3, 4], "d"]);
  assert.equal(again.messages[1].text, "edited");
  assert.deepEqual(seqs({ messages: merge([message(3, "a")], [message(1, "a"), message(3, "a"), message(2, "a")]) }), [1, 2, 3]);
});

test("a message whose answer was lost is found, once", () => {
  const out = (key: string, text: string, state: "unsure" | "waiting") => ({ key, text, at: noon, behind: 2, state });
  const r = room([message(1, "bob", { text: "hi" }), message(3, "bob", { text: "hi" }), message(4, "maya", { text: "yo" })]);
  assert.deepEqual([...stored(r, [out("a", "hi", "unsure"), out("b", "hi", "unsure"), out("c", "yo", "unsure"), out("d", "hi", "waiting")], "bob")], ["a"]);
});

test("the list is in order, each conversation once", () => {
  const feed = { phase: "open" as const, items: sorted([conversation("a"), conversation("b", { lastMessage: message(9, "maya") })]), next: "" };
  assert.deepEqual(feed.items.map((c) => c.id), ["b", "a"]);
  const up = applyToFeed(feed, { type: "feed.updated", conversation: conversation("a", { lastMessage: message(10, "maya"), unread: 1 }) as never });
  assert.deepEqual([up.items.map((c) => c.id), waiting(up)], [["a", "b"], 1]);
  assert.deepEqual(applyToFeed(up, { type: "feed.removed", conversation: "a" }).items.map((c) => c.id), ["b"]);
});

test("who was removed keeps the reason, whatever a late try to come in again is told", () => {
  const removed = apply(room([message(1, "bob")]), { type: "cut", conversation: "fair", error: { errorCode: "REMOVED", message: "You were removed." } }, noon);
  assert.equal(lose(removed, { code: "CONVERSATION_NOT_FOUND", message: "It is not here." }, noon + 1).error?.code, "REMOVED");
  assert.equal(lose(removed, { code: "BANNED", message: "You are banned." }, noon + 1).error?.code, "BANNED");
  assert.equal(lose(enter("fair", false), { code: "CONVERSATION_NOT_FOUND", message: "It is not here." }, noon).error?.code, "CONVERSATION_NOT_FOUND");
});
