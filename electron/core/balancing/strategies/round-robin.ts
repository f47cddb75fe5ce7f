import type { Strategy } from '../strategy.ts';

/** New sessions go to the accounts of the best priority in turn. */
export const roundRobin: Strategy = {
  measure: (_, { turn }, { index, of }) => (index + of - (turn % of)) % of,
  reason: () => ({
    reasonCode: 'round_robin',
    reason: 'It is its turn among the accounts of the best priority.',
  }),
};
