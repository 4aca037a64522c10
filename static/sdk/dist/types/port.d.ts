import type { CallOptions, Frame, Refusal, Transport } from "./transport.js";
export type View = "chatbox" | "inbox" | "popup";
export interface Init {
    view: View;
    userId: string;
    me: {
        id: string;
        name: string;
        photoUrl: string | null;
    } | null;
    host: string;
    appId: string;
    theme: "light" | "dark" | "auto";
    options: {
        placeholder?: string;
        showHeader?: boolean;
        messageField?: {
            autofocus?: boolean;
            visible?: boolean;
        };
    };
}
/** The conversation to show. Null shows none; a missing one is the last that was active. */
export interface Select {
    conversation?: string | null;
    asGuest?: boolean;
    error?: Refusal;
}
/** What pages do to the field for messages. */
export type Field = {
    op: "focus";
} | {
    op: "setText";
    text: string;
} | {
    op: "typeText";
    text: string;
} | {
    op: "setVisible";
    visible: boolean;
};
export type ToUI = {
    init: Init;
} | {
    status: {
        connected: boolean;
        terminated?: Refusal;
    };
} | {
    frame: Frame;
} | {
    select: Select;
} | {
    field: Field;
} | {
    shown: boolean;
} | {
    reply: number;
    result?: unknown;
    error?: Refusal;
};
/**
 * What an iframe tells without wanting an answer: "focus", "blur", "keyup", "keydown" of the field; "text" with what the
 * field holds; "selected" with the conversation shown; "unread" with how many conversations wait; "close", of a popup.
 */
export type UIEvent = {
    ui: string;
    [detail: string]: unknown;
};
/** Commands that begin with "ui." are the page's: ui.send, ui.leave, ui.select, ui.again (sign in here after all). */
export type Call = {
    call: number;
    command: string;
    args: object;
    asGuest?: boolean;
};
export type FromUI = Call | UIEvent;
/** The refusal in whatever was thrown. */
export declare function refusalOf(problem: unknown): Refusal;
/** The page's side. */
export interface FrameOptions {
    host: string;
    appId: string;
    view: View;
    title?: string;
    hello(): ToUI[];
    call(command: string, args: object, options: CallOptions): Promise<unknown>;
    event?(event: UIEvent): void;
}
export interface UIFrame {
    readonly element: HTMLIFrameElement;
    post(message: ToUI): void;
    destroy(): void;
}
/** openFrame makes the iframe of one UI, to be put into the page by the caller. */
export declare function openFrame(options: FrameOptions): UIFrame;
/** What the page says beside answers, frames and its status. */
export type Told = {
    init: Init;
} | {
    select: Select;
} | {
    field: Field;
} | {
    shown: boolean;
};
/** The iframe's side: a Transport over the page's connection. */
export interface Line extends Transport {
    tell(event: UIEvent): void;
}
/** connectPort asks the embedding page for a port. told hears everything that is neither a frame, a status nor an answer. */
export declare function connectPort(told: (message: Told) => void): Line;
