import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { ReadingHistoryStore, ReadingSample } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

/** A bucket is cut back once it is this much over its bound, so that not every sample pays for a delete. */
const SLACK = 1.1;

const rowSchema = z
  .object({
    account_id: z.string(),
    bucket: z.string(),
    at: z.number(),
    utilisation: z.number(),
    reset_at: z.number().nullable(),
  })
  .transform(
    (row): ReadingSample => ({
      accountId: row.account_id,
      bucket: row.bucket,
      at: row.at,
      utilisation: row.utilisation,
      resetAt: row.reset_at,
    }),
  );

const crowdedSchema = z.object({ account_id: z.string(), bucket: z.string() });

/**
 * Use of the buckets over time in `ccflare.db`, oldest first. Samples of an account that is gone are left out; of two
 * samples of one bucket at the same millisecond the later one stays. Times are cut to whole milliseconds.
 */
export function createReadingHistoryStore(db: Database): ReadingHistoryStore {
  const list = db.prepare<[number]>('SELECT * FROM reading_history WHERE at >= ? ORDER BY at');
  const append = db.prepare(`
    INSERT INTO reading_history
    SELECT @accountId, @bucket, CAST(@at AS INTEGER), @utilisation, CAST(@resetAt AS INTEGER)
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (account_id, bucket, at) DO UPDATE SET utilisation = excluded.utilisation,
      reset_at = excluded.reset_at`);
  const removeAccount = db.prepare('DELETE FROM reading_history WHERE account_id = ?');
  const dropOld = db.prepare('DELETE FROM reading_history WHERE at < ?');
  const crowded = db.prepare<[number]>(
    'SELECT account_id, bucket FROM reading_history GROUP BY account_id, bucket HAVING COUNT(*) > ?',
  );
  const dropSurplus = db.prepare(`
    DELETE FROM reading_history WHERE account_id = @account_id AND bucket = @bucket AND at <= (
      SELECT at FROM reading_history WHERE account_id = @account_id AND bucket = @bucket
      ORDER BY at DESC LIMIT 1 OFFSET @keep)`);
  const appendAll = db.transaction((samples: readonly ReadingSample[]) => {
    for (const sample of samples) append.run(sample);
  });
  const prune = db.transaction((before: number, keep: number) => {
    dropOld.run(before);
    for (const row of crowded.all(keep * SLACK)) {
      dropSurplus.run({ ...parseRow(crowdedSchema, row), keep });
    }
  });
  return {
    list: (since) => list.all(since).map((row) => parseRow(rowSchema, row)),
    append: (samples) => appendAll.immediate(samples),
    removeAccount: (accountId) => void removeAccount.run(accountId),
    prune: (before, keepPerBucket) => prune.immediate(before, keepPerBucket),
  };
}
