/** Says a refusal once: which call, the code, what happened and what to do. */
export declare function logRefusal(what: string, problem: unknown): void;
/** What a listener gives back: the way to stop listening. */
export interface Listening {
    unsubscribe(): void;
}
/** The listeners of one event. A listener that throws stops no other. */
export declare class Listeners<E> {
    private readonly all;
    add(listener: (event: E) => void): Listening;
    tell(event: E): void;
}
