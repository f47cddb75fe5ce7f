import type { LimitReading } from '../../../shared/account.ts';
import type { ReadingSample } from '../store-ports.ts';

/** A bucket whose use has not changed is noted again only after this, ms. */
const UNCHANGED_MS = 10 * 60_000;

/** And one that changes at most this often, ms. */
const CHANGED_MS = 60_000;

/** Use that differs by less than this is the same. */
const SAME_USE = 0.002;

/** Samples of readings per account and bucket, oldest first, bounded. */
export type ReadingLog = {
  /** Takes a sample when there is something to learn from it; null otherwise. */
  note(accountId: string, reading: LimitReading, now: number): ReadingSample | null;
  /** Takes a sample from disk; oldest first. */
  restore(sample: ReadingSample): void;
  of(accountId: string, bucket: string): readonly ReadingSample[];
  buckets(accountId: string): string[];
  forget(accountId: string): void;
};

/** See {@link ReadingLog}. */
export function createReadingLog(keep: number): ReadingLog {
  const accounts = new Map<string, Map<string, ReadingSample[]>>();

  function listOf(accountId: string, bucket: string): ReadingSample[] {
    const buckets = accounts.get(accountId) ?? new Map<string, ReadingSample[]>();
    accounts.set(accountId, buckets);
    const list = buckets.get(bucket) ?? [];
    buckets.set(bucket, list);
    return list;
  }
  function add(sample: ReadingSample): void {
    const list = listOf(sample.accountId, sample.bucket);
    list.push(sample);
    // In one go now and then, since shifting a long list each time is dear.
    if (list.length > keep * 1.1) list.splice(0, list.length - keep);
  }

  return {
    note(accountId, { bucket, utilisation, resetAt }, now) {
      if (utilisation === null) return null;
      const last = listOf(accountId, bucket).at(-1);
      if (last !== undefined && !isNews(last, utilisation, resetAt, now)) return null;
      const sample = { accountId, bucket, at: now, utilisation, resetAt };
      add(sample);
      return sample;
    },
    restore: add,
    of: (accountId, bucket) => accounts.get(accountId)?.get(bucket) ?? [],
    buckets: (accountId) => [...(accounts.get(accountId)?.keys() ?? [])],
    forget: (accountId) => void accounts.delete(accountId),
  };
}

function isNews(last: ReadingSample, utilisation: number, resetAt: number | null, now: number): boolean {
  const age = now - last.at;
  // A clock that was set back: what was noted lies in the future, and the new sample counts.
  if (age < 0 || age >= UNCHANGED_MS) return true;
  if (Math.abs((resetAt ?? 0) - (last.resetAt ?? 0)) > CHANGED_MS) return true;
  return age >= CHANGED_MS && Math.abs(utilisation - last.utilisation) >= SAME_USE;
}
