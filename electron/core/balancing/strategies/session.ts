import { mostLeft, type Strategy } from '../strategy.ts';

/**
 * New sessions all go to one account until that meets its limit: of the best priority the one that serves already, or
 * else the one that will last longest. One prompt cache stays warm, and the other accounts stay whole for later.
 */
export const session: Strategy = {
  measure: (account, { active, use }) => (account.id === active ? -1 : (use(account).share ?? 0)),
  reason: (account, context) =>
    account.id === context.active
      ? { reasonCode: 'active', reason: 'It serves already, at the best priority that can.' }
      : mostLeft(account, context),
};
