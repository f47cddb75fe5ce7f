import { mostLeft, type Strategy } from '../strategy.ts';

/** One session more counts like a hundredth of a window: it keeps a burst of new sessions from piling up on one. */
const PER_SESSION = 0.01;

/** New sessions go to the account whose fullest window is the emptiest. Unknown use counts as none. */
export const leastUsed: Strategy = {
  measure: ({ account, use }, { sessions }) => (use.share ?? 0) + PER_SESSION * sessions(account.id),
  reason: mostLeft,
};
