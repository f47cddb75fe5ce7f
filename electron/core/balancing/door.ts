import { bucketCovers } from '../limits/buckets.ts';
import type { Visit } from '../routing-ports.ts';

/** A ramp begins with one request in flight and lets one more in after each of these, ms. */
const STEP_MS = 250;

/** After this a ramp is over, and a probe that is not answered keeps the others no longer, ms. */
const OPEN_AFTER_MS = 30_000;

/** Bucket of the calls that ask no model for an answer. */
export const ASIDE = 'aside';

/**
 * `probe`: nobody before `from`, then one at a time until one has served; `since`: when the one that is waited for
 * went in. `ramp`: a few more with each step. Steady times, ms.
 */
type Mode =
  | { readonly kind: 'probe'; readonly from: number; since: number | null }
  | { readonly kind: 'ramp'; readonly since: number };

/**
 * What holds back the requests of one bucket of an account. It counts who is inside from its last turn on: places
 * with a lower number were taken before a refusal, or by a probe that was given up. Their answers may run for minutes
 * and prove nothing, so nobody waits for them.
 */
export class Door {
  readonly bucket: string;
  #mode: Mode;
  #turn: number;
  #inside = 0;

  private constructor(bucket: string, turn: number, mode: Mode) {
    this.bucket = bucket;
    this.#turn = turn;
    this.#mode = mode;
  }

  static probe(bucket: string, turn: number, from: number): Door {
    return new Door(bucket, turn, { kind: 'probe', from, since: null });
  }

  static ramp(bucket: string, turn: number, since: number): Door {
    return new Door(bucket, turn, { kind: 'ramp', since });
  }

  covers({ model, inference }: Visit): boolean {
    return this.bucket === ASIDE ? !inference : bucketCovers(this.bucket, model);
  }

  /** Until when nobody goes in at all. */
  get closedUntil(): number {
    return this.#mode.kind === 'probe' ? this.#mode.from : 0;
  }

  /** Holds nobody back any more. */
  isOpen(now: number): boolean {
    return this.#mode.kind === 'ramp' && now - this.#mode.since >= OPEN_AFTER_MS;
  }

  isFull(now: number): boolean {
    const mode = this.#mode;
    if (mode.kind === 'probe') return now < mode.from || this.#inside >= 1;
    return !this.isOpen(now) && this.#inside >= 1 + Math.floor((now - mode.since) / STEP_MS);
  }

  /** `awaited`: others wait already for what comes of it. */
  enter(now: number, awaited: boolean): void {
    this.#inside += 1;
    if (this.#mode.kind !== 'probe') return;
    if (!awaited || this.#mode.since === null) this.#mode.since = now;
  }

  left(place: number): void {
    if (place >= this.#turn) this.#inside = Math.max(0, this.#inside - 1);
  }

  /** Whether that was the probe, so that the others follow in a ramp. */
  served({ inference }: Visit, place: number, now: number): boolean {
    if (this.#mode.kind !== 'probe' || place < this.#turn) return false;
    if (!inference && this.bucket !== ASIDE) return false;
    this.#mode = { kind: 'ramp', since: now };
    return true;
  }

  /** When it lets in more by itself, steady ms. */
  nextChange(now: number): number {
    const mode = this.#mode;
    if (mode.kind === 'ramp') return mode.since + (Math.floor((now - mode.since) / STEP_MS) + 1) * STEP_MS;
    if (now < mode.from) return mode.from;
    return this.#inside > 0 && mode.since !== null ? mode.since + OPEN_AFTER_MS : Number.POSITIVE_INFINITY;
  }

  /** A probe that never ends must not hold everybody else: they follow in a ramp of the next turn. */
  failOpen(now: number, turn: number): void {
    if (this.#mode.kind !== 'probe' || this.nextChange(now) > now) return;
    this.#mode = { kind: 'ramp', since: now };
    this.#turn = turn;
    this.#inside = 0;
  }
}
