import type { Clock, Timer } from '../clock.ts';

/** A ramp begins with one request in flight and lets one more in after each of these, ms. */
const STEP_MS = 250;

/** After this a ramp is over, and nobody waits longer than this, ms. */
const OPEN_AFTER_MS = 30_000;

/** `probe`: one at a time until one has served. `ramp`: a few more with each step. */
type Mode = { readonly kind: 'open' } | { readonly kind: 'probe' | 'ramp'; readonly since: number };

type Waiter = { readonly ready: () => void; readonly deadline: Timer };

/** The way into one account: who is inside, who waits, and how many may be in there now. */
export class Door {
  readonly #clock: Clock;
  #mode: Mode = { kind: 'open' };
  /** In there since the last refusal. */
  #inside = 0;
  /** In there from before it: their answers may run for minutes and prove nothing, so no probe waits for them. */
  #earlier = 0;
  readonly #waiters = new Set<Waiter>();
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a place if there is one. */
  tryEnter(): boolean {
    if (this.#inside >= this.#places()) return false;
    this.#inside += 1;
    return true;
  }

  /** See {@link AdmissionGate.wait}. */
  wait(ready: () => void): () => void {
    const waiter: Waiter = {
      ready,
      deadline: this.#clock.after(OPEN_AFTER_MS, () => this.#failOpen(waiter)),
    };
    this.#waiters.add(waiter);
    this.#tick();
    return () => {
      this.#waiters.delete(waiter);
      waiter.deadline.cancel();
    };
  }

  /** It served: a probe has succeeded, and the others follow in a ramp. */
  served(): void {
    if (this.#mode.kind !== 'probe') return;
    this.#mode = { kind: 'ramp', since: this.#clock.monotonic() };
    this.#wake();
  }

  /** It refuses: the next one in is a probe, and everybody who waits looks for another account. */
  refused(): void {
    this.#mode = { kind: 'probe', since: this.#clock.monotonic() };
    this.#earlier += this.#inside;
    this.#inside = 0;
    this.dismiss();
  }

  ramp(): void {
    // A ramp that is over opens the door only when somebody looks.
    this.#places();
    if (this.#mode.kind === 'open') this.#mode = { kind: 'ramp', since: this.#clock.monotonic() };
  }

  /** The earlier ones are taken to leave first: a probe is never joined by a second one too soon. */
  left(): void {
    if (this.#earlier > 0) this.#earlier -= 1;
    else this.#inside = Math.max(0, this.#inside - 1);
    this.#wake();
  }

  /** Lets everybody who waits look again. */
  dismiss(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const waiter of [...this.#waiters]) this.#release(waiter);
  }

  #places(): number {
    const mode = this.#mode;
    if (mode.kind === 'open') return Number.POSITIVE_INFINITY;
    if (mode.kind === 'probe') return 1;
    const age = this.#clock.monotonic() - mode.since;
    if (age < OPEN_AFTER_MS) return 1 + Math.floor(age / STEP_MS);
    this.#mode = { kind: 'open' };
    return Number.POSITIVE_INFINITY;
  }

  /** Wakes until every place is taken, the longest waiting first; each looks again for itself and may go elsewhere. */
  #wake(): void {
    for (const waiter of this.#waiters.size === 0 ? [] : [...this.#waiters]) {
      if (this.#inside >= this.#places()) break;
      this.#release(waiter);
    }
    this.#tick();
  }

  /** A ramp makes places by itself. */
  #tick(): void {
    if (this.#waiters.size === 0 || this.#mode.kind !== 'ramp' || this.#timer !== null) return;
    this.#timer = this.#clock.after(STEP_MS, () => {
      this.#timer = null;
      this.#wake();
    });
  }

  /** A probe that never ends must not hold everybody else. */
  #failOpen(waiter: Waiter): void {
    this.#mode = { kind: 'open' };
    this.#release(waiter);
    this.#wake();
  }

  #release(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    waiter.deadline.cancel();
    waiter.ready();
  }
}
