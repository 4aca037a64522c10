import type { SetUserParams } from "../snapshots.js";

export interface UserOptions extends Omit<SetUserParams, "name" | "email"> {
  id: string | number;
  name: string;
  /** Null when there is none, or when it is not to be known here. */
  email: string | string[] | null;
  /** An old name of role. */
  configuration?: string | null;
}

/** A user as the page knows them: by their id alone, or with all that is to be known of them. */
export class User {
  readonly id: string;
  readonly name?: string;
  readonly email?: string | string[] | null;
  readonly phone?: string | string[] | null;
  readonly photoUrl?: string | null;
  readonly role?: string | null;
  readonly locale?: string | null;
  readonly welcomeMessage?: string | null;
  readonly custom?: Record<string, string | null> | null;

  constructor(options: string | number | UserOptions) {
    const o = (typeof options === "object" && options !== null ? options : { id: options }) as UserOptions;
    if ((typeof o.id !== "string" && typeof o.id !== "number") || o.id === "") throw new TypeError("Guestlist: a Talk.User needs an id, a text or a number.");
    this.id = String(o.id);
    if (typeof options !== "object") return;
    if (typeof o.name !== "string" || o.name === "") throw new TypeError(`Guestlist: Talk.User “${this.id}” needs a name. To use who is known to the server already, pass the id alone: new Talk.User("${this.id}").`);
    if (o.email === undefined) throw new TypeError(`Guestlist: Talk.User “${this.id}” needs an email; pass email: null if there is none to be known.`);
    const { id: _, configuration, ...rest } = o;
    Object.assign(this, rest);
    this.role = o.role === undefined ? configuration : o.role;
    if (this.role === undefined) console.warn(`[Guestlist] Talk.User “${this.id}” has no role; the default one is used.`);
  }

  /** What is to be sent of the user; nothing when only the id is known. @internal */
  get profile(): SetUserParams | undefined {
    if (this.name === undefined) return undefined;
    const { name, phone, photoUrl, role, locale, welcomeMessage, custom } = this;
    const list = (x: string | string[] | null | undefined) => (typeof x === "string" ? [x] : x);
    return { name, email: list(this.email), phone: list(phone), photoUrl, role, locale, welcomeMessage, custom };
  }
}
