import { GuestlistError } from "./transport.js";
import type { CallOptions, Frame, Refusal, Status, Transport } from "./transport.js";
/** What the server says when a connection stands. */
export interface Welcome {
    userId: string;
    user: Record<string, unknown> | null;
    expiresAt: number | null;
    seq: number;
}
/** A connection that comes back by itself until it is disconnected or refused. The socket is one; tests have another. */
export interface Wire {
    connect(hears: WireEvents): void;
    disconnect(): void;
    /** Rejects with Lost when nobody knows whether the server did it. */
    rpc(command: string, data: object): Promise<unknown>;
}
export interface WireEvents {
    connected(welcome: Welcome): void;
    lost(): void;
    ended(why: Refusal): void;
    frame(frame: Frame): void;
}
/** The connection went while a call was under way. */
export declare class Lost extends Error {
}
/**
 * The Transport of a page: it connects with the first call, runs calls in their order, tells each frame once, and after a
 * reconnect opens again what was open before it says that it is connected. What is opened again is told as a frame
 * "opened" (a conversation), "feed.opened" or "online" with the fresh state in `result`, since frames were missed meanwhile.
 */
export declare class Link implements Transport {
    private readonly wire;
    /** What the server said last when it let us in. */
    welcome?: Welcome;
    private status;
    private started;
    private generation;
    private queue;
    private readonly running;
    private readonly holds;
    private asked;
    private bucket;
    private filled;
    private later?;
    private readonly seen;
    private readonly frames;
    private readonly statuses;
    constructor(wire: Wire);
    call<T>(command: string, args?: object, options?: CallOptions): Promise<T>;
    onFrame(listener: (frame: Frame) => void): () => void;
    onStatus(listener: (status: Status) => void): () => void;
    get state(): Status;
    /** Connects without waiting for a first call. */
    start(): void;
    /** Ends the session. Calls that wait are rejected with why. */
    end(why: GuestlistError): void;
    /** Takes up an ended session again, with all that was open in it. */
    revive(): void;
    private tell;
    private lost;
    private connected;
    private reopen;
    private hear;
    /** Sends what waits. The server runs the calls of one connection one after the other, in the order they are sent. */
    private pump;
    private run;
    /**
     * Counts who opens something, as soon as it is asked for: a close that is sent later must know of it. Opening a
     * conversation again must not lose a guest their place: it is opened as a guest again.
     */
    private hold;
    /** It was not opened. A refusal takes it from all who had it open, and they are told. */
    private unhold;
    /** Takes one away from those who have something open, and tells whether nobody has it open now. */
    private release;
    private ask;
}
/** The refusal in an error body of the server. */
export declare function refusalIn(body: object): Refusal;
