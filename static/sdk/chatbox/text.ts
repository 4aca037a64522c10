// What people wrote, taken apart: *bold*, _italic_, ~strike~ and addresses. The parts are rendered as text and elements,
// never as HTML, so whatever is in them stays text.

export type Part =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; parts: Part[] }
  | { kind: "link"; url: string; label: string };

const marks: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };

// An address ends at spaces, quotes, angle brackets and at characters that turn the direction of writing.
const address = /(?:https?:\/\/|www\.)[^\s<>"“”`|\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/iy;
const labelled = /<([^<>|\s]{1,2000})\|([^<>|\n]{1,1000})>/y;
const wordy = /[\p{L}\p{N}_]/u;

/** parse takes a message apart. labels: servers may name links (<url|label>); what browsers send may not. */
export function parse(text: string, labels = false): Part[] {
  return scan(text, labels, "");
}

function scan(text: string, labels: boolean, open: string): Part[] {
  const parts: Part[] = [];
  const closed: Record<string, number> = {}; // from where on a mark has no partner: looked for once, not at each mark
  let plain = 0;
  const push = (upTo: number, part: Part, behind: number) => {
    if (upTo > plain) parts.push({ kind: "text", text: text.slice(plain, upTo) });
    parts.push(part);
    plain = behind;
  };

  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (i < plain) continue;
    if (c === "<" && labels) {
      labelled.lastIndex = i;
      const found = labelled.exec(text);
      if (found) {
        const [whole, target, label] = found;
        const url = safe(target);
        push(i, url ? { kind: "link", url, label } : { kind: "text", text: /^action(button|link):/i.test(target) ? label : whole }, i + whole.length);
      }
    } else if ((c === "h" || c === "H" || c === "w" || c === "W") && !(i > 0 && wordy.test(text[i - 1]))) {
      address.lastIndex = i;
      const found = address.exec(text)?.[0];
      const label = found && trimmed(found);
      const url = label && safe(label);
      if (label && url) push(i, { kind: "link", url, label }, i + label.length);
      else if (found) i += found.length - 1;
    } else if (c in marks && !open.includes(c)) {
      const end = partner(text, i, c, closed);
      if (end > 0) push(i, { kind: marks[c], parts: scan(text.slice(i + 1, end), labels, open + c) }, end + 1);
    }
  }
  if (plain < text.length) parts.push({ kind: "text", text: text.slice(plain) });
  return parts;
}

// partner is where the mark at i ends: on the same line, around something, and not inside a word.
function partner(text: string, i: number, mark: string, closed: Record<string, number>): number {
  if (i > 0 && (wordy.test(text[i - 1]) || text[i - 1] === mark)) return -1;
  const next = text[i + 1];
  if (!next || /\s/.test(next) || next === mark || (closed[mark] ?? 0) > i) return -1;
  for (let end = i + 1; end < text.length; end++) {
    if (text[end] === "\n") {
      closed[mark] = end;
      return -1;
    }
    if (text[end] === mark && end > i + 1 && !/\s/.test(text[end - 1]) && !(text[end + 1] && (wordy.test(text[end + 1]) || text[end + 1] === mark))) return end;
  }
  closed[mark] = text.length;
  return -1;
}

// trimmed leaves out what ends a sentence rather than an address, and brackets that were opened before it.
function trimmed(found: string): string {
  const surplus: Record<string, number> = { ")": count(found, ")") - count(found, "("), "]": count(found, "]") - count(found, "["), "}": count(found, "}") - count(found, "{") };
  for (let end = found.length; ; end--) {
    const last = found[end - 1] ?? "";
    if (surplus[last] > 0) surplus[last]--;
    else if (!/[.,;:!?'’*_~…]/.test(last)) return found.slice(0, end);
  }
}

const count = (text: string, c: string) => text.split(c).length - 1;

/** safe is an address that may be opened: http or https, without a name and password that disguise its host. */
export function safe(address: string): string | undefined {
  try {
    const url = new URL(/^www\./i.test(address) ? "https://" + address : address);
    const good = (url.protocol === "https:" || url.protocol === "http:") && url.hostname && !url.username && !url.password;
    return good && (url.hostname.includes(".") || url.hostname === "localhost" || url.hostname.startsWith("[")) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** picture is a photo's address that may be loaded: https, or an image within the address. */
export function picture(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  return /^https:\/\//i.test(address) || /^data:image\/(png|jpeg|gif|webp|avif);base64,/i.test(address) ? address : undefined;
}

/** plain is a message as one line of text, without marks. */
export function plain(text: string, labels = false): string {
  const flat = (parts: Part[]): string => parts.map((p) => (p.kind === "text" ? p.text : p.kind === "link" ? p.label : flat(p.parts))).join("");
  return flat(parse(text, labels)).replace(/\s+/g, " ").trim();
}

/** initials are one or two letters for who has no photo. */
export function initials(name: string): string {
  const words = name.normalize("NFC").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]].map((w) => [...w][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** tint is one of eight colours, always the same for an id. */
export function tint(id: string): number {
  let sum = 0;
  for (const c of id) sum = (sum * 31 + c.codePointAt(0)!) >>> 0;
  return (sum % 8) + 1;
}
