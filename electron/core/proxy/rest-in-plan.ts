import type { CooldownView } from '../../../shared/account.ts';
import type { Verdict } from '../limit-ports.ts';
import { isModelBucket } from '../limits/buckets.ts';
import type { PlannedAccount } from '../ports.ts';

/**
 * Bucket of the rest that a plan knew of when it put an account in line all the same (its file lives there, or nobody
 * else is left to ask), else null. A plan is as old as its first account's turn; the others may rest since.
 */
export function restInPlan(
  { reasonCode }: PlannedAccount,
  isFirst: boolean,
  rest: CooldownView | null,
): string | null {
  if (rest === null || isFirst) return rest?.bucket ?? null;
  return reasonCode === 'last_resort' && isModelBucket(rest.bucket) ? rest.bucket : null;
}

/** Why an account gets nothing although it is in line. */
export function restingNow({ reason }: CooldownView): Verdict {
  return {
    scope: 'account',
    action: 'next-account',
    code: 'rests_now',
    reason: `It began to rest before anything was sent to it: ${reason}`,
  };
}
