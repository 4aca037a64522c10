import type { Refs } from "./refs.js";
import type { CreateUserParams, SetUserParams, UserSnapshot } from "./snapshots.js";
import { Subscription } from "./subscription.js";
import type { Frame, GuestlistError } from "./transport.js";

export interface UserOnlineSnapshot {
  user: UserSnapshot;
  isConnected: boolean;
}

interface Seen {
  user: UserSnapshot | null;
  online: boolean;
}

export class UserRef {
  /** @internal */
  constructor(private readonly refs: Refs, readonly id: string) {}

  /** The user, or null when there is none. E-mail and phone are not told to browsers. */
  get(): Promise<UserSnapshot | null> {
    return this.refs.transport.call("user.get", { user: this.id });
  }

  /** Makes or changes the user. Undefined keeps, null removes. A new user needs a name. */
  async set(params: SetUserParams): Promise<void> {
    await this.refs.transport.call("user.set", { user: this.id, set: params });
  }

  /** Makes the user, unless there is one, who is left as they are. */
  async createIfNotExists(params: CreateUserParams): Promise<void> {
    await this.refs.transport.call("user.createIfNotExists", { user: this.id, set: params });
  }

  /** Hears of the user and of each change. */
  subscribe(onSnapshot?: (snapshot: UserSnapshot | null) => void): Subscription<UserSnapshot | null> {
    return this.watch((seen) => seen.user, onSnapshot);
  }

  /** Hears whether the user is connected now. */
  subscribeOnline(onSnapshot?: (snapshot: UserOnlineSnapshot | null) => void): Subscription<UserOnlineSnapshot | null> {
    return this.watch((seen) => seen.user && { user: seen.user, isConnected: seen.online }, onSnapshot);
  }

  private watch<S>(pick: (seen: Seen) => S, onSnapshot?: (snapshot: S) => void): Subscription<S> {
    const { transport } = this.refs;
    return new Subscription<S>((sink) => {
      let seen: Seen | undefined;
      let told = "";
      const tell = (news: Partial<Seen>) => {
        seen = { ...(seen ?? { user: null, online: false }), ...news };
        const snapshot = pick(seen);
        const text = JSON.stringify(snapshot);
        if (text === told) return;
        told = text;
        sink.next(snapshot);
      };
      const deaf = transport.onFrame((frame) => {
        const news = this.newsIn(frame);
        if (seen && news) tell(news);
      });
      transport.call<Seen>("user.watch", { user: this.id }).then(tell, (error: GuestlistError) => sink.fail(error));
      return () => {
        deaf();
        transport.call("user.unwatch", { user: this.id }).catch(() => {}); // an ended session watches nobody
      };
    }, onSnapshot);
  }

  private newsIn(frame: Frame): Partial<Seen> | undefined {
    const user = frame.user as UserSnapshot | string | null | undefined;
    if (!user || (typeof user === "string" ? user : user.id) !== this.id) return undefined;
    if (frame.type === "user.updated") return { user: user as UserSnapshot };
    if (frame.type === "online") return typeof user === "string" ? { online: !!frame.online } : { user, online: !!frame.online };
    return undefined;
  }
}
