import type { CreateUserParams, SetUserParams, UserSnapshot } from "./snapshots.js";
import { Subscription } from "./subscription.js";
export interface UserOnlineSnapshot {
    user: UserSnapshot;
    isConnected: boolean;
}
export declare class UserRef {
    private readonly refs;
    readonly id: string;
    /** The user, or null when there is none. E-mail and phone are not told to browsers. */
    get(): Promise<UserSnapshot | null>;
    /** Makes or changes the user. Undefined keeps, null removes. A new user needs a name. */
    set(params: SetUserParams): Promise<void>;
    /** Makes the user, unless there is one, who is left as they are. */
    createIfNotExists(params: CreateUserParams): Promise<void>;
    /** Hears of the user and of each change. */
    subscribe(onSnapshot?: (snapshot: UserSnapshot | null) => void): Subscription<UserSnapshot | null>;
    /** Hears whether the user is connected now. */
    subscribeOnline(onSnapshot?: (snapshot: UserOnlineSnapshot | null) => void): Subscription<UserOnlineSnapshot | null>;
    private watch;
    private newsIn;
}
