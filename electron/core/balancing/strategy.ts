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

/**
 * Chooses among the accounts that can serve (never empty, in order of priority, then age) the one that a new session
 * goes to, and says why. Sessions that are bound already never come here: they stay. Pure.
 */
export type Strategy = (able: readonly [Account, ...Account[]], context: StrategyContext) => PlannedAccount;

/** The accounts of the best priority there is. */
export function firstRank(able: readonly [Account, ...Account[]]): readonly [Account, ...Account[]] {
  const [lead, ...others] = able;
  return [lead, ...others.filter(({ priority }) => priority === lead.priority)];
}

/** The account with the smallest value; the earlier one where two are equal. */
export function smallest(
  accounts: readonly [Account, ...Account[]],
  measure: (account: Account) => number,
): Account {
  let [best] = accounts;
  let least = measure(best);
  for (const account of accounts) {
    const value = measure(account);
    if (value >= least) continue;
    best = account;
    least = value;
  }
  return best;
}
