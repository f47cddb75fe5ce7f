import type { Settings } from '../../../shared/settings.ts';
import type { Account, Plan, PlannedAccount, RoutingRequest, SkippedAccount } from '../ports.ts';
import type { Sorted } from './sort-accounts.ts';
import { STRATEGY_OF } from './strategies/index.ts';
import { type Candidate, inOrder, type StrategyContext } from './strategy.ts';
import type { WindowUse } from './window-use.ts';
import type { Wish } from './wishes.ts';

/** What a plan is made from. */
export type Circumstances = {
  readonly request: RoutingRequest;
  readonly settings: Pick<Settings, 'strategy' | 'leaveAtUtilisation' | 'drainExpiring'>;
  readonly sorted: Sorted;
  readonly wish: Wish | null;
  /** Account the request's session is bound to, whether or not it can serve. */
  readonly boundTo: string | null;
  readonly context: Omit<StrategyContext, 'request'>;
  /** Use of an account's windows for the request's model. */
  readonly use: (account: Account) => WindowUse;
};

/** Puts the accounts in the order they are to be tried, each with its reason. Pure. */
export function makePlan(given: Circumstances): Plan {
  const { settings, sorted, wish, boundTo } = given;
  const { strategy } = settings;
  if (wish?.strict === true) return { strategy, ...onlyThere(sorted, wish), boundTo };
  const order = placed(given);
  const [lead] = order;
  if (lead === undefined) {
    const asked = new Set(sorted.lastResort.map(({ account }) => account));
    const skipped = sorted.skipped.filter(({ account }) => !asked.has(account));
    return { strategy, accounts: sorted.lastResort, skipped, boundTo };
  }
  const first = leader(lead, order, given);
  const accounts = [first];
  for (const { account } of order) if (account !== first.account) accounts.push(inLine(account));
  return { strategy, accounts, skipped: sorted.skipped, boundTo };
}

function inLine(account: Account): PlannedAccount {
  return { account, reasonCode: 'fallback', reason: 'Next in line by priority and strategy.' };
}

function onlyThere(sorted: Sorted, { accountId, reasonCode, reason }: Wish): Omit<Plan, 'strategy'> {
  const account = [...sorted.able, ...sorted.lastResort.map((one) => one.account)].find(
    ({ id }) => id === accountId,
  );
  const others: SkippedAccount[] = [...sorted.able, ...sorted.skipped.map((one) => one.account)]
    .filter(({ id }) => id !== accountId)
    .map((other) => ({ account: other, reasonCode: 'pinned_elsewhere', reason: ELSEWHERE, until: null }));
  const own = sorted.skipped.filter((one) => one.account.id === accountId && account === undefined);
  return {
    accounts: account === undefined ? [] : [{ account, reasonCode, reason }],
    skipped: [...own, ...others],
  };
}

const ELSEWHERE = 'The request is pinned to another account.';

/** The account that the request goes to: `lead`, the first of `order`, unless somebody wished or bound it elsewhere. */
function leader(lead: Candidate, order: readonly Candidate[], given: Circumstances): PlannedAccount {
  const { wish, boundTo, settings } = given;
  const wished = find(order, wish?.accountId ?? null);
  if (wish !== null && wished !== undefined) {
    return { account: wished, reasonCode: wish.reasonCode, reason: wish.reason };
  }
  const bound = find(order, boundTo);
  if (bound !== undefined) {
    return { account: bound, reasonCode: 'bound', reason: 'This session is bound to it.' };
  }
  const why = STRATEGY_OF[settings.strategy].reason(lead, contextOf(given));
  if (boundTo === null) return { account: lead.account, ...why };
  const reason = `${whyMoved(boundTo, given.sorted)} In its place: ${lowerFirst(why.reason)}`;
  return { account: lead.account, reasonCode: 'moved', reason };
}

function find(order: readonly Candidate[], accountId: string | null): Account | undefined {
  if (accountId === null) return undefined;
  return order.find(({ account }) => account.id === accountId)?.account;
}

function whyMoved(boundTo: string, { skipped }: Sorted): string {
  const left = skipped.find(({ account }) => account.id === boundTo);
  if (left === undefined) return 'The account of this session cannot serve now.';
  return `"${left.account.name}", the account of this session, cannot serve now: ${lowerFirst(left.reason)}`;
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function contextOf({ context, request }: Circumstances): StrategyContext {
  return { ...context, request };
}

/**
 * Where a new session, or one that lost its account, is to go: first the accounts below the share at which accounts
 * are left, and of the others the one whose week ends first where it is to be used up; then those near their wall.
 */
function placed(given: Circumstances): Candidate[] {
  const { sorted, settings, use } = given;
  const strategy = STRATEGY_OF[settings.strategy];
  const candidates = sorted.able.map((account) => ({ account, use: use(account) }));
  const draining = settings.drainExpiring ? soonest(candidates) : null;
  const open: Candidate[] = [];
  const near: Candidate[] = [];
  for (const candidate of candidates) {
    const hasRoom = (candidate.use.share ?? 0) < settings.leaveAtUtilisation;
    (hasRoom || candidate === draining ? open : near).push(candidate);
  }
  const whole = contextOf(given);
  const first = inOrder(open, strategy, whole);
  return near.length === 0 ? first : [...first, ...inOrder(near, strategy, whole)];
}

function soonest(candidates: readonly Candidate[]): Candidate | null {
  let found: Candidate | null = null;
  let ends = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const { weekEndsAt } = candidate.use;
    if (weekEndsAt === null || weekEndsAt >= ends) continue;
    found = candidate;
    ends = weekEndsAt;
  }
  return found;
}
