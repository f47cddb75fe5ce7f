import type { Clock } from '../clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a refused credential rests before each trial, ms; `endless`: the last rest is repeated. */
type Patience = { readonly rests: readonly number[]; readonly endless: boolean };

/** A key, or a token that nobody can renew: a short burst of wrong refusals must not need the user. */
export const STUBBORN: Patience = { rests: [10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS], endless: true };

/** A login that was refused although it had just been renewed. */
export const ONCE: Patience = { rests: [HOUR_MS], endless: false };

type Trial = { refusals: number; dueAt: number; running: boolean; endsAt: number };

/** A request that carried a refused credential and has not come back by then keeps the next from trying no longer. */
const TRIAL_MS = 60_000;

/** When which refused credential is tried again, by one request at a time. In memory: a start begins anew. */
export class RefusalTrials {
  readonly #clock: Clock;
  readonly #trials = new Map<string, Trial>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The credential was refused, for the first time or in its trial: it rests, longer each time. */
  refused(id: string, { rests, endless }: Patience): void {
    const refusals = (this.#trials.get(id)?.refusals ?? 0) + 1;
    const rest = rests[refusals - 1] ?? (endless ? rests.at(-1) : undefined) ?? Number.POSITIVE_INFINITY;
    this.#trials.set(id, { refusals, dueAt: this.#clock.monotonic() + rest, running: false, endsAt: 0 });
  }

  /** Whether a request may try it now. */
  due(id: string): boolean {
    const trial = this.#trials.get(id);
    if (trial === undefined) return false;
    const now = this.#clock.monotonic();
    return now >= trial.dueAt && (!trial.running || now >= trial.endsAt);
  }

  /** Takes the trial for one request. */
  begin(id: string): void {
    const trial = this.#trials.get(id);
    if (trial === undefined) return;
    trial.running = true;
    trial.endsAt = this.#clock.monotonic() + TRIAL_MS;
  }

  /** Whether a request that carries the credential is on its way. */
  running(id: string): boolean {
    return this.#trials.get(id)?.running === true;
  }

  known(id: string): boolean {
    return this.#trials.has(id);
  }

  forget(id: string): void {
    this.#trials.delete(id);
  }
}
