import { MessageRef } from "./message.js";
import { ParticipantRef } from "./participant.js";
import { idOf, kept } from "./refs.js";
import type { Refs } from "./refs.js";
import type { Room } from "./room.js";
import type { ConversationSnapshot, CreateConversationParams, MessageSnapshot, ParticipantSnapshot, SendParams, SetConversationParams } from "./snapshots.js";
import { Subscription, WindowedSubscription } from "./subscription.js";
import type { UserRef } from "./user.js";

export interface TypingSnapshot {
  users: { id: string; name: string }[];
}

/** A conversation as the session's user sees it. */
export class ConversationRef {
  private readonly participants = new Map<string, ParticipantRef>();
  private readonly messages = new Map<string, MessageRef>();

  /** @internal */
  constructor(private readonly refs: Refs, readonly id: string) {}

  private call<T>(command: string, args: object = {}): Promise<T> {
    return this.refs.transport.call<T>("conversation." + command, { conversation: this.id, ...args });
  }

  /** The conversation, or null when there is none or you take no part. */
  get(): Promise<ConversationSnapshot | null> {
    return this.call("get");
  }

  /** Makes or changes the conversation, and adds you. Undefined keeps, null removes. */
  async set(params: SetConversationParams): Promise<void> {
    await this.call("set", { set: params });
  }

  /** Makes the conversation and adds you. What is there already is left as it is. */
  async createIfNotExists(params: CreateConversationParams = {}): Promise<void> {
    await this.call("createIfNotExists", { set: params });
  }

  /** The place of a user in this conversation. */
  participant(user: string | UserRef): ParticipantRef {
    return kept(this.participants, idOf(user, "user"), (key) => new ParticipantRef(this.refs, this.id, key));
  }

  /** The message with an id. */
  message(id: string): MessageRef {
    return kept(this.messages, idOf(id, "message"), (key) => new MessageRef(this.refs, this.id, key));
  }

  /** Sends a message. */
  async send(params: string | SendParams): Promise<MessageRef> {
    const sent = await this.call<MessageSnapshot>("send", typeof params === "string" ? { text: params } : params);
    return this.message(sent.id);
  }

  /** Marks everything as read. Rejects when you take no part. */
  async markAsRead(): Promise<void> {
    await this.call("markAsRead");
  }

  /** Marks the conversation as unread from its last message on. Rejects when you take no part. */
  async markAsUnread(): Promise<void> {
    await this.call("markAsUnread");
  }

  /** Tells the others that you are writing, for ten seconds. */
  async markAsTyping(): Promise<void> {
    await this.call("typing");
  }

  /** Hears of the conversation and of each change; null while there is none or you take no part. */
  subscribe(onSnapshot?: (snapshot: ConversationSnapshot | null) => void): Subscription<ConversationSnapshot | null> {
    return new Subscription<ConversationSnapshot | null>((sink) => {
      const room = this.refs.room(this.id);
      return room.watch({ part: "conversation", wants: 0, changed: () => sink.next(room.conversation), failed: (error) => sink.fail(error) });
    }, onSnapshot);
  }

  /** Hears of the newest messages, newest first: 30 and all that come, and older ones by loadMore. Null as in subscribe. */
  subscribeMessages(onSnapshot?: (snapshot: MessageSnapshot[] | null, loadedAll: boolean) => void): WindowedSubscription<MessageSnapshot[] | null> {
    return this.window("messages", 30, 100, (room) => room.messages, onSnapshot);
  }

  /** Hears of who takes part: 10, and more by loadMore. Null as in subscribe. */
  subscribeParticipants(onSnapshot?: (snapshot: ParticipantSnapshot[] | null, loadedAll: boolean) => void): WindowedSubscription<ParticipantSnapshot[] | null> {
    return this.window("participants", 10, 50, (room) => room.participants, onSnapshot);
  }

  /** Hears of who is writing. Null as in subscribe. */
  subscribeTyping(onSnapshot?: (snapshot: TypingSnapshot | null) => void): Subscription<TypingSnapshot | null> {
    return new Subscription<TypingSnapshot | null>((sink) => {
      const room = this.refs.room(this.id);
      const changed = () => sink.next(room.conversation && { users: [...room.typing].map(([id, { name }]) => ({ id, name })) });
      return room.watch({ part: "typing", wants: 0, changed, failed: (error) => sink.fail(error) });
    }, onSnapshot);
  }

  private window<T>(part: "messages" | "participants", first: number, most: number, list: (room: Room) => T[], onSnapshot?: (snapshot: T[] | null, loadedAll: boolean) => void): WindowedSubscription<T[] | null> {
    const room = this.refs.room(this.id);
    let came = room.arrived;
    const watcher = { part, wants: first, changed: () => {}, failed: (_: Error) => {} };
    return new WindowedSubscription<T[] | null>(
      (sink) => {
        watcher.changed = () => {
          if (part === "messages") watcher.wants += room.arrived - came;
          came = room.arrived;
          sink.next(room.conversation && list(room).slice(0, watcher.wants));
        };
        watcher.failed = (error) => sink.fail(error as Parameters<typeof sink.fail>[0]);
        return room.watch(watcher);
      },
      {
        grow: async (by) => {
          watcher.wants += by;
          await room.fill(part);
          watcher.changed();
        },
        all: () => room.all(part, watcher.wants),
      },
      most,
      first,
      onSnapshot,
    );
  }
}
