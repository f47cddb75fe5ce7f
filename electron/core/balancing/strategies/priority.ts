import type { Strategy } from '../strategy.ts';

/** New sessions go to the first account in the user's order that can serve, also when another one serves already. */
export const priority: Strategy = {
  measure: () => 0,
  reason: () => ({ reasonCode: 'priority', reason: 'First by priority of those that can serve.' }),
};
