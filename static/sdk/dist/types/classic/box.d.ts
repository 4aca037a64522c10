import { ConversationRef } from "../conversation.js";
import type { PopupFrame } from "../popup.js";
import type { FrameOptions, UIEvent, UIFrame, View } from "../port.js";
import type { CallOptions } from "../transport.js";
import { ConversationBuilder } from "./builder.js";
import type { ConversationData } from "./data.js";
import { Listeners } from "./report.js";
import type { Listening } from "./report.js";
import type { Session } from "./session.js";
export interface BoxOptions {
    /** "light" or "dark"; otherwise as the visitor's system is. */
    theme?: string;
    showChatHeader?: boolean;
    messageField?: {
        placeholder?: string;
        autofocus?: boolean;
        visible?: boolean;
    };
}
export interface PopupOptions extends BoxOptions {
    /** False: no button of its own; the page calls show and hide. */
    launcher?: boolean | string;
}
/** What can be selected. Null is nothing; undefined is the conversation that was active last. */
export type Selectable = string | ConversationBuilder | ConversationRef | null | undefined;
export interface SelectOptions {
    /** Enter without becoming a participant, where the app lets guests in. */
    asGuest?: boolean;
    messageId?: string;
}
export interface SendMessageEvent {
    conversation: ConversationData;
    me: {
        id: string;
    };
    message: {
        text: string;
        custom: Record<string, string>;
    };
    /** Sends something else in its place; what is left out stays. */
    override(change: {
        text?: string;
        custom?: Record<string, string>;
    }): void;
}
export interface ConversationEvent {
    conversation: ConversationData | null;
    me: {
        id: string;
    };
}
/** A key, with what is known of it in every browser. */
export interface KeyEvent extends ConversationEvent {
    key: string;
    keyCode: number;
    altKey: boolean;
    ctrlKey: boolean;
    metaKey: boolean;
    shiftKey: boolean;
}
export interface PreventableEvent {
    conversation: ConversationData;
    me: {
        id: string;
    };
    preventDefault(): void;
}
/** A chat in the page: an iframe of the server's, which does all it does through this session's connection. */
export declare abstract class UIBox {
    protected readonly session: Session;
    protected readonly view: View;
    protected readonly options: BoxOptions;
    /** Writes into the field for messages. */
    readonly messageField: MessageField;
    /** What is shown now: null when nothing is. */
    currentConversation: ConversationData | null;
    protected frame?: UIFrame;
    private alive;
    private wanted;
    private selected?;
    private turn;
    private logged?;
    private greeted;
    private introduced;
    private fields;
    private held;
    private stops;
    private text;
    private arrived?;
    private readonly sends;
    private readonly leaves;
    private readonly uiEvents;
    get isAlive(): boolean;
    /** Shows a conversation. Before the UI is mounted it is only noted. Resolves when the UI has been told. */
    select(what?: Selectable, options?: SelectOptions): Promise<void>;
    /** Ends the UI and takes it out of the page. */
    destroy(): void;
    /** Hears of each message before it is sent, and may change it. */
    onSendMessage(listener: (event: SendMessageEvent) => void): Listening;
    /** Hears when the user leaves by the UI, and may prevent it. */
    onLeaveConversation(listener: (event: PreventableEvent) => void): Listening;
    onFocus(listener: (event: ConversationEvent) => void): Listening;
    onBlur(listener: (event: ConversationEvent) => void): Listening;
    onKeyup(listener: (event: KeyEvent) => void): Listening;
    onKeydown(listener: (event: KeyEvent) => void): Listening;
    onMarkConversationAsUnread(..._: unknown[]): never;
    onCustomMessageAction(..._: unknown[]): never;
    onCustomConversationAction(..._: unknown[]): never;
    onTranslationToggled(..._: unknown[]): never;
    sendFile(..._: unknown[]): never;
    sendLocation(..._: unknown[]): never;
    setMessageFilter(..._: unknown[]): never;
    setPresence(..._: unknown[]): never;
    setHighlightedWords(..._: unknown[]): never;
    createHtmlPanel(..._: unknown[]): never;
    setTranslationEnabledDefault(..._: unknown[]): never;
    setTranslationEnabledForConversation(..._: unknown[]): never;
    /** The old way to listen: on("sendMessage", …) is onSendMessage(…). */
    on(event: string, listener: (event: any) => void): Listening;
    off(..._: unknown[]): never;
    protected hears<E>(event: string, listener: (event: E) => void): Listening;
    protected abstract open(options: FrameOptions): UIFrame;
    /** Makes the iframe, puts it where it belongs, and resolves when it is at work. */
    protected start(place: (frame: UIFrame) => void): Promise<void>;
    protected tell(event: string, details?: object): void;
    private mustLive;
    private apply;
    private post;
    private field;
    /** The iframe is there, for the first time or again: what it had open before is not open any more. */
    private hello;
    /** Once it is known who the user is, the iframe is told. */
    private introduce;
    private opening;
    private init;
    private call;
    /** A selection that is refused is said in the console too, once: the page's author looks there. */
    private logOnce;
    private releaseAll;
    protected uiCall(command: string, args: Record<string, unknown>, options: CallOptions): Promise<unknown>;
    private send;
    protected prevented(listeners: Listeners<PreventableEvent>, conversation: string): Promise<boolean>;
    /** What is known of a conversation, without asking for what is shown already. */
    private dataOf;
    protected event(event: UIEvent): void;
    protected nowShown(id: string | null): Promise<void>;
}
/** The field for messages of a UI. */
export declare class MessageField {
    private readonly tell;
    private readonly read;
    focus(): void;
    setText(text: string): void;
    /** Types text where the cursor is, as if by hand. */
    typeText(text: string): void;
    getText(): string;
    setVisible(visible: boolean): void;
}
/** One conversation. */
export declare class Chatbox extends UIBox {
    /** Puts the chat into an element of the page, which it fills. */
    mount(container: HTMLElement): Promise<void>;
    protected open(options: FrameOptions): UIFrame;
}
/** The user's conversations, and the one that is selected. */
export declare class Inbox extends UIBox {
    private readonly selects;
    /** Puts the chat into an element of the page, which it fills. */
    mount(container: HTMLElement): Promise<void>;
    select(what?: Selectable, options?: SelectOptions): Promise<void>;
    /** Hears when the user picks a conversation, and may prevent it. */
    onSelectConversation(listener: (event: PreventableEvent) => void): Listening;
    /** Hears which conversation is shown now. */
    onConversationSelected(listener: (event: ConversationEvent) => void): Listening;
    setFeedFilter(..._: unknown[]): never;
    protected open(options: FrameOptions): UIFrame;
    protected uiCall(command: string, args: Record<string, unknown>, options: CallOptions): Promise<unknown>;
    protected nowShown(id: string | null): Promise<void>;
}
/** A chat over the page, with a button that opens it. */
export declare class Popup extends UIBox {
    protected readonly options: PopupOptions;
    /** Adds the popup to the page, open unless show is false. */
    mount(options?: {
        show?: boolean;
    }): Promise<void>;
    show(): void;
    hide(): void;
    onOpen(listener: (event: ConversationEvent) => void): Listening;
    onClose(listener: (event: ConversationEvent) => void): Listening;
    protected open(options: FrameOptions): PopupFrame;
    private popup;
    protected event(event: UIEvent): void;
}
