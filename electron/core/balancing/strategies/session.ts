import type { Account } from '../../ports.ts';
import type { Strategy } from '../strategy.ts';

/**
 * A session stays on its account, since prompt caches and thinking belong to it. New sessions all go to one account
 * until that meets its limit: the first by priority, or within that priority the one that serves already. Fallbacks
 * follow in priority order.
 */
export const session: Strategy = (able, { boundTo, active }) => {
  const lead = able[0];
  if (lead === undefined) return [];
  const bound = boundTo === null ? undefined : able.find(({ id }) => id === boundTo);
  const current = able.find(({ id, priority }) => id === active && priority === lead.priority);
  const first = bound ?? current ?? lead;
  const why = reasonFor(first, bound, current, boundTo);
  const rest = able.filter((account) => account !== first);
  return [
    { account: first, ...why },
    ...rest.map((account) => ({ account, reasonCode: 'fallback', reason: 'Next in line by priority.' })),
  ];
};

function reasonFor(
  first: Account,
  bound: Account | undefined,
  current: Account | undefined,
  was: string | null,
) {
  if (first === bound) return { reasonCode: 'bound', reason: 'This session is bound to it.' };
  if (was !== null) {
    return { reasonCode: 'moved', reason: 'The account this session was bound to cannot serve now.' };
  }
  if (first === current) {
    return { reasonCode: 'active', reason: 'It serves already, at the best priority that can.' };
  }
  return { reasonCode: 'priority', reason: 'First by priority of those that can serve.' };
}
