// What is known of the conversation that is open, and what each frame makes of it. Nothing here waits or asks: chat.ts does.
import type { Frame, Refusal } from "../src/transport.js";
import type { Access, Conversation, Message, Page, Participant } from "./shapes.js";

/** A message of one's own on its way. */
export interface Outgoing {
  key: string;
  text: string;
  at: number;
  behind: number; // seq of the last message known when it left: it can only be stored behind that one
  state: "waiting" | "sending" | "unsure" | "failed"; // unsure: nobody knows whether it was stored
  error?: Refusal;
}

export interface Room {
  id: string;
  asGuest: boolean;
  phase: "loading" | "open" | "lost";
  conversation?: Conversation;
  access: Access;
  guest: boolean;
  messages: Message[]; // oldest first
  next: string; // cursor of what is older, "" when there is nothing
  participants: Participant[];
  moreParticipants: string;
  readers: Record<string, number>; // seq up to which each has read
  typing: Record<string, { name: string; until: number }>;
  online: Record<string, boolean>;
  unreadFrom?: number;
  error?: Refusal; // why it is lost
  lostAt?: number; // when, if it was open before
}

/** What conversation.open answers. */
export interface Opened {
  conversation: Conversation;
  access: Access | null; // null for none
  guest: boolean;
  messages: Page<Message>; // newest first
  participants: Page<Participant>;
  readers?: Record<string, number>;
}

export const typingTime = 10_000;

export function enter(id: string, asGuest: boolean): Room {
  return { id, asGuest, phase: "loading", access: "None", guest: false, messages: [], next: "", participants: [], moreParticipants: "", readers: {}, typing: {}, online: {} };
}

/** open is the room once it was opened, or opened again: pages are what the database says of the window shown, newest first. */
export function open(room: Room, opened: Opened, older: Page<Message>[] = []): Room {
  const pages = [opened.messages, ...older];
  return {
    ...room,
    phase: "open",
    conversation: opened.conversation,
    access: opened.access ?? "None",
    guest: opened.guest,
    messages: merge([], pages.flatMap((p) => p.data)),
    next: pages[pages.length - 1].next,
    participants: opened.participants.data,
    moreParticipants: opened.participants.next,
    readers: opened.readers ?? {},
    typing: {},
    error: undefined,
    lostAt: undefined,
  };
}

/** merge is the messages with more among them, by their order; of one that is in both, the newer state. */
export function merge(messages: Message[], more: Message[]): Message[] {
  const all = new Map(messages.map((m) => [m.seq, m]));
  for (const m of more) if (!older(m, all.get(m.seq))) all.set(m.seq, m);
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

// older tells a state of a message that came late: nothing undoes a deletion, and edits only go on.
function older(m: Message, known?: Message): boolean {
  if (!known) return false;
  return (!!known.deletedAt && !m.deletedAt) || (!m.deletedAt && (m.editedAt ?? 0) < (known.editedAt ?? 0));
}

/** apply is the room after a frame about its conversation. */
export function apply(room: Room, frame: Frame, now: number): Room {
  if (frame.conversation !== room.id) return about(room, frame);
  switch (frame.type) {
    case "message.sent":
    case "message.edited":
    case "message.deleted": {
      const message = frame.message as Message;
      const inWindow = room.next === "" || room.messages.length === 0 || message.seq >= room.messages[0].seq;
      if (!inWindow) return room;
      const typing = { ...room.typing };
      if (message.senderId) delete typing[message.senderId];
      return { ...room, messages: merge(room.messages, [message]), typing };
    }
    case "message.restored": {
      const message = frame.message as Message; // by an admin who had deleted it: the one way back
      const inWindow = room.next === "" || room.messages.length === 0 || message.seq >= room.messages[0].seq;
      return inWindow ? { ...room, messages: merge(room.messages.filter((m) => m.seq !== message.seq), [message]) } : room;
    }
    case "message.read": {
      const user = String(frame.user);
      return { ...room, readers: { ...room.readers, [user]: Math.max(room.readers[user] ?? 0, Number(frame.seq)) } };
    }
    case "typing":
      return { ...room, typing: { ...room.typing, [String(frame.user)]: { name: String(frame.name ?? ""), until: now + typingTime } } };
    case "participant.joined":
    case "participant.updated": {
      const participant = frame.participant as Participant;
      const known = room.participants.some((p) => p.user.id === participant.user.id);
      const participants = known ? room.participants.map((p) => (p.user.id === participant.user.id ? participant : p)) : [participant, ...room.participants];
      return counted({ ...room, participants }, known ? 0 : frame.type === "participant.joined" ? 1 : 0);
    }
    case "participant.left":
      return counted({ ...room, participants: room.participants.filter((p) => p.user.id !== frame.user) }, -1);
    case "conversation.updated":
      return room.conversation ? { ...room, conversation: { ...room.conversation, ...fields(frame) } } : room;
    case "conversation.deleted":
      return lose(room, { code: "CONVERSATION_DELETED", message: "This conversation was deleted." }, now);
    case "rights":
      return { ...room, access: (frame.access as Access | null) ?? "None", guest: Boolean(frame.guest) };
    case "cut":
      return room.phase === "lost" ? room : lose(room, asRefusal(frame.error), now);
  }
  return room;
}

function about(room: Room, frame: Frame): Room {
  if (frame.type === "online") {
    const user = typeof frame.user === "string" ? frame.user : (frame.user as { id: string } | null)?.id;
    return user && user in room.online ? { ...room, online: { ...room.online, [user]: Boolean(frame.online) } } : room;
  }
  if (frame.type === "user.updated") {
    const user = frame.user as Participant["user"];
    return {
      ...room,
      participants: room.participants.map((p) => (p.user.id === user.id ? { ...p, user: { ...p.user, ...user } } : p)),
      messages: room.messages.map((m) => (m.senderId === user.id ? { ...m, senderName: user.name } : m)),
    };
  }
  return room;
}

// fields are those of a conversation that a frame brings.
function fields(frame: Frame): Partial<Conversation> {
  const known = ["subject", "photoUrl", "welcomeMessages", "custom", "participantCount"] as const;
  return Object.fromEntries(known.filter((key) => key in frame).map((key) => [key, frame[key]]));
}

function counted(room: Room, by: number): Room {
  const count = room.conversation?.participantCount;
  return count === undefined || by === 0 ? room : { ...room, conversation: { ...room.conversation!, participantCount: Math.max(0, count + by) } };
}

/**
 * lose takes away what may no longer be seen: who was removed or shut out keeps nothing but the reason. A late try to come
 * in again finds nothing here, which says less than the reason.
 */
export function lose(room: Room, error: Refusal, now: number): Room {
  if (room.phase === "lost" && room.lostAt && error.code === "CONVERSATION_NOT_FOUND") return room;
  const wasOpen = room.phase === "open";
  return { ...enter(room.id, room.asGuest), phase: "lost", error, lostAt: wasOpen ? now : room.lostAt, conversation: keepsName(error) ? room.conversation : undefined };
}

// keepsName tells losses after which a former participant is still shown what the conversation is called.
const keepsName = (error: Refusal) => ["REMOVED", "LEFT", "ACCESS_ENDED"].includes(error.code);

/** asRefusal reads an error as the server writes it: its code is called errorCode there. */
export function asRefusal(error: unknown): Refusal {
  const e = (error ?? {}) as Record<string, any>;
  return { code: String(e.code ?? e.errorCode ?? "UNKNOWN").toUpperCase(), message: String(e.message ?? "Something went wrong."), hint: e.hint, reasons: e.reasons, requestId: e.requestId, status: e.status };
}

/** stored tells which of the outgoing messages have arrived although their answer was lost, by what the room shows. */
export function stored(room: Room, outgoing: Outgoing[], me: string): Set<string> {
  const free = room.messages.filter((m) => m.senderId === me);
  const found = new Set<string>();
  for (const o of outgoing) {
    const at = o.state === "unsure" ? free.findIndex((m) => m.seq > o.behind && m.text === o.text) : -1;
    if (at >= 0) {
      free.splice(at, 1);
      found.add(o.key);
    }
  }
  return found;
}
