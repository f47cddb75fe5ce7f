import { formatMoney } from '../../../shared/format.ts';
import type { Usage } from '../../../shared/request-record.ts';
import type { Clock } from '../clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import { type PaidWindow, paidWindow } from '../limits/paid-window.ts';
import type { Account, SettingsSource } from '../ports.ts';
import type { SpendBook } from '../routing-ports.ts';
import { usageOf } from '../usage/usage-fields.ts';
import type { PriceUsage } from '../usage-ports.ts';
import { nameAt } from './model-map.ts';
import type { PassRequest } from './pass-contract.ts';
import { BATCHES } from './request-target.ts';

const NANO_PER_USD = 1e9;

/** Text and code have more bytes to a token; what has fewer is rare, and answers are mostly shorter than allowed. */
const BYTES_PER_TOKEN = 3;

/** The longest answer of today's models, tokens: for requests that set no bound. */
const LONGEST_ANSWER = 128_000;

/** Money that requests under way may cost is free again when they end: worth another look after this, ms. */
export const PLEDGED_LOOK_MS = 5000;

/** What of a request tells its cost. */
type Priced = Pick<PassRequest, 'method' | 'target' | 'inference' | 'model' | 'size'>;

/** Why a request may not spend an account's money. */
export type CapRefusal = {
  /** `cap_pledged`: only until requests under way have ended. */
  readonly code: 'cap_reached' | 'cap_pledged' | 'price_unknown';
  /** Plain words, to go on with after a colon. */
  readonly words: string;
  /** The spent window that the account serves as paid overage; null for an account that always costs money. */
  readonly window: PaidWindow | null;
  /** Much of the cap is left, only not enough for a request that large: it says nothing about others. */
  readonly tooLarge: boolean;
};

type CapsDeps = {
  readonly settings: SettingsSource;
  readonly spend: SpendBook;
  readonly limits: LimitBook;
  readonly price: PriceUsage;
  readonly clock: Clock;
};

/** Money that an account may cost. */
type Purse = {
  /** Billionths of a US dollar: the cap, and what is left of it. */
  readonly cap: number;
  readonly left: number;
  readonly what: string;
  readonly window: PaidWindow | null;
};

/**
 * Keeps the caps of a month, also for many requests at once: what a request may cost at most is put aside while it is
 * under way. An account has a cap while it serves paid overage that the user allows, and when the user agreed to what
 * it costs as the fallback, in whatever part it serves.
 */
export class Caps {
  readonly #deps: CapsDeps;
  readonly #pledged = new Map<string, number>();

  constructor(deps: CapsDeps) {
    this.#deps = deps;
  }

  /** Whether what a request may cost has to be known before it goes to an account. */
  isCapped(account: Account, model: string | null): boolean {
    return this.#purseOf(account, model) !== null;
  }

  /** Null when the account may have the request, as far as money goes. */
  refusal(account: Account, request: Priced): CapRefusal | null {
    const purse = this.#purseOf(account, request.model);
    if (purse === null) return null;
    const { cap, left, what, window } = purse;
    const cost = this.#costOf(account, request);
    if (typeof cost === 'string') return { code: 'price_unknown', words: cost, window, tooLarge: false };
    const capWords = `the cap of ${formatMoney(cap)} for ${what}`;
    if (cost > left) {
      const words =
        left <= 0
          ? `${capWords} is reached`
          : `this request may cost up to ${formatMoney(cost)}, and ${formatMoney(left)} of ${capWords} is left`;
      return { code: 'cap_reached', words, window, tooLarge: left >= cap / 2 };
    }
    if (cost <= left - (this.#pledged.get(account.id) ?? 0)) return null;
    const words = `what requests under way may cost leaves too little of ${capWords}`;
    return { code: 'cap_pledged', words, window, tooLarge: false };
  }

  /** Puts aside what the request may cost; answers what gives that back, or null where there is no cap. */
  pledge(account: Account, request: Priced): (() => void) | null {
    if (this.#purseOf(account, request.model) === null) return null;
    const cost = this.#costOf(account, request);
    if (typeof cost === 'string' || cost === 0) return null;
    this.#add(account.id, cost);
    let open = true;
    return () => {
      if (open) this.#add(account.id, -cost);
      open = false;
    };
  }

  #add(accountId: string, amount: number): void {
    const sum = (this.#pledged.get(accountId) ?? 0) + amount;
    if (sum === 0) this.#pledged.delete(accountId);
    else this.#pledged.set(accountId, sum);
  }

  #purseOf({ id, kind }: Account, model: string | null): Purse | null {
    const { settings, spend, limits, clock } = this.#deps;
    const { fallbackConsent, fallbackAccountId, fallbackCapUsd, allowOverage, overageCapUsd } =
      settings.current();
    const isFallback = fallbackConsent && fallbackAccountId === id;
    if (!isFallback && (!allowOverage || kind !== 'oauth')) return null;
    const now = clock.now();
    if (isFallback) {
      const cap = fallbackCapUsd * NANO_PER_USD;
      return { cap, left: cap - spend.spent(id, now), what: 'this month', window: null };
    }
    const window = paidWindow(limits.readings(id), model, now);
    if (window === null) return null;
    const cap = overageCapUsd * NANO_PER_USD;
    return { cap, left: cap - spend.overage(id, now), what: 'paid overage this month', window };
  }

  /** The most that a request may cost, billionths of a US dollar, or why nobody knows. */
  #costOf({ modelMap }: Account, { method, target, inference, model, size }: Priced): number | string {
    if (!inference) {
      const isBatch = method === 'POST' && target.split('?', 1)[0] === BATCHES;
      return isBatch ? 'nobody knows beforehand what this call costs' : 0;
    }
    const { price, clock } = this.#deps;
    const now = clock.now();
    // What is served counts, and what was asked for where that has no price.
    const costs = [model, nameAt(modelMap, model)].flatMap((name) =>
      waysToCost(size).map((usage) => price(name, usage, now) ?? Number.NEGATIVE_INFINITY),
    );
    const most = Math.max(...costs);
    return most >= 0 ? most : `no price is known for ${model ?? 'its model'}`;
  }
}

/** The largest uses that a request may come to: its prompt as it is, and kept in the cache for an hour, the dearest. */
function waysToCost({ promptBytes, maxTokens, fast }: Priced['size']): Usage[] {
  const prompt = Math.ceil(promptBytes / BYTES_PER_TOKEN);
  const common = { output_tokens: maxTokens ?? LONGEST_ANSWER, ...(fast ? { speed: 'fast' } : {}) };
  return [
    { ...common, input_tokens: prompt },
    { ...common, cache_creation: { ephemeral_1h_input_tokens: prompt } },
  ].flatMap((usage) => usageOf(usage) ?? []);
}
