/** What of a user everybody may know. */
export interface UserSnapshot {
    id: string;
    name: string;
    photoUrl: string | null;
    role: string | null;
    locale: string | null;
    welcomeMessage: string | null;
    custom: Record<string, string>;
}
export type Access = "ReadWrite" | "Read";
export type Notify = boolean | "MentionsOnly";
export interface MessageSnapshot {
    id: string;
    seq: number;
    type: "UserMessage" | "SystemMessage";
    senderId: string | null;
    senderName: string | null;
    text: string;
    custom: Record<string, string>;
    origin: string;
    createdAt: number;
    editedAt: number | null;
    deletedAt: number | null;
}
/** A conversation as the session's user sees it. */
export interface ConversationSnapshot {
    id: string;
    subject: string | null;
    photoUrl: string | null;
    welcomeMessages: string[] | null;
    custom: Record<string, string>;
    createdAt: number;
    lastMessage: MessageSnapshot | null;
    access: Access | null;
    notify: Notify | null;
    joinedAt: number | null;
    /** When the session's user's access ends; null for never. */
    accessUntil?: number | null;
    /** The session's user sees what was said after it; null for everything. */
    historyFrom?: number | null;
    unread?: number;
}
export interface ParticipantSnapshot {
    user: UserSnapshot;
    access: Access;
    notify: Notify;
    joinedAt: number;
}
/** Undefined keeps what is there; null removes it; custom is changed key by key. */
export interface SetUserParams {
    name?: string;
    email?: string | string[] | null;
    phone?: string | string[] | null;
    photoUrl?: string | null;
    role?: string | null;
    locale?: string | null;
    welcomeMessage?: string | null;
    custom?: Record<string, string | null> | null;
}
/** As SetUserParams; a new user needs a name. */
export type CreateUserParams = SetUserParams & {
    name: string;
};
/** Undefined keeps what is there; null removes it; custom is changed key by key. */
export interface SetConversationParams {
    subject?: string | null;
    photoUrl?: string | null;
    welcomeMessages?: string[] | null;
    custom?: Record<string, string | null> | null;
    /** The session's user's own. */
    notify?: Notify;
}
export type CreateConversationParams = SetConversationParams;
/** Undefined keeps what is there. */
export interface SetParticipantParams {
    access?: Access;
    notify?: Notify;
}
export interface SendParams {
    text: string;
    custom?: Record<string, string>;
}
/** Undefined keeps what is there; custom is changed key by key. */
export interface EditMessageParams {
    text?: string;
    custom?: Record<string, string | null> | null;
}
/** A page of a list, as the server answers it. */
export interface Page<T> {
    data: T[];
    next: string;
}
