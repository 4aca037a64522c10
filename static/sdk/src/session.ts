import { lastActivity } from "./feed.js";
import { Link } from "./link.js";
import type { Wire } from "./link.js";
import { Refs } from "./refs.js";
import type { ConversationSnapshot } from "./snapshots.js";
import { Socket } from "./socket.js";
import { reportLater, WindowedSubscription } from "./subscription.js";
import { Token } from "./token.js";
import type { TokenFetcher } from "./token.js";
import { GuestlistError } from "./transport.js";
import type { UserRef } from "./user.js";

export interface TalkSessionOptions {
  /** The address of the Guestlist server. Without it: where the script was loaded from. */
  host?: string;
  appId: string;
  userId: string;
  /** Proves who the user is; from your server. */
  token?: string;
  /** Gets such a token: now, and again before it ends. */
  tokenFetcher?: TokenFetcher;
}

/** What a listener gives back: the way to stop listening. */
export interface Listening {
  unsubscribe(): void;
}

let scriptHost: string | undefined;

/** setScriptHost says where the script came from; sessions that name no host go there. */
export function setScriptHost(origin: string | undefined): void {
  scriptHost = origin;
}

export function hostOf(host: string | undefined): string {
  const chosen = host ?? scriptHost;
  if (!chosen) throw new Error("Guestlist: say where the server is: pass host, for example { host: 'https://chat.example.com' }.");
  return new URL(/^https?:/.test(chosen) ? chosen : "https://" + chosen).origin;
}

/** One user's session. It connects with the first call and holds one connection, whatever is done in it. */
export class TalkSession extends Refs {
  readonly host: string;
  readonly appId: string;
  /** The session's own user. */
  readonly currentUser: UserRef;
  /** @internal */
  readonly link: Link;
  private readonly token: Token;
  private readonly socket: Wire & { present?(): Promise<void> };
  private readonly errors = new Set<(error: GuestlistError) => void>();
  private tokenCame?: (token: string) => void;
  private ended?: GuestlistError;

  /** @internal */
  constructor(options: TalkSessionOptions & { signature?: string }, wire?: Wire) {
    const { appId, userId, signature } = options;
    const host = hostOf(options.host);
    const token = new Token(options.token, options.tokenFetcher);
    const socket = wire ?? new Socket({ host, appId, userId, token, signature });
    const link = new Link(socket);
    super(link, userId);
    this.host = host;
    this.appId = appId;
    this.token = token;
    this.socket = socket;
    this.link = link;
    this.currentUser = this.user(userId);
    link.onStatus(({ terminated }) => {
      this.ended = terminated;
      if (!terminated || terminated.code === "SESSION_DESTROYED") return;
      for (const listener of [...this.errors]) attempt(() => listener(terminated));
    });
  }

  /** Whether the session can still be used. */
  get isAlive(): boolean {
    return !this.ended;
  }

  /** Hears what ended the session, once. Nothing works in it from then on; getTalkSession makes a new one. */
  onError(listener: (error: GuestlistError) => void): Listening {
    this.errors.add(listener);
    if (this.ended && this.ended.code !== "SESSION_DESTROYED") {
      const { ended } = this;
      queueMicrotask(() => this.errors.has(listener) && attempt(() => listener(ended)));
    }
    return { unsubscribe: () => void this.errors.delete(listener) };
  }

  /** Proves the user by a new token, without a gap. */
  async setToken(token: string): Promise<void> {
    this.token.set(token);
    const came = this.tokenCame;
    this.tokenCame = undefined;
    if (came) came(token);
    else await this.socket.present?.();
  }

  /** Is asked for a token when one is first needed and before the last one ends. It returns the token, or calls setToken. */
  onNeedToken(listener: () => string | void | Promise<string | void>): Listening {
    const fetcher = () =>
      new Promise<string>((resolve, reject) => {
        this.tokenCame = resolve;
        Promise.resolve()
          .then(listener)
          .then((token) => {
            if (typeof token !== "string") return; // setToken brings it
            this.tokenCame = undefined;
            resolve(token);
          }, reject);
      });
    this.token.fetcher = fetcher;
    return { unsubscribe: () => void (this.token.fetcher === fetcher && (this.token.fetcher = undefined)) };
  }

  /** Hears of your conversations, the most active first: 20, and more by loadMore. */
  subscribeConversations(onSnapshot?: (snapshot: ConversationSnapshot[], loadedAll: boolean) => void): WindowedSubscription<ConversationSnapshot[]> {
    const { feed } = this;
    const watcher = { wants: 20, changed: () => {}, failed: (_: GuestlistError) => {} };
    return new WindowedSubscription<ConversationSnapshot[]>(
      (sink) => {
        watcher.changed = () => sink.next([...feed.items].sort((a, b) => lastActivity(b) - lastActivity(a)).slice(0, watcher.wants));
        watcher.failed = (error) => sink.fail(error);
        return feed.watch(watcher);
      },
      {
        grow: async (by) => {
          watcher.wants += by;
          await feed.fill();
          watcher.changed();
        },
        all: () => feed.all(watcher.wants),
      },
      30,
      20,
      onSnapshot,
    );
  }

  /** Ends the session and closes its connection. */
  destroy(): void {
    this.link.end(new GuestlistError({ code: "SESSION_DESTROYED", message: "The session was destroyed." }));
  }
}

function attempt(run: () => void): void {
  try {
    run();
  } catch (problem) {
    reportLater(problem);
  }
}

const sessions = new Map<string, TalkSession>();

/** The session of a user: the same object for the same host, app and user, and a new one once that has ended. */
export function getTalkSession(options: TalkSessionOptions): TalkSession {
  for (const name of ["appId", "userId"] as const) {
    if (typeof options?.[name] !== "string" || options[name] === "") throw new TypeError(`Guestlist: getTalkSession needs ${name}, a text that isn't empty.`);
  }
  const key = JSON.stringify([hostOf(options.host), options.appId, options.userId]);
  const known = sessions.get(key);
  if (known?.isAlive) return known;
  const session = new TalkSession(options);
  sessions.set(key, session);
  return session;
}
