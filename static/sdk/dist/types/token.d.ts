/** Gives a token for the session's user: from the page's own server. */
export type TokenFetcher = () => string | Promise<string>;
/** Keeps a session's token: the one it was given, or what its fetcher gives, renewed before it ends. */
export declare class Token {
    fetcher?: TokenFetcher;
    private text;
    private fetching?;
    private since;
    constructor(text?: string, fetcher?: TokenFetcher);
    /** Whether the session proves who it is at all. */
    get used(): boolean;
    set(text: string): void;
    /** The token to connect with; "" for a session that has none. */
    current(): Promise<string>;
    /** How long, in milliseconds, until a new token is to be fetched; Infinity when the token has no end. */
    due(): number;
    /** Fetches a new token, once however many ask. */
    renew(): Promise<string>;
}
