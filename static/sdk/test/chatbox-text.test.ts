import assert from "node:assert/strict";
import test from "node:test";
import { initials, parse, picture, plain, safe } from "../chatbox/text.js";
import type { Part } from "../chatbox/text.js";

// flat writes parts down as people read them: [label](url), b(bold), i(italic), s(strike).
const flat = (parts: Part[]): string =>
  parts.map((p) => (p.kind === "text" ? p.text : p.kind === "link" ? `[${p.label}](${p.url})` : `${p.kind[0]}(${flat(p.parts)})`)).join("");
const links = (parts: Part[]): string[] => parts.flatMap((p) => (p.kind === "link" ? [p.url] : p.kind === "text" ? [] : links(p.parts)));

test("marks stand around words", () => {
  for (const [text, want] of [
    ["*bold* _italic_ ~strike~", "b(bold) i(italic) s(strike)"],
    ["*bold _both_*", "b(bold i(both))"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["snake_case_name", "snake_case_name"],
    ["**", "**"],
    ["*a\nb*", "*a\nb*"],
    ["*not closed", "*not closed"],
    ["(*yes*)!", "(b(yes))!"],
    ["*a* *b*", "b(a) b(b)"],
  ])
    assert.equal(flat(parse(text)), want, text);
});

test("addresses are found and end where the sentence goes on", () => {
  for (const [text, want] of [
    ["see https://a.example/b.", "see [https://a.example/b](https://a.example/b)."],
    ["(https://a.example/b_(c))", "([https://a.example/b_(c)](https://a.example/b_(c)))"],
    ["www.a.example, now", "[www.a.example](https://www.a.example/), now"],
    ["*https://a.example/x*", "b([https://a.example/x](https://a.example/x))"],
    ["https://a.example/a_b_c", "[https://a.example/a_b_c](https://a.example/a_b_c)"],
    ["xhttps://a.example", "xhttps://a.example"],
    ["http://", "http://"],
  ])
    assert.equal(flat(parse(text)), want, text);
});

test("what is hostile stays text", () => {
  for (const text of [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "<javascript:alert(1)|click>", "vbscript:x", "file:///etc/passwd",
    "https://bank.example@evil.example/", "http://user:pass@evil.example", "<img src=x onerror=alert(1)>", "https:evil", "<https://user@evil.example|bank>", "<actionbutton:pay|Pay>",
  ]) {
    assert.deepEqual(links(parse(text, true)), [], text);
    assert.deepEqual(links(parse(text)), [], text);
  }
  assert.deepEqual(links(parse('https://a.example/"onmouseover="alert(1)')), ["https://a.example/"]);
  assert.deepEqual(links(parse("https://a.example/\u202egpj.exe")), ["https://a.example/"]);
});

test("only servers name links", () => {
  for (const part of parse("<https://evil.example|https://bank.example>")) assert.ok(part.kind !== "link" || safe(part.label) === part.url, "a link shows where it goes");
  assert.equal(flat(parse("<https://a.example/1|Your order>", true)), "[Your order](https://a.example/1)");
  assert.notEqual(flat(parse("<https://a.example/1|Your order>")), "[Your order](https://a.example/1)");
  assert.equal(plain("<actionbutton:pay?x=1|Pay> *now*", true), "Pay now");
});

// Ten thousand characters that try to make the parser look at everything again and again end soon enough to be typed.
test("long messages of marks and brackets come apart", () => {
  for (const unit of ["*a ", "_*~", "(", "www.", "https://a", "<a|", "* ", "*a*", "www.x)"]) {
    const text = unit.repeat(Math.ceil(10_000 / unit.length));
    assert.equal(parse(text, true).length > 0, true);
  }
  parse("www.a.example/" + ")".repeat(10_000));
});

test("pictures and addresses are of the kinds that may be loaded", () => {
  assert.equal(picture("https://a.example/p.png"), "https://a.example/p.png");
  assert.equal(picture("javascript:alert(1)"), undefined);
  assert.equal(picture("data:image/svg+xml;base64,AAAA"), undefined);
  assert.equal(picture("http://a.example/p.png"), undefined);
  assert.equal(safe("ftp://a.example"), undefined);
  assert.equal(initials("Tomás Herrera"), "TH");
  assert.equal(initials("李"), "李");
  assert.equal(initials("<b>"), "B");
  assert.equal(initials("  "), "?");
});
