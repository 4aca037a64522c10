import { ConversationRef } from "./conversation.js";
import { ConversationFeed } from "./feed.js";
import { Room } from "./room.js";
import type { Transport } from "./transport.js";
import { UserRef } from "./user.js";

/** Names what isn't there yet. A page that relies on it should fail where it is written, not somewhere later. */
export function notBuilt(what: string): never {
  throw new Error(`Guestlist: ${what} isn't there yet.`);
}

/** The id in what names a user, a conversation or a message. */
export function idOf(what: unknown, of: string): string {
  const id = typeof what === "object" && what !== null && "id" in what ? (what as { id: unknown }).id : what;
  if (typeof id !== "string" || id === "") throw new TypeError(`Guestlist: the id of a ${of} must be a text that isn't empty.`);
  return id;
}

/** The one for a key, made when it is first asked for. */
export function kept<T>(all: Map<string, T>, key: string, make: (key: string) => T): T {
  let one = all.get(key);
  if (!one) all.set(key, (one = make(key)));
  return one;
}

/** The refs of one session. Asking twice for the same thing gives the same object. */
export class Refs {
  /** @internal */
  readonly feed: ConversationFeed;
  private readonly rooms = new Map<string, Room>();
  private readonly users = new Map<string, UserRef>();
  private readonly conversations = new Map<string, ConversationRef>();

  /** @internal */
  constructor(readonly transport: Transport, readonly userId: string) {
    this.feed = new ConversationFeed(transport);
  }

  /** The user with an id, whether there is one or not. */
  user(id: string): UserRef {
    return kept(this.users, idOf(id, "user"), (key) => new UserRef(this, key));
  }

  /** The conversation with an id, as the session's user sees it, whether there is one or not. */
  conversation(id: string): ConversationRef {
    return kept(this.conversations, idOf(id, "conversation"), (key) => new ConversationRef(this, key));
  }

  /** @internal */
  room(id: string): Room {
    return kept(this.rooms, id, (key) => new Room(this.transport, key));
  }
}
