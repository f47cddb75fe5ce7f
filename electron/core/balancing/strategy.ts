import type { Account, PlannedAccount, RoutingRequest } from '../ports.ts';

/** What a strategy may know besides the accounts that can serve. */
export type StrategyContext = {
  readonly request: RoutingRequest;
  /** Account the request's session is bound to, whether or not it can serve. */
  readonly boundTo: string | null;
  /** Account that new sessions went to last. */
  readonly active: string | null;
};

/** Puts the accounts that can serve in the order they are to be tried. Pure. */
export type Strategy = (able: readonly Account[], context: StrategyContext) => PlannedAccount[];
