import { ConversationRef } from "./conversation.js";
import type { Transport } from "./transport.js";
import { UserRef } from "./user.js";
/** Names what isn't there yet. A page that relies on it should fail where it is written, not somewhere later. */
export declare function notBuilt(what: string): never;
/** The id in what names a user, a conversation or a message. */
export declare function idOf(what: unknown, of: string): string;
/** The one for a key, made when it is first asked for. */
export declare function kept<T>(all: Map<string, T>, key: string, make: (key: string) => T): T;
/** The refs of one session. Asking twice for the same thing gives the same object. */
export declare class Refs {
    readonly transport: Transport;
    readonly userId: string;
    private readonly rooms;
    private readonly users;
    private readonly conversations;
    /** The user with an id, whether there is one or not. */
    user(id: string): UserRef;
    /** The conversation with an id, as the session's user sees it, whether there is one or not. */
    conversation(id: string): ConversationRef;
}
