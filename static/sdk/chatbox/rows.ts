import type { Message } from "./shapes.js";

/** Row is one line of the list of messages. */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | { kind: "message"; key: string; message: Message; own: boolean; head: boolean; last: boolean };

const together = 5 * 60_000;

/**
 * rows puts messages, oldest first, under days and people. What one person sends within five minutes stands under one
 * head. unreadFrom is the first that wasn't read; the line stands above it.
 */
export function rows(messages: Message[], me: string, unreadFrom?: number): Row[] {
  const all: Row[] = [];
  let before: Message | undefined;
  for (const message of messages) {
    const newDay = !before || day(before.createdAt) !== day(message.createdAt);
    if (newDay) all.push({ kind: "day", key: "day" + day(message.createdAt), at: message.createdAt });
    const divided = message.seq === unreadFrom;
    if (divided) all.push({ kind: "unread", key: "unread" });
    if (message.type === "SystemMessage") all.push({ kind: "system", key: message.id, message });
    else {
      const previous = all[all.length - 1];
      const follows = !newDay && !divided && previous.kind === "message" && before!.senderId === message.senderId && before!.guest === message.guest && message.createdAt - before!.createdAt < together;
      if (follows) previous.last = false;
      all.push({ kind: "message", key: message.id, message, own: message.senderId === me, head: !follows, last: true });
    }
    before = message;
  }
  return all;
}

/** day names the local day of a moment. */
export function day(at: number): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`;
}

/**
 * firstUnread is the message above which the unread line stands: the first one behind read that somebody else sent. It is
 * unknown while messages that may be unread as well are not loaded.
 */
export function firstUnread(messages: Message[], me: string, read: number, complete: boolean): number | undefined {
  if (!complete && (messages.length === 0 || messages[0].seq > read)) return undefined;
  return messages.find((m) => m.seq > read && m.senderId !== me && !m.deletedAt)?.seq;
}
