import { MessageRef } from "./message.js";
import { ParticipantRef } from "./participant.js";
import type { ConversationSnapshot, CreateConversationParams, MessageSnapshot, ParticipantSnapshot, SendParams, SetConversationParams } from "./snapshots.js";
import { Subscription, WindowedSubscription } from "./subscription.js";
import type { UserRef } from "./user.js";
export interface TypingSnapshot {
    users: {
        id: string;
        name: string;
    }[];
}
/** A conversation as the session's user sees it. */
export declare class ConversationRef {
    private readonly refs;
    readonly id: string;
    private readonly participants;
    private readonly messages;
    private call;
    /** The conversation, or null when there is none or you take no part. */
    get(): Promise<ConversationSnapshot | null>;
    /** Makes or changes the conversation, and adds you. Undefined keeps, null removes. */
    set(params: SetConversationParams): Promise<void>;
    /** Makes the conversation and adds you. What is there already is left as it is. */
    createIfNotExists(params?: CreateConversationParams): Promise<void>;
    /** The place of a user in this conversation. */
    participant(user: string | UserRef): ParticipantRef;
    /** The message with an id. */
    message(id: string): MessageRef;
    /** Sends a message. */
    send(params: string | SendParams): Promise<MessageRef>;
    /** Marks everything as read. Rejects when you take no part. */
    markAsRead(): Promise<void>;
    /** Marks the conversation as unread from its last message on. Rejects when you take no part. */
    markAsUnread(): Promise<void>;
    /** Tells the others that you are writing, for ten seconds. */
    markAsTyping(): Promise<void>;
    /** Hears of the conversation and of each change; null while there is none or you take no part. */
    subscribe(onSnapshot?: (snapshot: ConversationSnapshot | null) => void): Subscription<ConversationSnapshot | null>;
    /** Hears of the newest messages, newest first: 30 and all that come, and older ones by loadMore. Null as in subscribe. */
    subscribeMessages(onSnapshot?: (snapshot: MessageSnapshot[] | null, loadedAll: boolean) => void): WindowedSubscription<MessageSnapshot[] | null>;
    /** Hears of who takes part: 10, and more by loadMore. Null as in subscribe. */
    subscribeParticipants(onSnapshot?: (snapshot: ParticipantSnapshot[] | null, loadedAll: boolean) => void): WindowedSubscription<ParticipantSnapshot[] | null>;
    /** Hears of who is writing. Null as in subscribe. */
    subscribeTyping(onSnapshot?: (snapshot: TypingSnapshot | null) => void): Subscription<TypingSnapshot | null>;
    private window;
}
