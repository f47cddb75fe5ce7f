import type { Clock } from '../clock.ts';
import type { RateLimiter } from '../ports.ts';

/** Names that are remembered at once. */
const MAX_NAMES = 10_000;

/** Names that go at once when all are in use, so that the search for room is paid once per this many calls. */
const ROOM = 1000;

const MINUTE_MS = 60_000;

type Bucket = { tokens: number; perMinute: number; at: number };

/**
 * One token bucket per name. It holds a minute's worth, so that a burst after a pause passes, and fills evenly.
 * Time is the clock that never jumps. Memory is bounded: names whose bucket is full again are forgotten first (they
 * are as good as new), then those unused for longest.
 */
export function createRateLimiter(clock: Clock): RateLimiter {
  /** Least recently used first. */
  const buckets = new Map<string, Bucket>();

  function bucketOf(name: string, perMinute: number, now: number): Bucket {
    const known = buckets.get(name);
    if (known === undefined || known.perMinute !== perMinute)
      return { tokens: perMinute, perMinute, at: now };
    buckets.delete(name);
    return known;
  }

  return {
    allow(name, perMinute) {
      if (perMinute <= 0) return { ok: true, retryAfterMs: 0 };
      const now = clock.monotonic();
      const bucket = bucketOf(name, perMinute, now);
      bucket.tokens = levelAt(bucket, now);
      bucket.at = now;
      const ok = bucket.tokens >= 1;
      if (ok) bucket.tokens -= 1;
      if (buckets.size >= MAX_NAMES) makeRoom(buckets, now);
      buckets.set(name, bucket);
      return { ok, retryAfterMs: ok ? 0 : Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / perMinute) };
    },
  };
}

function levelAt({ tokens, perMinute, at }: Bucket, now: number): number {
  return Math.min(perMinute, tokens + ((now - at) * perMinute) / MINUTE_MS);
}

/** Runs only when the table is full, and makes room for many names, so its cost is spread over many calls. */
function makeRoom(buckets: Map<string, Bucket>, now: number): void {
  for (const [name, bucket] of buckets) {
    if (levelAt(bucket, now) >= bucket.perMinute) buckets.delete(name);
  }
  for (const name of buckets.keys()) {
    if (buckets.size <= MAX_NAMES - ROOM) return;
    buckets.delete(name);
  }
}
