import type { LimitReading } from '../../../shared/account.ts';
import { bucketLabel, isModelWindow } from './buckets.ts';
import { UNIFIED } from './refused-windows.ts';

/** Of buckets those that keep an account from serving: a model's window only where none counts everything. */
export function decidingBuckets(buckets: readonly string[]): readonly string[] {
  const whole = buckets.filter((bucket) => !isModelWindow(bucket));
  return whole.length > 0 ? whole : buckets;
}

/** Of some buckets the one that is the last to reset; empty when there are none. */
export function lastToReset(readings: readonly LimitReading[], buckets: readonly string[]): string {
  let last: LimitReading | undefined;
  for (const reading of readings) {
    if (!buckets.includes(reading.bucket)) continue;
    if (last === undefined || (reading.resetAt ?? 0) > (last.resetAt ?? 0)) last = reading;
  }
  return last?.bucket ?? buckets[0] ?? '';
}

/** When a bucket resets, UTC ms; null when nobody said, or that is over. */
export function resetAfter(readings: readonly LimitReading[], bucket: string, now: number): number | null {
  const resetAt = readings.find((reading) => reading.bucket === bucket)?.resetAt ?? null;
  return resetAt === null || resetAt <= now ? null : resetAt;
}

/** Headers that show why those buckets count as spent. */
export function spentHeaders(buckets: readonly string[]): string[] {
  const own = buckets
    .slice(0, 3)
    .flatMap((bucket) => [`${UNIFIED}${bucket}-status`, `${UNIFIED}${bucket}-reset`]);
  return [`${UNIFIED}status`, `${UNIFIED}representative-claim`, `${UNIFIED}reset`, 'retry-after', ...own];
}

/** "Week spent"; empty = nobody said which window. */
export function spentWords(bucket: string): string {
  if (bucket === '') return 'Its plan limit is reached';
  const label = bucketLabel(bucket);
  return `${label.charAt(0).toUpperCase()}${label.slice(1)} spent`;
}
