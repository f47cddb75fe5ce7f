import type { CooldownView } from '../../../shared/account.ts';
import type { Verdict } from '../limit-ports.ts';
import { isModelBucket } from '../limits/buckets.ts';
import type { Account, PlannedAccount } from '../ports.ts';

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

const PAUSED_NOW: Verdict = {
  scope: 'account',
  action: 'next-account',
  code: 'paused',
  reason: 'You paused it before this was sent to it',
};

/**
 * Why an account gets nothing although it is in line, or null. `current`: as it is now, since a request may have
 * waited for its place; `knownRest`: see {@link restInPlan}.
 */
export function asideNow(
  current: Account | undefined,
  rest: CooldownView | null,
  knownRest: string | null,
): Verdict | null {
  if (current?.paused === true) return PAUSED_NOW;
  return rest === null || rest.bucket === knownRest ? null : restingNow(rest);
}

function restingNow({ reason }: CooldownView): Verdict {
  return {
    scope: 'account',
    action: 'next-account',
    code: 'rests_now',
    reason: `It began to rest before anything was sent to it: ${reason}`,
  };
}
