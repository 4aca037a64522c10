// What the server shows browsers; see handlers/sdk/shapes.go. Times are milliseconds since 1970.
import type { ConversationSnapshot, MessageSnapshot } from "../src/snapshots.js";

export type { Page } from "../src/snapshots.js";

export type Access = "ReadWrite" | "Read" | "None";

export interface User {
  id: string;
  name: string;
  photoUrl: string | null;
}

// Beside what pages are told, these have what the chatbox alone shows.

export interface Message extends MessageSnapshot {
  guest?: boolean; // the sender was not on the list then
}

export interface Conversation extends ConversationSnapshot {
  readSeq?: number;
  participantCount?: number;
}

export interface Participant {
  user: User;
  access: Access;
  joinedAt: number;
}
