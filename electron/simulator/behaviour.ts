import type { IncomingMessage, ServerResponse } from 'node:http';

/** Response header fields; an array sends the field more than once. */
export type ResponseHeaders = Record<string, string | string[]>;

/** The `error` member of the API's error envelope (API errors reference). */
export type ErrorDetail = { type: string; message: string; details?: Record<string, unknown> };

/** What the simulator does with a request that a script matches. */
export type Behaviour =
  /** The usual answer, with these headers added or put in place of its own. */
  | { kind: 'normal'; headers?: ResponseHeaders }
  /** An API error: the envelope is filled in, with `request_id` equal to the `request-id` header. */
  | { kind: 'error'; status: number; error: ErrorDetail; headers?: ResponseHeaders }
  /** Exactly this, nothing added. Objects are sent as JSON. `chunked` leaves out `content-length`. */
  | {
      kind: 'respond';
      status: number;
      headers?: ResponseHeaders;
      body?: string | Buffer | object;
      chunked?: boolean;
    }
  /** Waits `delayMs` before the first byte of what follows (default: the usual answer). */
  | { kind: 'slow'; delayMs: number; then?: Behaviour }
  /** Never answers, or not before `released` resolves; see `hold()`. */
  | { kind: 'hold'; released?: Promise<void>; then?: Behaviour }
  /** A streamed answer that breaks off after so many whole events or bytes of the body; the socket is destroyed. */
  | { kind: 'cut-stream'; afterEvents?: number; afterBytes?: number }
  /** A plain answer that breaks off, by default half-way. */
  | { kind: 'cut-body'; framing: 'content-length' | 'chunked'; afterBytes?: number }
  /** A streamed answer that ends in an `error` event instead of `message_stop`. */
  | { kind: 'stream-error'; afterEvents?: number; error: ErrorDetail }
  /** A streamed answer whose text never ends; `intervalMs` between events (default 10). */
  | { kind: 'endless-stream'; intervalMs?: number }
  /** TCP reset before any byte of an answer. */
  | { kind: 'reset' }
  /** `body`: a 200 that claims JSON and is not. `protocol`: bytes that are not HTTP. */
  | { kind: 'garbage'; layer?: 'body' | 'protocol' }
  /** Everything else. Must end `res` or destroy its socket. */
  | { kind: 'custom'; handle: (req: IncomingMessage, res: ServerResponse) => void };

/** A `hold` behaviour and the switch that lets every request held by it go on. */
export type Hold = { behaviour: Behaviour; release(): void };

/** Holds matching requests until `release()`, then goes on with `then` (default: the usual answer). */
export function hold(then?: Behaviour): Hold {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { behaviour: { kind: 'hold', released, ...(then ? { then } : {}) }, release };
}
