import type { Settings } from '../../../shared/settings.ts';
import type { Account, Plan, PlannedAccount, RoutingRequest, SkippedAccount } from '../ports.ts';
import type { Sorted } from './sort-accounts.ts';
import { STRATEGY_OF } from './strategies/index.ts';
import type { StrategyContext } from './strategy.ts';
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
};

/** Puts the accounts in the order they are to be tried, each with its reason. Pure. */
export function makePlan(given: Circumstances): Plan {
  const { settings, sorted, wish } = given;
  const { strategy } = settings;
  if (wish?.strict === true) return { strategy, ...onlyThere(sorted, wish) };
  const [lead, ...more] = sorted.able;
  if (lead === undefined) {
    const asked = new Set(sorted.lastResort.map(({ account }) => account));
    const skipped = sorted.skipped.filter(({ account }) => !asked.has(account));
    return { strategy, accounts: sorted.lastResort, skipped };
  }
  const first = leader([lead, ...more], given);
  const rest = sorted.able.filter((account) => account !== first.account);
  return { strategy, accounts: [first, ...rest.map(inLine)], skipped: sorted.skipped };
}

function inLine(account: Account): PlannedAccount {
  return { account, reasonCode: 'fallback', reason: 'Next in line by priority.' };
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

function leader(able: readonly [Account, ...Account[]], given: Circumstances): PlannedAccount {
  const { wish, boundTo, request, context } = given;
  const wished = wish === null ? undefined : able.find(({ id }) => id === wish.accountId);
  if (wish !== null && wished !== undefined) {
    return { account: wished, reasonCode: wish.reasonCode, reason: wish.reason };
  }
  const bound = boundTo === null ? undefined : able.find(({ id }) => id === boundTo);
  if (bound !== undefined) {
    return { account: bound, reasonCode: 'bound', reason: 'This session is bound to it.' };
  }
  const open = withRoom(able, given);
  const placed = STRATEGY_OF[given.settings.strategy](open, { ...context, request });
  if (boundTo === null) return placed;
  const reason = `The account this session was bound to cannot serve now. ${placed.reason}`;
  return { ...placed, reasonCode: 'moved', reason };
}

/**
 * The accounts that a new session may go to: those below the share at which accounts are left, and of the others
 * the one whose week ends first where it is to be used up. When all are near their wall, all of them.
 */
function withRoom(
  able: readonly [Account, ...Account[]],
  { settings, context }: Circumstances,
): readonly [Account, ...Account[]] {
  const draining = settings.drainExpiring ? soonest(able, context.use) : null;
  const [first, ...more] = able.filter(
    (account) => account === draining || (context.use(account).share ?? 0) < settings.leaveAtUtilisation,
  );
  return first === undefined ? able : [first, ...more];
}

function soonest(able: readonly Account[], use: StrategyContext['use']): Account | null {
  let found: Account | null = null;
  let ends = Number.POSITIVE_INFINITY;
  for (const account of able) {
    const { weekEndsAt } = use(account);
    if (weekEndsAt === null || weekEndsAt >= ends) continue;
    found = account;
    ends = weekEndsAt;
  }
  return found;
}
