// Keeps a page fresh. News comes as server-sent events and only names what changed; the page is fetched again and its
// live parts are brought up to date in place. Rows never jump under somebody's hands: then the page says that there is
// more, and waits. After anything that could have cost news (a lost stream, a hidden tab) the page is fetched again.
"use strict";
{
  const status = $("[data-live-stream]");
  const bar = $("[data-live-news]");
  const parts = () => $$("[data-live]");
  let since = status.dataset.liveSince;
  let stream, retry, wait = 1000, over = false, paused = false, hideSoon;
  const changes = new Set(); // by others, that the page doesn't show; all talk in a conversation is one
  let fetching = false, again = false, later;

  // What the status says
  const say = (text) => {
    $("[data-live-on]", status).hidden = !!text;
    $("[data-live-off]", status).hidden = !text;
    $("[data-live-text]", status).textContent = text;
  };
  const lost = () => {
    if (!paused && $("[data-live-off]", status).hidden) say(word("Not live since {time}").replace("{time}", new Date().toTimeString().slice(0, 5)));
  };
  const announce = (waiting) => {
    if (!bar) return;
    bar.hidden = !waiting;
    if (!waiting) return;
    const n = changes.size;
    const text = n === 1 ? word("1 change since you opened this.") : n ? word("{n} changes since you opened this.").replace("{n}", n) : word("There are changes since you opened this.");
    const label = $("[data-live-count]", bar);
    if (label.textContent !== text) label.textContent = text;
  };

  // The stream
  const close = () => { clearTimeout(retry); stream?.close(); stream = null; delete status.dataset.liveOpen; };
  const open = () => {
    close();
    if (over || paused || document.hidden) return;
    stream = new EventSource(status.dataset.liveStream);
    stream.addEventListener("hello", (e) => {
      wait = 1000;
      say("");
      status.dataset.liveOpen = true;
      if (JSON.parse(e.data).state !== since) refresh();
    });
    stream.addEventListener("news", (e) => {
      const { news, more } = JSON.parse(e.data);
      const topics = parts().flatMap((part) => part.dataset.live.split(" "));
      const ours = news.filter((n) => topics.includes(n.type) || topics.includes(n.type.split(".")[0]));
      for (const n of ours) if (!n.mine) changes.add(n.type === "message.sent" ? n.conversation : n);
      if (ours.length || more) refresh();
    });
    stream.addEventListener("end", () => { over = true; close(); lost(); });
    stream.onerror = () => {
      close();
      lost();
      retry = setTimeout(open, wait);
      wait = Math.min(wait * 2, 15000);
    };
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hideSoon);
    if (document.hidden) hideSoon = setTimeout(close, 5000); // a browser keeps few connections to one server
    else if (!stream) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (e) => e.persisted && open());
  on("click", "[data-live-pause]", (button) => {
    paused = !paused;
    button.setAttribute("aria-pressed", paused);
    $("span", button).textContent = word(paused ? "Go on" : "Pause");
    say(paused ? word("Paused at {time}").replace("{time}", new Date().toTimeString().slice(0, 5)) : "");
    if (paused) close();
    else open();
  });

  // Fetching the page: at most once a second, and never two at a time.
  const refresh = async (asked) => {
    if (fetching) { again = true; return; }
    fetching = true;
    clearTimeout(later);
    const address = location.href;
    try {
      const answer = await fetch(address, { headers: { "X-Refresh": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = $("[data-live-stream]", page);
      if (answer.ok && fresh && address === location.href) {
        since = fresh.dataset.liveSince;
        show(page, asked);
      }
    } catch {
      lost();
    }
    setTimeout(() => {
      fetching = false;
      if (again) { again = false; refresh(); }
    }, 1000);
  };

  // Who is at a part: they point at it, type in it, have picked or opened something in it, or select its text.
  let moved = 0;
  for (const type of ["pointermove", "pointerdown", "keydown"]) addEventListener(type, () => { moved = Date.now(); }, { passive: true });
  const selects = (part) => {
    const s = getSelection();
    return !s.isCollapsed && s.rangeCount > 0 && s.getRangeAt(0).intersectsNode(part);
  };
  const used = (part) =>
    (part !== document.activeElement && part.contains(document.activeElement)) || (part.matches(":hover") && Date.now() - moved < 3000) ||
    !!$("details[open], [data-pick]:checked", part) || selects(part);
  const chosen = (part) => $$(":is([type=radio], [type=checkbox]):not([data-pick])", part).some((box) => box.checked !== box.defaultChecked);

  const rows = (part) => $$("[data-row]", part).map((row) => row.id);
  const jumps = (old, next) => rows(old).some((id, i) => id !== rows(next)[i]);

  const show = (page, asked) => {
    let waiting = false, left = false;
    for (const part of parts()) {
      const next = page.getElementById(part.id);
      if (!next) continue;
      const holds = jumps(part, next) && (("liveAsked" in part.dataset && changes.size > 0) || used(part));
      if (!asked && holds) waiting = true;
      else if (!asked && (selects(part) || chosen(part))) left = true;
      else {
        const before = new Set(rows(part));
        morph(part, next);
        if (before.size) for (const row of $$("[data-row]", part)) if (!before.has(row.id)) row.classList.add("fresh");
        window.htmx?.process(part);
      }
    }
    ready(); // of guestlist.js: what it reads from the page may be new
    if (!waiting && !left) changes.clear();
    announce(waiting);
    if (waiting || left) later = setTimeout(settle, 1000);
  };
  // What waits for somebody's hands goes on by itself once they are gone; lists that wait to be asked don't.
  const settle = () => {
    if (parts().some((part) => used(part) || chosen(part)) || (changes.size > 0 && parts().some((part) => "liveAsked" in part.dataset))) later = setTimeout(settle, 1000);
    else refresh();
  };
  on("click", "[data-live-show]", () => {
    bar.hidden = true;
    const part = parts().find((part) => $("[data-row]", part));
    part?.setAttribute("tabindex", "-1");
    part?.focus({ preventScroll: true });
    fetching = false;
    refresh(true);
  });

  // Brings an element up to date with another, keeping every node that stays: what is open, typed, picked or focused in
  // it stays so. Children with an id are found again by it.
  const kept = (name) => name === "open" || name === "tabindex" || name === "aria-selected" || name === "data-sent";
  const morph = (old, next) => {
    for (const { name, value } of [...next.attributes]) if (!kept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes]) if (!kept(name) && !next.hasAttribute(name)) old.removeAttribute(name);
    let at = old.firstChild;
    for (const child of [...next.childNodes]) {
      const same = child.id ? [...old.children].find((e) => e.id === child.id) : at && !at.id && at.nodeName === child.nodeName ? at : null;
      if (!same) old.insertBefore(document.importNode(child, true), at);
      else {
        if (same === at) at = at.nextSibling;
        else old.insertBefore(same, at);
        if (same.nodeType === 1) morph(same, child);
        else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
      }
    }
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  };

  // What goes on without news, such as the progress of a job, is asked for.
  setInterval(() => {
    if (!paused && !document.hidden && $("[data-live-poll]")) refresh();
  }, 1000);

  open();
}
