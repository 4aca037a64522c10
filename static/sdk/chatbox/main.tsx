// What runs in the iframe: it asks the page for a line, then draws what it is told.
import "./chatbox.css";
import { render } from "preact";
import { connectPort } from "../src/port.js";
import type { Field, Init, Select } from "../src/port.js";
import { App } from "./app.js";

const root = document.getElementById("chatbox")!;
let init: Init | undefined;
let select: Select | undefined;
let field: { at: number; field: Field } | undefined;
let shown = true;
let count = 0;

const line = connectPort((message) => {
  if ("init" in message) {
    init = message.init;
    const { theme } = init;
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    look();
  } else if ("select" in message) select = message.select;
  else if ("field" in message) field = { at: ++count, field: message.field };
  else if ("shown" in message) shown = message.shown;
  draw();
});

function draw(): void {
  if (init) render(<App line={line} init={init} select={select} shown={shown} field={field} />, root);
}

// look tells a popup's launcher the colours of the theme.
function look(): void {
  const probe = root.appendChild(document.createElement("i"));
  probe.className = "probe";
  const { backgroundColor, color } = getComputedStyle(probe);
  probe.remove();
  line.tell({ ui: "look", accent: backgroundColor, onAccent: color });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
