import type { AccountView } from '../../../shared/account.ts';
import type { Clock } from '../clock.ts';
import type { UsagePage } from './usage-page.ts';

/** The page is itself limited (some 30 reads an hour, shared with the provider's own tools): at most one read per this, ms. */
const PAUSE_MS = 10 * 60_000;

/** Longest step of the back-off after failures, ms. */
const MAX_PAUSE_MS = 2 * 3_600_000;

/** Longest wait that the provider can ask for, ms. */
const MAX_ASKED_MS = 24 * 3_600_000;

/** Share by which a pause after a failure varies, so that accounts do not come back in step. */
const JITTER_SHARE = 0.1;

/** What is shown of a page that nobody has asked for yet. */
export const UNASKED = Object.freeze({ checkedAt: null, nextAt: 0, error: null });

/** What is known of one account's usage page, and when it may be read again. */
export class UsageState {
  view: AccountView['usageCheck'] = UNASKED;
  /** The read under way. */
  running: Promise<void> | null = null;
  readonly #clock: Clock;
  readonly #random: () => number;
  /** The end of the pause by the steady clock: the wall clock may have jumped. */
  #steadyNext = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Takes up a pause of an earlier run. One that is longer than any is of a clock that was wrong. */
  resume(checkedAt: number | null, nextAt: number): void {
    const left = Math.min(Math.max(nextAt - this.#clock.now(), 0), MAX_ASKED_MS);
    this.#pause(left, checkedAt, null);
  }

  /** Whether there may be a page, and its pause is over by either clock. */
  get due(): boolean {
    if (this.view === null) return false;
    return this.#clock.now() >= this.view.nextAt || this.#clock.monotonic() >= this.#steadyNext;
  }

  /** Takes in what a read came to; false when there is nothing new to show. */
  note(page: UsagePage): boolean {
    const before = this.view;
    switch (page.kind) {
      case 'read':
        this.#failures = 0;
        this.#pause(PAUSE_MS, this.#clock.now(), null);
        return true;
      case 'no-scope':
        this.view = null;
        return true;
      case 'not-asked':
        this.view = { ...(before ?? UNASKED), error: page.words };
        return before?.error !== page.words;
      case 'failed':
        this.#pause(this.#backOff(page.askedMs), before?.checkedAt ?? null, page.words);
        return true;
    }
  }

  #backOff(askedMs: number): number {
    const step = Math.min(PAUSE_MS * 2 ** this.#failures, MAX_PAUSE_MS);
    this.#failures += 1;
    return Math.max(step * (1 + JITTER_SHARE * this.#random()), Math.min(askedMs, MAX_ASKED_MS));
  }

  #pause(ms: number, checkedAt: number | null, error: string | null): void {
    this.#steadyNext = this.#clock.monotonic() + ms;
    this.view = { checkedAt, nextAt: Math.ceil(this.#clock.now() + ms), error };
  }
}
