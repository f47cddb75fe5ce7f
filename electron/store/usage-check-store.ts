import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UsageCheckStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

const rowSchema = z
  .object({ account_id: z.string(), checked_at: z.number().nullable(), next_at: z.number() })
  .transform((row) => ({ accountId: row.account_id, checkedAt: row.checked_at, nextAt: row.next_at }));

/** Reads of usage pages in `ccflare.db`. They go with their account. */
export function createUsageCheckStore(db: Database): UsageCheckStore {
  const list = db.prepare('SELECT * FROM usage_checks');
  const put = db.prepare(`
    INSERT INTO usage_checks SELECT @accountId, @checkedAt, @nextAt
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (account_id) DO UPDATE SET checked_at = excluded.checked_at, next_at = excluded.next_at`);
  const remove = db.prepare('DELETE FROM usage_checks WHERE account_id = ?');
  return {
    list: () => list.all().map((row) => parseRow(rowSchema, row)),
    put: (row) => void put.run(row),
    remove: (accountId) => void remove.run(accountId),
  };
}
