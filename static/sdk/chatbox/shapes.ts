// What the server shows browsers; see handlers/sdk/shapes.go. Times are milliseconds since 1970.

export type Access = "ReadWrite" | "Read" | "None";

export interface User {
  id: string;
  name: string;
  photoUrl: string | null;
}

export interface Message {
  id: string;
  seq: number;
  type: "UserMessage" | "SystemMessage";
  senderId: string | null;
  senderName: string | null;
  guest?: boolean; // the sender was not on the list then
  text: string;
  custom: Record<string, string>;
  origin: string;
  createdAt: number;
  editedAt: number | null;
  deletedAt: number | null;
}

export interface Conversation {
  id: string;
  subject: string | null;
  photoUrl: string | null;
  welcomeMessages: string[] | null;
  custom: Record<string, string>;
  createdAt: number;
  lastMessage: Message | null;
  access: Access | null; // null for a guest
  joinedAt: number | null;
  unread?: number;
  readSeq?: number;
  participantCount?: number;
}

export interface Participant {
  user: User;
  access: Access;
  joinedAt: number;
}

/** A page of a list; next is the cursor of the one behind it, "" at the end. */
export interface Page<T> {
  data: T[];
  next: string;
}
