import { GuestlistError } from "./transport.js";

/** Where a subscription stands. `latestSnapshot` is null when there is nothing to see: no such thing, or not for you. */
export type SubscriptionState<S> =
  | { type: "pending" }
  | { type: "active"; latestSnapshot: S }
  | { type: "unsubscribed" }
  | { type: "error"; error: GuestlistError };

/** What feeds a subscription: it starts with the first look and says how to stop. */
export type Source<S> = (sink: { next(snapshot: S): void; fail(error: GuestlistError): void }) => () => void;

/** Hears of one thing and its changes until it is unsubscribed. */
export class Subscription<S> {
  state: SubscriptionState<S> = { type: "pending" };
  /** Resolves with the first state that is active; rejects when it ended before. */
  readonly connected: Promise<SubscriptionState<S> & { type: "active" }>;
  /** Resolves with the last state. */
  readonly terminated: Promise<SubscriptionState<S> & { type: "unsubscribed" | "error" }>;
  private readonly stop: () => void;
  private settle!: { active(state: SubscriptionState<S>): void; failed(why: GuestlistError): void; ended(state: SubscriptionState<S>): void };

  /** @internal */
  constructor(source: Source<S>, onSnapshot?: (snapshot: S) => void) {
    const settle = {} as Subscription<S>["settle"];
    this.connected = new Promise((resolve, reject) => {
      settle.active = resolve as typeof settle.active;
      settle.failed = reject;
    });
    this.connected.catch(() => {}); // who asks is told; who doesn't is not bothered
    this.terminated = new Promise((resolve) => (settle.ended = resolve as typeof settle.ended));
    this.settle = settle;
    let stop: (() => void) | undefined;
    this.stop = () => stop?.();
    stop = source({
      next: (snapshot) => {
        if (this.over()) return;
        this.state = { type: "active", latestSnapshot: snapshot };
        settle.active(this.state);
        try {
          onSnapshot?.(snapshot);
        } catch (problem) {
          reportLater(problem);
        }
      },
      fail: (error) => this.end({ type: "error", error }, error),
    });
    if (this.over()) stop();
  }

  /** Stops hearing. Doing it again does nothing. */
  unsubscribe(): void {
    this.end({ type: "unsubscribed" }, new GuestlistError({ code: "UNSUBSCRIBED", message: "The subscription was ended before anything came." }));
  }

  private over(): boolean {
    return this.state.type === "unsubscribed" || this.state.type === "error";
  }

  private end(state: SubscriptionState<S>, why: GuestlistError): void {
    if (this.over()) return;
    this.state = state;
    this.settle.failed(why);
    this.settle.ended(state);
    this.stop();
  }
}

/** The part of a list that a subscription shows. */
export interface Pager {
  grow(by: number): Promise<void>;
  all(): boolean;
}

/** A subscription to a list, of which more can be shown. */
export class WindowedSubscription<S> extends Subscription<S> {
  /** @internal */
  constructor(source: Source<S>, private readonly pager: Pager, private readonly most: number, private readonly usual: number, onSnapshot?: (snapshot: S, loadedAll: boolean) => void) {
    super(source, onSnapshot && ((snapshot) => onSnapshot(snapshot, pager.all())));
  }

  /** Whether everything there is has been loaded. */
  get loadedAll(): boolean {
    return this.pager.all();
  }

  /** Shows more: 1 to as many as one step may. Resolves when they are there. */
  loadMore(count: number = this.usual): Promise<void> {
    if (!Number.isInteger(count) || count < 1 || count > this.most) return Promise.reject(new TypeError(`Guestlist: loadMore takes a whole number from 1 to ${this.most}.`));
    return this.state.type === "unsubscribed" || this.state.type === "error" ? Promise.resolve() : this.pager.grow(count);
  }
}

/** An exception of a page's own function is the page's: it is reported as if nobody had called it from here. */
export function reportLater(problem: unknown): void {
  setTimeout(() => {
    throw problem;
  });
}
