import type { CooldownView } from '../../../shared/account.ts';
import type { LimitBook } from '../limit-ports.ts';
import { askedOf, isModelBucket, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Account, AccountPool, Plan, RoutingRequest } from '../ports.ts';
import type { ResourceStore } from '../store-ports.ts';
import type { Route } from './request-target.ts';

/** The account that holds the first of these resources that anybody knows of, or null. */
export function ownerOf(
  ids: readonly string[],
  pools: { resources: Pick<ResourceStore, 'accountOf'>; accounts: AccountPool },
): Account | null {
  for (const id of ids) {
    const accountId = pools.resources.accountOf(id);
    const account = accountId === null ? undefined : pools.accounts.get(accountId);
    if (account !== undefined) return account;
  }
  return null;
}

const THERE = 'What the request names (a file, batch, container or thread) lives there.';
const NOT_THERE = 'What the request names lives on another account.';

/**
 * The plan of a request about something that one account holds: any other would say that there is no such thing. A
 * session that the user pinned elsewhere stays there. Calls about the thing itself (an upload route) need no room in
 * any window, so they are made even while the account rests.
 */
export function ownersPlan(
  plan: Plan,
  owner: Account,
  rooms: { limits: LimitBook; accounts: AccountPool },
  routing: RoutingRequest,
  route: Route,
): Plan {
  const isIt = (entry: { account: Account }): boolean => entry.account.id === owner.id;
  const itself = plan.skipped.find(isIt);
  if (itself?.reasonCode === 'pinned_elsewhere' && route !== 'upload') return plan;
  const rest = rooms.limits.blocking(owner.id, askedOf(routing), routing.now);
  const usable = !owner.paused && rooms.accounts.problem(owner.id) === null;
  const lacksModel = rest !== null && isModelBucket(rest.bucket);
  const asked = itself === undefined || (usable && (route === 'upload' || lacksModel));
  const others = [...plan.accounts, ...plan.skipped].filter((entry) => !isIt(entry));
  return {
    ...plan,
    accounts: asked ? [{ account: owner, reasonCode: 'pinned', reason: THERE }] : [],
    skipped: [
      ...(asked || itself === undefined ? [] : [itself]),
      ...others.map(({ account }) => ({
        account,
        reasonCode: 'pinned_elsewhere',
        reason: NOT_THERE,
        until: null,
      })),
    ],
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
export function restingOf(plan: Plan, limits: LimitBook, asked: string | null, now: number): Resting[] {
  const out: Resting[] = [];
  for (const account of couldServe(plan)) {
    const rest = limits.blocking(account.id, asked, now);
    if (rest !== null && !isModelBucket(rest.bucket)) out.push({ account, rest });
  }
  return out;
}

/** An account that is asked again at a time, UTC ms. `known`: the provider stated it. `why`: it does not rest, but. */
export type Return = {
  readonly account: Account;
  readonly at: number;
  readonly known: boolean;
  readonly why?: string;
};

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

/**
 * Whether the account at a place of a plan is another than the one that the client knows the limits of: that of its
 * session. Where nobody knows of one it is the first, unless that comes in the place of another.
 */
export function isElsewhere({ accounts, skipped, boundTo = null }: Plan, index: number): boolean {
  if (boundTo !== null) return accounts[index]?.account.id !== boundTo;
  return index > 0 || skipped.length > 0;
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
