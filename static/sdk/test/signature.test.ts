import assert from "node:assert/strict";
import test from "node:test";
import { Session } from "../src/classic/session.js";
import { settled } from "./wire.js";

/** Records what a page says when it connects. */
const hellos = (t) => {
  const said = [];
  const usual = globalThis.WebSocket;
  globalThis.WebSocket = class {
    constructor() {
      setImmediate(() => this.onopen());
    }
    send(text) {
      said.push(JSON.parse(text).connect);
    }
    close() {}
  } as never;
  t.after(() => void (globalThis.WebSocket = usual));
  return said;
};

const open = async (options) => {
  const session = new Session({ host: "https://chat.example", appId: "shop", userId: "maya", ...options });
  session.currentUser.get().catch(() => {});
  await settled();
  session.destroy();
};

test("a signature is shown to the server as it is, beside a token too, and else nothing is said of one", async (t) => {
  const said = hellos(t);
  await open({ signature: "AB12" });
  await open({ userId: 42, signature: "ab", token: "t" });
  await open({});
  assert.deepEqual(said, [
    { token: "", data: { user: "maya", signature: "AB12" }, name: "guestlist" },
    { token: "t", data: { user: "42", signature: "ab" }, name: "guestlist" },
    { token: "", data: { user: "maya" }, name: "guestlist" },
  ]);
});

test("what is no signature is refused at once", () => {
  for (const bad of ["", null, 7, {}]) assert.throws(() => new Session({ host: "https://chat.example", appId: "shop", userId: "maya", signature: bad as never }), /a signature must be a text/);
});
