/** The classic surface: what a page knows as Talk. */
export { oneOnOneId } from "./oneonone.js";
export { User } from "./user.js";
export type { UserOptions } from "./user.js";
export { Session, Unreads } from "./session.js";
export type { SessionOptions } from "./session.js";
export { ConversationBuilder } from "./builder.js";
export type { ConversationAttributes } from "./builder.js";
export { Chatbox, Inbox, MessageField, Popup, UIBox } from "./box.js";
export type { BoxOptions, ConversationEvent, KeyEvent, PopupOptions, PreventableEvent, Selectable, SelectOptions, SendMessageEvent } from "./box.js";
export type { ConversationData, MessageEvent, UnreadConversation } from "./data.js";
export { getTalkSession } from "../session.js";
export { GuestlistError } from "../transport.js";

/** Resolves when Talk can be used: at once, since it is here. */
export const ready: Promise<void> = Promise.resolve();
