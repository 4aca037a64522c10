import type { GuestlistError, Transport } from "./transport.js";
import type { ConversationSnapshot, MessageSnapshot } from "./snapshots.js";
interface Watcher {
    wants: number;
    changed(): void;
    failed(error: GuestlistError): void;
    message?(message: MessageSnapshot, conversation: ConversationSnapshot): void;
}
/** When something last happened in a conversation: its last message, or the user's joining. */
export declare const lastActivity: (c: ConversationSnapshot) => number;
/** The user's own conversations while somebody watches them, the most active first. Guests' visits are not among them. */
export declare class ConversationFeed {
    private readonly transport;
    items: ConversationSnapshot[];
    ready: boolean;
    private next;
    private loading;
    private readonly watchers;
    private deaf?;
    private holds;
    private turn;
    private newest;
    private telling;
    constructor(transport: Transport);
    watch(watcher: Watcher): () => void;
    fill(): Promise<void>;
    all(shown: number): boolean;
    private leave;
    private open;
    private take;
    private load;
    private say;
    private hear;
    /** Tells of the messages that came into a conversation since it was last looked at; what else changed is no message. */
    private newIn;
    /** What was said after a message and up to another, the oldest first; where it is very much, the last of it. */
    private between;
    private announce;
}
export {};
