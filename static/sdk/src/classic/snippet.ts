import { reportLater } from "../subscription.js";

/** What the loading snippet puts in Talk's place until the script is here: those who wait, as [call, resolve, reject]. */
interface Waiting {
  ready?: { c?: [call?: (value: void) => unknown, resolve?: (value: unknown) => void, reject?: (problem: unknown) => void][] };
}

/** Lets those go on who waited in the snippet's queue. */
export function drain(snippet: unknown, ready: Promise<void>): void {
  for (const [call, resolve, reject] of (snippet as Waiting | undefined)?.ready?.c ?? []) {
    ready.then(call).then(resolve, reject ?? reportLater);
  }
}
