import type { LimitReading } from '../../../shared/account.ts';
import { bucketLabel, isModelWindow, isPartOfPlan, WHOLE_ACCOUNT, windowOfModel } from './buckets.ts';
import { isRefusing, UNIFIED } from './refused-windows.ts';

/**
 * Of spent buckets those that keep an account from serving: windows of some models only where none counts everything.
 * A part of the plan that nobody knows is taken for one of some models where the provider says that the rest is open.
 */
export function decidingBuckets(
  buckets: readonly string[],
  readings: readonly LimitReading[],
): readonly string[] {
  const open = isPlanOpen(readings);
  const whole = buckets.filter((bucket) => !isModelWindow(bucket) && !(open && isPartOfPlan(bucket)));
  return whole.length > 0 ? whole : buckets;
}

/**
 * Cooldown bucket for a spent window: the window where it counts certain models, itself for the asked model where it
 * counts nobody knows which while the rest of the plan is open, else the whole account.
 */
export function restBucket(spent: string, readings: readonly LimitReading[], model: string | null): string {
  if (isModelWindow(spent)) return spent;
  const ofSome = model !== null && isPartOfPlan(spent) && isPlanOpen(readings);
  return ofSome ? windowOfModel(spent, model) : WHOLE_ACCOUNT;
}

/** Whether the provider says of both windows of the plan that they let requests through. */
function isPlanOpen(readings: readonly LimitReading[]): boolean {
  return ['5h', '7d'].every((bucket) => {
    const status = readings.find((reading) => reading.bucket === bucket)?.status ?? null;
    return status !== null && !isRefusing(status);
  });
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
