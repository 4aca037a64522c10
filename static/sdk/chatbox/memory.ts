// What is kept while the iframe goes away and comes back: what was written and not sent, and notices that were closed.
// A browser that keeps nothing for iframes forgets it with the page.
const kept = new Map<string, string>();

const key = (who: string, what: string) => `guestlist ${who} ${what}`;

export function recall(who: string, what: string): string {
  const k = key(who, what);
  try {
    return kept.get(k) ?? sessionStorage.getItem(k) ?? "";
  } catch {
    return kept.get(k) ?? "";
  }
}

export function keep(who: string, what: string, value: string): void {
  const k = key(who, what);
  kept.set(k, value);
  try {
    if (value) sessionStorage.setItem(k, value);
    else sessionStorage.removeItem(k);
  } catch {
    // the map has it
  }
}
