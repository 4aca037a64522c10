import { notBuilt } from "./refs.js";
import type { Refs } from "./refs.js";
import type { EditMessageParams, MessageSnapshot } from "./snapshots.js";

export class MessageRef {
  /** @internal */
  constructor(private readonly refs: Refs, readonly conversationId: string, readonly id: string) {}

  private get name(): { conversation: string; message: string } {
    return { conversation: this.conversationId, message: this.id };
  }

  /** The message, or null when there is none or it was deleted. */
  async get(): Promise<MessageSnapshot | null> {
    const message = await this.refs.transport.call<MessageSnapshot | null>("message.get", this.name);
    return message && message.deletedAt === null ? message : null;
  }

  /** Changes a message of your own. */
  async edit(params: string | EditMessageParams): Promise<void> {
    await this.refs.transport.call("message.edit", { ...this.name, set: typeof params === "string" ? { text: params } : params });
  }

  /** Deletes a message of your own. One that is gone already is left so. */
  async delete(): Promise<void> {
    try {
      await this.refs.transport.call("message.delete", this.name);
    } catch (problem) {
      if ((problem as { code?: string }).code !== "MESSAGE_NOT_FOUND") throw problem;
    }
  }

  /** Not there yet. */
  reactions(_emoji: string): never {
    return notBuilt("MessageRef.reactions");
  }

  /** Not there yet. */
  translate(): never {
    return notBuilt("MessageRef.translate");
  }
}
