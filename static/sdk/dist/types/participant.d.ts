import type { ParticipantSnapshot, SetParticipantParams } from "./snapshots.js";
import { Subscription } from "./subscription.js";
/** One place in a conversation: taken or not. */
export declare class ParticipantRef {
    private readonly refs;
    readonly conversationId: string;
    readonly userId: string;
    private get place();
    /** The participant, or null when the user takes no part. Rejects when you don't either and ask for somebody else. */
    get(): Promise<ParticipantSnapshot | null>;
    /** Adds the participant, or changes who is in already. What is undefined is kept, or as usual for a new one. */
    set(params?: SetParticipantParams): Promise<void>;
    /** Changes the participant. Rejects when the user takes no part. */
    edit(params: SetParticipantParams): Promise<void>;
    /** Adds the participant, unless they take part already: then nothing changes. */
    createIfNotExists(params?: SetParticipantParams): Promise<void>;
    /** Takes the participant out. Who takes no part is left so. */
    delete(): Promise<void>;
    /** Hears of the participant and of each change; null when the user takes no part, or you don't. */
    subscribe(onSnapshot?: (snapshot: ParticipantSnapshot | null) => void): Subscription<ParticipantSnapshot | null>;
}
