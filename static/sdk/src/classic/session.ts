import type { ConversationRef } from "../conversation.js";
import { idOf, kept, notBuilt } from "../refs.js";
import { TalkSession } from "../session.js";
import type { UserRef } from "../user.js";
import { Chatbox, Inbox, Popup } from "./box.js";
import type { BoxOptions, PopupOptions, UIBox } from "./box.js";
import { ConversationBuilder } from "./builder.js";
import { conversationData } from "./data.js";
import type { MessageEvent, UnreadConversation } from "./data.js";
import { Listeners, logRefusal } from "./report.js";
import type { Listening } from "./report.js";
import { User } from "./user.js";

export interface SessionOptions {
  /** The address of the Guestlist server. Without it: where the script was loaded from. */
  host?: string;
  appId: string;
  /** Who uses this page: made or changed at the server, unless only the id is given. */
  me?: User;
  /** The id of who uses this page, when the server knows them already. */
  userId?: string;
  token?: string;
  tokenFetcher?: () => string | Promise<string>;
  /** Of older integrations: the user's id signed by your server, in hex. It never ends; a token is better, and counts before it. */
  signature?: string;
}

/** One user at work in a page. */
export class Session {
  readonly appId: string;
  readonly me: User | null;
  readonly userId: string;
  /** Tells which conversations hold messages that aren't read. */
  readonly unreads: Unreads;
  /** The same session, called as the data door is. @internal */
  readonly data: TalkSession;
  private readonly builders = new Map<string, ConversationBuilder>();
  private readonly boxes = new Set<UIBox>();
  private readonly synchronized = new Map<string, string>();
  private readonly messages = new Listeners<MessageEvent>();
  private ear?: () => void;

  constructor(options: SessionOptions) {
    const { host, appId, me, token, tokenFetcher, signature } = options;
    if (typeof appId !== "string" || appId === "") throw new TypeError("Guestlist: a Talk.Session needs an appId.");
    if (me !== undefined && !(me instanceof User)) throw new TypeError("Guestlist: me must be a Talk.User.");
    if (signature !== undefined && (typeof signature !== "string" || signature === "")) throw new TypeError("Guestlist: a signature must be a text that isn't empty.");
    if (!me && options.userId === undefined) throw new TypeError("Guestlist: a Talk.Session needs me or userId.");
    this.appId = appId;
    this.me = me ?? null;
    this.userId = me ? me.id : idOf(typeof options.userId === "number" ? String(options.userId) : options.userId, "user");
    this.data = new TalkSession({ host, appId, userId: this.userId, token, tokenFetcher, signature });
    this.data.onError((problem) => logRefusal("The session", problem));
    this.unreads = new Unreads(this.data);
    if (me) void this.synchronize(me);
  }

  /** The session's user, as the data door knows them. */
  get currentUser(): UserRef {
    return this.data.currentUser;
  }

  get isAlive(): boolean {
    return this.data.isAlive;
  }

  /** A conversation to be shown, made when it is and isn't there. */
  getOrCreateConversation(id: string): ConversationBuilder {
    return kept(this.builders, idOf(id, "conversation"), (key) => new ConversationBuilder(this, key));
  }

  /** An old name of getOrCreateConversation. */
  getOrStartConversation(id: string): ConversationBuilder {
    return this.getOrCreateConversation(id);
  }

  createChatbox(...args: [BoxOptions?] | [ConversationBuilder | null | undefined, BoxOptions?]): Chatbox {
    return this.box(Chatbox, args);
  }

  createInbox(...args: [BoxOptions?] | [ConversationBuilder | null | undefined, BoxOptions?]): Inbox {
    return this.box(Inbox, args);
  }

  createPopup(...args: [PopupOptions?] | [ConversationBuilder | null | undefined, PopupOptions?]): Popup {
    return this.box(Popup, args);
  }

  getChatboxes(): Chatbox[] {
    return [...this.boxes].filter((box) => box instanceof Chatbox) as Chatbox[];
  }

  getInboxes(): Inbox[] {
    return [...this.boxes].filter((box) => box instanceof Inbox) as Inbox[];
  }

  getPopups(): Popup[] {
    return [...this.boxes].filter((box) => box instanceof Popup) as Popup[];
  }

  user(id: string): UserRef {
    return this.data.user(id);
  }

  conversation(id: string): ConversationRef {
    return this.data.conversation(id);
  }

  subscribeConversations(...args: Parameters<TalkSession["subscribeConversations"]>): ReturnType<TalkSession["subscribeConversations"]> {
    return this.data.subscribeConversations(...args);
  }

  setToken(token: string): Promise<void> {
    return this.data.setToken(token);
  }

  /** Hears of each message in the user's own conversations, wherever they are shown. What is said where the user is a guest is not told. */
  onMessage(listener: (event: MessageEvent) => void): Listening {
    this.ear ??= this.data.feed.watch({
      wants: 0,
      changed: () => {},
      failed: (problem) => {
        this.ear = undefined;
        if (this.isAlive) logRefusal("onMessage", problem);
      },
      message: (message, conversation) => this.messages.tell({ ...message, conversation: conversationData(conversation, this.userId), isByMe: message.senderId === this.userId }),
    });
    return this.messages.add(listener);
  }

  /** Whether the server takes the app id and what proves the user. Never rejects. */
  async hasValidCredentials(): Promise<boolean> {
    try {
      await this.data.currentUser.get();
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the session: its UIs go, its connection is closed. */
  destroy(): void {
    for (const box of [...this.boxes]) box.destroy();
    this.data.destroy();
  }

  /** Sends a user's data, once for the same data. A refusal is logged. @internal */
  async synchronize(user: User): Promise<void> {
    const { profile } = user;
    const text = profile && JSON.stringify(profile);
    if (!text || this.synchronized.get(user.id) === text) return;
    this.synchronized.set(user.id, text);
    try {
      await this.data.user(user.id).set(profile);
    } catch (problem) {
      if (this.isAlive) logRefusal(`Synchronizing the user “${user.id}”`, problem);
    }
  }

  /** @internal */
  forget(box: UIBox): void {
    this.boxes.delete(box);
  }

  private box<B extends UIBox, O extends BoxOptions>(Kind: new (session: Session, options: O) => B, args: readonly unknown[]): B {
    if (!this.isAlive) throw new Error("Guestlist: this session has ended; make a new one.");
    const [first, second] = args as [O | ConversationBuilder | null | undefined, O | undefined];
    const selects = first instanceof ConversationBuilder;
    const box = new Kind(this, (selects || second !== undefined ? second : first) ?? ({} as O));
    this.boxes.add(box);
    if (selects) void box.select(first);
    return box;
  }

  searchMessages(..._: unknown[]): never {
    return notBuilt("Session.searchMessages");
  }
  searchConversations(..._: unknown[]): never {
    return notBuilt("Session.searchConversations");
  }
  uploadFile(..._: unknown[]): never {
    return notBuilt("Session.uploadFile");
  }
  uploadImage(..._: unknown[]): never {
    return notBuilt("Session.uploadImage");
  }
  uploadVideo(..._: unknown[]): never {
    return notBuilt("Session.uploadVideo");
  }
  uploadAudio(..._: unknown[]): never {
    return notBuilt("Session.uploadAudio");
  }
  uploadVoice(..._: unknown[]): never {
    return notBuilt("Session.uploadVoice");
  }
  setDesktopNotificationEnabled(..._: unknown[]): never {
    return notBuilt("Session.setDesktopNotificationEnabled");
  }
  setPushRegistration(..._: unknown[]): never {
    return notBuilt("Session.setPushRegistration");
  }
  unsetPushRegistration(..._: unknown[]): never {
    return notBuilt("Session.unsetPushRegistration");
  }
  clearPushRegistrations(..._: unknown[]): never {
    return notBuilt("Session.clearPushRegistrations");
  }
  onDesktopNotificationClicked(..._: unknown[]): never {
    return notBuilt("Session.onDesktopNotificationClicked");
  }
  onBrowserPermissionNeeded(..._: unknown[]): never {
    return notBuilt("Session.onBrowserPermissionNeeded");
  }
  onBrowserPermissionDenied(..._: unknown[]): never {
    return notBuilt("Session.onBrowserPermissionDenied");
  }
}

/** How many of the user's conversations are looked through for unread messages, the most active first. */
const looked = 100;

export class Unreads {
  private readonly listeners = new Listeners<UnreadConversation[]>();
  private ear?: () => void;
  private last?: string;

  /** @internal */
  constructor(private readonly data: TalkSession) {}

  /** Hears of the conversations with unread messages: now and whenever that changes. */
  onChange(listener: (unreads: UnreadConversation[]) => void): Listening {
    const listening = this.listeners.add(listener);
    if (this.last !== undefined) {
      const now = this.last;
      queueMicrotask(() => listener(JSON.parse(now) as UnreadConversation[]));
    }
    this.ear ??= this.data.feed.watch({
      wants: looked,
      changed: () => this.tell(),
      failed: (problem) => {
        this.ear = undefined;
        if (this.data.isAlive) logRefusal("unreads", problem);
      },
    });
    return listening;
  }

  private tell(): void {
    const unreads: UnreadConversation[] = this.data.feed.items
      .filter((c) => (c.unread ?? 0) > 0)
      .map((c) => ({ conversation: conversationData(c, this.data.userId), lastMessage: c.lastMessage, unreadMessageCount: c.unread ?? 0 }));
    const text = JSON.stringify(unreads);
    if (text === this.last) return;
    this.last = text;
    this.listeners.tell(unreads);
  }
}
