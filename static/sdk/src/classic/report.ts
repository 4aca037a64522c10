import { reportLater } from "../subscription.js";

/** Says a refusal once: which call, the code, what happened and what to do. */
export function logRefusal(what: string, problem: unknown): void {
  const { code, message, hint } = problem as { code?: string; message?: string; hint?: string };
  console.error(`[Guestlist] ${what} was refused. ${code ?? "ERROR"}: ${message ?? String(problem)}${hint ? " " + hint : ""}`);
}

/** What a listener gives back: the way to stop listening. */
export interface Listening {
  unsubscribe(): void;
}

/** The listeners of one event. A listener that throws stops no other. */
export class Listeners<E> {
  private readonly all = new Set<(event: E) => void>();

  add(listener: (event: E) => void): Listening {
    if (typeof listener !== "function") throw new TypeError("Guestlist: a listener must be a function.");
    const own = (event: E) => listener(event); // the same function may listen twice
    this.all.add(own);
    return { unsubscribe: () => void this.all.delete(own) };
  }

  tell(event: E): void {
    for (const listener of [...this.all]) {
      try {
        listener(event);
      } catch (problem) {
        reportLater(problem);
      }
    }
  }
}
