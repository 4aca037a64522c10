import type { Access, ConversationSnapshot, MessageSnapshot, Notify } from "../snapshots.js";

/** What pages are told of a conversation. Of its participants, only the session's user may be named. */
export interface ConversationData {
  id: string;
  subject: string | null;
  photoUrl: string | null;
  welcomeMessages: string[] | null;
  custom: Record<string, string>;
  participants: Record<string, { access: Access; notify: Notify }>;
}

export interface UnreadConversation {
  conversation: ConversationData;
  lastMessage: MessageSnapshot | null;
  unreadMessageCount: number;
}

export interface MessageEvent extends MessageSnapshot {
  conversation: ConversationData;
  isByMe: boolean;
}

export function conversationData(c: ConversationSnapshot, userId: string): ConversationData {
  const { id, subject, photoUrl, welcomeMessages, custom, access, notify } = c;
  return { id, subject, photoUrl, welcomeMessages, custom, participants: access ? { [userId]: { access, notify: notify ?? true } } : {} };
}
