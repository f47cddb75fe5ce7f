import type { Account, PlannedAccount, RoutingRequest } from '../ports.ts';
import type { WindowUse } from './window-use.ts';

/** What a strategy may know besides the accounts that can serve. */
export type StrategyContext = {
  readonly request: RoutingRequest;
  /** Account that new sessions went to last. */
  readonly active: string | null;
  /** How many new sessions were placed so far, for strategies that take turns. */
  readonly turn: number;
  /** Use of an account's windows for the request's model. */
  readonly use: (account: Account) => WindowUse;
  /** Sessions bound to an account now. */
  readonly sessions: (accountId: string) => number;
};

/** Place of an account among those of its priority, in the order in which they were added. */
export type Place = { readonly index: number; readonly of: number };

/**
 * Puts accounts of one priority in the order in which a new session, or one that lost its account, is to try them.
 * Sessions that are bound never come here: they stay. Pure.
 */
export type Strategy = {
  /** The smaller goes first, the earlier one where two are equal. Asked for every account of every request. */
  readonly measure: (account: Account, context: StrategyContext, place: Place) => number;
  /** Why the one that goes first does. */
  readonly reason: (account: Account, context: StrategyContext) => Omit<PlannedAccount, 'account'>;
};

/** All of `able`, which are in order of priority, in the order of a strategy within each priority. */
export function inOrder(able: readonly Account[], strategy: Strategy, context: StrategyContext): Account[] {
  const order: Account[] = [];
  for (let from = 0; from < able.length; ) {
    const priority = able[from]?.priority;
    let to = from + 1;
    while (able[to]?.priority === priority) to += 1;
    order.push(...ranked(able.slice(from, to), strategy, context));
    from = to;
  }
  return order;
}

function ranked(rank: Account[], { measure }: Strategy, context: StrategyContext): Account[] {
  if (rank.length === 1) return rank;
  const measured = rank.map((account, index) => ({
    account,
    by: measure(account, context, { index, of: rank.length }),
  }));
  // Two that are infinite differ by NaN, which sorts as equal.
  return measured.sort((a, b) => a.by - b.by).map(({ account }) => account);
}

/** Words for the account whose fullest window is the emptiest. */
export function mostLeft(account: Account, { use }: StrategyContext): Omit<PlannedAccount, 'account'> {
  const { share } = use(account);
  const words = share === null ? 'nothing is known of its use' : `${Math.round(share * 100)} % used`;
  return { reasonCode: 'least_used', reason: `It has the most left (${words}).` };
}
