// The small parts that the views share.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Glyph } from "./icons.js";
import type { Icon } from "./icons.js";
import { initials, parse, picture, tint } from "./text.js";
import type { Part } from "./text.js";
import type { Trouble } from "./words.js";

export function Avatar({ id, name, photo, size, online, guest }: { id: string; name: string; photo?: string | null; size: "s" | "m"; online?: boolean; guest?: boolean }) {
  const [broken, setBroken] = useState("");
  const src = picture(photo);
  return (
    <span class={`av av-${size} av-${tint(id)}${online ? " av-on" : ""}${guest ? " av-guest" : ""}`} aria-hidden="true">
      {src && src !== broken ? <img src={src} alt="" loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(src)} /> : initials(name)}
    </span>
  );
}

const tags = { bold: "strong", italic: "em", strike: "s" } as const;

/** Written is what somebody wrote: text, marks and links, nothing else. labels: it comes from a server, which may name links. */
export function Written({ text, labels }: { text: string; labels: boolean }) {
  return <>{parse(text, labels).map(draw)}</>;
}

function draw(part: Part): ComponentChildren {
  if (part.kind === "text") return part.text;
  if (part.kind === "link")
    return (
      <a href={part.url} target="_blank" rel="noopener noreferrer nofollow ugc" title={part.label === part.url ? undefined : part.url}>
        {part.label}
      </a>
    );
  const Tag = tags[part.kind];
  return <Tag>{part.parts.map(draw)}</Tag>;
}

export interface Action {
  label: string;
  icon: Icon;
  danger?: boolean;
  act(): void;
}

/** Menu is a button with a list of actions. It opens where there is room, and closes as menus do. */
export function Menu({ label, actions, tabIndex, onArrow }: { label: string; actions: Action[]; tabIndex?: number; onArrow?(by: number): void }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return;
    const at = button.current!.getBoundingClientRect();
    const menu = list.current!;
    const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
    menu.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - menu.offsetHeight - 4)}px`;
    menu.style.left = `${Math.max(4, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 4))}px`;
    (menu.firstElementChild as HTMLElement).focus();
    const outside = (event: Event) => {
      if (!menu.contains(event.target as Node) && !button.current!.contains(event.target as Node)) close(false);
    };
    const moved = () => close(false);
    addEventListener("pointerdown", outside);
    addEventListener("blur", moved);
    addEventListener("resize", moved);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("blur", moved);
      removeEventListener("resize", moved);
    };
  }, [open]);
  const keys = (event: KeyboardEvent) => {
    const items = [...list.current!.children] as HTMLElement[];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const go = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (go !== undefined) items[go % items.length].focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        ref={button} type="button" class="btn-icon" aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open} tabIndex={tabIndex}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
          if (by && onArrow && !open) {
            event.preventDefault();
            onArrow(by);
          }
        }}
      >
        <Glyph name="more" />
      </button>
      {open && (
        <div ref={list} class="menu" role="menu" aria-label={label} onKeyDown={keys}>
          {actions.map((action) => (
            <button key={action.label} type="button" role="menuitem" tabIndex={-1} class={action.danger ? "danger" : ""} onClick={() => { close(true); action.act(); }}>
              <Glyph name={action.icon} />
              {action.label}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

/** Modal is a dialog over the chat. The focus stays in it and goes back where it was. */
export function Modal({ title, onClose, wide, children }: { title: string; onClose(): void; wide?: boolean; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const back = document.activeElement as HTMLElement | null;
    const shown = dialog.current!;
    shown.showModal();
    return () => {
      shown.close(); // nothing behind it takes the focus while it is open
      back?.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "sheet" : "ask"} aria-labelledby="modal-title" onCancel={(event) => { event.preventDefault(); onClose(); }} onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}>
      <header>
        <h2 id="modal-title">{title}</h2>
        {wide && (
          <button type="button" class="btn-icon" aria-label="Close" title="Close" onClick={onClose}>
            <Glyph name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}

/** Ask is a question before what can't be undone. The safe answer comes first. */
export function Ask({ title, text, yes, no, onYes, onNo }: { title: string; text: string; yes: string; no: string; onYes(): void; onNo(): void }) {
  return (
    <Modal title={title} onClose={onNo}>
      <p>{text}</p>
      <div class="answers">
        <button type="button" class="btn" onClick={onNo}>{no}</button>
        <button type="button" class="btn btn-danger" onClick={onYes}>{yes}</button>
      </div>
    </Modal>
  );
}

const acts = { retry: "Try again", again: "Use here", feed: "Back to all chats" } as const;

/** Panel stands in place of a conversation that can't be shown. */
export function Panel({ trouble, act, busy, label }: { trouble: Trouble; act?(): void; busy?: boolean; label?: string }) {
  return (
    <div class="panel" role="status">
      <span class="panel-icon">
        <Glyph name={trouble.icon} />
      </span>
      <h2>{trouble.title}</h2>
      <p>{trouble.text}</p>
      {act && trouble.act && (
        <button type="button" class="btn" onClick={act} aria-busy={busy}>
          {trouble.act === "retry" && <Glyph name="again" />}
          {label ?? acts[trouble.act]}
        </button>
      )}
      {trouble.more && <p class="more">{trouble.more}</p>}
    </div>
  );
}

/** Skeleton stands in for a list that comes; the styles show it after 300 ms. */
export function Skeleton({ kind }: { kind: "messages" | "feed" }) {
  return (
    <div class={`skeleton skeleton-${kind}`} role="status">
      <span class="sr-only">Loading</span>
      {Array.from({ length: kind === "feed" ? 5 : 4 }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  );
}
