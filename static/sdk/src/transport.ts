/** What a refusal carries. The code is stable; the message is a sentence for a person; the hint says what to do. */
export interface Refusal {
  code: string;
  message: string;
  hint?: string;
  reasons?: Record<string, string[]>;
  requestId?: string;
  status?: number;
}

/** A refusal or a failure, with its stable code and, where there is something to do, a hint. */
export class GuestlistError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly reasons?: Record<string, string[]>;
  readonly requestId?: string;
  readonly status: number;

  constructor(r: Refusal) {
    super(r.message);
    this.name = "GuestlistError";
    this.code = r.code;
    this.hint = r.hint;
    this.reasons = r.reasons;
    this.requestId = r.requestId;
    this.status = r.status ?? 0;
  }

  /** The error as it travels over a port. */
  toJSON(): Refusal {
    const { code, message, hint, reasons, requestId, status } = this;
    return { code, message, hint, reasons, requestId, status };
  }
}

/** Something the server says unasked. A frame with an `e` that was seen already is dropped before anybody hears of it. */
export interface Frame {
  type: string;
  e?: number;
  conversation?: string;
  [key: string]: unknown;
}

/** Whether the server is within reach. A terminated session never comes back; make a new one. */
export interface Status {
  connected: boolean;
  terminated?: GuestlistError;
}

/** The way to the server: the socket in a page, the port in an iframe. */
export interface Transport {
  /** Runs a command. Calls run in the order in which they were made; those made too early wait. Rejects with GuestlistError. */
  call<T>(command: string, args: object, options?: CallOptions): Promise<T>;
  /** Hears every frame from now on, until the function it returns is called. */
  onFrame(listener: (frame: Frame) => void): () => void;
  /** Hears the status, at once and whenever it changes, until the function it returns is called. */
  onStatus(listener: (status: Status) => void): () => void;
}

export interface CallOptions {
  asGuest?: boolean;
}
