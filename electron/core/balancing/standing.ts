import type { CooldownView } from '../../../shared/account.ts';
import type { LimitBook } from '../limit-ports.ts';
import { bucketLabel, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Account, AccountPool, AccountStanding, Balancer } from '../ports.ts';

/** Verdict codes that speak of a window or budget used up, as opposed to a rest of seconds. */
const SPENT_CODES = new Set(['quota_rejected', 'overage_in_use', 'spend_limit']);

type Neighbours = {
  readonly pool: AccountPool;
  readonly limits: LimitBook;
  /** With it, an account between two requests of its sessions counts as serving too. */
  readonly balancer?: Pick<Balancer, 'boundSessions'>;
};

/** The state word of an account for window and tray, the most urgent first; times are in `until` only. */
export function standingOf(
  account: Account,
  { pool, limits, balancer }: Neighbours,
  nextAccountId: string | null,
  now: number,
): AccountStanding {
  if (account.paused) return { state: 'paused', reason: 'Paused by you.', until: null };
  const problem = pool.problem(account.id);
  if (problem !== null) {
    return { state: problem.definitive ? 'sign-in-needed' : 'cooling', reason: problem.reason, until: null };
  }
  const whole = limits.cooldowns(account.id, now).find(({ bucket }) => bucket === WHOLE_ACCOUNT);
  if (whole !== undefined) {
    if (limits.needsAttention(account.id, now)) {
      return { state: 'attention', reason: whole.reason, until: null };
    }
    const state = SPENT_CODES.has(whole.reasonCode) ? 'spent' : 'cooling';
    return { state, reason: whole.reason, until: whole.until };
  }
  const isNext = account.id === nextAccountId;
  const busy = pool.inFlight(account.id) > 0 || (balancer?.boundSessions(account.id) ?? 0) > 0;
  const but = butOf(limits.cooldowns(account.id, now));
  if (isNext && busy) return { state: 'serving', reason: `Serving requests now${but}.`, until: null };
  return { state: 'ready', reason: `${isNext ? 'Ready: next in line' : 'Ready'}${but}.`, until: null };
}

function butOf(rests: readonly CooldownView[]): string {
  if (rests.length === 0) return '';
  return `, but not for: ${rests.map(({ bucket }) => bucketLabel(bucket)).join(', ')}`;
}
