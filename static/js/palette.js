// The palette: a search in everything over the page. The server answers with rows; here is how one moves among them. Its
// field keeps the focus, as in every combobox. Without script the same search is a page.
"use strict";
{
  const palette = $("#palette");
  const form = $("form", palette);
  const field = form.elements.q;
  const list = $("#palette-rows");
  const said = $("[data-palette-said]", palette);
  let asking = false, again = false, back = null, waiting = null, talk; // waiting: Enter was pressed before its answer

  const options = () => $$("[role=option]", list);
  const active = () => $("[aria-selected=true]", list);
  const choose = (option) => {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };

  // One question at a time; what is typed meanwhile is asked next.
  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, { headers: { "HX-Request": "true" } });
      const rows = answer.ok && $("[data-palette-rows]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (!rows) throw new Error("no rows");
      list.replaceChildren(...[...document.importNode(rows, true).childNodes]);
      field.setAttribute("aria-expanded", options().length > 0);
      choose(options()[0]);
      clearTimeout(talk);
      talk = setTimeout(() => { said.textContent = rows.dataset.said; }, 400); // once, when somebody stops typing
    } catch {
      list.replaceChildren();
      said.textContent = word("The server did not answer. Press Enter to try the search as a page.");
    }
    asking = false;
    if (again) { again = false; ask(); }
    else if (waiting) enter(waiting.aside);
  };
  const enter = (aside) => {
    waiting = null;
    if (active()) go(active(), aside);
    else form.submit();
  };

  const open = () => {
    if (palette.open) return field.select();
    back = document.activeElement;
    for (const other of $$("dialog[open]")) other.close();
    palette.showModal();
    field.select();
    ask();
  };
  palette.addEventListener("close", () => back?.isConnected && back.focus({ preventScroll: true }));
  document.addEventListener("palette", open);
  on("click", "[data-palette-open]", (link, e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    const menu = link.closest("details.menu");
    if (menu) menu.open = false;
    open();
  });
  on("click", "[data-palette-close]", () => palette.close());
  field.addEventListener("input", ask);

  const go = (option, aside) => {
    const { paletteCopy } = option.dataset;
    if (paletteCopy !== undefined) {
      palette.close();
      navigator.clipboard?.writeText(paletteCopy).then(() => show("toast", `Copied ${paletteCopy}`), () => { location.href = option.href; });
    } else if (aside) window.open(option.href, "_blank", "noopener");
    else {
      palette.close();
      location.href = option.href;
    }
  };
  list.addEventListener("click", (e) => {
    const option = e.target.closest("[role=option]");
    if (!option || e.shiftKey || e.button) return;
    e.preventDefault();
    go(option, e.ctrlKey || e.metaKey);
  });
  list.addEventListener("pointermove", (e) => {
    const option = e.target.closest("[role=option]");
    if (option && option !== active()) choose(option);
  });
  field.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const all = options();
    const at = all.indexOf(active());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at < 1 ? all.length : 0), Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined && all.length) {
      e.preventDefault();
      choose(all[((to % all.length) + all.length) % all.length]);
    }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      follow(true);
    }
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    follow(false);
  });
  const follow = (aside) => {
    if (asking) waiting = { aside };
    else enter(aside);
  };
}
