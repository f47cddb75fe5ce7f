import { formatRelative } from '../../../../shared/format.ts';
import type { Strategy } from '../strategy.ts';

/**
 * New sessions go to the account whose week, as it governs the model, ends first: what is left of it would expire.
 * Accounts whose week nobody knows come last, and priority comes before everything.
 */
export const drainSoonest: Strategy = {
  measure: ({ use }) => use.weekEndsAt ?? Number.POSITIVE_INFINITY,
  reason({ use: { weekEndsAt } }, { request }) {
    if (weekEndsAt === null) {
      return { reasonCode: 'priority', reason: 'First by priority: no week is known to end.' };
    }
    const when = formatRelative(weekEndsAt, request.now);
    return { reasonCode: 'drain_soonest', reason: `Its week ends first (${when}).` };
  },
};
