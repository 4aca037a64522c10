import { ConversationRef } from "../conversation.js";
import { openPopup } from "../popup.js";
import type { PopupFrame } from "../popup.js";
import { openFrame } from "../port.js";
import type { Field, FrameOptions, Init, Select, ToUI, UIEvent, UIFrame, View } from "../port.js";
import { idOf, notBuilt } from "../refs.js";
import type { ConversationSnapshot, MessageSnapshot } from "../snapshots.js";
import type { CallOptions, GuestlistError, Refusal, Status } from "../transport.js";
import { ConversationBuilder, strangers } from "./builder.js";
import { conversationData } from "./data.js";
import type { ConversationData } from "./data.js";
import { Listeners, logRefusal } from "./report.js";
import type { Listening } from "./report.js";
import type { Session } from "./session.js";

export interface BoxOptions {
  /** "light" or "dark"; otherwise as the visitor's system is. */
  theme?: string;
  showChatHeader?: boolean;
  messageField?: { placeholder?: string; autofocus?: boolean; visible?: boolean };
}

export interface PopupOptions extends BoxOptions {
  /** False: no button of its own; the page calls show and hide. */
  launcher?: boolean | string;
}

/** What can be selected. Null is nothing; undefined is the conversation that was active last. */
export type Selectable = string | ConversationBuilder | ConversationRef | null | undefined;

export interface SelectOptions {
  /** Enter without becoming a participant, where the app lets guests in. */
  asGuest?: boolean;
  messageId?: string;
}

export interface SendMessageEvent {
  conversation: ConversationData;
  me: { id: string };
  message: { text: string; custom: Record<string, string> };
  /** Sends something else in its place; what is left out stays. */
  override(change: { text?: string; custom?: Record<string, string> }): void;
}

export interface ConversationEvent {
  conversation: ConversationData | null;
  me: { id: string };
}

/** A key, with what is known of it in every browser. */
export interface KeyEvent extends ConversationEvent {
  key: string;
  keyCode: number;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

export interface PreventableEvent {
  conversation: ConversationData;
  me: { id: string };
  preventDefault(): void;
}

const opened: Record<string, string> = { "conversation.open": "conversation.close", "feed.open": "feed.close", "user.watch": "user.unwatch" };

const said = ({ connected, terminated }: Status): { connected: boolean; terminated?: Refusal } => ({ connected, terminated: terminated?.toJSON() });

/** A chat in the page: an iframe of the server's, which does all it does through this session's connection. */
export abstract class UIBox {
  /** Writes into the field for messages. */
  readonly messageField: MessageField;
  /** What is shown now: null when nothing is. */
  currentConversation: ConversationData | null = null;
  protected frame?: UIFrame;
  private alive = true;
  private wanted: { id: string | null | undefined; builder?: ConversationBuilder; asGuest: boolean } = { id: undefined, asGuest: false };
  private selected?: Select;
  private turn = 0;
  private logged?: number; // the turn whose refusal was logged
  private greeted = false;
  private introduced = false; // the iframe was told who is who
  private fields: Field[] = [];
  private held = new Map<string, { close: string; args: object }[]>();
  private stops: (() => void)[] = [];
  private text = "";
  private arrived?: () => void;
  private readonly sends = new Listeners<SendMessageEvent>();
  private readonly leaves = new Listeners<PreventableEvent>();
  private readonly uiEvents = new Map<string, Listeners<ConversationEvent>>();

  /** @internal */
  constructor(protected readonly session: Session, protected readonly view: View, protected readonly options: BoxOptions) {
    this.messageField = new MessageField((field) => this.field(field), () => this.text);
  }

  get isAlive(): boolean {
    return this.alive && this.session.isAlive;
  }

  /** Shows a conversation. Before the UI is mounted it is only noted. Resolves when the UI has been told. */
  async select(what?: Selectable, options: SelectOptions = {}): Promise<void> {
    this.mustLive("select");
    if (options.messageId !== undefined) notBuilt("select(…, {messageId})");
    const builder = what instanceof ConversationBuilder ? what : undefined;
    this.wanted.builder?.leftBy(this);
    this.wanted = { id: what === null || what === undefined ? what : idOf(what, "conversation"), builder, asGuest: !!options.asGuest };
    this.turn++;
    this.selected = undefined;
    if (this.frame) await this.apply();
  }

  /** Ends the UI and takes it out of the page. */
  destroy(): void {
    if (!this.alive) return;
    this.alive = false;
    this.turn++;
    this.wanted.builder?.leftBy(this);
    for (const stop of this.stops) stop();
    this.releaseAll();
    this.frame?.destroy();
    this.frame = undefined;
    this.arrived?.();
    this.session.forget(this);
  }

  /** Hears of each message before it is sent, and may change it. */
  onSendMessage(listener: (event: SendMessageEvent) => void): Listening {
    return this.sends.add(listener);
  }
  /** Hears when the user leaves by the UI, and may prevent it. */
  onLeaveConversation(listener: (event: PreventableEvent) => void): Listening {
    return this.leaves.add(listener);
  }
  onFocus(listener: (event: ConversationEvent) => void): Listening {
    return this.hears("focus", listener);
  }
  onBlur(listener: (event: ConversationEvent) => void): Listening {
    return this.hears("blur", listener);
  }
  onKeyup(listener: (event: KeyEvent) => void): Listening {
    return this.hears("keyup", listener);
  }
  onKeydown(listener: (event: KeyEvent) => void): Listening {
    return this.hears("keydown", listener);
  }

  onMarkConversationAsUnread(..._: unknown[]): never {
    return notBuilt("onMarkConversationAsUnread");
  }
  onCustomMessageAction(..._: unknown[]): never {
    return notBuilt("onCustomMessageAction");
  }
  onCustomConversationAction(..._: unknown[]): never {
    return notBuilt("onCustomConversationAction");
  }
  onTranslationToggled(..._: unknown[]): never {
    return notBuilt("onTranslationToggled");
  }
  sendFile(..._: unknown[]): never {
    return notBuilt("sendFile");
  }
  sendLocation(..._: unknown[]): never {
    return notBuilt("sendLocation");
  }
  setMessageFilter(..._: unknown[]): never {
    return notBuilt("setMessageFilter");
  }
  setPresence(..._: unknown[]): never {
    return notBuilt("setPresence");
  }
  setHighlightedWords(..._: unknown[]): never {
    return notBuilt("setHighlightedWords");
  }
  createHtmlPanel(..._: unknown[]): never {
    return notBuilt("createHtmlPanel");
  }
  setTranslationEnabledDefault(..._: unknown[]): never {
    return notBuilt("setTranslationEnabledDefault");
  }
  setTranslationEnabledForConversation(..._: unknown[]): never {
    return notBuilt("setTranslationEnabledForConversation");
  }
  /** The old way to listen: on("sendMessage", …) is onSendMessage(…). */
  on(event: string, listener: (event: any) => void): Listening {
    const name = "on" + event.charAt(0).toUpperCase() + event.slice(1);
    const listen = (this as unknown as Record<string, unknown>)[name];
    if (typeof listen !== "function") notBuilt(`the event “${event}”`);
    return listen.call(this, listener) as Listening;
  }
  off(..._: unknown[]): never {
    return notBuilt("off; unsubscribe what on returned");
  }

  protected hears<E>(event: string, listener: (event: E) => void): Listening {
    let listeners = this.uiEvents.get(event);
    if (!listeners) this.uiEvents.set(event, (listeners = new Listeners()));
    return listeners.add(listener as (event: never) => void as (event: ConversationEvent) => void);
  }

  protected abstract open(options: FrameOptions): UIFrame;

  /** Makes the iframe, puts it where it belongs, and resolves when it is at work. */
  protected start(place: (frame: UIFrame) => void): Promise<void> {
    this.mustLive("mount");
    if (this.frame) {
      place(this.frame);
      return Promise.resolve();
    }
    const { link, host, appId } = this.session.data;
    this.frame = this.open({
      host,
      appId,
      view: this.view,
      hello: () => this.hello(),
      call: (command, args, options) => this.call(command, args as Record<string, unknown>, options),
      event: (event) => this.event(event),
    });
    this.stops = [
      link.onStatus((status) => {
        if (status.connected || status.terminated) this.introduce();
        this.post({ status: said(status) });
      }),
      link.onFrame((frame) => {
        if (frame.type === "cut" || frame.type === "conversation.deleted") this.held.delete("conversation.open " + String(frame.conversation));
        this.post({ frame });
      }),
    ];
    link.start();
    place(this.frame);
    void this.apply();
    return new Promise((resolve) => (this.arrived = resolve));
  }

  protected tell(event: string, details: object = {}): void {
    this.uiEvents.get(event)?.tell({ ...details, conversation: this.currentConversation, me: { id: this.session.userId } });
  }

  private mustLive(what: string): void {
    if (!this.alive) throw new Error(`Guestlist: ${what} on a UI that was destroyed.`);
    if (!this.session.isAlive) throw new Error(`Guestlist: ${what} in a session that has ended; make a new one.`);
  }

  private async apply(): Promise<void> {
    const { id, builder, asGuest } = this.wanted;
    const turn = ++this.turn;
    const error = await builder?.flush(asGuest);
    if (turn !== this.turn) return;
    builder?.shownIn(this);
    this.selected = { conversation: id, asGuest, error: error?.toJSON() };
    this.post({ select: this.selected });
  }

  private post(message: ToUI): void {
    if (this.greeted && this.introduced) this.frame?.post(message);
  }

  private field(field: Field): void {
    this.mustLive("messageField");
    if (this.greeted && this.introduced) this.frame?.post({ field });
    else this.fields.push(field);
  }

  /** The iframe is there, for the first time or again: what it had open before is not open any more. */
  private hello(): ToUI[] {
    this.greeted = true;
    this.releaseAll();
    this.introduce();
    return this.introduced ? this.opening() : [];
  }

  /** Once it is known who the user is, the iframe is told. */
  private introduce(): void {
    if (this.introduced) return;
    const { link } = this.session.data;
    if (this.session.me?.name === undefined && !link.welcome && !link.state.terminated) return;
    this.introduced = true;
    if (this.greeted) queueMicrotask(() => this.opening().forEach((message) => this.frame?.post(message)));
  }

  private opening(): ToUI[] {
    const messages: ToUI[] = [{ init: this.init() }];
    messages.push({ status: said(this.session.data.link.state) });
    if (this.selected) messages.push({ select: this.selected });
    for (const field of this.fields) messages.push({ field });
    this.fields = [];
    this.arrived?.();
    return messages;
  }

  private init(): Init {
    const { session, options } = this;
    const known = session.data.link.welcome?.user as { id: string; name: string; photoUrl: string | null } | null | undefined;
    const own = session.me?.name === undefined ? null : { id: session.userId, name: session.me.name, photoUrl: session.me.photoUrl ?? known?.photoUrl ?? null };
    const { placeholder, autofocus, visible } = options.messageField ?? {};
    return {
      view: this.view,
      userId: session.userId,
      me: own ?? known ?? null,
      host: session.data.host,
      appId: session.appId,
      theme: options.theme === "light" || options.theme === "dark" ? options.theme : "auto",
      options: { placeholder, showHeader: options.showChatHeader, messageField: { autofocus, visible } },
    };
  }

  private async call(command: string, args: Record<string, unknown>, options: CallOptions): Promise<unknown> {
    if (command.startsWith("ui.")) return this.uiCall(command, args, options);
    const { link } = this.session.data;
    const key = (name: string) => name + " " + String(args.conversation ?? args.user ?? "");
    const closes = Object.keys(opened).find((name) => opened[name] === command);
    if (closes) this.held.get(key(closes))?.pop();
    const result = await link.call(command, args, options).catch((problem: GuestlistError) => {
      if (command === "conversation.open") this.logOnce(problem);
      throw problem;
    });
    const close = opened[command];
    if (close) this.held.set(key(command), [...(this.held.get(key(command)) ?? []), { close, args }]);
    return result;
  }

  /** A selection that is refused is said in the console too, once: the page's author looks there. */
  private logOnce(problem: GuestlistError): void {
    if (this.logged === this.turn || !this.session.isAlive || problem.status < 400 || problem.status >= 500) return;
    this.logged = this.turn;
    const { id } = this.wanted;
    logRefusal("select", problem.code === "CONVERSATION_NOT_FOUND" && id ? strangers(id) : problem);
  }

  private releaseAll(): void {
    const { link } = this.session.data;
    for (const { close, args } of [...this.held.values()].flat()) link.call(close, args).catch(() => {}); // an ended session has nothing open
    this.held.clear();
  }

  protected async uiCall(command: string, args: Record<string, unknown>, options: CallOptions): Promise<unknown> {
    const { link } = this.session.data;
    switch (command) {
      case "ui.send":
        return this.send(args as { conversation: string; text: string; custom?: Record<string, string> }, options);
      case "ui.leave": {
        const conversation = args.conversation as string;
        if (await this.prevented(this.leaves, conversation)) return { prevented: true };
        await link.call("participant.delete", { conversation, user: this.session.userId });
        return { prevented: false };
      }
      case "ui.select":
        return { prevented: false }; // nobody here can prevent it
      case "ui.again":
        return link.revive();
    }
    throw new Error("Guestlist: this version of the script doesn't know " + command + "; reload the page.");
  }

  private async send(args: { conversation: string; text: string; custom?: Record<string, string> }, options: CallOptions): Promise<MessageSnapshot> {
    const message = { text: args.text, custom: args.custom ?? {} };
    this.sends.tell({
      conversation: await this.dataOf(args.conversation),
      me: { id: this.session.userId },
      message: { ...message },
      override: (change) => {
        if (change.text !== undefined) message.text = change.text;
        if (change.custom !== undefined) message.custom = change.custom;
      },
    });
    return this.session.data.link.call("conversation.send", { conversation: args.conversation, ...message }, options);
  }

  protected async prevented(listeners: Listeners<PreventableEvent>, conversation: string): Promise<boolean> {
    let prevented = false;
    listeners.tell({ conversation: await this.dataOf(conversation), me: { id: this.session.userId }, preventDefault: () => (prevented = true) });
    return prevented;
  }

  /** What is known of a conversation, without asking for what is shown already. */
  private async dataOf(id: string): Promise<ConversationData> {
    if (this.currentConversation?.id === id) return this.currentConversation;
    const snapshot = await this.session.data.link.call<ConversationSnapshot | null>("conversation.get", { conversation: id }, { asGuest: this.wanted.asGuest }).catch(() => null);
    return snapshot ? conversationData(snapshot, this.session.userId) : { id, subject: null, photoUrl: null, welcomeMessages: null, custom: {}, participants: {} };
  }

  protected event(event: UIEvent): void {
    if (event.ui === "text") this.text = String(event.text ?? "");
    else if (event.ui === "selected") void this.nowShown((event.conversation as string | null | undefined) ?? null);
    else {
      const { ui, ...details } = event;
      this.tell(ui, details);
    }
  }

  protected async nowShown(id: string | null): Promise<void> {
    const shown = id === null ? null : await this.dataOf(id);
    if (this.alive) this.currentConversation = shown;
  }
}

/** The field for messages of a UI. */
export class MessageField {
  /** @internal */
  constructor(private readonly tell: (field: Field) => void, private readonly read: () => string) {}

  focus(): void {
    this.tell({ op: "focus" });
  }
  setText(text: string): void {
    this.tell({ op: "setText", text: String(text) });
  }
  /** Types text where the cursor is, as if by hand. */
  typeText(text: string): void {
    this.tell({ op: "typeText", text: String(text) });
  }
  getText(): string {
    return this.read();
  }
  setVisible(visible: boolean): void {
    this.tell({ op: "setVisible", visible: !!visible });
  }
}

function mountIn(container: unknown): (frame: UIFrame) => void {
  const element = container instanceof Element ? container : (container as { 0?: unknown } | null)?.[0];
  if (!(element instanceof Element)) throw new TypeError("Guestlist: mount needs an element of the page, for example document.getElementById(\"chat\").");
  return (frame) => {
    if (frame.element.parentElement !== element) element.append(frame.element);
  };
}

/** One conversation. */
export class Chatbox extends UIBox {
  /** @internal */
  constructor(session: Session, options: BoxOptions) {
    super(session, "chatbox", options);
  }
  /** Puts the chat into an element of the page, which it fills. */
  mount(container: HTMLElement): Promise<void> {
    return this.start(mountIn(container));
  }
  protected open(options: FrameOptions): UIFrame {
    return openFrame(options);
  }
}

/** The user's conversations, and the one that is selected. */
export class Inbox extends UIBox {
  private readonly selects = new Listeners<PreventableEvent>();

  /** @internal */
  constructor(session: Session, options: BoxOptions) {
    super(session, "inbox", options);
  }
  /** Puts the chat into an element of the page, which it fills. */
  mount(container: HTMLElement): Promise<void> {
    return this.start(mountIn(container));
  }
  override async select(what?: Selectable, options: SelectOptions = {}): Promise<void> {
    if (options.asGuest) throw new Error("Guestlist: an Inbox shows the user's own conversations, and a guest has none: use createChatbox or createPopup with asGuest.");
    return super.select(what, options);
  }
  /** Hears when the user picks a conversation, and may prevent it. */
  onSelectConversation(listener: (event: PreventableEvent) => void): Listening {
    return this.selects.add(listener);
  }
  /** Hears which conversation is shown now. */
  onConversationSelected(listener: (event: ConversationEvent) => void): Listening {
    return this.hears("conversationShown", listener);
  }
  setFeedFilter(..._: unknown[]): never {
    return notBuilt("Inbox.setFeedFilter");
  }
  protected open(options: FrameOptions): UIFrame {
    return openFrame(options);
  }
  protected override async uiCall(command: string, args: Record<string, unknown>, options: CallOptions): Promise<unknown> {
    if (command !== "ui.select") return super.uiCall(command, args, options);
    return { prevented: await this.prevented(this.selects, args.conversation as string) };
  }
  protected override async nowShown(id: string | null): Promise<void> {
    await super.nowShown(id);
    this.tell("conversationShown");
  }
}

/** A chat over the page, with a button that opens it. */
export class Popup extends UIBox {
  /** @internal */
  constructor(session: Session, protected override readonly options: PopupOptions) {
    super(session, "popup", options);
  }
  /** Adds the popup to the page, open unless show is false. */
  mount(options: { show?: boolean } = {}): Promise<void> {
    return this.start((frame) => {
      document.body.append((frame as PopupFrame).host);
      if (options.show !== false) this.show();
    });
  }
  show(): void {
    this.popup("show").show();
  }
  hide(): void {
    this.popup("hide").hide();
  }
  onOpen(listener: (event: ConversationEvent) => void): Listening {
    return this.hears("open", listener);
  }
  onClose(listener: (event: ConversationEvent) => void): Listening {
    return this.hears("close", listener);
  }
  protected open(options: FrameOptions): PopupFrame {
    const { launcher } = this.options;
    return openPopup({ ...options, launcher: launcher !== false && launcher !== "never", toggled: (visible) => this.tell(visible ? "open" : "close") });
  }
  private popup(what: string): PopupFrame {
    if (!this.frame) throw new Error(`Guestlist: mount the popup before ${what}().`);
    return this.frame as PopupFrame;
  }
  protected override event(event: UIEvent): void {
    if (event.ui !== "close") super.event(event); // the frame closes itself, and tells
  }
}

