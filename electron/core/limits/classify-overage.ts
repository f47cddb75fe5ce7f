import type { LimitReading } from '../../../shared/account.ts';
import type { ClassifyContext, HeaderLookup, Verdict } from '../limit-ports.ts';
import { bucketCovers, claimedWindow, isPlanWindow, WHOLE_ACCOUNT } from './buckets.ts';
import { readLimitHeaders } from './read-headers.ts';
import { refusedWindows, UNIFIED } from './refused-windows.ts';
import {
  decidingBuckets,
  lastToReset,
  resetAfter,
  restBucket,
  spentHeaders,
  spentWords,
} from './spent-windows.ts';
import { type Answer, evidenceOf, type Rule, UNKNOWN_RESET_MS } from './verdicts.ts';

/** Said on every answer that was paid as overage, whatever the status and the windows say. */
const IN_USE = `${UNIFIED}overage-in-use`;

/** Whether an answer says that it was paid as overage. */
export function isPaidAsOverage(headers: HeaderLookup): boolean {
  return headers.get(IN_USE) === 'true';
}

/**
 * A served answer that was paid as overage: fine, but the account is not chosen until the window is back that made it
 * cost money.
 */
export const paidOverage: Rule = (answer, context) => {
  if (answer.status >= 300 || !isPaidAsOverage(answer.headers)) return null;
  const readings = readLimitHeaders(answer.headers, context.now);
  const spent = spentBuckets(answer, readings);
  const last = lastToReset(readings, spent);
  const reason = last === '' ? 'Served as paid overage' : `${spentWords(last)}, served as paid overage`;
  const verdict = { scope: 'account', action: 'deliver' } as const;
  if (context.overageAllowed === true) {
    return { ...verdict, code: 'overage_allowed', reason: `${reason}, which you allow` };
  }
  const cooldown = restOf(answer, readings, { spent, last }, context);
  return { ...verdict, code: 'overage_in_use', reason, cooldown };
};

/** The windows that an answer calls spent: those refused, else those that are full, else the one that is claimed. */
function spentBuckets(answer: Answer, readings: readonly LimitReading[]): readonly string[] {
  const refused = refusedWindows(answer, readings);
  const found = refused.length > 0 ? refused : readings.filter(isFull);
  if (found.length > 0)
    return decidingBuckets(
      found.map(({ bucket }) => bucket),
      readings,
    );
  const claim = claimOf(answer);
  return claim === null ? [] : [claim];
}

function isFull({ bucket, limit, utilisation }: LimitReading): boolean {
  return isPlanWindow(bucket) && limit === null && (utilisation ?? 0) >= 1;
}

function claimOf(answer: Answer): string | null {
  return claimedWindow(answer.headers.get(`${UNIFIED}representative-claim`));
}

function restOf(
  answer: Answer,
  readings: readonly LimitReading[],
  { spent, last }: { spent: readonly string[]; last: string },
  { model, now }: ClassifyContext,
): NonNullable<Verdict['cooldown']> {
  const resetOf = (bucket: string): number | null => resetAfter(readings, bucket, now);
  // The reset without a window is that of the claimed one; where overage is claimed, it may be the end of a month.
  const claimed = spent.some((bucket) => bucket === claimOf(answer)) ? resetOf('unified') : null;
  const until = resetOf(last) ?? claimed ?? resetOf('overage') ?? resetOf('unified');
  // Whatever the window counts: what was just paid for is not to be asked for again.
  const bucket = restBucket(last, readings, model);
  return {
    bucket: bucketCovers(bucket, model) ? bucket : WHOLE_ACCOUNT,
    until: until ?? now + UNKNOWN_RESET_MS,
    guessed: until === null,
    evidence: evidenceOf(answer, [IN_USE, `${UNIFIED}overage-reset`, ...spentHeaders(spent)]),
  };
}
