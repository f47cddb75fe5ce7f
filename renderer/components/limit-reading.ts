import type { LimitReading } from '../../shared/account.ts';
import { formatClock, formatPercent, formatRelative } from '../../shared/format.ts';

const HOUR = 3_600_000;
/** A reading older than this is shown faded: traffic elsewhere may have moved it. */
const STALE_AFTER = 15 * 60_000;
/** From here on a bar warns. */
const HIGH_SHARE = 0.8;

const SOURCES: Record<LimitReading['source'], string> = {
  header: 'from a response header',
  'usage-endpoint': 'from the usage page',
  inferred: 'worked out from a refusal, not reported',
};

/** Length of the window behind a bucket, ms; null for per-minute rates and unknown buckets. */
export function windowLength(bucket: string): number | null {
  if (bucket === '5h') return 5 * HOUR;
  return bucket === '7d' || bucket.startsWith('7d_') ? 7 * 24 * HOUR : null;
}

/** Share used, 0..1 or above; null when the provider said too little. */
export function usedShare(reading: LimitReading): number | null {
  if (reading.utilisation !== null) return reading.utilisation;
  if (reading.limit === null || reading.remaining === null || reading.limit <= 0) return null;
  return 1 - reading.remaining / reading.limit;
}

/** Readings that a bar can be drawn for: windows first, then rates. */
export function drawableReadings(readings: readonly LimitReading[]): LimitReading[] {
  const drawable = readings.filter((reading) => usedShare(reading) !== null);
  const isWindow = (reading: LimitReading) => windowLength(reading.bucket) !== null;
  return [...drawable.filter(isWindow), ...drawable.filter((reading) => !isWindow(reading))];
}

/** What the plan's overall state and refused overage say is told by other means. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['unified', 'overage']);

/** Readings that say a state and no number: no bar can be drawn for them, such as for the slow lane. */
export function statedReadings(readings: readonly LimitReading[]): LimitReading[] {
  return readings.filter(
    (reading) =>
      usedShare(reading) === null && reading.status !== null && !TOLD_ELSEWHERE.has(reading.bucket),
  );
}

/** State of such a reading: "Slow lane: slot busy, until 18:00 (in 3 h)". */
export function statedText({ label, status, resetAt }: LimitReading, now: number): string {
  const end =
    resetAt === null || resetAt <= now
      ? ''
      : `, until ${formatClock(resetAt, now)} (${formatRelative(resetAt, now)})`;
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}: ${(status ?? '').replaceAll('_', ' ')}${end}`;
}

/** The window that will stop the account first, as far as the shares tell. */
export function tightestWindow(readings: readonly LimitReading[]): LimitReading | null {
  const windows = readings.filter(
    (reading) => windowLength(reading.bucket) !== null && usedShare(reading) !== null,
  );
  return windows.reduce<LimitReading | null>(
    (tightest, reading) =>
      (usedShare(reading) ?? 0) > (tightest ? (usedShare(tightest) ?? 0) : -1) ? reading : tightest,
    null,
  );
}

/** Where an even pace would stand now, 0..1; null when the window's borders are unknown. */
export function paceShare(reading: LimitReading, now: number): number | null {
  const length = windowLength(reading.bucket);
  if (length === null || reading.resetAt === null || reading.resetAt <= now) return null;
  return Math.min(1, Math.max(0, 1 - (reading.resetAt - now) / length));
}

/** Old, or from a window that has been reset since. */
export function isStale(reading: LimitReading, now: number): boolean {
  return now - reading.observedAt > STALE_AFTER || hasReset(reading, now);
}

/** Whether the window ended after the reading was taken. */
export function hasReset(reading: LimitReading, now: number): boolean {
  return reading.resetAt !== null && reading.resetAt <= now;
}

/** How urgent a bar looks. */
export function limitLevel(reading: LimitReading): 'normal' | 'high' | 'full' {
  const share = usedShare(reading) ?? 0;
  if (share >= 1 || reading.status === 'rejected') return 'full';
  return share >= HIGH_SHARE ? 'high' : 'normal';
}

/** Age and source of a figure, for hovers. */
export function readingOrigin(reading: LimitReading, now: number): string {
  return `Read ${formatRelative(reading.observedAt, now)}, ${SOURCES[reading.source]}`;
}

/** The bar as one sentence. */
export function readingText(reading: LimitReading, now: number): string {
  const share = formatPercent(usedShare(reading) ?? 0);
  if (hasReset(reading, now)) return `${reading.label}: reset since; was ${share} used.`;
  const reset =
    reading.resetAt === null
      ? ''
      : `, resets ${formatClock(reading.resetAt, now)} (${formatRelative(reading.resetAt, now)})`;
  const pace = paceShare(reading, now);
  const even = pace === null ? '' : ` An even pace would be at ${formatPercent(pace)}.`;
  return `${reading.label}: ${share} used${reset}.${even}`;
}
