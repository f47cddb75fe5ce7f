import type { LimitReading } from '../../../shared/account.ts';
import type { Confidence, Forecast } from '../../../shared/forecast.ts';
import { isRefusing } from './refused-windows.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Resets this close are one window: the provider's times wander by seconds. */
const SAME_RESET_MS = MINUTE_MS;

/** A use of a bucket that was seen, oldest first in every list. */
export type Sample = { readonly at: number; readonly utilisation: number; readonly resetAt: number | null };

/** How far back the pace is looked for, and the shortest span that says anything, ms. */
type Horizon = { readonly lookBack: number; readonly shortest: number };

const SHORT_WINDOW: Horizon = { lookBack: 90 * MINUTE_MS, shortest: 10 * MINUTE_MS };
const LONG_WINDOW: Horizon = { lookBack: 24 * HOUR_MS, shortest: 2 * HOUR_MS };

/** Fewest readings that say anything, and those that say it well. */
const FEWEST = 3;
const MANY = 12;

/** Weeks go on over nights: their pace is that of a whole day. Shorter windows go by the last hour and a half. */
function horizonOf(bucket: string): Horizon {
  return bucket.startsWith('7d') || bucket === 'overage' ? LONG_WINDOW : SHORT_WINDOW;
}

/**
 * Whether a bucket runs towards an end at all. Token buckets of API keys refill all the time, so nothing can be
 * foretold of them, and the plan's overall status is no bucket.
 */
export function isForecastable(reading: LimitReading): boolean {
  const { bucket, limit, utilisation } = reading;
  if (limit !== null || bucket === 'unified' || bucket.startsWith('slow')) return false;
  return utilisation !== null || isRefused(reading);
}

/**
 * Share of a bucket that is used now: none when its window is over, all while the provider refuses it, whatever share
 * was read before; null when nobody knows.
 */
export function usedNow(reading: LimitReading, now: number): number | null {
  if (reading.resetAt !== null && reading.resetAt <= now) return 0;
  return isRefused(reading) ? Math.max(1, reading.utilisation ?? 0) : reading.utilisation;
}

/** Overage is refused wherever nobody has bought it, so there that says nothing. */
function isRefused({ bucket, status }: LimitReading): boolean {
  return bucket !== 'overage' && isRefusing(status);
}

/**
 * Where a bucket is heading. The pace is what was used since the first reading of this window within the look-back,
 * idle time included; without enough readings it is unknown, never guessed. A window that is refused is empty now.
 */
export function forecastBucket(reading: LimitReading, samples: readonly Sample[], now: number): Forecast {
  const { bucket, label, resetAt } = reading;
  const over = resetAt !== null && resetAt <= now;
  const pace = over ? null : paceOf(reading, samples, now);
  const ratePerHour = pace?.ratePerHour ?? null;
  if (!over && isRefused(reading)) {
    // Nothing is foretold here: the provider says so.
    return { bucket, label, ratePerHour, emptyAt: now, resetAt, shareAtReset: null, confidence: 'good' };
  }
  if (pace === null) {
    return {
      bucket,
      label,
      ratePerHour: null,
      emptyAt: null,
      resetAt,
      shareAtReset: null,
      confidence: 'none',
    };
  }
  const used = reading.utilisation ?? 0;
  return {
    bucket,
    label,
    ratePerHour: pace.ratePerHour,
    emptyAt: emptyAt(used, pace.ratePerHour, resetAt, now),
    resetAt,
    shareAtReset: resetAt === null ? null : used + (pace.ratePerHour * (resetAt - now)) / HOUR_MS,
    confidence: pace.confidence,
  };
}

function emptyAt(used: number, ratePerHour: number, resetAt: number | null, now: number): number | null {
  if (used >= 1) return now;
  if (ratePerHour <= 0) return null;
  const end = Math.round(now + ((1 - used) / ratePerHour) * HOUR_MS);
  return resetAt !== null && end >= resetAt ? null : end;
}

function paceOf(
  reading: LimitReading,
  samples: readonly Sample[],
  now: number,
): { ratePerHour: number; confidence: Confidence } | null {
  const horizon = horizonOf(reading.bucket);
  let first: Sample | undefined;
  let count = 0;
  // From the newest on: most of a long history is older than the look-back.
  for (let i = samples.length - 1; i >= 0; i -= 1) {
    const sample = samples[i];
    if (sample === undefined || now - sample.at > horizon.lookBack) break;
    if (sample.at > now || !sameWindow(sample.resetAt, reading.resetAt)) continue;
    first = sample;
    count += 1;
  }
  if (first === undefined || count < FEWEST) return null;
  const span = now - first.at;
  if (span < horizon.shortest) return null;
  const grown = Math.max(0, (reading.utilisation ?? 0) - first.utilisation);
  return {
    ratePerHour: (grown / span) * HOUR_MS,
    confidence: confidenceOf(count, span / horizon.lookBack),
  };
}

function confidenceOf(count: number, share: number): Confidence {
  if (count >= MANY && share >= 0.6) return 'good';
  return count >= 2 * FEWEST && share >= 0.25 ? 'fair' : 'low';
}

function sameWindow(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= SAME_RESET_MS;
}
