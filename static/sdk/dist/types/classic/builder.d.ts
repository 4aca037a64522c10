import type { SetConversationParams, SetParticipantParams } from "../snapshots.js";
import { User } from "./user.js";
export type ConversationAttributes = Omit<SetConversationParams, "notify">;
/**
 * A conversation as the page wants it to be. What is changed here goes to the server when a UI shows the conversation,
 * and at once while one does.
 */
export declare class ConversationBuilder {
    private readonly session;
    readonly id: string;
    private attributes;
    private changed;
    private people;
    private readonly boxes;
    private soon;
    get subject(): string | null | undefined;
    set subject(subject: string | null | undefined);
    get photoUrl(): string | null | undefined;
    set photoUrl(photoUrl: string | null | undefined);
    get welcomeMessages(): string[] | null | undefined;
    set welcomeMessages(welcomeMessages: string[] | null | undefined);
    get custom(): Record<string, string | null> | null | undefined;
    set custom(custom: Record<string, string | null> | null | undefined);
    /** Adds a user, or changes their settings. What is left out stays as it is; a new participant gets the usual. */
    setParticipant(user: User, settings?: SetParticipantParams): void;
    /** Changes the conversation. Undefined keeps, null removes; custom is changed key by key. */
    setAttributes(attributes: ConversationAttributes): void;
    /** Sends a message as the session's user, after all that was changed here. */
    sendMessage(text: string, options?: {
        custom?: Record<string, string>;
    }): Promise<void>;
    /** Takes the session's user out of the conversation. Resolves with whether that was allowed. */
    leave(): Promise<boolean>;
    private later;
}
