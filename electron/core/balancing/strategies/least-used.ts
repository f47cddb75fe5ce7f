import { firstRank, type Strategy, smallest } from '../strategy.ts';

/** One session more counts like a hundredth of a window: it keeps a burst of new sessions from piling up on one. */
const PER_SESSION = 0.01;

/** New sessions go to the account whose fullest window is the emptiest. Unknown use counts as none. */
export const leastUsed: Strategy = (able, { use, sessions }) => {
  const weight = (share: number | null, id: string): number => (share ?? 0) + PER_SESSION * sessions(id);
  const account = smallest(firstRank(able), (one) => weight(use(one).share, one.id));
  const { share } = use(account);
  const words = share === null ? 'nothing is known of its use' : `${Math.round(share * 100)} % used`;
  return { account, reasonCode: 'least_used', reason: `It has the most left (${words}).` };
};
