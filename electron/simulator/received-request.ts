import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request as it arrived. The counters stay live while it is being answered. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, in the order and case of the wire. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  /** As received, not decoded. */
  readonly body: Buffer;
  /** The account that the credential belongs to, or null. */
  readonly account: string | null;
  /** UTC ms by the simulator's clock. */
  readonly startedAt: number;
  /** The peer closed the connection before the answer was complete. */
  readonly aborted: boolean;
  /** UTC ms, set once `aborted` is. */
  readonly abortedAt?: number;
  /** Status that was sent, or null before the head. */
  readonly status: number | null;
  /** Bytes of the answer handed to the socket, head and framing included. */
  readonly bytesSent: number;
  /** Resolves when the answer is complete or the connection is gone. */
  readonly closed: Promise<void>;
};

/** Follows one request from its head to the end of its answer. */
export class RequestRecord implements ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingHttpHeaders;
  account: string | null;
  readonly startedAt: number;
  readonly closed: Promise<void>;
  body: Buffer = Buffer.alloc(0);
  aborted = false;
  declare abortedAt?: number;
  /** The simulator broke the connection itself, so its end is not the peer's doing. */
  cutHere = false;
  readonly #res: ServerResponse;
  readonly #socket: IncomingMessage['socket'];
  readonly #before: number;
  #total: number | null = null;

  constructor(req: IncomingMessage, res: ServerResponse, account: string | null, clock: { now(): number }) {
    this.method = req.method ?? '';
    this.url = req.url ?? '';
    this.rawHeaders = req.rawHeaders;
    this.headers = req.headers;
    this.account = account;
    this.startedAt = clock.now();
    this.#res = res;
    this.#socket = req.socket;
    this.#before = req.socket.bytesWritten;
    this.closed = new Promise((resolve) => {
      res.once('close', () => {
        this.#total = this.#socket.bytesWritten - this.#before;
        if (!res.writableFinished && !this.cutHere) {
          this.aborted = true;
          this.abortedAt = clock.now();
        }
        resolve();
      });
    });
  }

  get status(): number | null {
    return this.#res.headersSent ? this.#res.statusCode : null;
  }

  get bytesSent(): number {
    return this.#total ?? this.#socket.bytesWritten - this.#before;
  }
}

/** Requests kept at most, and bytes of their bodies. */
const MAX_REQUESTS = 2000;
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The newest requests, bounded in number and bytes; the oldest go first. */
export class RequestLog {
  readonly entries: ReceivedRequest[] = [];
  #bodyBytes = 0;

  add(entry: ReceivedRequest): void {
    this.entries.push(entry);
    this.#bodyBytes += entry.body.length;
    while (
      this.entries.length > MAX_REQUESTS ||
      (this.#bodyBytes > MAX_BODY_BYTES && this.entries.length > 1)
    ) {
      this.#bodyBytes -= this.entries.shift()?.body.length ?? 0;
    }
  }
}
