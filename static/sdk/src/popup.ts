// The popup: a launcher in the corner of the page that opens a chat over it. Both live in a shadow root, out of reach of
// the page's styles; the styles are a constructed sheet, which no content policy hinders.
import { openFrame } from "./port.js";
import type { FrameOptions, ToUI, UIFrame } from "./port.js";

export interface PopupOptions extends Omit<FrameOptions, "view"> {
  launcher?: boolean; // false: the page opens the popup by itself
  toggled?(visible: boolean): void;
}

export interface PopupFrame extends UIFrame {
  readonly host: HTMLElement; // to be put into the page's body
  readonly visible: boolean;
  show(): void;
  hide(): void;
}

const styles = `
  :host { all: initial; color-scheme: light dark; }
  [hidden] { display: none !important; }
  .panel { position: fixed; z-index: 2147483000; right: 20px; bottom: 88px; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100dvh - 108px));
    border-radius: 12px; overflow: hidden; background: light-dark(#fff, #111714);
    box-shadow: 0 0 0 1px light-dark(rgb(20 32 27 / .08), rgb(255 255 255 / .1)), 0 12px 40px rgb(0 0 0 / .24); animation: rise .16s ease-out; }
  .panel.bare { bottom: 20px; height: min(640px, calc(100dvh - 40px)); }
  .launcher { position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%; cursor: pointer;
    display: grid; place-items: center; background: var(--accent, light-dark(#1a5c47, #82c9ac)); color: var(--on-accent, light-dark(#fff, #06231a));
    box-shadow: 0 2px 6px rgb(0 0 0 / .16), 0 8px 24px rgb(0 0 0 / .18); }
  .launcher:focus-visible { outline: 3px solid var(--accent, light-dark(#1a5c47, #82c9ac)); outline-offset: 3px; }
  .launcher svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
  .launcher[aria-expanded="true"] .chat, .launcher[aria-expanded="false"] .close { display: none; }
  .badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px; background: #b42d20; color: #fff;
    border: 2px solid light-dark(#fff, #111714); font: 600 12px/18px system-ui, sans-serif; text-align: center; }
  @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
  @media (max-width: 479px), (max-height: 479px) { .panel, .panel.bare { inset: 0; width: 100%; height: 100%; border-radius: 0; } .panel:not([hidden]) ~ .launcher { display: none; } }
  @media (prefers-reduced-motion: reduce) { .panel { animation: none; } }
  @media (forced-colors: active) { .launcher, .panel, .badge { border: 2px solid ButtonText; } }
`;

const glyph = (name: string, ...paths: string[]) => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) svg.appendChild(document.createElementNS(space, "path")).setAttribute("d", d);
  return svg;
};

/** openPopup makes a popup, closed. Its iframe is at work meanwhile: it counts what is unread. */
export function openPopup(options: PopupOptions): PopupFrame {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.append(glyph("chat", "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719"), glyph("close", "M18 6 6 18", "m6 6 12 12"));
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.setAttribute("aria-hidden", "true");
  launcher.append(badge);
  root.append(panel);
  if (options.launcher === false) panel.classList.add("bare");
  else root.append(launcher);

  let unread = 0;
  let back: Element | null = null;
  const draw = () => {
    launcher.setAttribute("aria-expanded", String(!panel.hidden));
    launcher.setAttribute("aria-label", (panel.hidden ? "Open chat" : "Close chat") + (unread ? `, ${unread} unread` : ""));
    badge.hidden = unread === 0 || !panel.hidden;
    badge.textContent = unread > 99 ? "99+" : String(unread);
  };

  const frame = openFrame({
    ...options,
    view: "popup",
    hello: (): ToUI[] => [...options.hello(), { shown: !panel.hidden }],
    event(event) {
      if (event.ui === "close") hide();
      else if (event.ui === "unread") unread = Number(event.count) || 0;
      else if (event.ui === "look") {
        host.style.setProperty("--accent", String(event.accent));
        host.style.setProperty("--on-accent", String(event.onAccent));
      }
      draw();
      options.event?.(event);
    },
  });
  panel.append(frame.element);

  const show = () => {
    if (!panel.hidden) return;
    back = document.activeElement;
    panel.hidden = false;
    draw();
    frame.post({ shown: true });
    frame.element.focus();
    options.toggled?.(true);
  };
  const hide = () => {
    if (panel.hidden) return;
    const inside = root.activeElement === frame.element;
    panel.hidden = true;
    draw();
    frame.post({ shown: false });
    if (inside) (options.launcher === false || (back && back !== document.body && back !== host) ? (back as HTMLElement) : launcher)?.focus();
    options.toggled?.(false);
  };
  launcher.onclick = () => (panel.hidden ? show() : hide());
  root.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key === "Escape" && !panel.hidden) hide();
  });
  draw();

  return {
    element: frame.element,
    host,
    get visible() {
      return !panel.hidden;
    },
    show,
    hide,
    post: (message) => frame.post(message),
    destroy() {
      frame.destroy();
      host.remove();
    },
  };
}
