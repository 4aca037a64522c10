// The keyboard. What is bound is read from the keyboard map on the page, so what it shows is what there is; here is what
// each act does. Single keys rest while somebody types, in dialogs, and where they were turned off.
"use strict";
{
  const map = new Map($$("#keys-dialog [data-keys]").filter((row) => row.dataset.act).map((row) => [row.dataset.keys, row.dataset.act]));
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  const markMod = (root) => { if (mac) for (const key of $$("[data-mod]", root)) key.textContent = "⌘"; };
  markMod(document);

  const typing = (e) => e.target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => $$("#results :is([data-row], tbody tr)");
  const current = () => document.activeElement?.closest("#results :is([data-row], tbody tr)");
  const bulk = () => $("form[data-bulk][data-some]");
  const press = (form, name, value) => {
    const button = $$("button", form).find((b) => b.name === name && b.value === value);
    if (button) form.requestSubmit(button);
    return !!button;
  };
  // A segment of the row that isn't pressed, or of the selection's list of what can be set.
  const readOnly = () => {
    const form = bulk();
    if (form) {
      const list = $("select[name=set]", form);
      const readers = picks(form).filter((box) => box.checked).every((box) => $("button[name=access][value=Read]", box.closest("tr"))?.getAttribute("aria-pressed") === "true");
      if (list) { list.value = readers ? "access ReadWrite" : "access Read"; press(form, "do", "set"); }
      return;
    }
    const row = current();
    const reads = row && $("button[name=access][value=Read]", row);
    if (reads) (reads.getAttribute("aria-pressed") === "true" ? $("button[name=access][value=ReadWrite]", row) : reads).click();
  };
  const remove = () => {
    const form = bulk();
    if (form) return press(form, "do", "remove");
    const button = current() && $("[data-remove]", current());
    if (button) button.form ? button.form.requestSubmit(button) : button.click();
  };
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    const row = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + Number(by)))];
    const target = row && ($("a[href]:not(.menu-list a), summary", row) || $("input, button", row));
    target?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  const pick = (range) => {
    const box = current() && $("[data-pick]", current());
    box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: range }));
  };
  const acts = {
    keys: () => $("#keys-dialog").showModal(),
    save: () => $$(".savebar [type=submit], #main form[method=post] .btn-primary[type=submit]").find((button) => button.offsetParent)?.click(),
    undo: () => $("#toasts [data-undo]")?.click(),
    escape: () => setPicks(bulk(), false),
    go: (where) => $(`[data-go="${where}"]`)?.click(),
    find: () => $("#main input[type=search]")?.focus(),
    row: move,
    pick: () => pick(false),
    "pick-range": () => pick(true),
    add: () => $('#main [data-key="a"]')?.click(),
    "read-only": readOnly,
    remove,
    palette: () => document.dispatchEvent(new CustomEvent("palette")),
  };
  on("click", "[data-keys-open]", (link, e) => { e.preventDefault(); acts.keys(); });

  // The name of what was pressed, as the map writes it.
  const pressed = (e) => {
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    return (e.metaKey || e.ctrlKey ? "mod+" : "") + (e.shiftKey && /^[a-z]$/.test(key) ? "shift+" : "") + key;
  };
  let first = "", forget; // of two keys that follow each other
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.altKey || e.isComposing || typeof e.key !== "string") return;
    const alone = !(e.metaKey || e.ctrlKey);
    const key = pressed(e);
    if (alone && (typing(e) || $("dialog[open]") || $("details.menu[open]") || (document.documentElement.dataset.keys === "off" && e.key !== "Escape"))) return;
    const both = alone && first ? `${first} ${key}` : key;
    first = "";
    const act = map.get(both) ?? map.get(key);
    if (act) {
      const [name, about] = act.split(" ");
      if (name === "escape" && !bulk()) return; // what else it closes, browsers close
      e.preventDefault();
      return acts[name](about);
    }
    if (alone && [...map.keys()].some((keys) => keys.startsWith(key + " "))) {
      first = key;
      clearTimeout(forget);
      forget = setTimeout(() => { first = ""; }, 1500);
    }
  });
}
