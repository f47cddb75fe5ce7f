import type { LimitBook } from '../limit-ports.ts';
import { isModelBucket, WHOLE_ACCOUNT } from '../limits/buckets.ts';
import { isRefusing, UNIFIED } from '../limits/refused-windows.ts';
import type { Account, Plan } from '../ports.ts';
import { couldServe } from './routing.ts';

/** Windows of a whole subscription, and what the provider calls them when one of them decides. */
const CLAIMS: ReadonlyMap<string, string> = new Map([
  ['5h', 'five_hour'],
  ['7d', 'seven_day'],
]);

/** Verdicts that speak of a spent window. */
const SPENT = new Set(['quota_rejected', 'overage_in_use']);

type Window = { readonly claim: string /** UTC ms. */; readonly back: number };

/**
 * The headers with which the provider tells a subscription that its window is spent, for the account that is back
 * first. Only where that is true of every account that could serve the request; else none.
 */
export function spentWindowHeaders(
  plan: Plan,
  limits: LimitBook,
  model: string | null,
  now: number,
): readonly string[] {
  let first: Window | null = null;
  for (const account of couldServe(plan)) {
    const rest = limits.blocking(account.id, model, now);
    // It has not got the model at all.
    if (rest !== null && isModelBucket(rest.bucket)) continue;
    const claim = spentClaim(account, limits, now);
    if (rest === null || claim === null || rest.bucket !== WHOLE_ACCOUNT || rest.until === null) return [];
    if (!SPENT.has(rest.reasonCode)) return [];
    if (first === null || rest.until < first.back) first = { claim, back: rest.until };
  }
  if (first === null) return [];
  const reset = String(Math.ceil(first.back / 1000));
  return [
    `${UNIFIED}status`,
    'rejected',
    `${UNIFIED}reset`,
    reset,
    `${UNIFIED}representative-claim`,
    first.claim,
  ];
}

/** The spent window of a subscription that is the last to reset, as the provider calls it. */
function spentClaim({ id, kind }: Account, limits: LimitBook, now: number): string | null {
  if (kind !== 'oauth') return null;
  let last = now;
  let claim: string | null = null;
  for (const { bucket, status, resetAt } of limits.readings(id)) {
    const name = CLAIMS.get(bucket);
    if (name === undefined || !isRefusing(status) || resetAt === null || resetAt <= last) continue;
    last = resetAt;
    claim = name;
  }
  return claim;
}
