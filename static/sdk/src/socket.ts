import type { Welcome, Wire, WireEvents } from "./link.js";
import { Lost, refusalIn } from "./link.js";
import { reportLater } from "./subscription.js";
import type { Token } from "./token.js";
import { GuestlistError } from "./transport.js";
import type { Frame, Refusal } from "./transport.js";

export interface SocketOptions {
  host: string;
  appId: string;
  userId: string;
  token: Token;
  signature?: string; // of older integrations
}

/** What comes over the socket: answers by id, and what is told unasked. An empty one asks whether we are there. */
interface Reply {
  id?: number;
  error?: { code: number; message: string; temporary?: boolean };
  connect?: { data: Welcome; ping?: number; pong?: boolean };
  rpc?: { data: unknown };
  push?: { message?: { data: Frame }; disconnect?: { code: number; reason: string } };
}

type Answer = (reply: Reply | undefined) => void; // undefined: lost

const connectWithin = 10_000;
const graceForPing = 10_000;
const firstDelay = 300;
const longestDelay = 15_000;
const lastsAfter = 5_000; // a connection that ended sooner makes the next wait longer
const maxCall = 60_000; // bytes; the server cuts off who sends 64 KiB
const longestTimer = 2 ** 31 - 1; // setTimeout counts in 32 bits

/**
 * The Wire of a page: one WebSocket that speaks centrifuge's protocol in JSON, comes back after growing and jittered delays,
 * notices when the server has gone silent, and renews its token in time.
 */
export class Socket implements Wire {
  private hears?: WireEvents;
  private ws?: WebSocket;
  private up = false;
  private since = 0;
  private attempts = 0;
  private turn = 0; // counts attempts; what an older one still has to say is not heard
  private asked = 0;
  private readonly answers = new Map<number, Answer>();
  private pings = { every: 25_000, answered: true };
  private silence?: ReturnType<typeof setTimeout>;
  private again?: ReturnType<typeof setTimeout>;
  private renewal?: ReturnType<typeof setTimeout>;
  private proved = false; // the present token let us in
  private readonly online = () => void (this.again !== undefined && this.dial());

  constructor(private readonly options: SocketOptions) {}

  connect(hears: WireEvents): void {
    this.hears = hears;
    this.attempts = 0;
    globalThis.addEventListener?.("online", this.online);
    void this.dial();
  }

  disconnect(): void {
    this.hears = undefined;
    globalThis.removeEventListener?.("online", this.online);
    clearTimeout(this.renewal);
    this.hangUp();
  }

  async rpc(command: string, data: object): Promise<unknown> {
    const text = JSON.stringify({ method: command, data });
    if (new TextEncoder().encode(text).length > maxCall) throw new GuestlistError({ code: "BODY_TOO_LARGE", message: `This call is larger than ${maxCall / 1000} kB. Nothing was changed.`, status: 413 });
    if (!this.up) throw new Lost();
    const reply = await new Promise<Reply | undefined>((resolve) => this.send({ rpc: JSON.parse(text) as unknown }, resolve));
    if (!reply) throw new Lost();
    if (reply.error) throw new GuestlistError({ code: "OVERLOADED", message: `The server doesn't take this call now (${reply.error.message}). Try again in a moment.`, status: 503 });
    return reply.rpc?.data;
  }

  /** Hands a new token to the server, without a gap. */
  async present(): Promise<void> {
    this.proved = false;
    this.plan();
    if (!this.up) return; // it is read at the next attempt
    const answer = (await this.rpc("session.token", { args: { token: await this.options.token.current() } })) as object;
    if ("errorCode" in answer) throw new GuestlistError(refusalIn(answer));
    this.proved = true;
  }

  private async dial(): Promise<void> {
    this.hangUp();
    const turn = this.turn;
    const { host, appId, userId, token, signature } = this.options;
    let text: string;
    try {
      text = await token.current();
    } catch (problem) {
      if (turn === this.turn) this.end((problem as GuestlistError).toJSON());
      return;
    }
    if (turn !== this.turn) return;
    const ws = (this.ws = new WebSocket(`${host.replace(/^http/, "ws")}/v1/${encodeURIComponent(appId)}/live`));
    this.listen(connectWithin);
    ws.onopen = () => this.send({ connect: { token: text, data: { user: userId, signature }, name: "guestlist" } }, (reply) => this.letIn(reply));
    let inbox = Promise.resolve();
    const next = (deal: () => unknown) => void (inbox = inbox.then(() => (turn === this.turn ? deal() : undefined)).then(() => {}, reportLater));
    ws.onmessage = ({ data }) => {
      this.listen(this.up ? this.pings.every + graceForPing : connectWithin);
      for (const line of String(data).split("\n")) if (line !== "") next(() => this.hear(JSON.parse(line) as Reply));
    };
    ws.onclose = ({ code, reason }) => next(() => this.closed(code, reason));
  }

  private send(command: object, answer?: Answer): void {
    const id = ++this.asked;
    if (answer) this.answers.set(id, answer);
    this.say(JSON.stringify({ id, ...command }));
  }

  /** A socket that is closing hears nothing more; when it has closed, all who wait are let go. */
  private say(text: string): void {
    if (this.ws!.readyState === WebSocket.OPEN) this.ws!.send(text);
  }

  /** Who asked has dealt with an answer before anything is heard that was told after it. */
  private hear(reply: Reply): Promise<void> | void {
    if (reply.id) {
      const answer = this.answers.get(reply.id);
      this.answers.delete(reply.id);
      answer?.(reply);
      return pause();
    } else if (reply.push?.message) this.hears?.frame(reply.push.message.data);
    else if (reply.push?.disconnect) this.closed(reply.push.disconnect.code, reply.push.disconnect.reason);
    else if (!reply.push && this.pings.answered) this.say("{}");
  }

  /** The answer to connect: in, or not. */
  private letIn(reply: Reply | undefined): void {
    if (!reply) return; // lost
    const { error, connect } = reply;
    if (error) return error.temporary || error.code < 4000 ? this.lost() : void this.ended(error.code, error.message);
    this.pings = { every: (connect?.ping ?? 25) * 1000, answered: !!connect?.pong };
    this.listen(this.pings.every + graceForPing);
    this.up = this.proved = true;
    this.since = Date.now();
    this.plan();
    this.hears?.connected(connect!.data);
  }

  /** Takes the server for gone when nothing comes for so long. */
  private listen(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), ms);
  }

  private closed(code: number, reason: string): void {
    const final = (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
    if (final) void this.ended(code, reason);
    else this.lost();
  }

  /** The connection has gone; another one follows. */
  private lost(): void {
    if (this.up && Date.now() - this.since > lastsAfter) this.attempts = 0;
    this.hangUp();
    const most = Math.min(longestDelay, firstDelay * 2 ** this.attempts++);
    this.again = setTimeout(() => void this.dial(), most / 2 + (Math.random() * most) / 2);
  }

  /** Lets go of the socket, and of all who wait for it. */
  private hangUp(): void {
    this.turn++;
    clearTimeout(this.silence);
    clearTimeout(this.again);
    this.again = undefined;
    const waiting = [...this.answers.values()];
    this.answers.clear();
    const { ws, up } = this;
    this.ws = undefined;
    this.up = false;
    ws?.close();
    if (up) this.hears?.lost();
    for (const answer of waiting) answer(undefined);
  }

  private async ended(code: number, reason: string): Promise<void> {
    const why = refusalOf(code, reason);
    const { token } = this.options;
    this.hangUp();
    if (why.code !== "TOKEN_EXPIRED" || !token.fetcher || !this.proved) return this.end(why);
    // A token that was good has ended: a page that can fetch another gets one chance to.
    this.proved = false;
    const { turn } = this;
    try {
      await token.renew();
      if (turn === this.turn) await this.dial();
    } catch (problem) {
      if (turn === this.turn) this.end((problem as GuestlistError).toJSON());
    }
  }

  private end(why: Refusal): void {
    const { hears } = this;
    this.disconnect();
    hears?.ended(why);
  }

  /** Sets the clock for the next token. */
  private plan(): void {
    clearTimeout(this.renewal);
    const { token } = this.options;
    const due = token.due();
    if (!token.fetcher || due === Infinity) return;
    this.renewal = setTimeout(() => void (due > longestTimer ? this.plan() : this.renew()), Math.min(Math.max(due, 1000), longestTimer));
  }

  private async renew(): Promise<void> {
    const { hears } = this;
    try {
      await this.options.token.renew();
      await this.present();
    } catch (problem) {
      if (problem instanceof Lost || hears !== this.hears) return; // the next attempt presents it
      this.end((problem as GuestlistError).toJSON());
    }
  }
}

/** Lets everything go on that waits for a promise. Unlike a timer it isn't slowed down in a page that nobody sees. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

const codes: Record<number, string> = { 4401: "UNAUTHENTICATED", 4403: "ORIGIN_NOT_ALLOWED", 4429: "TOO_MANY_CALLS", 4501: "TOKEN_EXPIRED", 4502: "KEY_DEACTIVATED", 4503: "IDENTITY_REQUIRED",
  4504: "SIGNED_IN_ELSEWHERE", 4505: "ORIGIN_NOT_ALLOWED", 4506: "APP_NOT_FOUND", 4507: "SIGNATURES_NOT_ACCEPTED", 4508: "BANNED", 4509: "USER_NOT_FOUND" };

/** What a closing code and its reason say. The reason is an error body, or what fitted of one. */
function refusalOf(code: number, reason: string): Refusal {
  const status = code < 4500 ? code - 4000 : 401;
  try {
    return { status, ...refusalIn(JSON.parse(reason) as object) };
  } catch {
    return { code: codes[code] ?? "DISCONNECTED", message: `The server ended the session (${reason || code}).`, status };
  }
}
