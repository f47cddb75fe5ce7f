import type { LimitReading } from '../../../shared/account.ts';
import { bucketCovers, isModelWindow, WHOLE_ACCOUNT } from './buckets.ts';
import { isRefusing } from './refused-windows.ts';

/** A spent window of an account that still serves: what it serves is paid overage. */
export type PaidWindow = {
  /** Cooldown bucket of what it covers. */
  readonly bucket: string;
  /** UTC ms of its reset, null when nobody stated one. */
  readonly until: number | null;
};

/** Windows of a plan as a whole. An account that has only overage has none of them. */
const PLAN = new Set(['5h', '7d']);

/** The spent window that a request for a model would meet, as far as its account's readings tell; else null. */
export function paidWindow(
  readings: readonly LimitReading[],
  model: string | null,
  now: number,
): PaidWindow | null {
  let whole = 0;
  let family: { bucket: string; until: number } | null = null;
  let overage: LimitReading | null = null;
  let hasPlan = false;
  for (const reading of readings) {
    const { bucket, status } = reading;
    const until = reading.resetAt ?? 0;
    const isPlan = PLAN.has(bucket);
    if (bucket === 'overage') overage = reading;
    if (isPlan) hasPlan = true;
    if (!(isRefusing(status) || isFull(reading)) || until <= now) continue;
    if (isPlan) whole = Math.max(whole, until);
    else if (isModelWindow(bucket) && bucketCovers(bucket, model) && until > (family?.until ?? 0))
      family = { bucket, until };
  }
  if (whole > 0) return { bucket: WHOLE_ACCOUNT, until: whole };
  if (family !== null) return family;
  if (overage === null || hasPlan || isRefusing(overage.status)) return null;
  return { bucket: WHOLE_ACCOUNT, until: (overage.resetAt ?? 0) > now ? overage.resetAt : null };
}

/** What a full window still serves is paid for as well, unless the provider says that it is open all the same. */
function isFull({ limit, utilisation, status }: LimitReading): boolean {
  return limit === null && (utilisation ?? 0) >= 1 && status !== 'allowed';
}
