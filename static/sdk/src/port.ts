// The line between a page and an iframe of Guestlist's: one MessagePort, and what may be said over it. The page holds the
// session's only connection; an iframe asks it for everything, and holds no token and no cookie.
//
// The iframe says {guestlist: 1, ready: true} to its parent; the page answers {guestlist: 1} with a port. A reloaded
// iframe says so again and gets a new port, so a page keeps what an iframe must be told at first, and tells it each time.
import { GuestlistError } from "./transport.js";
import type { CallOptions, Frame, Refusal, Status, Transport } from "./transport.js";

export type View = "chatbox" | "inbox" | "popup";

export interface Init {
  view: View;
  userId: string;
  me: { id: string; name: string; photoUrl: string | null } | null;
  host: string;
  appId: string;
  theme: "light" | "dark" | "auto";
  options: { placeholder?: string; showHeader?: boolean; messageField?: { autofocus?: boolean; visible?: boolean } };
}

/** The conversation to show. Null shows none; a missing one is the last that was active. */
export interface Select {
  conversation?: string | null;
  asGuest?: boolean;
  error?: Refusal; // it could not be made or entered: shown in its place
}

/** What pages do to the field for messages. */
export type Field =
  | { op: "focus" }
  | { op: "setText"; text: string }
  | { op: "typeText"; text: string }
  | { op: "setVisible"; visible: boolean };

export type ToUI =
  | { init: Init }
  | { status: { connected: boolean; terminated?: Refusal } }
  | { frame: Frame }
  | { select: Select }
  | { field: Field }
  | { shown: boolean } // a popup was opened or closed
  | { reply: number; result?: unknown; error?: Refusal };

/**
 * What an iframe tells without wanting an answer: "focus", "blur", "keyup", "keydown" of the field; "text" with what the
 * field holds; "selected" with the conversation shown; "unread" with how many conversations wait; "close", of a popup.
 */
export type UIEvent = { ui: string; [detail: string]: unknown };

/** Commands that begin with "ui." are the page's: ui.send, ui.leave, ui.select, ui.again (sign in here after all). */
export type Call = { call: number; command: string; args: object; asGuest?: boolean };

export type FromUI = Call | UIEvent;

/** The refusal in whatever was thrown. */
export function refusalOf(problem: unknown): Refusal {
  if (problem instanceof GuestlistError) return problem.toJSON();
  const e = (problem ?? {}) as Partial<Refusal>;
  return {
    code: typeof e.code === "string" ? e.code : "UNKNOWN",
    message: typeof e.message === "string" && e.message ? e.message : "Something went wrong.",
  };
}

/** The page's side. */
export interface FrameOptions {
  host: string; // origin of the server, without a slash at the end
  appId: string;
  view: View;
  title?: string; // what screen readers call the iframe
  hello(): ToUI[]; // what an iframe is told as soon as it is there: init first
  call(command: string, args: object, options: CallOptions): Promise<unknown>;
  event?(event: UIEvent): void;
}

export interface UIFrame {
  readonly element: HTMLIFrameElement;
  post(message: ToUI): void; // kept until the iframe is there
  destroy(): void;
}

/** openFrame makes the iframe of one UI, to be put into the page by the caller. */
export function openFrame(options: FrameOptions): UIFrame {
  const host = new URL(options.host);
  const element = document.createElement("iframe");
  element.src = `${host.origin}/chatbox/${encodeURIComponent(options.appId)}?view=${options.view}`;
  element.title = options.title ?? (options.view === "inbox" ? "Chats" : "Chat");
  element.allow = "clipboard-write";
  element.style.cssText = "display:block;width:100%;height:100%;border:0;color-scheme:normal";

  let port: MessagePort | undefined;
  let waiting: ToUI[] = [];

  const answer = async (target: MessagePort, { call, command, args, asGuest }: Call) => {
    try {
      target.postMessage({ reply: call, result: (await options.call(command, args, { asGuest })) ?? null });
    } catch (problem) {
      target.postMessage({ reply: call, error: refusalOf(problem) });
    }
  };
  const greet = (event: MessageEvent) => {
    if (event.source !== element.contentWindow || event.origin !== host.origin) return;
    if (event.data?.guestlist !== 1 || !event.data.ready) return;
    port?.close();
    const channel = new MessageChannel();
    const own = (port = channel.port1);
    own.onmessage = ({ data }: MessageEvent<FromUI>) => {
      if ("call" in data) void answer(own, data as Call);
      else if ("ui" in data) options.event?.(data as UIEvent);
    };
    (event.source as Window).postMessage({ guestlist: 1 }, host.origin, [channel.port2]);
    for (const message of [...options.hello(), ...waiting]) own.postMessage(message);
    waiting = [];
  };
  window.addEventListener("message", greet);

  return {
    element,
    post(message) {
      if (port) port.postMessage(message);
      else waiting.push(message);
    },
    destroy() {
      window.removeEventListener("message", greet);
      port?.close();
      waiting = [];
      element.remove();
    },
  };
}

/** What the page says beside answers, frames and its status. */
export type Told = { init: Init } | { select: Select } | { field: Field } | { shown: boolean };

/** The iframe's side: a Transport over the page's connection. */
export interface Line extends Transport {
  tell(event: UIEvent): void;
}

/** connectPort asks the embedding page for a port. told hears everything that is neither a frame, a status nor an answer. */
export function connectPort(told: (message: Told) => void): Line {
  const frames = new Set<(frame: Frame) => void>();
  const statuses = new Set<(status: Status) => void>();
  const calls = new Map<number, { resolve(value: any): void; reject(problem: GuestlistError): void }>();
  let status: Status = { connected: false };
  let port: MessagePort | undefined;
  let last = 0;
  let waiting: FromUI[] = [];
  const say = (message: FromUI) => {
    if (port) port.postMessage(message);
    else waiting.push(message);
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.guestlist !== 1 || !event.ports[0] || port) return;
    port = event.ports[0];
    port.onmessage = ({ data }: MessageEvent<ToUI>) => {
      if ("reply" in data) {
        const call = calls.get(data.reply);
        calls.delete(data.reply);
        if (data.error) call?.reject(new GuestlistError(data.error));
        else call?.resolve(data.result);
      } else if ("frame" in data) frames.forEach((listener) => listener(data.frame));
      else if ("status" in data) {
        const { connected, terminated } = data.status;
        status = { connected, terminated: terminated && new GuestlistError(terminated) };
        statuses.forEach((listener) => listener(status));
      } else told(data);
    };
    waiting.forEach(say);
    waiting = [];
  });
  if (window.parent !== window) window.parent.postMessage({ guestlist: 1, ready: true }, "*"); // says nothing but that it is here

  return {
    call: <T>(command: string, args: object, options: CallOptions = {}) =>
      new Promise<T>((resolve, reject) => {
        calls.set(++last, { resolve, reject });
        say({ call: last, command, args, asGuest: options.asGuest });
      }),
    onFrame(listener) {
      frames.add(listener);
      return () => void frames.delete(listener);
    },
    onStatus(listener) {
      statuses.add(listener);
      listener(status);
      return () => void statuses.delete(listener);
    },
    tell: say,
  };
}
