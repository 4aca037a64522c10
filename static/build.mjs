// Copies fonts and htmx out of node_modules and writes the icon sprite.
// The results are committed: building and running Guestlist needs no Node.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const resolve = createRequire(import.meta.url).resolve;
const home = (pkg) => path.dirname(resolve(pkg + "/package.json"));
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
  pencil pencil-line play plus power refresh-cw rotate-ccw rotate-cw save scan-search search search-x send server settings-2
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

const licence = (title, pkg) => `${title}\n\n${read(path.join(home(pkg), "LICENSE")).trim()}`;
write("LICENSES.txt", [
  licence("Instrument Sans (fonts/instrument-sans-*.woff2)", "@fontsource-variable/instrument-sans"),
  licence("JetBrains Mono (fonts/jetbrains-mono-*.woff2)", "@fontsource-variable/jetbrains-mono"),
  licence("Lucide (img/icons.svg)", "lucide-static"),
  licence("htmx (js/htmx.min.js)", "htmx.org"),
].join("\n\n" + "-".repeat(72) + "\n\n") + "\n");
