import { GuestlistError } from "./transport.js";

/** Gives a token for the session's user: from the page's own server. */
export type TokenFetcher = () => string | Promise<string>;

// A token is renewed this long before it ends, or after nine tenths of a life that is shorter than ten minutes.
const slack = 60_000;

/** Keeps a session's token: the one it was given, or what its fetcher gives, renewed before it ends. */
export class Token {
  fetcher?: TokenFetcher;
  private text: string;
  private fetching?: Promise<string>;
  private since = Date.now();

  constructor(text = "", fetcher?: TokenFetcher) {
    this.text = text;
    this.fetcher = fetcher;
  }

  /** Whether the session proves who it is at all. */
  get used(): boolean {
    return this.text !== "" || this.fetcher !== undefined;
  }

  set(text: string): void {
    if (typeof text !== "string" || text === "") throw new TypeError("Guestlist: a token must be a text that isn't empty.");
    this.text = text;
    this.since = Date.now();
  }

  /** The token to connect with; "" for a session that has none. */
  async current(): Promise<string> {
    if (this.fetcher && (this.text === "" || this.due() <= 0)) return this.renew();
    return this.text;
  }

  /** How long, in milliseconds, until a new token is to be fetched; Infinity when the token has no end. */
  due(): number {
    const end = expiry(this.text);
    const life = end - this.since;
    return end - Math.min(slack, life / 10) - Date.now();
  }

  /** Fetches a new token, once however many ask. */
  renew(): Promise<string> {
    this.fetching ??= (async () => {
      try {
        this.set(await this.fetcher!());
        return this.text;
      } catch (problem) {
        throw new GuestlistError({ code: "TOKEN_FETCH_FAILED", message: "The page's token fetcher failed: " + (problem instanceof Error ? problem.message : String(problem)) });
      } finally {
        this.fetching = undefined;
      }
    })();
    return this.fetching;
  }
}

/** When a token ends, in milliseconds since 1970: Infinity when it doesn't say so. Only the server checks tokens. */
function expiry(token: string): number {
  try {
    const claims = JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))) as { exp?: unknown };
    return typeof claims.exp === "number" ? claims.exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}
