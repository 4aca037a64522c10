// Enhancements only: every page works without this file. All listeners are delegated to the document, so what htmx
// swaps in works at once; what has to be read from the page is read again in ready().
"use strict";
const $ = (s, root = document) => root.querySelector(s);
const $$ = (s, root = document) => [...root.querySelectorAll(s)];
const on = (type, selector, act) =>
  document.addEventListener(type, (e) => {
    const hit = e.target.closest?.(selector);
    if (hit) act(hit, e);
  });

// What scripts say, in the language of the page.
const words = JSON.parse($("#words")?.textContent ?? "{}");
const word = (sentence) => words[sentence] ?? sentence;

// Theme: the cookie is read by the server, so the next page comes in the right colours.
const themes = ["system", "light", "dark"];
on("click", "[data-theme-toggle]", () => {
  const root = document.documentElement;
  const next = themes[(themes.indexOf(root.dataset.theme || "system") + 1) % themes.length];
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
  document.cookie = `theme=${next}; Path=/; Max-Age=31536000; SameSite=Lax`;
  for (const label of $$("[data-theme-label]")) label.textContent = word(next[0].toUpperCase() + next.slice(1));
});

// The server shows times in the browser's zone, from the next page on.
document.cookie = `browser-zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; Path=/; Max-Age=31536000; SameSite=Lax`;

// Toasts stay 10 s, and longer while they are pointed at or hold the focus.
const stay = (toast) =>
  setTimeout(() => (toast.matches(":hover, :focus-within") ? stay(toast) : toast.remove()), 10000);
const show = (template, text) => {
  const box = $("#toasts");
  const part = $("#" + template)?.content.cloneNode(true).firstElementChild;
  if (!box || !part) return;
  if (text) $("span", part).textContent = text;
  box.replaceChildren(part);
  if (part.matches("[data-toast]")) stay(part);
};
on("click", "[data-toast-close]", (button) => button.closest("[data-toast]").remove());

// Copy
on("click", "[data-copy], [data-copy-code]", async (button) => {
  const text = button.dataset.copy || $("code", button.closest("figure")).textContent;
  try {
    await navigator.clipboard.writeText(text);
    show("toast", [word("Copied"), button.dataset.copy].filter(Boolean).join(" "));
  } catch {
    // No clipboard without https: select the text, so that the next key press copies it.
    getSelection().selectAllChildren(button.dataset.copy ? button : $("code", button.closest("figure")));
  }
});

on("click", "[data-print]", () => print());

// Show password
on("click", "[data-show]", (button) => {
  const input = document.getElementById(button.dataset.show);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  $("span", button).textContent = word(shown ? "Hide" : "Show");
});
// A password that is shown is hidden again before the form is sent, so that browsers offer to keep it.
document.addEventListener("submit", (e) => {
  for (const button of $$("[data-show]", e.target)) if (document.getElementById(button.dataset.show).type === "text") button.click();
});

// Menus close on a click outside, and after something in them was copied.
document.addEventListener("click", (e) => {
  for (const menu of $$("details.menu[open]")) {
    if (!menu.contains(e.target) || e.target.closest("[data-copy], [data-dialog]")) menu.open = false;
  }
});

// What goes back by itself: the time left, by this page's own clock since it came.
const countDown = () => {
  for (const el of $$("[data-left]")) {
    const left = el.dataset.left - performance.now(), minutes = Math.floor(left / 60000);
    const text = left <= 0 ? "any moment" : minutes < 1 ? "in less than a minute" : minutes < 120 ? `in ${minutes} ${minutes === 1 ? "minute" : "minutes"}` : "";
    if (text && el.textContent !== text) el.textContent = text;
  }
};
setInterval(countDown, 1000);

// Save bar: boxes are watched by the styles, fields are compared here with what the server sent.
const changed = (field) =>
  field.matches("select") ? [...field.options].some((o) => o.selected !== o.defaultSelected) : field.value !== field.defaultValue;
const markDirty = (form) => {
  const fields = $$("input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select", form);
  form.toggleAttribute("data-dirty", fields.some(changed));
};
on("input", "form:has(.savebar)", markDirty);
document.addEventListener("reset", (e) => setTimeout(() => markDirty(e.target)));

// The chat theme: its sample follows the fields, and a picker stands beside each colour.
const drawSample = (form) => {
  const link = $("[data-sample]");
  const query = new URLSearchParams();
  for (const field of $$("[data-theme-variable]", form)) if (field.value) query.set(field.dataset.themeVariable, field.value);
  link.href = link.href.split("?")[0] + "?" + query;
};
on("input", "[data-color-for]", (picker) => { document.getElementById(picker.dataset.colorFor).value = picker.value; });
on("input", "[data-theme-variable]", (field) => {
  const picker = $(`[data-color-for="${field.id}"]`);
  if (picker && /^#[0-9a-f]{6}$/i.test(field.value || field.placeholder)) picker.value = field.value || field.placeholder;
});
on("input", "[data-sample-form]", drawSample);

// Selection of rows: "3 selected", and the bar that acts on them.
const picks = (form) => $$("[data-pick]").filter((box) => box.dataset.pick === form.id);
const countPicks = (form) => {
  const boxes = picks(form);
  const count = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr, li")?.setAttribute("aria-selected", box.checked);
  for (const all of $$("[data-pick-all]").filter((box) => box.dataset.pickAll === form.id)) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  for (const label of $$("[data-bulk-count]", form)) label.textContent = count;
  form.toggleAttribute("data-some", count > 0);
};
const setPicks = (form, value) => {
  for (const box of picks(form)) box.checked = value;
  countPicks(form);
};
let lastPick = null;
on("click", "[data-pick]", (box, e) => {
  const form = document.getElementById(box.dataset.pick);
  const all = picks(form);
  const [from, to] = [all.indexOf(lastPick), all.indexOf(box)].sort((a, b) => a - b);
  if (e.shiftKey && from >= 0) for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  lastPick = box;
  countPicks(form);
});
on("change", "[data-pick-all]", (box) => setPicks(document.getElementById(box.dataset.pickAll), box.checked));
on("click", "[data-bulk-clear]", (button) => setPicks(button.form, false));

// Dialogs: the link's address is a page. Its dialog is lifted over this one; if that fails, the page is opened.
on("click", "a[data-dialog]", async (link, e) => {
  const box = $("#dialog");
  if (!box || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
  e.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = answer.ok && $("[data-dialog-content]", page);
    if (!content) throw new Error("no dialog");
    box.replaceChildren(document.importNode(content, true));
    const heading = $("h1[id]", box);
    if (heading) box.setAttribute("aria-labelledby", heading.id);
    box.showModal();
  } catch {
    location.href = link.href;
  }
});
on("click", "dialog [data-dialog-close]", (link, e) => {
  e.preventDefault();
  link.closest("dialog").close();
});
// A click on the backdrop is a click on the dialog itself, outside its content.
document.addEventListener("click", (e) => {
  if (e.target.matches("dialog[open]")) e.target.close();
});

// Keys of menus and segments; keys.js has the rest.
const step = (items, move) => {
  const at = items.indexOf(document.activeElement);
  items[(at + move + items.length) % items.length]?.focus();
};
const menuKeys = (menu, e) => {
  const items = $$(".menu-list :is(a, button)", menu);
  const acts = {
    Escape: () => { menu.open = false; $("summary", menu).focus(); },
    ArrowDown: () => (items.includes(document.activeElement) ? step(items, 1) : items[0]?.focus()),
    ArrowUp: () => (items.includes(document.activeElement) ? step(items, -1) : items.at(-1)?.focus()),
    Home: () => items[0]?.focus(),
    End: () => items.at(-1)?.focus(),
  };
  if (!acts[e.key]) return;
  acts[e.key]();
  e.preventDefault();
};
document.addEventListener("keydown", (e) => {
  const menu = e.target.closest?.("details.menu[open]");
  if (menu) return menuKeys(menu, e);
  const segment = e.target.closest?.(".seg > button");
  if (segment && (e.key === "ArrowLeft" || e.key === "ArrowRight")) {
    step($$("button", segment.parentNode), e.key === "ArrowRight" ? 1 : -1);
    return e.preventDefault();
  }
});

// A form is sent once: a second press while the answer is on its way does nothing. It is free again when the page comes
// back from the browser's memory, and after a while, since a download leaves the page where it is.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent !== undefined) return e.preventDefault();
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, 10000);
});
addEventListener("pageshow", () => {
  for (const form of $$("form[data-sent]")) delete form.dataset.sent;
});

// htmx: a failure of the server or the network is said, since the page shows the old state.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, () => show("failure"));

const ready = () => {
  for (const form of $$("form[data-bulk]")) countPicks(form);
  for (const toast of $$("#toasts [data-toast]:not([data-timed])")) { toast.dataset.timed = ""; stay(toast); }
  for (const tab of $$(".tabs > [aria-current]")) {
    const bar = tab.parentNode;
    if (tab.offsetLeft + tab.offsetWidth - bar.offsetLeft > bar.clientWidth - 28) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - 24;
  }
};
ready();
document.addEventListener("htmx:afterSettle", ready);
