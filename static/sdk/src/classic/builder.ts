import type { SetConversationParams, SetParticipantParams } from "../snapshots.js";
import { GuestlistError } from "../transport.js";
import { logRefusal } from "./report.js";
import type { Session } from "./session.js";
import { User } from "./user.js";

export type ConversationAttributes = Omit<SetConversationParams, "notify">;

/**
 * A conversation as the page wants it to be. What is changed here goes to the server when a UI shows the conversation,
 * and at once while one does.
 */
export class ConversationBuilder {
  private attributes: ConversationAttributes = {};
  private changed: ConversationAttributes = {};
  private people = new Map<string, { user: User; settings: SetParticipantParams }>();
  private readonly boxes = new Set<object>();
  private soon = false;

  /** @internal */
  constructor(private readonly session: Session, readonly id: string) {}

  get subject(): string | null | undefined {
    return this.attributes.subject;
  }
  set subject(subject: string | null | undefined) {
    this.setAttributes({ subject });
  }
  get photoUrl(): string | null | undefined {
    return this.attributes.photoUrl;
  }
  set photoUrl(photoUrl: string | null | undefined) {
    this.setAttributes({ photoUrl });
  }
  get welcomeMessages(): string[] | null | undefined {
    return this.attributes.welcomeMessages;
  }
  set welcomeMessages(welcomeMessages: string[] | null | undefined) {
    this.setAttributes({ welcomeMessages });
  }
  get custom(): Record<string, string | null> | null | undefined {
    return this.attributes.custom;
  }
  set custom(custom: Record<string, string | null> | null | undefined) {
    this.setAttributes({ custom });
  }

  /** Adds a user, or changes their settings. What is left out stays as it is; a new participant gets the usual. */
  setParticipant(user: User, settings: SetParticipantParams = {}): void {
    if (!(user instanceof User)) throw new TypeError("Guestlist: setParticipant needs a Talk.User.");
    const before = this.people.get(user.id);
    this.people.set(user.id, { user, settings: defined({ ...before?.settings }, settings) });
    this.later();
  }

  /** Changes the conversation. Undefined keeps, null removes; custom is changed key by key. */
  setAttributes(attributes: ConversationAttributes): void {
    this.attributes = merge(this.attributes, attributes);
    this.changed = merge(this.changed, attributes);
    this.later();
  }

  /** Sends a message as the session's user, after all that was changed here. */
  async sendMessage(text: string, options: { custom?: Record<string, string> } = {}): Promise<void> {
    try {
      const lost = await this.flush();
      if (!lost) await this.session.data.conversation(this.id).send({ text, custom: options.custom });
    } catch (problem) {
      logRefusal("sendMessage", problem);
    }
  }

  /** Takes the session's user out of the conversation. Resolves with whether that was allowed. */
  async leave(): Promise<boolean> {
    try {
      await this.session.data.conversation(this.id).participant(this.session.userId).delete();
      return true;
    } catch (problem) {
      logRefusal("leave", problem);
      return false;
    }
  }

  /** While a box shows the conversation, changes go out at once. @internal */
  shownIn(box: object): void {
    this.boxes.add(box);
  }

  /** @internal */
  leftBy(box: object): void {
    this.boxes.delete(box);
  }

  private later(): void {
    if (this.boxes.size === 0 || this.soon) return;
    this.soon = true;
    queueMicrotask(() => {
      this.soon = false;
      void this.flush();
    });
  }

  /**
   * Sends what was changed. Resolves, as soon as the conversation is there and all else is under way, with nothing, or
   * with why the conversation can't be had. Each refusal is logged once. @internal
   */
  async flush(asGuest = false): Promise<GuestlistError | undefined> {
    const attributes = this.changed;
    const people = [...this.people.values()];
    const changes = Object.keys(attributes).length > 0;
    this.changed = {};
    this.people = new Map();
    if (!changes && people.length === 0) return undefined;

    const ref = this.session.data.conversation(this.id);
    const logged = new Set<unknown>();
    const log = (what: string) => (problem: GuestlistError) => {
      if (logged.has(problem.code)) return;
      logged.add(problem.code);
      logRefusal(what, problem);
    };
    for (const { user } of people) void this.session.synchronize(user);
    try {
      if (people.some(({ user }) => user.id === this.session.userId)) await ref.createIfNotExists(attributes);
      else if (!(await ref.get()) && !asGuest) throw strangers(this.id);
    } catch (problem) {
      log("getOrCreateConversation")(problem as GuestlistError);
      return problem as GuestlistError;
    }
    if (changes) ref.set(attributes).catch(log("setAttributes"));
    for (const { user, settings } of people) ref.participant(user.id).set(settings).catch(log("setParticipant"));
    return undefined;
  }
}

/** What a page is told whose user can't see a conversation. @internal */
export function strangers(id: string): GuestlistError {
  return new GuestlistError({
    code: "CONVERSATION_NOT_FOUND",
    status: 404,
    message: `The conversation “${id}” does not exist or does not belong to you. Check its id. To take part, call conversation.setParticipant(me) before it is shown, or have your server add the user.`,
  });
}

function defined<T extends object>(into: T, from: T): T {
  for (const [key, value] of Object.entries(from)) if (value !== undefined) Object.assign(into, { [key]: value });
  return into;
}

function merge(a: ConversationAttributes, b: ConversationAttributes): ConversationAttributes {
  const all = defined({ ...a }, b);
  if (b.custom && a.custom) all.custom = defined({ ...a.custom }, b.custom);
  return all;
}
