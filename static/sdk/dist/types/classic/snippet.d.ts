/** Lets those go on who waited in the snippet's queue. */
export declare function drain(snippet: unknown, ready: Promise<void>): void;
