import type { ClassifyContext } from '../limit-ports.ts';
import type { Account } from '../ports.ts';
import type { PassDeps, PassRequest } from './pass-contract.ts';

const NANO_PER_USD = 1e9;

/** What a pass itself knows of the attempt it wants judged. */
type OfPass = Required<
  Pick<ClassifyContext, 'retriesHere' | 'refreshedHere' | 'mayMoveAfterNetworkError' | 'hopped'>
>;

/** Everything the classification looks at besides the answer. */
export function contextOf(
  deps: PassDeps,
  account: Account,
  { model, inference, ledger }: PassRequest,
  ofPass: OfPass,
): ClassifyContext {
  const now = deps.clock.now();
  return {
    ...ofPass,
    model,
    inference,
    longContext: ledger.longContext,
    account,
    now,
    settings: deps.settings.current(),
    overageAllowed: overageAllowed(deps, account.id, now),
    random: deps.random,
  };
}

/** The user allows paid overage, and what this account has cost of it this month is under the cap. */
function overageAllowed({ settings, spend }: PassDeps, accountId: string, now: number): boolean {
  const { allowOverage, overageCapUsd } = settings.current();
  return allowOverage && spend.overage(accountId, now) < overageCapUsd * NANO_PER_USD;
}
