import assert from "node:assert/strict";
import test from "node:test";
import { Token } from "../src/token.js";

const token = (seconds) => "h." + Buffer.from(JSON.stringify({ sub: "mäya", exp: Math.floor(Date.now() / 1000) + seconds })).toString("base64url") + ".s";

test("a token is fetched when one is needed, once however many ask", async () => {
  let asked = 0;
  const t = new Token("", async () => token(3600 + asked++));
  const [a, b] = await Promise.all([t.current(), t.current()]);
  assert.equal(a, b);
  assert.equal(await t.current(), a);
  assert.equal(asked, 1);
});

test("it is due a minute before it ends, a short one at nine tenths of its life, one without an end never", () => {
  const due = (text) => new Token(text).due() / 1000;
  assert.ok(Math.abs(due(token(3600)) - 3540) < 2, String(due(token(3600))));
  assert.ok(Math.abs(due(token(100)) - 90) < 2);
  assert.ok(due(token(-5)) <= 0);
  for (const endless of ["", "x", "a.b.c", "h." + Buffer.from("{}").toString("base64url") + ".s"]) assert.equal(due(endless), Infinity);
});

test("one that is due is fetched anew before it is used", async () => {
  const fresh = token(3600);
  assert.equal(await new Token(token(-1), () => fresh).current(), fresh);
  const old = token(-1);
  assert.equal(await new Token(old).current(), old);
});

test("a fetcher that fails says so, and what isn't a token is none", async () => {
  const fail = (fetcher) => assert.rejects(new Token("", fetcher).current(), (e) => e.code === "TOKEN_FETCH_FAILED");
  await fail(async () => { throw new Error("offline"); });
  await fail(() => "");
  await fail(() => undefined as never);
});
