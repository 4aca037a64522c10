import type { ConversationRef } from "../conversation.js";
import { TalkSession } from "../session.js";
import type { UserRef } from "../user.js";
import { Chatbox, Inbox, Popup } from "./box.js";
import type { BoxOptions, PopupOptions } from "./box.js";
import { ConversationBuilder } from "./builder.js";
import type { MessageEvent, UnreadConversation } from "./data.js";
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
export declare class Session {
    readonly appId: string;
    readonly me: User | null;
    readonly userId: string;
    /** Tells which conversations hold messages that aren't read. */
    readonly unreads: Unreads;
    private readonly builders;
    private readonly boxes;
    private readonly synchronized;
    private readonly messages;
    private ear?;
    constructor(options: SessionOptions);
    /** The session's user, as the data door knows them. */
    get currentUser(): UserRef;
    get isAlive(): boolean;
    /** A conversation to be shown, made when it is and isn't there. */
    getOrCreateConversation(id: string): ConversationBuilder;
    /** An old name of getOrCreateConversation. */
    getOrStartConversation(id: string): ConversationBuilder;
    createChatbox(...args: [BoxOptions?] | [ConversationBuilder | null | undefined, BoxOptions?]): Chatbox;
    createInbox(...args: [BoxOptions?] | [ConversationBuilder | null | undefined, BoxOptions?]): Inbox;
    createPopup(...args: [PopupOptions?] | [ConversationBuilder | null | undefined, PopupOptions?]): Popup;
    getChatboxes(): Chatbox[];
    getInboxes(): Inbox[];
    getPopups(): Popup[];
    user(id: string): UserRef;
    conversation(id: string): ConversationRef;
    subscribeConversations(...args: Parameters<TalkSession["subscribeConversations"]>): ReturnType<TalkSession["subscribeConversations"]>;
    setToken(token: string): Promise<void>;
    /** Hears of each message in the user's own conversations, wherever they are shown. What is said where the user is a guest is not told. */
    onMessage(listener: (event: MessageEvent) => void): Listening;
    /** Whether the server takes the app id and what proves the user. Never rejects. */
    hasValidCredentials(): Promise<boolean>;
    /** Ends the session: its UIs go, its connection is closed. */
    destroy(): void;
    private box;
    searchMessages(..._: unknown[]): never;
    searchConversations(..._: unknown[]): never;
    uploadFile(..._: unknown[]): never;
    uploadImage(..._: unknown[]): never;
    uploadVideo(..._: unknown[]): never;
    uploadAudio(..._: unknown[]): never;
    uploadVoice(..._: unknown[]): never;
    setDesktopNotificationEnabled(..._: unknown[]): never;
    setPushRegistration(..._: unknown[]): never;
    unsetPushRegistration(..._: unknown[]): never;
    clearPushRegistrations(..._: unknown[]): never;
    onDesktopNotificationClicked(..._: unknown[]): never;
    onBrowserPermissionNeeded(..._: unknown[]): never;
    onBrowserPermissionDenied(..._: unknown[]): never;
}
export declare class Unreads {
    private readonly data;
    private readonly listeners;
    private ear?;
    private last?;
    /** Hears of the conversations with unread messages: now and whenever that changes. */
    onChange(listener: (unreads: UnreadConversation[]) => void): Listening;
    private tell;
}
