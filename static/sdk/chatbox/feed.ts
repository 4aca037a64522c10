// The list of one's conversations, newest activity first.
import type { Line } from "../src/port.js";
import type { Frame, Refusal } from "../src/transport.js";
import { asRefusal } from "./room.js";
import type { Conversation, Page } from "./shapes.js";

export interface Feed {
  phase: "loading" | "open" | "failed";
  items: Conversation[];
  next: string;
  error?: Refusal;
}

export const activity = (c: Conversation): number => Math.max(c.joinedAt ?? c.createdAt, c.lastMessage?.createdAt ?? 0);

/** sorted puts conversations in order, each once, the later state of it. */
export function sorted(items: Conversation[]): Conversation[] {
  return [...new Map(items.map((c) => [c.id, c])).values()].sort((a, b) => activity(b) - activity(a) || (a.id < b.id ? -1 : 1));
}

const opened = (page: Page<Conversation>): Feed => ({ phase: "open", items: sorted(page.data), next: page.next });

/** applyToFeed is the list after a frame. After a gap the page opens it again, and tells so. */
export function applyToFeed(feed: Feed, frame: Frame): Feed {
  if (frame.type === "feed.opened") return opened(frame.result as Page<Conversation>);
  if (feed.phase !== "open") return feed;
  if (frame.type === "feed.updated") {
    const item = frame.conversation as unknown as Conversation;
    const last = feed.items[feed.items.length - 1];
    const inWindow = !feed.next || !last || activity(item) >= activity(last) || feed.items.some((c) => c.id === item.id);
    return inWindow ? { ...feed, items: sorted([...feed.items, item]) } : feed;
  }
  if (frame.type === "feed.removed") return { ...feed, items: feed.items.filter((c) => c.id !== frame.conversation) };
  return feed;
}

/** waiting is how many conversations have something unread. */
export const waiting = (feed: Feed): number => feed.items.filter((c) => (c.unread ?? 0) > 0).length;

export class FeedReader {
  feed: Feed = { phase: "loading", items: [], next: "" };
  private off: () => void;
  private loading = false;

  constructor(private line: Line, private changed: () => void) {
    this.off = line.onFrame((frame) => this.set(applyToFeed(this.feed, frame)));
    void this.open();
  }

  private set(feed: Feed): void {
    if (feed === this.feed) return;
    this.feed = feed;
    this.changed();
  }

  async open(): Promise<void> {
    try {
      this.set(opened(await this.line.call<Page<Conversation>>("feed.open", {})));
    } catch (problem) {
      this.set({ ...this.feed, phase: "failed", error: asRefusal(problem) });
    }
  }

  async more(): Promise<void> {
    if (this.loading || !this.feed.next) return;
    this.loading = true;
    try {
      const page = await this.line.call<Page<Conversation>>("conversation.list", { after: this.feed.next });
      this.set({ ...this.feed, items: sorted([...page.data, ...this.feed.items]), next: page.next });
    } catch {
      // scrolling asks again
    } finally {
      this.loading = false;
    }
  }

  dispose(): void {
    this.off();
    if (this.feed.phase === "open") this.line.call("feed.close", {}).catch(() => undefined);
  }
}
