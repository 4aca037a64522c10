/** The ES module: what `import` gives. */
import { setScriptHost } from "./session.js";

setScriptHost(scriptOrigin(import.meta.url));

import * as Talk from "./classic/talk.js";

export default Talk;
export { getTalkSession } from "./session.js";
export type { Listening, TalkSession, TalkSessionOptions } from "./session.js";
export { GuestlistError } from "./transport.js";
export type { Refusal } from "./transport.js";
export type { ConversationRef, TypingSnapshot } from "./conversation.js";
export type { MessageRef } from "./message.js";
export type { ParticipantRef } from "./participant.js";
export type { UserOnlineSnapshot, UserRef } from "./user.js";
export type { Subscription, SubscriptionState, WindowedSubscription } from "./subscription.js";
export type * from "./snapshots.js";

/** The server, when the module comes straight from it. Bundled into a page, it knows no server. */
function scriptOrigin(address: string): string | undefined {
  return /^https?:.*\/guestlist\.mjs$/.test(address) ? new URL(address).origin : undefined;
}
