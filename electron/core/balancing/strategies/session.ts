import { firstRank, type Strategy } from '../strategy.ts';

/**
 * New sessions all go to one account until that meets its limit: the first by priority, or within that priority the
 * one that serves already. One prompt cache stays warm, and the other accounts stay whole for later.
 */
export const session: Strategy = (able, { active }) => {
  const current = firstRank(able).find(({ id }) => id === active);
  return current === undefined
    ? { account: able[0], reasonCode: 'priority', reason: 'First by priority of those that can serve.' }
    : { account: current, reasonCode: 'active', reason: 'It serves already, at the best priority that can.' };
};
