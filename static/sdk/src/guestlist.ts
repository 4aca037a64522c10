/** The ES module: what `import` gives. */
export { GuestlistError } from "./transport.js";
export type { CallOptions, Frame, Refusal, Status, Transport } from "./transport.js";
