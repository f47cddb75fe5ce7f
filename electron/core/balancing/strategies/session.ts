import { mostLeft, type Strategy } from '../strategy.ts';

/**
 * New sessions all go to one account until that meets its limit: of the best priority the one that serves already, or
 * else the one that will last longest. One prompt cache stays warm, and the other accounts stay whole for later.
 */
export const session: Strategy = {
  measure: ({ account, use }, { active }) => (account.id === active ? -1 : (use.share ?? 0)),
  reason: (candidate, { active }) =>
    candidate.account.id === active
      ? { reasonCode: 'active', reason: 'It serves already, at the best priority that can.' }
      : mostLeft(candidate),
};
