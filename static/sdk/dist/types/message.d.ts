import type { EditMessageParams, MessageSnapshot } from "./snapshots.js";
export declare class MessageRef {
    private readonly refs;
    readonly conversationId: string;
    readonly id: string;
    private get name();
    /** The message, or null when there is none or it was deleted. */
    get(): Promise<MessageSnapshot | null>;
    /** Changes a message of your own. */
    edit(params: string | EditMessageParams): Promise<void>;
    /** Deletes a message of your own. One that is gone already is left so. */
    delete(): Promise<void>;
    /** Not there yet. */
    reactions(_emoji: string): never;
    /** Not there yet. */
    translate(): never;
}
