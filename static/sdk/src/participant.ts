import type { Refs } from "./refs.js";
import type { ParticipantSnapshot, SetParticipantParams } from "./snapshots.js";
import { Subscription } from "./subscription.js";
import type { GuestlistError } from "./transport.js";

/** One place in a conversation: taken or not. */
export class ParticipantRef {
  /** @internal */
  constructor(private readonly refs: Refs, readonly conversationId: string, readonly userId: string) {}

  private get place(): { conversation: string; user: string } {
    return { conversation: this.conversationId, user: this.userId };
  }

  /** The participant, or null when the user takes no part. Rejects when you don't either and ask for somebody else. */
  get(): Promise<ParticipantSnapshot | null> {
    return this.refs.transport.call("participant.get", this.place);
  }

  /** Adds the participant, or changes who is in already. What is undefined is kept, or as usual for a new one. */
  async set(params: SetParticipantParams = {}): Promise<void> {
    await this.refs.transport.call("participant.set", { ...this.place, set: params });
  }

  /** Changes the participant. Rejects when the user takes no part. */
  async edit(params: SetParticipantParams): Promise<void> {
    await this.refs.transport.call("participant.edit", { ...this.place, set: params });
  }

  /** Adds the participant, unless they take part already: then nothing changes. */
  async createIfNotExists(params: SetParticipantParams = {}): Promise<void> {
    await this.refs.transport.call("participant.createIfNotExists", { ...this.place, set: params });
  }

  /** Takes the participant out. Who takes no part is left so. */
  async delete(): Promise<void> {
    await this.refs.transport.call("participant.delete", this.place);
  }

  /** Hears of the participant and of each change; null when the user takes no part, or you don't. */
  subscribe(onSnapshot?: (snapshot: ParticipantSnapshot | null) => void): Subscription<ParticipantSnapshot | null> {
    return new Subscription<ParticipantSnapshot | null>((sink) => {
      const room = this.refs.room(this.conversationId);
      let told = "";
      const tell = (snapshot: ParticipantSnapshot | null) => {
        const text = JSON.stringify(snapshot);
        if (text === told) return;
        told = text;
        sink.next(snapshot);
      };
      let asked = 0;
      return room.watch({
        part: "participants",
        wants: 0,
        changed: () => {
          const now = ++asked;
          const here = room.participants.find((p) => p.user.id === this.userId);
          if (here) return tell(here);
          if (!room.conversation) return tell(null);
          // They may be further down a list that isn't loaded that far.
          this.get().then((found) => now === asked && tell(found), () => now === asked && tell(null));
        },
        failed: (error: GuestlistError) => sink.fail(error),
      });
    }, onSnapshot);
  }
}
