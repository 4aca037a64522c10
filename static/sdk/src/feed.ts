import { reportLater } from "./subscription.js";
import type { GuestlistError, Frame, Transport } from "./transport.js";
import type { ConversationSnapshot, MessageSnapshot, Page } from "./snapshots.js";

interface Watcher {
  wants: number;
  changed(): void;
  failed(error: GuestlistError): void;
  message?(message: MessageSnapshot, conversation: ConversationSnapshot): void;
}

/** When something last happened in a conversation: its last message, or the user's joining. */
export const lastActivity = (c: ConversationSnapshot): number => Math.max(c.lastMessage?.createdAt ?? 0, c.joinedAt ?? c.createdAt);

/** The user's own conversations while somebody watches them, the most active first. Guests' visits are not among them. */
export class ConversationFeed {
  items: ConversationSnapshot[] = [];
  ready = false;
  private next = "";
  private loading = Promise.resolve();
  private readonly watchers = new Set<Watcher>();
  private deaf?: () => void;
  private holds = false;
  private turn = 0;
  private newest = 0; // when the newest message was written that we know of
  private telling = Promise.resolve(); // what was skipped is read before what came later is told

  constructor(private readonly transport: Transport) {}

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    if (this.watchers.size === 1) {
      this.deaf = this.transport.onFrame((frame) => this.hear(frame));
      void this.open();
    } else if (this.ready) void this.fill().then(() => this.watchers.has(watcher) && watcher.changed());
    return () => this.leave(watcher);
  }

  fill(): Promise<void> {
    return (this.loading = this.loading.catch(() => {}).then(() => this.load()));
  }

  all(shown: number): boolean {
    return this.ready && this.next === "" && shown >= this.items.length;
  }

  private leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    if (this.watchers.size > 0) return;
    this.turn++;
    this.deaf?.();
    this.ready = false;
    this.items = [];
    if (this.holds) this.transport.call("feed.close", {}).catch(() => {});
    this.holds = false;
  }

  private async open(): Promise<void> {
    const turn = ++this.turn;
    try {
      const page = await this.transport.call<Page<ConversationSnapshot>>("feed.open", {});
      if (turn !== this.turn) return void this.transport.call("feed.close", {}).catch(() => {});
      this.holds = true;
      await this.take(page);
    } catch (problem) {
      if (turn === this.turn) for (const watcher of [...this.watchers]) watcher.failed(problem as GuestlistError);
    }
  }

  private async take(page: Page<ConversationSnapshot>): Promise<void> {
    const before = this.ready ? this.items : page.data;
    this.items = page.data;
    this.next = page.next;
    this.newest = Math.max(this.newest, ...page.data.map((c) => c.lastMessage?.createdAt ?? 0));
    this.ready = true;
    for (const item of page.data) this.newIn(item, before.find((c) => c.id === item.id), Infinity);
    await this.fill();
    this.say();
  }

  private async load(): Promise<void> {
    const wants = Math.max(0, ...[...this.watchers].map((w) => w.wants));
    const turn = this.turn;
    while (this.next !== "" && this.items.length < wants) {
      const page = await this.transport.call<Page<ConversationSnapshot>>("conversation.list", { after: this.next, limit: Math.min(100, wants - this.items.length) });
      if (turn !== this.turn) return;
      this.next = page.next;
      this.items = [...this.items, ...page.data.filter((c) => !this.items.some((own) => own.id === c.id))];
    }
  }

  private say(): void {
    for (const watcher of [...this.watchers]) watcher.changed();
  }

  private hear(frame: Frame): void {
    if (!this.holds) return;
    if (frame.type === "feed.opened") return void this.take(frame.result as Page<ConversationSnapshot>);
    if (frame.type === "feed.removed") {
      this.items = this.items.filter((c) => c.id !== frame.conversation);
      return this.say();
    }
    if (frame.type !== "feed.updated") return;
    const item = frame.conversation as unknown as ConversationSnapshot;
    const old = this.items.find((c) => c.id === item.id);
    this.items = [item, ...this.items.filter((c) => c.id !== item.id)].sort((a, b) => lastActivity(b) - lastActivity(a));
    this.newIn(item, old, this.newest);
    this.newest = Math.max(this.newest, item.lastMessage?.createdAt ?? 0);
    this.say();
  }

  /** Tells of the messages that came into a conversation since it was last looked at; what else changed is no message. */
  private newIn(item: ConversationSnapshot, old: ConversationSnapshot | undefined, newest: number): void {
    const message = item.lastMessage;
    const before = old?.lastMessage?.seq ?? 0;
    if (!message || (old ? message.seq <= before : message.createdAt <= newest)) return;
    const skipped = old && message.seq > before + 1;
    this.telling = this.telling.then(async () => this.announce(skipped ? await this.between(item, before, message) : [message], item));
  }

  /** What was said after a message and up to another, the oldest first; where it is very much, the last of it. */
  private async between(item: ConversationSnapshot, before: number, last: MessageSnapshot): Promise<MessageSnapshot[]> {
    const said: MessageSnapshot[] = [];
    const limit = Math.min(100, last.seq - before);
    try {
      // Newest first, and newer ones may have come meanwhile.
      for (let after: string | undefined, oldest = Infinity; after !== "" && oldest > before + 1 && said.length < 100; ) {
        const page: Page<MessageSnapshot> = await this.transport.call<Page<MessageSnapshot>>("conversation.messages", { conversation: item.id, limit, after });
        said.push(...page.data.filter((m) => m.seq > before && m.seq <= last.seq));
        oldest = page.data[page.data.length - 1]?.seq ?? 0;
        after = page.next;
      }
    } catch {
      return [last]; // the conversation was lost meanwhile
    }
    return said.filter((m) => m.deletedAt === null).reverse();
  }

  private announce(messages: MessageSnapshot[], item: ConversationSnapshot): void {
    for (const message of messages) for (const watcher of [...this.watchers]) {
      try {
        watcher.message?.(message, item);
      } catch (problem) {
        reportLater(problem); // what comes after it is told all the same
      }
    }
  }
}
