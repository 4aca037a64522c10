// One open conversation at work: it opens, asks for history and sends what is written. After a gap the page opens it again
// and tells so ("opened"). Every change gives a new room to its listener.
import type { Line } from "../src/port.js";
import type { Frame, Refusal } from "../src/transport.js";
import { apply, asRefusal, enter, lose, merge, open as enterAgain, stored } from "./room.js";
import type { Opened, Outgoing, Room } from "./room.js";
import { firstUnread } from "./rows.js";
import type { Message, Page } from "./shapes.js";

const pageSize = 40;
const watchedPeople = 12; // in conversations of more, who is online is not asked

export class Chat {
  room: Room;
  outbox: Outgoing[] = [];
  loadingMore = false;
  private connected = false;
  private opening = false;
  private absorbing = 0; // the attempt that counts
  private sending = false;
  private marked = 0; // seq up to which reading was told
  private lastTyping = 0;
  private disposed = false;
  private waits = false;
  private leaving = false;
  private off: (() => void)[] = [];
  private watched = new Set<string>();

  constructor(
    private line: Line,
    readonly me: string,
    id: string,
    asGuest: boolean,
    private changed: () => void,
    error?: Refusal, // it could not be made or entered; it opens when somebody tries again
  ) {
    this.room = enter(id, asGuest);
    if (error) this.room = lose(this.room, error, Date.now());
    this.off.push(
      line.onFrame((frame) => this.hear(frame)),
      line.onStatus((status) => {
        this.connected = status.connected;
        void this.flush();
      }),
    );
    if (!error) void this.open();
  }

  private hear(frame: Frame): void {
    const before = this.room;
    if (frame.type === "opened") {
      if (frame.conversation === this.room.id) void this.absorb(frame.result as Opened);
      return;
    }
    if (before.phase !== "loading") this.set(apply(before, frame, Date.now()));
    if (frame.type === "participant.joined" && frame.conversation === this.room.id) this.watch();
    if (this.room.phase !== "lost") return;
    if (this.leaving && this.room.error?.code !== "LEFT") this.left();
    if (before.phase === "open") this.waitAtTheDoor();
    if (frame.type === "feed.updated" && (frame.conversation as { id?: string } | undefined)?.id === this.room.id) void this.open();
  }

  private set(room: Room): void {
    if (room === this.room || this.disposed) return;
    this.room = room;
    this.changed();
  }

  private ask<T>(command: string, args: object = {}): Promise<T> {
    return this.line.call<T>(command, { conversation: this.room.id, ...args }, { asGuest: this.room.asGuest });
  }

  /** open opens the conversation, for the first time or after it was lost. */
  async open(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    try {
      const opened = await this.ask<Opened>("conversation.open");
      if (this.disposed) this.close();
      else await this.absorb(opened);
    } catch (problem) {
      this.set(lose(this.room, asRefusal(problem), Date.now()));
    } finally {
      this.opening = false;
    }
  }

  // absorb takes what the database says of the window that is shown, which may be more than one page.
  private async absorb(opened: Opened): Promise<void> {
    const attempt = ++this.absorbing;
    const first = this.room.phase !== "open";
    const oldest = this.room.messages[0]?.seq ?? Infinity;
    const older: Page<Message>[] = [];
    for (let last = opened.messages; last.next && (last.data[last.data.length - 1]?.seq ?? 0) > oldest && older.length < 4; older.push(last)) {
      try {
        last = await this.ask<Page<Message>>("conversation.messages", { after: last.next, limit: 100 });
      } catch {
        break; // what is older is asked for by scrolling
      }
      if (attempt !== this.absorbing || this.disposed) return;
    }
    let room = enterAgain(this.room, opened, older);
    if (first && !room.guest) {
      const read = opened.conversation.readSeq ?? 0;
      room = { ...room, unreadFrom: firstUnread(room.messages, this.me, read, room.next === "") };
      this.marked = read;
    }
    this.settle(room);
    this.watch();
  }

  // settle shows a room that was read anew, and what of the outbox is not in it goes out again.
  private settle(room: Room): void {
    const arrived = stored(room, this.outbox, this.me);
    this.outbox = this.outbox.filter((o) => !arrived.has(o.key)).map((o) => (o.state === "unsure" ? { ...o, state: "waiting" } : o));
    this.room = room;
    if (!this.disposed) this.changed();
    void this.flush();
  }

  // waitAtTheDoor asks to be told of one's conversations: who is put on the list again is let in again at once.
  private waitAtTheDoor(): void {
    if (this.room.asGuest || this.waits) return;
    this.waits = true;
    this.line.call("feed.open", {}).catch(() => (this.waits = false));
  }

  private watch(): void {
    const people = this.room.participants.filter((p) => p.user.id !== this.me);
    if (this.room.phase !== "open" || this.room.guest || this.room.moreParticipants || people.length > watchedPeople) return;
    for (const { user } of people) {
      if (this.watched.has(user.id)) continue;
      void this.line.call<{ online: boolean }>("user.watch", { user: user.id }).then(
        ({ online }) => {
          if (this.disposed) return void this.line.call("user.unwatch", { user: user.id });
          this.watched.add(user.id);
          this.set({ ...this.room, online: { ...this.room.online, [user.id]: online } });
        },
        () => undefined, // it is shown nowhere then
      );
    }
  }

  /** more loads an older page. */
  async more(): Promise<void> {
    if (this.loadingMore || !this.room.next || this.room.phase !== "open") return;
    this.loadingMore = true;
    this.changed();
    const attempt = this.absorbing;
    try {
      const page = await this.ask<Page<Message>>("conversation.messages", { after: this.room.next, limit: pageSize });
      if (attempt === this.absorbing && this.room.phase === "open") this.set({ ...this.room, messages: merge(this.room.messages, page.data), next: page.next });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2000)); // scrolling asks again
    } finally {
      this.loadingMore = false;
      if (!this.disposed) this.changed();
    }
  }

  async morePeople(): Promise<void> {
    const after = this.room.moreParticipants;
    if (!after) return;
    const page = await this.ask<Page<Room["participants"][0]>>("conversation.participants", { after, limit: 50 });
    const known = new Set(this.room.participants.map((p) => p.user.id));
    this.set({ ...this.room, participants: [...this.room.participants, ...page.data.filter((p) => !known.has(p.user.id))], moreParticipants: page.next });
  }

  /** send puts a message in line. What can't leave now leaves later, in order. */
  send(text: string): void {
    const last = this.room.messages[this.room.messages.length - 1]?.seq ?? 0;
    this.outbox = [...this.outbox, { key: crypto.randomUUID(), text, at: Date.now(), behind: last, state: "waiting" }];
    this.room = { ...this.room, unreadFrom: undefined };
    this.lastTyping = 0;
    this.changed();
    void this.flush();
  }

  retry(key: string): void {
    this.outbox = this.outbox.map((o) => (o.key === key ? { ...o, state: "waiting", error: undefined } : o));
    this.changed();
    void this.flush();
  }

  discard(key: string): void {
    this.outbox = this.outbox.filter((o) => o.key !== key);
    this.changed();
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (;;) {
        const next = this.outbox.find((o) => o.state === "waiting");
        if (!next || this.outbox.some((o) => o.state === "unsure") || !this.connected || this.room.phase !== "open" || this.disposed) return;
        const last = this.room.messages[this.room.messages.length - 1]?.seq ?? 0;
        this.put(next.key, { state: "sending", behind: last });
        try {
          const message = await this.ask<Message | null>("ui.send", { text: next.text });
          this.outbox = this.outbox.filter((o) => o.key !== next.key);
          if (message?.seq && this.room.phase === "open") this.room = { ...this.room, messages: merge(this.room.messages, [message]) };
          if (!this.disposed) this.changed();
        } catch (problem) {
          const refusal = asRefusal(problem);
          if (refusal.code !== "CONNECTION_LOST") this.put(next.key, { state: "failed", error: refusal });
          else {
            this.put(next.key, { state: "unsure" }); // until the window was read again
            if (this.connected) void this.reread();
            return;
          }
        }
      }
    } finally {
      this.sending = false;
    }
  }

  private async reread(): Promise<void> {
    const page = await this.ask<Page<Message>>("conversation.messages").catch(() => undefined);
    if (page && this.room.phase === "open") this.settle({ ...this.room, messages: merge(this.room.messages, page.data) });
  }

  private put(key: string, change: Partial<Outgoing>): void {
    this.outbox = this.outbox.map((o) => (o.key === key ? { ...o, ...change } : o));
    if (!this.disposed) this.changed();
  }

  edit(message: Message, text: string): Promise<void> {
    return this.ask("message.edit", { message: message.id, set: { text } });
  }

  remove(message: Message): Promise<void> {
    return this.ask("message.delete", { message: message.id });
  }

  async leave(): Promise<void> {
    this.leaving = true; // being cut off is no surprise then
    try {
      const { prevented } = await this.ask<{ prevented: boolean }>("ui.leave");
      if (!prevented) this.left();
    } finally {
      this.leaving = false;
    }
  }

  private left(): void {
    this.set(lose(this.room, { code: "LEFT", message: "" }, Date.now()));
  }

  markUnread(): Promise<unknown> {
    return this.ask("conversation.markAsUnread");
  }

  /** typing tells the others that the user writes, now and then while they do. */
  typing(): void {
    if (this.room.guest || !this.connected || Date.now() - this.lastTyping < 5000) return;
    this.lastTyping = Date.now();
    this.ask("conversation.typing").catch(() => undefined);
  }

  /** read tells that the newest message was seen. */
  read(): void {
    const last = this.room.messages[this.room.messages.length - 1]?.seq ?? 0;
    if (this.room.phase !== "open" || this.room.guest || !this.connected || last <= this.marked) return;
    this.marked = last;
    this.ask("conversation.markAsRead", { seq: last }).catch(() => (this.marked = 0));
  }

  /** tick lets typing end. */
  tick(): void {
    const now = Date.now();
    const typing = Object.fromEntries(Object.entries(this.room.typing).filter(([, t]) => t.until > now));
    if (Object.keys(typing).length < Object.keys(this.room.typing).length) this.set({ ...this.room, typing });
  }

  private close(): void {
    this.line.call("conversation.close", { conversation: this.room.id }).catch(() => undefined);
  }

  dispose(): void {
    this.disposed = true;
    this.off.forEach((off) => off());
    if (this.room.phase === "open") this.close();
    if (this.waits) this.line.call("feed.close", {}).catch(() => undefined);
    this.watched.forEach((user) => this.line.call("user.unwatch", { user }).catch(() => undefined));
  }
}
