import { formatDuration } from '../../../shared/format.ts';
import { askedOf, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Account, Plan, RoutingRequest } from '../ports.ts';
import { PLEDGED_LOOK_MS } from './caps.ts';
import type { ErrorConclusion } from './conclusion.ts';
import type { Ledger } from './ledger.ts';
import type { OwnErrorCode } from './own-errors.ts';
import type { PassRequest } from './pass-contract.ts';
import type { ProxyCore } from './proxy-core.ts';
import type { Route } from './request-target.ts';
import { couldServe } from './routing.ts';

/** Errors that say of the accounts, not of the line or the request, that none of them can serve. */
const NOBODY_CAN: ReadonlySet<OwnErrorCode> = new Set([
  'pool_exhausted',
  'pool_down',
  'account_refused',
  'no_accounts',
]);

/** A batch would spend past any cap, and a file would bind what comes after it to an account that costs money. */
const KNOWN_COST: ReadonlySet<Route> = new Set(['messages', 'count-tokens', 'account']);

/** A request that no account can serve now. */
export type Stuck = {
  readonly conclusion: ErrorConclusion;
  readonly plan: Plan;
  readonly routing: RoutingRequest;
  readonly route: Route;
  readonly request: PassRequest;
};

/**
 * What happens with it: it waits, it goes to the account that costs money, or it fails (with more to say, or ''; in
 * `againMs` it may be otherwise).
 */
export type NextStep =
  | { readonly kind: 'held' }
  | { readonly kind: 'pay'; readonly plan: Plan }
  | { readonly kind: 'fail'; readonly words: string; readonly againMs: number | null };

/** Who hears how a wait ends. */
export type HoldListener = { lookAgain(): void; stopping(): void };

const fail = (words = '', againMs: number | null = null): NextStep => ({ kind: 'fail', words, againMs });

/** The way out of one request that no account can serve, as the client's key or the user chose. */
export class WayOut {
  readonly #core: ProxyCore;
  readonly #ledger: Ledger;
  readonly #listener: HoldListener;
  /** Steady time; set with the first wait, for all of them. */
  #deadline: number | null = null;
  #endHold: (() => void) | null = null;
  #paid = false;

  constructor(core: ProxyCore, ledger: Ledger, listener: HoldListener) {
    this.#core = core;
    this.#ledger = ledger;
    this.#listener = listener;
  }

  /** Whether the request went to the account that costs money. */
  get paid(): boolean {
    return this.#paid;
  }

  /** Decides; may be asked again after a wait or after the paid account. The body must still be there. */
  take(stuck: Stuck): NextStep {
    // What is set aside from nothing pays at once, within its cap.
    if (isAlone(stuck.plan)) return this.#pay(stuck);
    switch (this.#ledger.identity?.exhaustion ?? this.#core.settings.current().exhaustion) {
      case 'hold':
        return this.#hold(stuck);
      case 'fallback':
        return this.#pay(stuck);
      default:
        return fail();
    }
  }

  /** The client is gone. */
  cancel(): void {
    this.#endHold?.();
    this.#endHold = null;
  }

  #hold({ conclusion, plan, routing }: Stuck): NextStep {
    const { clock, holds, settings } = this.#core;
    const resting = this.#resting(plan, askedOf(routing));
    const restsForGood = conclusion.code === 'pool_down' && resting.length > 0;
    if (conclusion.code !== 'pool_exhausted' && !restsForGood) return fail();
    const longest = settings.current().holdSeconds * 1000;
    this.#deadline ??= clock.monotonic() + longest;
    const left = this.#deadline - clock.monotonic();
    if (left <= 0) return fail(`It was held for ${formatDuration(longest)}, as long as you allow.`);
    const { backAt } = conclusion;
    if (backAt !== null && backAt - clock.now() > left) {
      return fail(`That is longer than requests are held (${formatDuration(longest)}).`);
    }
    this.#endHold = holds.hold({
      asked: askedOf(routing),
      resting,
      backAt,
      deadline: this.#deadline,
      lookAgain: () => this.#over(() => this.#listener.lookAgain()),
      stopping: () => this.#over(() => this.#listener.stopping()),
    });
    if (this.#endHold === null) return fail(holds.stopping ? '' : 'Too many requests are held already.');
    this.#ledger.waitBegins('account');
    return { kind: 'held' };
  }

  #over(then: () => void): void {
    this.#endHold = null;
    this.#ledger.waitEnds();
    then();
  }

  /** Accounts that rest and could serve this request otherwise. */
  #resting(plan: Plan, asked: string | null): string[] {
    const { limits, clock } = this.#core;
    const now = clock.now();
    return couldServe(plan)
      .filter(({ id }) => limits.blocking(id, asked, now) !== null)
      .map(({ id }) => id);
  }

  #pay({ conclusion, plan, routing, route, request }: Stuck): NextStep {
    const { balancer, clock, settings, gate } = this.#core;
    if (this.#paid || !settings.current().fallbackConsent || !NOBODY_CAN.has(conclusion.code)) return fail();
    if ((routing.pin ?? null) !== null) return fail();
    const now = clock.now();
    const planned = balancer.fallback({ ...routing, now });
    if (planned === null || mayNotServe(plan, planned.account)) return fail();
    const { account } = planned;
    const no = `"${account.name}" does not step in:`;
    if (!KNOWN_COST.has(route)) return fail(`${no} nobody knows beforehand what this call costs.`);
    const refusal = this.#core.caps.refusal(account, request);
    if (refusal !== null) {
      return fail(`${no} ${refusal.words}.`, refusal.code === 'cap_pledged' ? PLEDGED_LOOK_MS : null);
    }
    this.#paid = true;
    // This request comes from accounts that lately served; others come after it.
    if (plan.accounts.length > 0) gate.switchedTo(account.id, WHOLE_ACCOUNT);
    return {
      kind: 'pay',
      plan: { strategy: plan.strategy, accounts: [planned], skipped: this.#others(plan, account) },
    };
  }

  /** Everybody the request was not served by, each with its reason. */
  #others({ accounts, skipped }: Plan, paid: Account): Plan['skipped'] {
    const { limits, clock } = this.#core;
    const now = clock.now();
    const tried = accounts.map(({ account, reasonCode, reason }) => ({
      account,
      reasonCode,
      reason: this.#ledger.whyLeft(account.id) ?? reason,
      until: limits.blocking(account.id, askedOf(this.#ledger), now)?.until ?? null,
    }));
    return [...tried, ...skipped].filter(({ account }) => account.id !== paid.id);
  }
}

/** The account that is set aside is the only one there is. */
function isAlone({ accounts, skipped: [only, ...others] }: Plan): boolean {
  return accounts.length === 0 && others.length === 0 && only?.reasonCode === 'reserved';
}

/** The request goes to another account, which the user or what it names wants, or nowhere. */
function mayNotServe({ skipped }: Plan, { id }: Account): boolean {
  return skipped.some(({ account, reasonCode }) => reasonCode === 'pinned_elsewhere' && account.id === id);
}
