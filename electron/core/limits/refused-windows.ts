import type { LimitReading } from '../../../shared/account.ts';
import { isPlanWindow } from './buckets.ts';
import { readLimitHeaders } from './read-headers.ts';
import type { Answer } from './verdicts.ts';

/** Prefix of the headers about a subscription's windows. */
export const UNIFIED = 'anthropic-ratelimit-unified-';

/** Words of `unified-status` that refuse; the provider's own today is the first (older ones still seen). */
const REFUSING = new Set(['rejected', 'rate_limited', 'blocked', 'queueing_hard', 'payment_required']);

/** Whether a status word says that a window lets nothing through; unknown words do not. */
export function isRefusing(status: string | null | undefined): boolean {
  return REFUSING.has(status ?? '');
}

/** The plan windows that an answer calls spent. Overage is none: it is refused wherever nobody has bought it. */
export function refusedWindows(answer: Answer, readings: readonly LimitReading[]): LimitReading[] {
  return readings.filter(
    ({ bucket, status }) =>
      isPlanWindow(bucket) &&
      isRefusing(status) &&
      answer.headers.get(`${UNIFIED}${bucket}-status`) !== undefined,
  );
}

/**
 * Whether a 429 names a spent window together with its reset. That end outweighs whatever the words ask for (credits,
 * extra usage): the account is of use again then, and not before.
 */
export function namesSpentWindow(answer: Answer, now: number): boolean {
  if (answer.status !== 429) return false;
  const refused = refusedWindows(answer, readLimitHeaders(answer.headers, now));
  return refused.some(({ resetAt }) => resetAt !== null);
}
