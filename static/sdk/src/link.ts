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
  lost(): void; // it will be back
  ended(why: Refusal): void; // it won't
  frame(frame: Frame): void;
}

/** The connection went while a call was under way. */
export class Lost extends Error {}

interface Job {
  n: number; // in the order of asking
  command: string;
  data: { asGuest?: true; args: Record<string, unknown> };
  resolve(result: unknown): void;
  reject(why: GuestlistError): void;
}

/** Something that was opened and is opened again after each reconnect. */
interface Hold {
  count: number;
  asGuest: boolean;
  args: Record<string, unknown>;
}

// What is opened and closed in pairs, and counted, since several parts of a page may have the same one open.
const openers: Record<string, string> = { "conversation.open": "conversation", "feed.open": "feed", "user.watch": "user" };
const closers: Record<string, string> = { "conversation.close": "conversation.open", "feed.close": "feed.open", "user.unwatch": "user.watch" };

// Doing these twice is not the same as doing them once.
const once = new Set(["conversation.send"]);

// The server takes 30 calls a second, and 60 at once; a little less keeps a page from ever being refused for that.
const callsASecond = 25;
const callsAtOnce = 50;

const holdKey = (command: string, args: Record<string, unknown>): string => command + " " + String(args[openers[command]!] ?? "");

/**
 * The Transport of a page: it connects with the first call, runs calls in their order, tells each frame once, and after a
 * reconnect opens again what was open before it says that it is connected. What is opened again is told as a frame
 * "opened" (a conversation), "feed.opened" or "online" with the fresh state in `result`, since frames were missed meanwhile.
 */
export class Link implements Transport {
  /** What the server said last when it let us in. */
  welcome?: Welcome;
  private status: Status = { connected: false };
  private started = false;
  private generation = 0;
  private queue: Job[] = [];
  private readonly running = new Set<Job>();
  private readonly holds = new Map<string, Hold>();
  private asked = 0;
  private bucket = callsAtOnce;
  private filled = Date.now();
  private later?: ReturnType<typeof setTimeout>;
  private readonly seen = new Map<string, number>();
  private readonly frames = new Set<(frame: Frame) => void>();
  private readonly statuses = new Set<(status: Status) => void>();

  constructor(private readonly wire: Wire) {}

  call<T>(command: string, args: object = {}, options: CallOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.status.terminated) return reject(this.status.terminated);
      const plain = JSON.parse(JSON.stringify(args)) as Record<string, unknown>; // as it is now, without what is undefined
      const data = options.asGuest ? { asGuest: true as const, args: plain } : { args: plain };
      this.queue.push({ n: ++this.asked, command, data, resolve: resolve as (result: unknown) => void, reject });
      this.start();
      this.pump();
    });
  }

  onFrame(listener: (frame: Frame) => void): () => void {
    this.frames.add(listener);
    return () => void this.frames.delete(listener);
  }

  onStatus(listener: (status: Status) => void): () => void {
    this.statuses.add(listener);
    listener(this.status);
    return () => void this.statuses.delete(listener);
  }

  get state(): Status {
    return this.status;
  }

  /** Connects without waiting for a first call. */
  start(): void {
    if (this.started || this.status.terminated) return;
    this.started = true;
    this.wire.connect({
      connected: (welcome) => void this.connected(welcome),
      lost: () => this.lost(),
      ended: (why) => this.end(new GuestlistError(why)),
      frame: (frame) => this.hear(frame),
    });
  }

  /** Ends the session. Calls that wait are rejected with why. */
  end(why: GuestlistError): void {
    if (this.status.terminated) return;
    this.generation++;
    this.started = false;
    this.wire.disconnect();
    const waiting = [...this.running, ...this.queue];
    this.running.clear();
    this.queue = [];
    this.tell({ connected: false, terminated: why });
    for (const job of waiting) job.reject(why);
  }

  /** Takes up an ended session again, with all that was open in it. */
  revive(): void {
    if (!this.status.terminated) return;
    this.tell({ connected: false });
    this.start();
  }

  private tell(status: Status): void {
    this.status = status;
    for (const listener of [...this.statuses]) listener(status);
  }

  private lost(): void {
    this.generation++;
    if (this.status.connected) this.tell({ connected: false });
  }

  private async connected(welcome: Welcome): Promise<void> {
    const generation = ++this.generation;
    this.welcome = welcome;
    await Promise.all([...this.holds].map(([key, hold]) => this.reopen(key, hold, generation)));
    if (generation !== this.generation) return;
    this.tell({ connected: true });
    this.pump();
  }

  private async reopen(key: string, hold: Hold, generation: number): Promise<void> {
    const command = key.slice(0, key.indexOf(" "));
    const conversation = hold.args.conversation as string | undefined;
    try {
      const result = await this.ask(command, hold.asGuest ? { asGuest: true, args: hold.args } : { args: hold.args });
      if (generation !== this.generation) return;
      if (command === "conversation.open") this.hear({ type: "opened", conversation, result });
      else if (command === "feed.open") this.hear({ type: "feed.opened", result });
      else this.hear({ type: "online", ...(result as object) });
    } catch (problem) {
      if (generation !== this.generation || !(problem instanceof GuestlistError)) return;
      this.holds.delete(key);
      if (conversation !== undefined) this.hear({ type: "cut", conversation, error: problem.toJSON() });
    }
  }

  private hear(frame: Frame): void {
    const error = frame.error as object | undefined;
    if (error && "errorCode" in error) frame = { ...frame, error: refusalIn(error) };
    if (typeof frame.e === "number") {
      const of = frame.conversation as string | { id: string } | undefined;
      const stream = frame.type + " " + (typeof of === "object" ? of.id : (of ?? ""));
      if (frame.e <= (this.seen.get(stream) ?? 0)) return; // one change may be told in frames of several kinds
      this.seen.set(stream, frame.e);
    }
    if (frame.type === "cut" || frame.type === "conversation.deleted") this.holds.delete(holdKey("conversation.open", { conversation: frame.conversation }));
    for (const listener of [...this.frames]) listener(frame);
  }

  /** Sends what waits. The server runs the calls of one connection one after the other, in the order they are sent. */
  private pump(): void {
    clearTimeout(this.later);
    while (this.status.connected && this.queue.length > 0) {
      const now = Date.now();
      this.bucket = Math.min(callsAtOnce, this.bucket + ((now - this.filled) / 1000) * callsASecond);
      this.filled = now;
      if (this.bucket < 1) {
        this.later = setTimeout(() => this.pump(), 1000 / callsASecond);
        return;
      }
      this.bucket--;
      void this.run(this.queue.shift()!);
    }
  }

  private async run(job: Job): Promise<void> {
    const { command, data } = job;
    if (command in closers && !this.release(holdKey(closers[command]!, data.args))) return job.resolve(null);
    if (command in openers) this.hold(holdKey(command, data.args), data);
    this.running.add(job);
    try {
      const result = await this.ask(command, data);
      if (!this.running.has(job)) return; // ended meanwhile
      job.resolve(result);
    } catch (problem) {
      if (command in openers) this.unhold(holdKey(command, data.args), problem);
      if (!this.running.has(job)) return;
      if (problem instanceof Lost && !once.has(command)) {
        this.queue.push(job);
        this.queue.sort((a, b) => a.n - b.n);
      } else if (problem instanceof Lost) {
        job.reject(new GuestlistError({ code: "CONNECTION_LOST", message: "The connection was lost before the server answered. It may have been done or not; look before you try again." }));
      } else {
        job.reject(problem instanceof GuestlistError ? problem : new GuestlistError({ code: "UNKNOWN", message: String(problem) }));
      }
    } finally {
      this.running.delete(job);
      this.pump();
    }
  }

  /**
   * Counts who opens something, as soon as it is asked for: a close that is sent later must know of it. Opening a
   * conversation again must not lose a guest their place: it is opened as a guest again.
   */
  private hold(key: string, data: Job["data"]): void {
    const hold = this.holds.get(key) ?? { count: 0, asGuest: false, args: data.args };
    this.holds.set(key, hold);
    hold.count++;
    hold.asGuest ||= !!data.asGuest;
    if (hold.asGuest) data.asGuest = true;
  }

  /** It was not opened. A refusal takes it from all who had it open, and they are told. */
  private unhold(key: string, why: unknown): void {
    const hold = this.holds.get(key);
    if (!hold) return;
    hold.count--;
    const refused = why instanceof GuestlistError;
    if (hold.count > 0 && !refused) return;
    this.holds.delete(key);
    if (hold.count > 0 && hold.args.conversation !== undefined) this.hear({ type: "cut", conversation: hold.args.conversation as string, error: (why as GuestlistError).toJSON() });
  }

  /** Takes one away from those who have something open, and tells whether nobody has it open now. */
  private release(key: string): boolean {
    const hold = this.holds.get(key);
    if (!hold || --hold.count > 0) return false;
    this.holds.delete(key);
    return true;
  }

  private async ask(command: string, data: object): Promise<unknown> {
    const answer = (await this.wire.rpc(command, data)) as { result?: unknown; errorCode?: string; message?: string };
    if (answer.errorCode !== undefined) throw new GuestlistError(refusalIn(answer));
    return answer.result;
  }
}

/** The refusal in an error body of the server. */
export function refusalIn(body: object): Refusal {
  const b = body as Partial<Refusal> & { errorCode?: string };
  return { code: b.errorCode ?? "UNKNOWN", message: b.message ?? "Something went wrong.", hint: b.hint, reasons: b.reasons, requestId: b.requestId, status: b.status };
}
