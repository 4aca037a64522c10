import { GuestlistError } from "./transport.js";
/** Where a subscription stands. `latestSnapshot` is null when there is nothing to see: no such thing, or not for you. */
export type SubscriptionState<S> = {
    type: "pending";
} | {
    type: "active";
    latestSnapshot: S;
} | {
    type: "unsubscribed";
} | {
    type: "error";
    error: GuestlistError;
};
/** What feeds a subscription: it starts with the first look and says how to stop. */
export type Source<S> = (sink: {
    next(snapshot: S): void;
    fail(error: GuestlistError): void;
}) => () => void;
/** Hears of one thing and its changes until it is unsubscribed. */
export declare class Subscription<S> {
    state: SubscriptionState<S>;
    /** Resolves with the first state that is active; rejects when it ended before. */
    readonly connected: Promise<SubscriptionState<S> & {
        type: "active";
    }>;
    /** Resolves with the last state. */
    readonly terminated: Promise<SubscriptionState<S> & {
        type: "unsubscribed" | "error";
    }>;
    private readonly stop;
    private settle;
    /** Stops hearing. Doing it again does nothing. */
    unsubscribe(): void;
    private over;
    private end;
}
/** The part of a list that a subscription shows. */
export interface Pager {
    grow(by: number): Promise<void>;
    all(): boolean;
}
/** A subscription to a list, of which more can be shown. */
export declare class WindowedSubscription<S> extends Subscription<S> {
    private readonly pager;
    private readonly most;
    private readonly usual;
    /** Whether everything there is has been loaded. */
    get loadedAll(): boolean;
    /** Shows more: 1 to as many as one step may. Resolves when they are there. */
    loadMore(count?: number): Promise<void>;
}
/** An exception of a page's own function is the page's: it is reported as if nobody had called it from here. */
export declare function reportLater(problem: unknown): void;
