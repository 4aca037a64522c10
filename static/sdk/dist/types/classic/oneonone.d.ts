import type { User } from "./user.js";
/** The id of the conversation that two users have with each other, whoever of them asks. */
export declare function oneOnOneId(a: string | number | User, b: string | number | User): string;
/** SHA-1 in hex, at once: the browser's own is only there to wait for. It names; it protects nothing. */
export declare function sha1(text: string): string;
