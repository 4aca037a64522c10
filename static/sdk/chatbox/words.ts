// The sentences that the chat says by itself, and how it writes times.
import type { Refusal } from "../src/transport.js";
import type { Icon } from "./icons.js";
import { day } from "./rows.js";

const locale = navigator.language?.startsWith("en") ? navigator.language : "en-GB";
const twelve = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12;
const clock = new Intl.DateTimeFormat(locale, { hour: twelve ? "numeric" : "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "long" });
const date = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const dateAndYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

export const time = (at: number): string => clock.format(at);
export const moment = (at: number): string => full.format(at);

const daysAgo = (at: number, now: number) => Math.round((new Date(now).setHours(12, 0, 0, 0) - new Date(at).setHours(12, 0, 0, 0)) / 86_400_000);

export function dayName(at: number, now = Date.now()): string {
  const ago = daysAgo(at, now);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  if (ago > 1 && ago < 7) return weekday.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? date.format(at) : dateAndYear.format(at);
}

/** short is a time in a list: of today the clock, of this week the day, else the date. */
export function short(at: number, now = Date.now()): string {
  return day(at) === day(now) ? time(at) : dayName(at, now);
}

/** historySince says to whom earlier messages aren't shown from when on they see them. */
export const historySince = (at: number): string => `You see what was written since ${moment(at)}.`;

export function people(count: number, more: boolean): string {
  return more ? `More than ${count} people` : count === 1 ? "1 person" : `${count.toLocaleString(locale)} people`;
}

/** list is "Ana", "Ana and Tom", "Ana, Tom and 3 others". */
export function list(names: string[], most = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  const rest = names.length - most;
  if (rest > 0) return names.slice(0, most).join(", ") + ` and ${rest} ${rest === 1 ? "other" : "others"}`;
  return names.slice(0, -1).join(", ") + " and " + names[names.length - 1];
}

/** Trouble is a whole panel in place of a conversation. */
export interface Trouble {
  icon: Icon;
  title: string;
  text: string;
  act?: "retry" | "again" | "feed";
  more?: string; // for whoever owns the page
}

const owner = (refusal: Refusal) => (refusal.requestId ? `${refusal.code} · ${refusal.requestId}` : refusal.code);

/** trouble says what a refusal means for the person in front of it. at is when a conversation that was open got lost. */
export function trouble(refusal: Refusal, at?: number): Trouble {
  const said = refusal.message + (refusal.hint && !refusal.message.includes(refusal.hint) ? " " + refusal.hint : "");
  const when = at ? ` at ${time(at)}` : "";
  switch (refusal.code) {
    case "REMOVED":
    case "NOT_A_PARTICIPANT":
      return { icon: "door", title: "You were removed from this conversation", text: `Someone who runs it took you off the list${when}. You can’t read new messages. What you wrote stays.`, act: "feed" };
    case "ACCESS_ENDED":
      return { icon: "door", title: "Your access to this conversation has ended", text: `It was for a limited time, which is over${when}. Ask the people who run it if you still need it. What you wrote stays.`, act: "retry" };
    case "LEFT":
      return { icon: "door", title: "You left this conversation", text: "You won’t get its messages any more. What you wrote stays.", act: "feed" };
    case "GUEST_BLOCKED":
      return { icon: "slash", title: "You were shown out of this chat", text: said, act: "retry" };
    case "BANNED":
      return { icon: "slash", title: "You are banned from this chat", text: said };
    case "GUESTS_NOT_ALLOWED":
      return { icon: "slash", title: "Guests can’t come in right now", text: "This chat is only for its participants. If you should be one, ask the people who run it to add you.", act: "retry", more: "Owner of this page: guests come in when the app’s guest policy and this conversation’s setting both allow it. Both are in the dashboard." };
    case "ACCESS_NONE":
      return { icon: "slash", title: "You have no access to this conversation", text: "The people who run it took your access away. What you wrote stays.", act: "retry" };
    case "CONVERSATION_NOT_FOUND":
    case "NOT_YOURS":
    case "PARTICIPANT_NOT_FOUND":
      return { icon: "lost", title: "This conversation isn’t here", text: "It doesn’t exist, or you are not one of its participants.", act: "retry", more: "Owner of this page: create it and add the user (getOrCreateConversation, setParticipant) before you select it." };
    case "CONVERSATION_DELETED":
      return { icon: "lost", title: "This conversation was deleted", text: `Someone who runs it deleted it${when}. Its messages are gone.`, act: "feed" };
    case "SIGNED_IN_ELSEWHERE":
      return { icon: "devices", title: "You’re signed in elsewhere", text: "This chat was opened in too many windows, so it stopped here. Nothing is lost.", act: "again" };
    case "TOKEN_EXPIRED":
      return { icon: "key", title: "Your sign-in has run out", text: "Reload the page to go on. Nothing is lost.", act: "again", more: "Owner of this page: give the session a tokenFetcher, so that it gets a new token in time." };
    case "IDENTITY_REQUIRED":
    case "BAD_CREDENTIAL":
    case "KEY_DEACTIVATED":
    case "SIGNATURES_NOT_ACCEPTED":
    case "SECRET_KEY_EXPOSED":
      return { icon: "key", title: "This chat doesn’t know who you are", text: "Sign in again on this page, then reload it.", act: "again", more: `Owner of this page: ${said}` };
    case "ORIGIN_NOT_ALLOWED":
      return { icon: "globe", title: "This chat can’t be used on this page", text: "The page’s address is not one that the chat is allowed on.", more: "Owner of this page: add its origin to the allowed origins, in Settings > Browser." };
    case "USER_NOT_FOUND":
      return { icon: "lost", title: "This chat doesn’t know you yet", text: "Reload the page, or tell the people who run it.", act: "retry", more: `Owner of this page: ${said}` };
    case "USER_SYNC_DISALLOWED":
    case "CONVERSATION_SYNC_DISALLOWED":
      return { icon: "slash", title: "This chat can’t be set up from here", text: "Tell the people who run this page.", act: "retry", more: `Owner of this page: ${said}` };
    case "APP_NOT_FOUND":
      return { icon: "lost", title: "This chat isn’t here any more", text: "The people who run it took it away." };
  }
  return { icon: "alert", title: "This chat can’t be shown", text: said, act: "retry", more: owner(refusal) };
}
