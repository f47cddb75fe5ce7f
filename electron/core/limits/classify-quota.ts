import type { LimitReading } from '../../../shared/account.ts';
import type { ClassifyContext, Verdict } from '../limit-ports.ts';
import { bucketOfClaim, isModelWindow, isPartOfPlan, isPlanWindow, WHOLE_ACCOUNT } from './buckets.ts';
import { readRetryAfter } from './header-values.ts';
import { readLimitHeaders } from './read-headers.ts';
import { isRefusing, refusedWindows, UNIFIED } from './refused-windows.ts';
import { decidingBuckets, lastToReset, restBucket, spentHeaders, spentWords } from './spent-windows.ts';
import { type Answer, evidenceOf, LADDER_STEP_MS, type Rule, UNKNOWN_RESET_MS } from './verdicts.ts';

/** A stated wait up to this is sat out on the account, ms: moving would cost the session its prompt cache. */
const MAX_BURST_WAIT_MS = 10_000;

/** It is sat out a little longer, so that clients which were refused together do not come back together. */
const BURST_JITTER = 0.1;

type Spent = {
  readonly bucket: string;
  readonly until: number | null;
  readonly evidence: string[];
  words: string;
};

/**
 * 429: one that names no limit is no quota signal, whatever windows it calls open; a spent window rests until its
 * reset; a burst rests for seconds.
 */
export const rateLimited: Rule = (answer, context) => {
  if (answer.status !== 429) return null;
  const readings = readLimitHeaders(answer.headers, context.now);
  const retryAt = readRetryAfter(answer.headers, context.now);
  const spent = spentWindow(answer, readings, context.model);
  if (spent !== null) return quotaRejected(spent, retryAt, context);
  if (retryAt === null && !readings.some(isUsedUp)) {
    return {
      scope: 'upstream',
      action: 'deliver',
      code: 'unexplained_429',
      reason: 'The provider answered 429 without naming a limit',
    };
  }
  const limited = burst(answer, readings, retryAt, context);
  if (context.inference === false) return ofOtherCall(limited, 'this kind of call');
  return isOfFastMode(readings) ? ofOtherCall({ ...limited, closes: false }, 'fast mode') : limited;
};

/**
 * Token counting, files and batches, and fast mode, have rates of their own: the account goes on with messages, so it
 * does not rest. Another account may serve the call; when none does, the provider's answer says all there is to say.
 */
function ofOtherCall({ cooldown: _, ...limited }: Verdict, what: string): Verdict {
  if (limited.action !== 'next-account') return limited;
  return { ...limited, scope: 'account-call', reason: `Its rate limit for ${what} is reached` };
}

/** Whether nothing but the pool of fast mode is used up. */
function isOfFastMode(readings: readonly LimitReading[]): boolean {
  const empty = readings.filter(isUsedUp);
  return empty.length > 0 && empty.every(({ bucket }) => bucket.startsWith('fast-'));
}

/**
 * Whether numbers say that nothing is left, of a rate or of a window that counts everything. Overage is used up
 * wherever nobody has bought it.
 */
function isUsedUp({ bucket, remaining, utilisation }: LimitReading): boolean {
  if (!isPlanWindow(bucket) || isModelWindow(bucket) || isPartOfPlan(bucket)) return false;
  return remaining === 0 || (utilisation ?? 0) >= 1;
}

function quotaRejected(spent: Spent, retryAt: number | null, { now }: ClassifyContext): Verdict {
  const stated = Math.max(spent.until ?? 0, retryAt ?? 0);
  const { bucket, evidence, words } = spent;
  return {
    scope: bucket === WHOLE_ACCOUNT ? 'account' : 'account-model',
    action: 'next-account',
    code: 'quota_rejected',
    reason: words,
    cooldown: {
      bucket,
      until: stated > now ? stated : now + UNKNOWN_RESET_MS,
      evidence,
      guessed: stated <= now,
    },
  };
}

/** The window that keeps the account, or a family of models, from serving: of several the last to reset. */
function spentWindow(answer: Answer, readings: readonly LimitReading[], model: string | null): Spent | null {
  const refused = refusedWindows(answer, readings);
  const claim = bucketOfClaim(answer.headers.get(`${UNIFIED}representative-claim`) ?? '');
  const overall = isRefusing(answer.headers.get(`${UNIFIED}status`));
  if (refused.length === 0 && !overall) return null;
  const names = refused.length > 0 ? refused.map(({ bucket }) => bucket) : [claim];
  const deciding = decidingBuckets(names, readings);
  const resets = readings.filter((r) => deciding.includes(r.bucket)).map((r) => r.resetAt ?? 0);
  // The reset without a window is that of the claimed one, so it counts only where that one decides.
  if (overall && (refused.length === 0 || deciding.includes(claim) || claim === 'overage')) {
    resets.push(readings.find(({ bucket }) => bucket === 'unified')?.resetAt ?? 0);
  }
  const until = Math.max(0, ...resets);
  const shown = lastToReset(readings, deciding);
  return {
    bucket: restBucket(shown, readings, model),
    until: until > 0 ? until : null,
    evidence: evidenceOf(answer, spentHeaders(deciding)),
    words: spentWords(shown),
  };
}

/**
 * A rate per minute, or a limit that is stated by `retry-after` only. A short wait, once, keeps the session
 * where it is; what lasts longer goes to another account.
 */
function burst(
  answer: Answer,
  readings: readonly LimitReading[],
  retryAt: number | null,
  context: ClassifyContext,
): Verdict {
  const { now, retriesHere, settings } = context;
  const empty = readings.filter(({ remaining, resetAt }) => remaining === 0 && resetAt !== null);
  const reset = Math.max(0, ...empty.map(({ resetAt }) => resetAt ?? 0));
  const stated = retryAt ?? (reset > now ? reset : null);
  const what = empty[0]?.label;
  const verdict = {
    scope: 'account',
    code: 'burst_limited',
    reason: what === undefined ? 'Its rate limit is reached' : `Its rate limit for ${what} is reached`,
  } as const;
  const mayWait = retriesHere < Math.min(1, settings.retryAttempts);
  if (mayWait && stated !== null && stated - now <= MAX_BURST_WAIT_MS) {
    const waitMs = Math.max(1, Math.ceil((stated - now) * (1 + BURST_JITTER * context.random())));
    return { ...verdict, action: 'retry-here', waitMs, closes: true };
  }
  // One that asks for no time at all, again and again, has not said when.
  const until = stated !== null && stated > now ? stated : null;
  const names = empty.slice(0, 3).map(({ bucket }) => `anthropic-ratelimit-${bucket}-reset`);
  return {
    ...verdict,
    action: 'next-account',
    cooldown: {
      bucket: WHOLE_ACCOUNT,
      until: until ?? now + LADDER_STEP_MS,
      evidence: evidenceOf(answer, ['retry-after', ...names]),
      ...(until === null ? { ladder: true } : {}),
    },
  };
}
