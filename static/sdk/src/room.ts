import { GuestlistError } from "./transport.js";
import type { Frame, Refusal, Transport } from "./transport.js";
import type { ConversationSnapshot, MessageSnapshot, Page, ParticipantSnapshot, UserSnapshot } from "./snapshots.js";

/** What the server answers when a conversation is opened. */
export interface Opened {
  conversation: ConversationSnapshot;
  access: string;
  guest: boolean;
  messages: Page<MessageSnapshot>;
  participants: Page<ParticipantSnapshot>;
}

type Part = "conversation" | "messages" | "participants" | "typing";

interface Watcher {
  part: Part;
  wants: number; // of the part's list
  changed(): void;
  failed(error: GuestlistError): void;
}

// Typing is over this long after it was last heard of.
const typingFor = 10_000;

/**
 * What is known of one conversation while somebody watches it. All who watch share it: it is opened once, kept by frames,
 * and read again after each reconnect. While it can't be seen it is null, and the user's feed tells when it can.
 */
export class Room {
  conversation: ConversationSnapshot | null = null;
  messages: MessageSnapshot[] = []; // newest first
  participants: ParticipantSnapshot[] = [];
  typing: Map<string, { name: string; timer: ReturnType<typeof setTimeout> }> = new Map();
  /** How many messages came since the room was opened; windows grow by them. */
  arrived = 0;
  ready = false;
  private next = { messages: "", participants: "" };
  private loading = { messages: Promise.resolve(), participants: Promise.resolve() };
  private readonly watchers = new Set<Watcher>();
  private deaf?: () => void;
  private holds = false;
  private waits = false; // for the feed to tell of it
  private opening = false;
  private news = false; // of this conversation, while it was being opened
  private turn = 0;

  constructor(private readonly transport: Transport, private readonly id: string) {}

  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    if (this.watchers.size === 1) {
      this.deaf = this.transport.onFrame((frame) => this.hear(frame));
      void this.open();
    } else if (this.ready) {
      void this.fill(watcher.part).then(() => this.watchers.has(watcher) && watcher.changed());
    }
    return () => this.leave(watcher);
  }

  /** Loads until as much of a part is there as its watchers want. */
  fill(part: Part): Promise<void> {
    if (part !== "messages" && part !== "participants") return Promise.resolve();
    return (this.loading[part] = this.loading[part].catch(() => {}).then(() => this.load(part)));
  }

  all(part: "messages" | "participants", shown: number): boolean {
    return this.ready && this.next[part] === "" && shown >= this[part].length;
  }

  private leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    if (this.watchers.size > 0) return;
    this.turn++;
    this.deaf?.();
    this.ready = this.opening = false;
    this.forget();
    this.release();
  }

  private release(): void {
    if (this.holds) this.quietly("conversation.close");
    if (this.waits) this.quietly("feed.close");
    this.holds = this.waits = false;
  }

  private quietly(command: string): void {
    this.transport.call(command, { conversation: this.id }).catch(() => {}); // what isn't open needs no closing
  }

  private async open(): Promise<void> {
    const turn = ++this.turn;
    this.opening = true;
    this.news = false;
    try {
      const opened = await this.transport.call<Opened>("conversation.open", { conversation: this.id });
      if (turn !== this.turn) return this.quietly("conversation.close");
      this.opening = false;
      this.holds = true;
      if (this.waits) this.quietly("feed.close");
      this.waits = false;
      if (opened.guest) return await this.missing(turn); // guests have their own view
      await this.take(opened);
    } catch (problem) {
      if (turn !== this.turn) return;
      this.opening = false;
      await this.refused(problem as GuestlistError, turn);
    }
  }

  private async refused(error: GuestlistError, turn: number): Promise<void> {
    const hidden = (error.status === 403 || error.status === 404) && error.code !== "USER_NOT_FOUND";
    if (hidden) return this.missing(turn);
    for (const watcher of [...this.watchers]) watcher.failed(error);
  }

  /** There is nothing to see now; the feed will tell when there is. */
  private async missing(turn: number): Promise<void> {
    if (this.holds) this.quietly("conversation.close");
    this.holds = false;
    this.forget();
    this.ready = true;
    this.say();
    if (this.waits) return void (this.news && this.open());
    this.waits = true;
    try {
      const page = await this.transport.call<Page<ConversationSnapshot>>("feed.open", {});
      // It may have come before the feed was open.
      if (turn === this.turn && page.data.some((c) => c.id === this.id)) void this.open();
    } catch {
      this.waits = false; // the session has ended; whoever watches is told by it
    }
  }

  private forget(): void {
    this.conversation = null;
    this.messages = [];
    this.participants = [];
    this.next = { messages: "", participants: "" };
    for (const { timer } of this.typing.values()) clearTimeout(timer);
    this.typing.clear();
  }

  private async take(opened: Opened): Promise<void> {
    this.conversation = opened.conversation;
    this.messages = opened.messages.data.filter((m) => m.deletedAt === null);
    this.participants = opened.participants.data;
    this.next = { messages: opened.messages.next, participants: opened.participants.next };
    this.ready = true;
    await Promise.all([this.fill("messages"), this.fill("participants")]);
    this.say();
  }

  private async load(part: "messages" | "participants"): Promise<void> {
    const wants = Math.max(0, ...[...this.watchers].filter((w) => w.part === part).map((w) => w.wants));
    const turn = this.turn;
    while (this.next[part] !== "" && this[part].length < wants) {
      const page = await this.transport.call<Page<never>>("conversation." + part, { conversation: this.id, after: this.next[part], limit: Math.min(100, wants - this[part].length) });
      if (turn !== this.turn) return;
      this.next[part] = page.next;
      if (part === "messages") this.messages = [...this.messages, ...(page.data as MessageSnapshot[]).filter((m) => m.deletedAt === null && !this.messages.some((own) => own.id === m.id))];
      else this.participants = [...this.participants, ...(page.data as ParticipantSnapshot[]).filter((p) => !this.participants.some((own) => own.user.id === p.user.id))];
    }
  }

  private say(...parts: Part[]): void {
    for (const watcher of [...this.watchers]) if (parts.length === 0 || parts.includes(watcher.part)) watcher.changed();
  }

  private hear(frame: Frame): void {
    if (frame.type === "user.updated") return this.userChanged(frame.user as UserSnapshot);
    if ((frame.type === "feed.updated" || frame.type === "feed.opened") && this.waits && !this.holds) {
      const items = frame.type === "feed.updated" ? [frame.conversation as unknown as ConversationSnapshot] : (frame.result as Page<ConversationSnapshot>).data;
      if (!items.some((item) => item.id === this.id)) return;
      if (this.opening) this.news = true;
      else void this.open();
      return;
    }
    if (frame.conversation !== this.id || !this.holds) return;
    switch (frame.type) {
      case "opened": {
        const opened = frame.result as Opened;
        this.turn++;
        return void (opened.guest ? this.missing(this.turn) : this.take(opened)).catch((problem) => this.refused(problem as GuestlistError, this.turn));
      }
      case "message.sent":
      case "message.edited":
      case "message.deleted":
      case "message.restored":
        return this.messageChanged(frame.type, frame.message as MessageSnapshot);
      case "participant.joined":
      case "participant.updated":
        return this.participantChanged(frame.participant as ParticipantSnapshot, frame.type === "participant.joined");
      case "participant.left":
        this.participants = this.participants.filter((p) => p.user.id !== frame.user);
        return this.say("participants");
      case "conversation.updated":
      case "rights": {
        const { type: _, e: __, conversation: ___, error: ____, guest: _____, ...fields } = frame;
        this.conversation = { ...this.conversation!, ...(frame.fields as object | undefined), ...fields };
        return this.say("conversation");
      }
      case "typing":
        return this.typed(frame.user as string, String(frame.name ?? ""));
      case "cut":
      case "conversation.deleted":
        this.holds = false;
        this.turn++;
        return void this.lost(frame.error as Refusal | undefined);
    }
  }

  private async lost(why?: Refusal): Promise<void> {
    await this.refused(new GuestlistError({ code: "CONVERSATION_NOT_FOUND", message: "The conversation is gone.", ...why, status: 404 }), this.turn);
  }

  private messageChanged(type: string, message: MessageSnapshot): void {
    const at = this.messages.findIndex((m) => m.id === message.id);
    this.messages = [...this.messages];
    if (type === "message.deleted") {
      if (at >= 0) this.messages.splice(at, 1);
    } else if (at >= 0) this.messages[at] = message;
    else if (type === "message.restored") {
      const oldest = this.messages[this.messages.length - 1];
      if (message.deletedAt !== null || (this.next.messages !== "" && oldest && message.seq < oldest.seq)) return; // else it comes with a page of its own
      this.messages.push(message);
      this.messages.sort((a, b) => b.seq - a.seq);
    }
    else if (type === "message.sent") {
      this.messages.unshift(message);
      this.messages.sort((a, b) => b.seq - a.seq);
      this.arrived++;
      this.conversation = { ...this.conversation!, lastMessage: message };
      if (message.senderId !== null) this.stopTyping(message.senderId);
    }
    this.say("messages", "conversation");
  }

  private participantChanged(participant: ParticipantSnapshot, joined: boolean): void {
    const at = this.participants.findIndex((p) => p.user.id === participant.user.id);
    this.participants = [...this.participants];
    if (at >= 0) this.participants[at] = participant;
    else if (joined || this.next.participants === "") this.participants.unshift(participant); // else they come with a page of their own
    this.say("participants");
  }

  private userChanged(user: UserSnapshot): void {
    if (!this.participants.some((p) => p.user.id === user.id)) return;
    this.participants = this.participants.map((p) => (p.user.id === user.id ? { ...p, user } : p));
    this.say("participants");
  }

  private typed(user: string, name: string): void {
    clearTimeout(this.typing.get(user)?.timer);
    this.typing.set(user, { name, timer: setTimeout(() => this.stopTyping(user), typingFor) });
    this.say("typing");
  }

  private stopTyping(user: string): void {
    const typing = this.typing.get(user);
    if (!typing) return;
    clearTimeout(typing.timer);
    this.typing.delete(user);
    this.say("typing");
  }
}
