import type { Clock, Timer } from '../clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import type { Account, AccountPool } from '../ports.ts';

/** Requests held at once; more fail at once. */
const MAX_HELD = 256;

/** Accounts may be added or resumed without a word to us, so the pool is looked at this often, ms. */
const LOOK_EVERY_MS = 1000;

/** What a held request waits for. */
export type HoldWish = {
  /** What it asks the accounts for; see `LimitBook.blocking`. */
  readonly asked: string | null;
  /** Ids of the accounts that rest now. */
  readonly resting: readonly string[];
  /** UTC ms at which the first of them is back; null when nobody knows. */
  readonly backAt: number | null;
  /** Steady time at which it has waited long enough, ms. */
  readonly deadline: number;
  /** Something changed, or time is over. Called once, unless the hold is ended before. */
  readonly lookAgain: () => void;
  /** The proxy stops. Called once, instead. */
  readonly stopping: () => void;
};

type Held = {
  readonly wish: HoldWish;
  /** Under which ids the limits of those accounts may change. */
  readonly watched: ReadonlySet<string>;
  readonly pool: readonly Account[];
  timer: Timer | null;
};

type HoldsDeps = {
  readonly accounts: AccountPool;
  readonly limits: LimitBook;
  readonly clock: Clock;
  readonly onChange: () => void;
};

/** Requests that wait in silence for an account to come back. */
export class Holds {
  readonly #deps: HoldsDeps;
  readonly #held = new Set<Held>();
  #stopping = false;

  constructor(deps: HoldsDeps) {
    this.#deps = deps;
    deps.limits.onChange((accountId) => this.#limitsChanged(accountId));
  }

  get size(): number {
    return this.#held.size;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Returns what ends the hold, or null when nothing more can be held. */
  hold(wish: HoldWish): (() => void) | null {
    if (this.#stopping || this.#held.size >= MAX_HELD) return null;
    const { accounts } = this.#deps;
    const watched = new Set(wish.resting.flatMap((id) => accounts.sharing(id)));
    const held: Held = { wish, watched, pool: accounts.all(), timer: null };
    this.#held.add(held);
    this.#arm(held);
    this.#deps.onChange();
    return () => void this.#end(held);
  }

  /** Ends every hold, and takes no more until {@link open}. */
  stop(): void {
    this.#stopping = true;
    for (const held of [...this.#held]) if (this.#end(held)) held.wish.stopping();
  }

  open(): void {
    this.#stopping = false;
  }

  #arm(held: Held): void {
    const { clock } = this.#deps;
    const left = held.wish.deadline - clock.monotonic();
    const back = (held.wish.backAt ?? Number.POSITIVE_INFINITY) - clock.now();
    held.timer = clock.after(Math.max(0, Math.min(LOOK_EVERY_MS, left, back)), () => this.#look(held));
  }

  #look(held: Held): void {
    const { clock, accounts } = this.#deps;
    const { deadline, backAt } = held.wish;
    const over = clock.monotonic() >= deadline || (backAt !== null && clock.now() >= backAt);
    if (over || accounts.all() !== held.pool) this.#wake(held);
    else this.#arm(held);
  }

  #limitsChanged(accountId: string): void {
    if (this.#held.size === 0) return;
    for (const held of [...this.#held]) {
      if (held.watched.has(accountId) && this.#someIsBack(held.wish)) this.#wake(held);
    }
  }

  #someIsBack({ resting, asked }: HoldWish): boolean {
    const { limits, clock } = this.#deps;
    const now = clock.now();
    return resting.some((id) => limits.blocking(id, asked, now) === null);
  }

  #wake(held: Held): void {
    if (this.#end(held)) held.wish.lookAgain();
  }

  #end(held: Held): boolean {
    if (!this.#held.delete(held)) return false;
    held.timer?.cancel();
    this.#deps.onChange();
    return true;
  }
}
