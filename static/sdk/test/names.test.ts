import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { oneOnOneId, sha1 } from "../src/classic/oneonone.js";
import { User } from "../src/classic/user.js";

test("oneOnOneId is the documented one, whoever asks", () => {
  assert.equal(oneOnOneId("a", "b"), "d12e223825a919e00efd");
  assert.equal(oneOnOneId("b", "a"), "d12e223825a919e00efd");
  assert.equal(oneOnOneId(new User("b"), new User("a")), "d12e223825a919e00efd");
  assert.equal(oneOnOneId(2, "10"), oneOnOneId("10", "2"));
  assert.throws(() => oneOnOneId("", "b"), TypeError);
});

test("sha1 is SHA-1, over every border of a block", () => {
  for (let n = 0; n < 200; n++) {
    const text = "é😀x".repeat(n).slice(0, n);
    assert.equal(sha1(text), createHash("sha1").update(text).digest("hex"), String(n));
  }
});

test("a Talk.User needs what is documented, and sends nothing when only its id is known", (t) => {
  const warned = t.mock.method(console, "warn", () => {});
  assert.equal(new User(7).id, "7");
  assert.equal(new User("maya").profile, undefined);
  for (const bad of [undefined, null, "", {}, { id: "" }, { id: "x" }, { id: "x", name: "" }, { id: "x", name: "X" }]) assert.throws(() => new User(bad as never), TypeError, JSON.stringify(bad));
  const user = new User({ id: "maya", name: "Maya", email: "m@x.example", configuration: "buyer", photoUrl: null, custom: { tier: "gold", old: null } });
  assert.equal(warned.mock.callCount(), 0);
  assert.deepEqual(JSON.parse(JSON.stringify(user.profile)), { name: "Maya", email: ["m@x.example"], role: "buyer", photoUrl: null, custom: { tier: "gold", old: null } });
  new User({ id: "bob", name: "Bob", email: null });
  assert.equal(warned.mock.callCount(), 1);
});
