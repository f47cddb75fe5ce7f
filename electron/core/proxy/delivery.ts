import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { TapResult, UsageTap } from '../usage-ports.ts';
import type { AnswerSink, Attempt } from './attempt.ts';
import { downstreamHeaders } from './headers.ts';
import type { ResourceIdReader } from './resource-ids.ts';

/** What reads along while an answer passes. */
export type Readers = { readonly tap: UsageTap | null; readonly ids: ResourceIdReader | null };

/** After an answer broke off, what is already here gets this long to reach the client, ms. */
const FLUSH_MS = 2000;

/** Ends an answer as broken: the client gets what there is of it, then the end of its connection without its end. */
export function breakOff(res: ServerResponse, clock: Clock): void {
  const { socket } = res;
  if (socket === null) {
    res.destroy();
    return;
  }
  socket.destroySoon();
  clock.after(FLUSH_MS, () => socket.destroy());
}

function uncork(socket: { uncork(): void }): void {
  socket.uncork();
}

/**
 * Passes one answer to the client, chunk by chunk as it comes and no faster than the client reads. Readers see
 * each chunk after it was written and can neither delay nor change it.
 */
export class Delivery implements AnswerSink {
  /** Body bytes handed to the client's connection. */
  bytes = 0;
  readonly #res: ServerResponse;
  readonly #attempt: Attempt;
  readonly #readers: Readers;
  readonly #onBroken: (error: Error) => void;
  #held = false;

  constructor(res: ServerResponse, attempt: Attempt, readers: Readers, onBroken: (error: Error) => void) {
    this.#res = res;
    this.#attempt = attempt;
    this.#readers = readers;
    this.#onBroken = onBroken;
  }

  /**
   * Sends status line and headers, and everything the attempt has. The head leaves with this turn of the event
   * loop, together with what of the body is already here. False when the head holds what HTTP does not allow.
   */
  begin(): boolean {
    const { status, statusMessage, rawHeaders } = this.#attempt;
    try {
      this.#res.writeHead(status, statusMessage, downstreamHeaders(rawHeaders));
    } catch {
      return false;
    }
    const { socket } = this.#res;
    if (socket !== null) {
      socket.cork();
      process.nextTick(uncork, socket);
    }
    this.#res.flushHeaders();
    this.#attempt.deliverTo(this);
    return true;
  }

  data(chunk: Buffer): void {
    this.bytes += chunk.length;
    const flowing = this.#res.write(chunk);
    this.#readers.tap?.write(chunk);
    this.#readers.ids?.write(chunk);
    if (flowing || this.#held) return;
    this.#held = true;
    this.#attempt.pause();
    this.#res.once('drain', () => {
      this.#held = false;
      this.#attempt.resume();
    });
  }

  end(): void {
    this.#res.end();
  }

  broken(error: Error): void {
    this.#onBroken(error);
  }

  /** What the tap found; null when nothing was read. */
  finish(): TapResult | null {
    return this.#readers.tap?.end() ?? null;
  }
}
