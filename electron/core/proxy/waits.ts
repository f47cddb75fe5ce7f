import { formatDuration } from '../../../shared/format.ts';
import type { Clock } from '../clock.ts';

/** What a request may wait for: to be let into an account, or for an account to come back. */
export type Wanted = 'place' | 'account';

/** How long one request was held back, and for what; times by the steady clock. */
export class Waits {
  readonly #clock: Clock;
  #wanted: Wanted | null = null;
  #since = 0;
  #placeMs = 0;
  #accountMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nothing goes on until {@link end}. */
  begin(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#since = this.#clock.monotonic();
  }

  /** Goes on; without a wait nothing happens. */
  end(): void {
    const waited = this.#wanted === null ? 0 : this.#clock.monotonic() - this.#since;
    if (this.#wanted === 'place') this.#placeMs += waited;
    else this.#accountMs += waited;
    this.#wanted = null;
  }

  /** All of it, ms, to a hundredth. */
  get total(): number {
    return Math.round((this.#placeMs + this.#accountMs) * 100) / 100;
  }

  /** A conclusion, and what was waited for before it. */
  addTo(conclusion: string): string {
    const parts: string[] = [];
    if (this.#accountMs >= 1) parts.push(`${formatDuration(this.#accountMs)} for an account to come back`);
    if (this.#placeMs >= 1) parts.push(`${formatDuration(this.#placeMs)} to be let in`);
    if (parts.length === 0) return conclusion;
    const stop = conclusion === '' || conclusion.endsWith('.') ? '' : '.';
    return `${conclusion}${stop} It had waited ${parts.join(' and ')}.`.trimStart();
  }
}
