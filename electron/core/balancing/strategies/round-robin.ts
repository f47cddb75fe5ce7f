import { firstRank, type Strategy } from '../strategy.ts';

/** New sessions go to the accounts of the best priority in turn. */
export const roundRobin: Strategy = (able, { turn }) => {
  const rank = firstRank(able);
  return {
    account: rank[turn % rank.length] ?? able[0],
    reasonCode: 'round_robin',
    reason: 'It is its turn among the accounts of the best priority.',
  };
};
