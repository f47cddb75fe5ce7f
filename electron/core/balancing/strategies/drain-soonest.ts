import { formatRelative } from '../../../../shared/format.ts';
import { firstRank, type Strategy, smallest } from '../strategy.ts';

/**
 * New sessions go to the account whose week, as it governs the model, ends first: what is left of it would expire.
 * Accounts whose week nobody knows come last, and priority comes before everything.
 */
export const drainSoonest: Strategy = (able, { use, request }) => {
  const account = smallest(firstRank(able), (one) => use(one).weekEndsAt ?? Number.POSITIVE_INFINITY);
  const { weekEndsAt } = use(account);
  if (weekEndsAt === null) {
    return { account, reasonCode: 'priority', reason: 'First by priority: no week is known to end.' };
  }
  const when = formatRelative(weekEndsAt, request.now);
  return { account, reasonCode: 'drain_soonest', reason: `Its week ends first (${when}).` };
};
