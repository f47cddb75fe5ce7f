import type { LimitReading } from '../../../shared/account.ts';

/** Resets that differ by less than this are the same window: providers round, clocks differ. */
const SAME_RESET_MS = 60_000;

/**
 * Which of two readings of a bucket holds. Answers overtake each other, so the later one to arrive may be the older:
 * a later reset is a new window, within one window use only grows, and an earlier reset is stale. A token bucket
 * (API keys: limit and remaining) refills all the time, so there the newest holds.
 */
export function mergeReading(known: LimitReading | undefined, fresh: LimitReading): LimitReading {
  if (known === undefined) return fresh;
  if (fresh.limit !== null || fresh.remaining !== null) return newest(known, fresh);
  if (fresh.resetAt === null || known.resetAt === null) return sameWindow(known, fresh);
  const later = fresh.resetAt - known.resetAt;
  if (later > SAME_RESET_MS) return fresh;
  if (later >= -SAME_RESET_MS) return sameWindow(known, fresh);
  // Stale, unless the known window is itself over.
  return known.resetAt <= fresh.observedAt ? fresh : known;
}

function newest(known: LimitReading, fresh: LimitReading): LimitReading {
  return {
    ...fresh,
    limit: fresh.limit ?? known.limit,
    utilisation: fresh.utilisation ?? known.utilisation,
    resetAt: fresh.resetAt ?? known.resetAt,
  };
}

/** Same window: the higher use, and of the rest what was said last. Of one that is over nothing is carried along. */
function sameWindow(known: LimitReading, fresh: LimitReading): LimitReading {
  if (isOver(known, fresh.observedAt) || isOver(fresh, fresh.observedAt)) return fresh;
  const utilisation = higher(known.utilisation, fresh.utilisation);
  return {
    ...fresh,
    utilisation,
    status: fresh.status ?? known.status,
    resetAt: fresh.resetAt ?? known.resetAt,
    source: sourceOf(utilisation, known, fresh),
  };
}

function isOver({ resetAt }: LimitReading, now: number): boolean {
  return resetAt !== null && resetAt <= now;
}

/** Where the use comes from that a merged reading tells: what was worked out never passes for what was said. */
function sourceOf(
  utilisation: number | null,
  known: LimitReading,
  fresh: LimitReading,
): LimitReading['source'] {
  if (utilisation === null || known.utilisation !== utilisation) return fresh.source;
  return fresh.utilisation !== utilisation || fresh.source === 'inferred' ? known.source : fresh.source;
}

function higher(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/**
 * Which reading holds when the provider's usage page says `fresh`. The headers of answers are the primary source: one
 * that is newer than the page, or that says more about the same window, stays as it is.
 */
export function mergeLearned(known: LimitReading | undefined, fresh: LimitReading): LimitReading {
  if (known === undefined || known.source === 'usage-endpoint') return mergeReading(known, fresh);
  if (known.observedAt > fresh.observedAt || fresh.utilisation === null) return known;
  const merged = mergeReading(known, fresh);
  // Otherwise the header's use was the higher one, and the page has nothing to add.
  return merged.utilisation === fresh.utilisation ? merged : known;
}

/** Whether two readings tell a person the same: everything but the time of reading. */
export function sameReading(a: LimitReading, b: LimitReading): boolean {
  return (
    a.utilisation === b.utilisation &&
    a.status === b.status &&
    a.resetAt === b.resetAt &&
    a.limit === b.limit &&
    a.remaining === b.remaining
  );
}
