import type { IncomingMessage } from 'node:http';
import { BodySource, sourceOf } from './body-source.ts';
import type { ReplayBudget } from './replay-budget.ts';

/** Who follows the body as it arrives. */
export type BodyListener = {
  /** Bytes arrived (`chunk`), or the body is complete (null). */
  bodyArrived(chunk: Buffer | null): void;
  bodyTooLarge(): void;
};

/** Bounds of one body, bytes. */
export type BodyLimits = {
  readonly max: number;
  /** Up to this size the body is kept for another account. */
  readonly replay: number;
  readonly replayTotal: number;
};

/** Complete bodies up to this size go upstream as one buffer, larger ones chunk by chunk. */
const ONE_BUFFER = 1024 * 1024;

/** Bytes a body may run ahead of its reader before the client is asked to wait. */
const AHEAD = 256 * 1024;

/** Bytes of a refused body that are still read and thrown away, so that the client can read our answer. */
const DISCARD = 8 * 1024 * 1024;

/** Throws away the body of a refused request, up to the same bound. */
export function discardBody(req: IncomingMessage): void {
  let left = DISCARD;
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.socket.destroy();
  });
}

/**
 * The body of one client request. It is kept chunk by chunk until an account has answered, within the bounds of
 * the settings, so that it can be sent again; beyond the bounds it only streams and can be sent once.
 */
export class RequestBody {
  /** Bytes received. */
  size = 0;
  complete = false;
  /** Bytes announced; null for a chunked body. */
  readonly declared: number | null;
  readonly #req: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly #budget: ReplayBudget;
  #listener: BodyListener | null = null;
  #chunks: Buffer[] = [];
  /** Bytes in `#chunks`, and how many of them are on the budget. */
  #pending = 0;
  #charged = 0;
  #kept = true;
  #consumed = false;
  /** Size at which the body stopped being of interest. */
  #discardFrom: number | null = null;
  #source: BodySource | null = null;
  /** Waits until the body is complete or no longer kept. */
  #collecting: (() => void) | null = null;
  /** For the sweep: size at its last look, and since when it has not changed. */
  #seenSize = -1;
  #seenAt = 0;

  constructor(req: IncomingMessage, limits: BodyLimits, budget: ReplayBudget) {
    this.#req = req;
    this.#limits = limits;
    this.#budget = budget;
    const length = req.headers['content-length'];
    const chunked = req.headers['transfer-encoding'] !== undefined;
    this.declared = chunked ? null : Number(length ?? 0);
    this.complete = this.declared === 0;
    if (this.declared !== null && !this.#fits(this.declared)) this.#kept = false;
  }

  /** Largest body accepted, bytes. */
  get max(): number {
    return this.#limits.max;
  }

  /** Whether the body can (still) be sent from its beginning. */
  get replayable(): boolean {
    return this.#kept || !this.#consumed;
  }

  /** Whether what has arrived is being kept until an account has answered. */
  get kept(): boolean {
    return this.#kept;
  }

  /** Starts reading. */
  start(listener: BodyListener): void {
    this.#listener = listener;
    if (this.complete) return;
    this.#req.on('data', (chunk: Buffer) => this.#arrived(chunk));
    this.#req.on('end', () => this.#ended());
    if (this.declared !== null && this.declared > this.#limits.max) listener.bodyTooLarge();
  }

  /** The body from its beginning, for one try: null when there is none, one buffer when small. */
  open(): Buffer | BodySource | null {
    if (this.complete && this.size === 0) return null;
    if (this.complete && this.size <= ONE_BUFFER && this.#pending === this.size) {
      this.#consumed = true;
      if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.size)];
      return this.#chunks[0] ?? null;
    }
    this.#source?.destroy();
    this.#source = new BodySource(this);
    return this.#source;
  }

  /** Like {@link open}, with other bytes in its place; it can still be sent as it is afterwards. */
  openAs(pieces: readonly Buffer[], size: number): Buffer | BodySource {
    this.#source?.destroy();
    this.#consumed = true;
    return size <= ONE_BUFFER ? Buffer.concat(pieces, size) : sourceOf(pieces);
  }

  /** Every byte of a complete body that is still all here, else null. Not to be changed. */
  all(): readonly Buffer[] | null {
    return this.complete && this.#pending === this.size ? this.#chunks : null;
  }

  /** Ends the running try's reading and calls `done` once the body is complete, or turns out too large to be kept. */
  collect(done: () => void): void {
    this.#source?.destroy();
    this.#collecting = done;
    this.#collected();
  }

  /** Length to announce upstream, or null to send it chunked. */
  get length(): number | null {
    return this.complete ? this.size : this.declared;
  }

  /** All of a small complete body, else null. */
  whole(): Buffer | null {
    if (!this.complete || this.size > ONE_BUFFER || this.#pending !== this.size) return null;
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.size)];
    return this.#chunks[0] ?? null;
  }

  /** No further try will need it: frees what the running one does not. */
  release(): void {
    this.#kept = false;
    this.#consumed = true;
    const source = this.#source;
    this.#drop(source === null ? this.#chunks.length : source.position);
    if (source === null && !this.complete) this.discard();
  }

  /** Throws away what still comes, up to a bound, so that an early answer is not lost to a reset. */
  discard(): void {
    this.#drop(this.#chunks.length);
    if (this.complete || this.#discardFrom !== null) return;
    this.#discardFrom = this.size;
    this.#req.resume();
  }

  /** Whether the client has paused for longer than `idleMs`; called about once a second. */
  idle(now: number, idleMs: number): boolean {
    if (this.complete || this.#req.isPaused() || this.size !== this.#seenSize) {
      this.#seenSize = this.size;
      this.#seenAt = now;
      return false;
    }
    return now - this.#seenAt > idleMs;
  }

  /** See {@link BodySource}. */
  next(source: BodySource): Buffer | 'end' | null {
    if (this.#kept) {
      const chunk = this.#chunks[source.position];
      if (chunk === undefined) return this.#atEnd();
      source.position += 1;
      source.taken += chunk.length;
      this.#consumed = true;
      return chunk;
    }
    const chunk = this.#chunks[0];
    if (chunk === undefined) return this.#atEnd();
    this.#consumed = true;
    this.#drop(1);
    return chunk;
  }

  /** See {@link BodySource}. */
  detached(source: BodySource): void {
    if (this.#source !== source) return;
    this.#source = null;
    if (this.complete) return;
    if (!this.replayable) this.discard();
    else if (this.#req.isPaused()) this.#req.resume();
  }

  #arrived(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.#discardFrom !== null) {
      if (this.size - this.#discardFrom > DISCARD) this.#req.socket.destroy();
      return;
    }
    if (this.size > this.#limits.max) {
      this.#listener?.bodyTooLarge();
      return;
    }
    this.#keep(chunk);
    if (this.size === this.declared) this.complete = true;
    this.#source?.more();
    if (!this.complete && this.#ahead() > AHEAD) this.#req.pause();
    this.#listener?.bodyArrived(chunk);
    this.#collected();
  }

  #ended(): void {
    this.complete = true;
    if (this.#discardFrom !== null) return;
    this.#source?.more();
    this.#listener?.bodyArrived(null);
    this.#collected();
  }

  #collected(): void {
    const done = this.#collecting;
    if (done === null || (this.#kept && !this.complete)) return;
    this.#collecting = null;
    done();
  }

  #atEnd(): 'end' | null {
    if (this.complete) return 'end';
    if (this.#req.isPaused()) this.#req.resume();
    return null;
  }

  /** Bytes that wait for the reader. With none, a body that is kept is read on, so that it can be sent again. */
  #ahead(): number {
    if (!this.#kept) return this.#pending;
    return this.#source === null ? 0 : this.size - this.#source.taken;
  }

  #fits(bytes: number): boolean {
    return bytes <= this.#limits.replay && this.#budget.used + bytes <= this.#limits.replayTotal;
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#pending += chunk.length;
    if (!this.#kept) return;
    if (this.size <= this.#limits.replay && this.#budget.take(chunk.length, this.#limits.replayTotal)) {
      this.#charged += chunk.length;
      return;
    }
    this.#kept = false;
    if (this.#source !== null) this.#drop(this.#source.position);
  }

  /** Forgets the first `count` chunks and gives their bytes back to the budget. */
  #drop(count: number): void {
    if (count === 0) return;
    const gone = count === 1 ? [this.#chunks.shift()] : this.#chunks.splice(0, count);
    for (const chunk of gone) this.#pending -= chunk?.length ?? 0;
    const free = Math.max(0, this.#charged - this.#pending);
    this.#charged -= free;
    this.#budget.give(free);
  }
}
