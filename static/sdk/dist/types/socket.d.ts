import type { Wire, WireEvents } from "./link.js";
import type { Token } from "./token.js";
export interface SocketOptions {
    host: string;
    appId: string;
    userId: string;
    token: Token;
    signature?: string;
}
/**
 * The Wire of a page: one WebSocket that speaks centrifuge's protocol in JSON, comes back after growing and jittered delays,
 * notices when the server has gone silent, and renews its token in time.
 */
export declare class Socket implements Wire {
    private readonly options;
    private hears?;
    private ws?;
    private up;
    private since;
    private attempts;
    private turn;
    private asked;
    private readonly answers;
    private pings;
    private silence?;
    private again?;
    private renewal?;
    private proved;
    private readonly online;
    constructor(options: SocketOptions);
    connect(hears: WireEvents): void;
    disconnect(): void;
    rpc(command: string, data: object): Promise<unknown>;
    /** Hands a new token to the server, without a gap. */
    present(): Promise<void>;
    private dial;
    private send;
    /** A socket that is closing hears nothing more; when it has closed, all who wait are let go. */
    private say;
    /** Who asked has dealt with an answer before anything is heard that was told after it. */
    private hear;
    /** The answer to connect: in, or not. */
    private letIn;
    /** Takes the server for gone when nothing comes for so long. */
    private listen;
    private closed;
    /** The connection has gone; another one follows. */
    private lost;
    /** Lets go of the socket, and of all who wait for it. */
    private hangUp;
    private ended;
    private end;
    /** Sets the clock for the next token. */
    private plan;
    private renew;
}
