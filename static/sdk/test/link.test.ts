import assert from "node:assert/strict";
import test from "node:test";
import { Link } from "../src/link.js";
import { GuestlistError } from "../src/transport.js";
import { FakeWire, settled } from "./wire.js";

const link = () => {
  const wire = new FakeWire();
  return { wire, link: new Link(wire) };
};

test("nothing is connected before the first call, which waits for the connection", async () => {
  const { wire, link: l } = link();
  assert.equal(wire.hears, undefined);
  wire.answers["user.get"] = { id: "maya" };
  const answer = l.call("user.get", { user: "maya" });
  await settled();
  assert.deepEqual(wire.sent, []);
  await wire.come();
  assert.deepEqual(await answer, { id: "maya" });
});

test("calls that are not awaited are sent in order, as they were when they were made", async () => {
  const { wire, link: l } = link();
  const set = { name: "Maya", role: undefined, photoUrl: null };
  const calls = [l.call("user.set", { user: "maya", set }), l.call("conversation.createIfNotExists", { conversation: "fair" }), l.call("conversation.send", { conversation: "fair", text: "hi" }, { asGuest: true })];
  set.name = "Other";
  await wire.come();
  await Promise.all(calls);
  assert.deepEqual(wire.sent, [
    ["user.set", { args: { user: "maya", set: { name: "Maya", photoUrl: null } } }],
    ["conversation.createIfNotExists", { args: { conversation: "fair" } }],
    ["conversation.send", { asGuest: true, args: { conversation: "fair", text: "hi" } }],
  ]);
});

test("a refusal rejects with what the server said", async () => {
  const { wire, link: l } = link();
  wire.answers["user.set"] = { errorCode: "USER_SYNC_DISALLOWED", message: "No. Do this.", requestId: "r1", status: 403 };
  const call = assert.rejects(l.call("user.set", { user: "maya" }), (e) => e instanceof GuestlistError && e.code === "USER_SYNC_DISALLOWED" && e.message === "No. Do this." && e.status === 403 && e.requestId === "r1");
  await wire.come();
  await call;
});

test("after a reconnect lost calls run again in their order, but a message isn't sent twice", async () => {
  const { wire, link: l } = link();
  void l.call("user.get", {});
  await wire.come();
  wire.hold = true;
  const one = l.call("conversation.set", { n: 1 });
  const sent = l.call("conversation.send", { n: 2 });
  const three = l.call("participant.set", { n: 3 });
  sent.catch(() => {});
  await wire.go();
  await assert.rejects(sent, { code: "CONNECTION_LOST" });
  wire.hold = false;
  wire.sent = [];
  await wire.come();
  await Promise.all([one, three]);
  assert.deepEqual(wire.commands, ["conversation.set", "participant.set"]);
});

test("what is open is counted, closed by the last, and opened again before anything else", async () => {
  const { wire, link: l } = link();
  const frames = [];
  const states = [];
  l.onFrame((f) => frames.push(f));
  l.onStatus((s) => states.push(s.connected));
  wire.answers["conversation.open"] = ({ conversation }) => ({ conversation: { id: conversation } });
  const first = l.call("conversation.open", { conversation: "fair" });
  await wire.come();
  await first;
  await l.call("conversation.open", { conversation: "fair" });
  await l.call("conversation.close", { conversation: "fair" });
  assert.ok(!wire.commands.includes("conversation.close"), "closed while another has it open");
  await wire.go();
  const later = l.call("user.get", {});
  wire.sent = [];
  await wire.come();
  await later;
  assert.deepEqual(wire.commands, ["conversation.open", "user.get"]);
  assert.deepEqual(frames, [{ type: "opened", conversation: "fair", result: { conversation: { id: "fair" } } }]);
  assert.deepEqual(states, [false, true, false, true]);
  await l.call("conversation.close", { conversation: "fair" });
  assert.equal(wire.commands.at(-1), "conversation.close");
  await wire.go();
  wire.sent = [];
  await wire.come();
  assert.deepEqual(wire.sent, []);
});

test("what can't be opened again is told as cut", async () => {
  const { wire, link: l } = link();
  const frames = [];
  l.onFrame((f) => frames.push(f));
  const open = l.call("conversation.open", { conversation: "fair" });
  await wire.come();
  await open;
  await wire.go();
  wire.answers["conversation.open"] = { errorCode: "CONVERSATION_NOT_FOUND", message: "Gone.", status: 404 };
  await wire.come();
  assert.equal(frames.length, 1);
  assert.equal(frames[0].type, "cut");
  assert.equal(frames[0].error.code, "CONVERSATION_NOT_FOUND");
});

test("a guest's place isn't lost when the page opens the same conversation", async () => {
  const { wire, link: l } = link();
  const guest = l.call("conversation.open", { conversation: "fair" }, { asGuest: true });
  await wire.come();
  await guest;
  await l.call("conversation.open", { conversation: "fair" });
  assert.equal(wire.sent[1][1].asGuest, true);
  await l.call("conversation.open", { conversation: "other" });
  assert.equal(wire.sent[2][1].asGuest, undefined);
});

test("each frame is told once, though a change may be told in several kinds", async () => {
  const { wire, link: l } = link();
  const seen = [];
  l.onFrame((f) => seen.push(f.type + f.e));
  l.start();
  await wire.come();
  for (const [type, e] of [["message.sent", 5], ["message.sent", 5], ["message.sent", 4], ["participant.joined", 5], ["message.sent", 6], ["typing", undefined], ["typing", undefined]]) {
    await wire.frame({ type, e, conversation: "fair" });
  }
  assert.deepEqual(seen, ["message.sent5", "participant.joined5", "message.sent6", "typingundefined", "typingundefined"]);
});

test("an ended session rejects what waits and what comes, and tells why once", async () => {
  const { wire, link: l } = link();
  const told = [];
  l.onStatus((s) => s.terminated && told.push(s.terminated.code));
  wire.hold = true;
  const waiting = l.call("user.get", {});
  await wire.come();
  wire.hears.ended({ code: "TOKEN_EXPIRED", message: "Over." });
  await assert.rejects(waiting, { code: "TOKEN_EXPIRED" });
  await assert.rejects(l.call("user.get", {}), { code: "TOKEN_EXPIRED" });
  l.end(new GuestlistError({ code: "OTHER", message: "" }));
  assert.deepEqual(told, ["TOKEN_EXPIRED"]);
});

test("more calls than the server takes at once are sent little by little, in order", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const { wire, link: l } = link();
  for (let n = 0; n < 80; n++) void l.call("user.get", { n });
  await wire.come();
  assert.equal(wire.sent.length, 50);
  t.mock.timers.tick(1000);
  await settled();
  assert.ok(wire.sent.length <= 76, String(wire.sent.length));
  for (let i = 0; i < 100; i++) t.mock.timers.tick(50);
  await settled();
  assert.deepEqual(wire.sent.map(([, data]) => data.args.n), Array.from({ length: 80 }, (_, n) => n));
});
