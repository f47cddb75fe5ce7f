import type { CooldownView } from '../../../shared/account.ts';
import type { LimitBook } from '../limit-ports.ts';
import { isModelBucket, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Account, AccountPool, Plan, PlannedAccount } from '../ports.ts';
import type { ResourceStore } from '../store-ports.ts';

/**
 * Moves the account that holds a resource to the front of a plan. `evenResting`: also when the plan skips it, for
 * calls that only that account can answer; never when the user paused it or it has no usable credential.
 */
export function pinPlan(
  plan: Plan,
  resourceId: string,
  pools: { resources: Pick<ResourceStore, 'accountOf'>; accounts: AccountPool },
  evenResting: boolean,
): Plan {
  const accountId = pools.resources.accountOf(resourceId);
  const account = accountId === null ? undefined : pools.accounts.get(accountId);
  if (account === undefined) return plan;
  const isIt = (entry: { account: Account }): boolean => entry.account.id === account.id;
  const usable = !account.paused && pools.accounts.problem(account.id) === null;
  if (!plan.accounts.some(isIt) && !(evenResting && usable)) return plan;
  const first: PlannedAccount = { account, reasonCode: 'pinned', reason: 'pinned: the resource lives there' };
  return {
    strategy: plan.strategy,
    accounts: [first, ...plan.accounts.filter((planned) => !isIt(planned))],
    skipped: plan.skipped.filter((skipped) => !isIt(skipped)),
  };
}

/**
 * Whether it is certain before the body is read which account a request gets: there is only one, and nothing of
 * it rests.
 */
export function onlyOneChoice(accounts: AccountPool, limits: LimitBook, now: number): boolean {
  const [only, ...others] = accounts.all();
  return only !== undefined && others.length === 0 && limits.cooldowns(only.id, now).length === 0;
}

/** An account that could serve a request and rests, for another reason than that it lacks the model. */
export type Resting = { readonly account: Account; readonly rest: CooldownView };

/** See {@link Resting}; all of a plan. */
export function restingOf(plan: Plan, limits: LimitBook, model: string | null, now: number): Resting[] {
  const out: Resting[] = [];
  for (const account of couldServe(plan)) {
    const rest = limits.blocking(account.id, model, now);
    if (rest !== null && !isModelBucket(rest.bucket)) out.push({ account, rest });
  }
  return out;
}

/** An account that is asked again at a time, UTC ms. `known`: the provider stated it. */
export type Return = { readonly account: Account; readonly at: number; readonly known: boolean };

/** The first of the resting accounts that comes back by itself, or null. */
export function earliestReturn(resting: readonly Resting[], limits: LimitBook, now: number): Return | null {
  let first: Return | null = null;
  for (const { account, rest } of resting) {
    const { until, bucket } = rest;
    if (until === null || until <= now || (first !== null && until >= first.at)) continue;
    if (bucket === WHOLE_ACCOUNT && limits.needsAttention(account.id, now)) continue;
    first = { account, at: until, known: rest.guessed !== true };
  }
  return first;
}

/** Accounts that a plan leaves out for what no time changes: they are none of those that could serve. */
const NOT_ASKED = new Set(['paused', 'sign_in_needed', 'reserved', 'pinned_elsewhere']);

/** The accounts that could serve a request if their limits let them. */
export function couldServe({ accounts, skipped }: Plan): Account[] {
  const left = skipped.filter(({ reasonCode }) => !NOT_ASKED.has(reasonCode));
  return [...accounts, ...left].map(({ account }) => account);
}

/** Where an account's requests go. */
export type Endpoint = { readonly origin: string /** Without trailing slash. */; readonly prefix: string };

const endpoints = new Map<string, Endpoint>();

/** Origin and path prefix of a base URL; remembered, since there are as many as accounts. */
export function endpointOf(baseUrl: string): Endpoint {
  const known = endpoints.get(baseUrl);
  if (known !== undefined) return known;
  const url = new URL(baseUrl);
  const endpoint = { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
  if (endpoints.size >= 1000) endpoints.clear();
  endpoints.set(baseUrl, endpoint);
  return endpoint;
}

/** The plan of a request that carries its own credential. */
export const OWN_CREDENTIAL_PLAN: Plan = { strategy: 'client credential', accounts: [], skipped: [] };
