import { Refs } from "./refs.js";
import type { ConversationSnapshot } from "./snapshots.js";
import { WindowedSubscription } from "./subscription.js";
import type { TokenFetcher } from "./token.js";
import { GuestlistError } from "./transport.js";
import type { UserRef } from "./user.js";
export interface TalkSessionOptions {
    /** The address of the Guestlist server. Without it: where the script was loaded from. */
    host?: string;
    appId: string;
    userId: string;
    /** Proves who the user is; from your server. */
    token?: string;
    /** Gets such a token: now, and again before it ends. */
    tokenFetcher?: TokenFetcher;
}
/** What a listener gives back: the way to stop listening. */
export interface Listening {
    unsubscribe(): void;
}
/** setScriptHost says where the script came from; sessions that name no host go there. */
export declare function setScriptHost(origin: string | undefined): void;
export declare function hostOf(host: string | undefined): string;
/** One user's session. It connects with the first call and holds one connection, whatever is done in it. */
export declare class TalkSession extends Refs {
    readonly host: string;
    readonly appId: string;
    /** The session's own user. */
    readonly currentUser: UserRef;
    private readonly token;
    private readonly socket;
    private readonly errors;
    private tokenCame?;
    private ended?;
    /** Whether the session can still be used. */
    get isAlive(): boolean;
    /** Hears what ended the session, once. Nothing works in it from then on; getTalkSession makes a new one. */
    onError(listener: (error: GuestlistError) => void): Listening;
    /** Proves the user by a new token, without a gap. */
    setToken(token: string): Promise<void>;
    /** Is asked for a token when one is first needed and before the last one ends. It returns the token, or calls setToken. */
    onNeedToken(listener: () => string | void | Promise<string | void>): Listening;
    /** Hears of your conversations, the most active first: 20, and more by loadMore. */
    subscribeConversations(onSnapshot?: (snapshot: ConversationSnapshot[], loadedAll: boolean) => void): WindowedSubscription<ConversationSnapshot[]>;
    /** Ends the session and closes its connection. */
    destroy(): void;
}
/** The session of a user: the same object for the same host, app and user, and a new one once that has ended. */
export declare function getTalkSession(options: TalkSessionOptions): TalkSession;
