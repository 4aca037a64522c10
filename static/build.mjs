// Copies fonts and htmx out of node_modules, writes the icon sprite and builds the browser SDK.
// The results are committed: building and running Guestlist needs no Node.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const home = (pkg) => path.join(here, "../node_modules", pkg);
const read = (file) => fs.readFileSync(file, "utf8");
const write = (file, text) => fs.writeFileSync(path.join(here, file), text);
const copy = (from, to) => fs.copyFileSync(from, path.join(here, to));

// One name a word; each becomes <symbol id="name">. Add a name here, run `make generate`, and views may use it.
const icons = `
  activity app-window archive archive-restore arrow-down arrow-down-wide-narrow arrow-left arrow-right arrow-right-left arrow-up at-sign
  ban bell bell-off braces calendar check chevron-down chevron-left chevron-right chevron-up chevrons-up-down
  circle-alert circle-check circle-help circle-plus circle-slash circle-user-round clipboard-paste clock code copy
  door-closed door-open download ellipsis ellipsis-vertical external-link eye eye-off file-up fingerprint gauge globe
  history image inbox info key-round keyboard link list-filter loader-circle lock lock-open log-out
  mail mail-plus menu message-square messages-square minus monitor monitor-smartphone moon paperclip pause
  pencil pencil-line play plus printer power refresh-cw rotate-ccw rotate-cw save scan-search search search-x send server settings-2
  shield shield-check sliders-horizontal smartphone snowflake sparkles square sun sun-moon tag terminal text-cursor-input timer trash-2
  triangle-alert undo-2 unlink user-check user-minus user-plus user-round-x users webhook wifi-off x
`.trim().split(/\s+/);

const glyphs = path.join(home("lucide-static"), "icons");
const missing = icons.filter((name) => !fs.existsSync(path.join(glyphs, name + ".svg")));
if (missing.length) throw new Error("lucide has no icon called " + missing.join(", "));
const symbol = (name) => {
  const inner = read(path.join(glyphs, name + ".svg")).replace(/[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
};
write("img/icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.map(symbol).join("\n")}\n</svg>\n`);

const font = (family, file, to) => copy(path.join(home("@fontsource-variable/" + family), "files", file), "fonts/" + to);
font("instrument-sans", "instrument-sans-latin-wght-normal.woff2", "instrument-sans-latin.woff2");
font("instrument-sans", "instrument-sans-latin-ext-wght-normal.woff2", "instrument-sans-latin-ext.woff2");
font("jetbrains-mono", "jetbrains-mono-latin-wght-normal.woff2", "jetbrains-mono-latin.woff2");

copy(path.join(home("htmx.org"), "dist/htmx.min.js"), "js/htmx.min.js");

// The SDK: two doors made of one source, the chatbox that lives in its iframe, and the type declarations.
const sdk = (file) => path.join(here, "sdk", file);
const run = (program, ...args) => execFileSync(program, args, { cwd: path.dirname(here), stdio: "inherit" });
const bundle = (from, to, ...args) => run("go", "tool", "esbuild", sdk(from), "--bundle", "--minify", "--target=es2020", "--charset=utf8", "--log-level=warning",
  "--legal-comments=none", "--jsx=automatic", "--jsx-import-source=preact", "--outfile=" + sdk("dist/" + to), ...args);
const notice = "--banner:js=/* Guestlist SDK. MIT licence. */";
const contains = "--banner:js=/* Guestlist chatbox. MIT licence; the licences of what it contains are in /sdk/LICENSES.txt. */";
fs.rmSync(sdk("dist"), { recursive: true, force: true });
bundle("src/talk.ts", "talk.js", "--format=iife", notice);
bundle("src/guestlist.ts", "guestlist.mjs", "--format=esm", notice);
bundle("chatbox/main.tsx", "chatbox.js", "--format=iife", "--external:*.woff2", contains); // and chatbox.css beside it
run("npx", "tsc", "-p", sdk("tsconfig.json"));
run("npx", "tsc", "-p", sdk("tsconfig.types.json"));

const licence = (title, pkg) => `${title}\n\n${read(path.join(home(pkg), "LICENSE")).trim()}`;
const rule = "\n\n" + "-".repeat(72) + "\n\n";
const parts = [licence("Preact (sdk/dist/chatbox.js)", "preact")];
write("sdk/dist/LICENSES.txt", [...parts, licence("Lucide (glyphs of the chatbox)", "lucide-static")].join(rule) + "\n");
write("LICENSES.txt", [
  licence("Instrument Sans (fonts/instrument-sans-*.woff2)", "@fontsource-variable/instrument-sans"),
  licence("JetBrains Mono (fonts/jetbrains-mono-*.woff2)", "@fontsource-variable/jetbrains-mono"),
  licence("Lucide (img/icons.svg)", "lucide-static"),
  licence("htmx (js/htmx.min.js)", "htmx.org"),
  ...parts,
].join(rule) + "\n");
