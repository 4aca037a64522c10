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
export declare class User {
    readonly id: string;
    readonly name?: string;
    readonly email?: string | string[] | null;
    readonly phone?: string | string[] | null;
    readonly photoUrl?: string | null;
    readonly role?: string | null;
    readonly locale?: string | null;
    readonly welcomeMessage?: string | null;
    readonly custom?: Record<string, string | null> | null;
    constructor(options: string | number | UserOptions);
}
