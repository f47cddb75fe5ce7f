import type { LimitReading } from '../../../shared/account.ts';
import type { HeaderLookup } from '../limit-ports.ts';
import { bucketLabel, claimedWindow, isPlanWindow } from './buckets.ts';
import { UNIFIED } from './refused-windows.ts';

/** The word for a window that is used up; older ones of refusal may mean other things, such as a payment. */
const SPENT = 'rejected';

/**
 * The readings of an answer, and with them what it says without a number: a window that it refuses as spent is used
 * up. Marked as inferred, so that a stated use goes before it. Older answers name such a window by the claim alone.
 */
export function withImplied(
  readings: readonly LimitReading[],
  headers: HeaderLookup,
): readonly LimitReading[] {
  const overall = readings.find(({ bucket }) => bucket === 'unified');
  const claimed =
    overall?.status === SPENT ? claimedWindow(headers.get(`${UNIFIED}representative-claim`)) : null;
  const all =
    overall === undefined || claimed === null || readings.some(({ bucket }) => bucket === claimed)
      ? readings
      : [...readings, { ...overall, bucket: claimed, label: bucketLabel(claimed) }];
  return all.map((reading) =>
    saysSpent(reading) ? { ...reading, utilisation: 1, source: 'inferred' } : reading,
  );
}

function saysSpent({ bucket, status, utilisation, limit, remaining }: LimitReading): boolean {
  if (status !== SPENT || !isPlanWindow(bucket)) return false;
  return utilisation === null && limit === null && remaining === null;
}
