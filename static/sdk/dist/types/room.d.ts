import { GuestlistError } from "./transport.js";
import type { Transport } from "./transport.js";
import type { ConversationSnapshot, MessageSnapshot, Page, ParticipantSnapshot } from "./snapshots.js";
/** What the server answers when a conversation is opened. */
export interface Opened {
    conversation: ConversationSnapshot;
    access: string;
    guest: boolean;
    messages: Page<MessageSnapshot>;
    participants: Page<ParticipantSnapshot>;
}
type Part = "conversation" | "messages" | "participants" | "typing";
interface Watcher {
    part: Part;
    wants: number;
    changed(): void;
    failed(error: GuestlistError): void;
}
/**
 * What is known of one conversation while somebody watches it. All who watch share it: it is opened once, kept by frames,
 * and read again after each reconnect. While it can't be seen it is null, and the user's feed tells when it can.
 */
export declare class Room {
    private readonly transport;
    private readonly id;
    conversation: ConversationSnapshot | null;
    messages: MessageSnapshot[];
    participants: ParticipantSnapshot[];
    typing: Map<string, {
        name: string;
        timer: ReturnType<typeof setTimeout>;
    }>;
    /** How many messages came since the room was opened; windows grow by them. */
    arrived: number;
    ready: boolean;
    private next;
    private loading;
    private readonly watchers;
    private deaf?;
    private holds;
    private waits;
    private opening;
    private news;
    private turn;
    constructor(transport: Transport, id: string);
    watch(watcher: Watcher): () => void;
    /** Loads until as much of a part is there as its watchers want. */
    fill(part: Part): Promise<void>;
    all(part: "messages" | "participants", shown: number): boolean;
    private leave;
    private release;
    private quietly;
    private open;
    private refused;
    /** There is nothing to see now; the feed will tell when there is. */
    private missing;
    private forget;
    private take;
    private load;
    private say;
    private hear;
    private lost;
    private messageChanged;
    private participantChanged;
    private userChanged;
    private typed;
    private stopTyping;
}
export {};
