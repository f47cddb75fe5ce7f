import type { Account, PlannedAccount, RoutingRequest } from '../ports.ts';
import type { WindowUse } from './window-use.ts';

/** What a strategy may know besides the accounts that can serve. */
export type StrategyContext = {
  readonly request: RoutingRequest;
  /** Account that new sessions went to last. */
  readonly active: string | null;
  /** How many new sessions were placed so far, for strategies that take turns. */
  readonly turn: number;
  /** Sessions bound to an account now. */
  readonly sessions: (accountId: string) => number;
};

/** An account that can serve, and the use of its windows for the request's model. */
export type Candidate = { readonly account: Account; readonly use: WindowUse };

/** Place of an account among those of its priority, in the order in which they were added. */
export type Place = { readonly index: number; readonly of: number };

/**
 * Puts accounts of one priority in the order in which a new session, or one that lost its account, is to try them.
 * Sessions that are bound never come here: they stay. Pure.
 */
export type Strategy = {
  /** The smaller goes first, the earlier one where two are equal. Asked for every account of every request. */
  readonly measure: (candidate: Candidate, context: StrategyContext, place: Place) => number;
  /** Why the one that goes first does. */
  readonly reason: (candidate: Candidate, context: StrategyContext) => Omit<PlannedAccount, 'account'>;
};

/** All of `able`, which are in order of priority, in the order of a strategy within each priority. */
export function inOrder(
  able: readonly Candidate[],
  strategy: Strategy,
  context: StrategyContext,
): Candidate[] {
  const order: Candidate[] = [];
  for (let from = 0; from < able.length; ) {
    const priority = able[from]?.account.priority;
    let to = from + 1;
    while (to < able.length && able[to]?.account.priority === priority) to += 1;
    order.push(...ranked(able.slice(from, to), strategy, context));
    from = to;
  }
  return order;
}

function ranked(rank: Candidate[], { measure }: Strategy, context: StrategyContext): Candidate[] {
  if (rank.length === 1) return rank;
  const measured = rank.map((candidate, index) => ({
    candidate,
    by: measure(candidate, context, { index, of: rank.length }),
  }));
  // Two that are infinite differ by NaN, which sorts as equal.
  return measured.sort((a, b) => a.by - b.by).map(({ candidate }) => candidate);
}

/** Words for the account whose fullest window is the emptiest. */
export function mostLeft({ use: { share } }: Candidate): Omit<PlannedAccount, 'account'> {
  const words = share === null ? 'nothing is known of its use' : `${Math.round(share * 100)} % used`;
  return { reasonCode: 'least_used', reason: `It has the most left (${words}).` };
}
