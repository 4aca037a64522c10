import assert from "node:assert/strict";
import test from "node:test";
import { ConversationBuilder } from "../src/classic/builder.js";
import { drain } from "../src/classic/snippet.js";
import { User } from "../src/classic/user.js";
import { TalkSession } from "../src/session.js";
import { FakeWire, settled } from "./wire.js";

const builder = async (t) => {
  const wire = new FakeWire();
  const data = new TalkSession({ host: "https://chat.example", appId: "shop", userId: "maya" }, wire);
  data.link.start();
  await wire.come();
  const session = { data, userId: "maya", synchronize: async (user) => void (user.profile && (await data.user(user.id).set(user.profile).catch(() => {}))) };
  const logged = t.mock.method(console, "error", () => {});
  return { wire, builder: new ConversationBuilder(session as never, "fair"), said: () => logged.mock.calls.map((c) => c.arguments[0]) };
};
const [maya, bob] = [new User("maya"), new User("bob")];

test("nothing goes out before a UI shows the conversation; then all of it, merged and in order", async (t) => {
  const { wire, builder: b } = await builder(t);
  b.setParticipant(bob, { access: "Read", notify: false });
  b.setParticipant(maya);
  b.setParticipant(bob, { access: "ReadWrite", notify: undefined });
  b.subject = "A";
  b.setAttributes({ subject: "B", photoUrl: undefined, custom: { a: "1", b: "2" } });
  b.setAttributes({ custom: { b: null }, welcomeMessages: null });
  await settled();
  assert.deepEqual(wire.sent, []);
  assert.equal(await b.flush(), undefined);
  await settled();
  const set = { subject: "B", custom: { a: "1", b: null }, welcomeMessages: null };
  assert.deepEqual(wire.sent, [
    ["conversation.createIfNotExists", { args: { conversation: "fair", set } }],
    ["conversation.set", { args: { conversation: "fair", set } }],
    ["participant.set", { args: { conversation: "fair", user: "bob", set: { access: "ReadWrite", notify: false } } }],
    ["participant.set", { args: { conversation: "fair", user: "maya", set: {} } }],
  ]);
  assert.equal(b.subject, "B");
  await b.flush();
  assert.equal(wire.sent.length, 4, "sent twice");
});

test("while a UI shows it a change goes out at once, several in one go", async (t) => {
  const { wire, builder: b } = await builder(t);
  wire.answers["conversation.get"] = { id: "fair" };
  const box = {};
  b.shownIn(box);
  b.setParticipant(bob, { access: "Read" });
  b.setParticipant(bob, { notify: false });
  await settled();
  assert.deepEqual(wire.sent.at(-1), ["participant.set", { args: { conversation: "fair", user: "bob", set: { access: "Read", notify: false } } }]);
  assert.equal(wire.sent.length, 2);
  b.leftBy(box);
  b.subject = "later";
  await settled();
  assert.equal(wire.sent.length, 2);
});

test("a conversation that isn't the user's says so, once, and nothing is changed", async (t) => {
  const { wire, builder: b, said } = await builder(t);
  b.subject = "x";
  b.setParticipant(bob);
  const lost = await b.flush();
  assert.equal(lost.code, "CONVERSATION_NOT_FOUND");
  assert.deepEqual(wire.commands, ["conversation.get"]);
  assert.equal(said().length, 1);
  assert.match(said()[0], /CONVERSATION_NOT_FOUND: .*does not exist or does not belong to you.*setParticipant\(me\)/);
});

test("refusals of one kind are one line in the console", async (t) => {
  const { wire, builder: b, said } = await builder(t);
  const no = { errorCode: "CONVERSATION_SYNC_DISALLOWED", message: "It is off. Allow it in Settings.", status: 403 };
  wire.answers["conversation.set"] = wire.answers["participant.set"] = no;
  b.setParticipant(maya, { notify: false });
  b.setParticipant(bob);
  b.subject = "x";
  assert.equal(await b.flush(), undefined);
  await settled();
  assert.deepEqual(said(), ["[Guestlist] setAttributes was refused. CONVERSATION_SYNC_DISALLOWED: It is off. Allow it in Settings."]);
});

test("leave says whether it was allowed", async (t) => {
  const { wire, builder: b, said } = await builder(t);
  assert.equal(await b.leave(), true);
  wire.answers["participant.delete"] = { errorCode: "LEAVING_DISALLOWED", message: "Not with this role.", status: 403 };
  assert.equal(await b.leave(), false);
  assert.equal(said().length, 1);
});

test("sendMessage comes after what was changed", async (t) => {
  const { wire, builder: b } = await builder(t);
  b.setParticipant(maya);
  wire.answers["conversation.send"] = { id: "m1" };
  await b.sendMessage("hi", { custom: { k: "v" } });
  assert.deepEqual(wire.commands, ["conversation.createIfNotExists", "participant.set", "conversation.send"]);
  assert.deepEqual(wire.sent.at(-1)[1].args, { conversation: "fair", text: "hi", custom: { k: "v" } });
});

test("only users with data are sent, before the places they take", async (t) => {
  const { wire, builder: b } = await builder(t);
  b.setParticipant(maya);
  b.setParticipant(new User({ id: "zoe", name: "Zoe", email: null, role: "x" }));
  await b.flush();
  await settled();
  assert.deepEqual(wire.commands, ["user.set", "conversation.createIfNotExists", "participant.set", "participant.set"]);
  assert.throws(() => b.setParticipant({ id: "zoe" } as never), TypeError);
});

test("who waited in the loading snippet goes on", async () => {
  const done = [];
  const queue = [[() => "a", (x) => done.push(x)], [undefined, () => done.push("b")], [() => { throw new Error("c"); }, undefined, (e) => done.push(e.message)]];
  drain({ v: 3, ready: { c: queue } }, Promise.resolve());
  drain(undefined, Promise.resolve());
  await settled();
  assert.deepEqual(done.sort(), ["a", "b", "c"]);
});
