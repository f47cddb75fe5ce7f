import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { SpendRow, SpendStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

const rowSchema = z
  .object({
    account_id: z.string(),
    month: z.string(),
    spent_nano_usd: z.number(),
    overage_nano_usd: z.number(),
  })
  .transform(
    (row): SpendRow => ({
      accountId: row.account_id,
      month: row.month,
      spentNanoUsd: row.spent_nano_usd,
      overageNanoUsd: row.overage_nano_usd,
    }),
  );

/**
 * Money per account and month in `ccflare.db`, rounded to whole billionths of a dollar. `put` replaces what the month
 * had; rows of an account that is gone are left out.
 */
export function createSpendStore(db: Database): SpendStore {
  const list = db.prepare<[string]>('SELECT * FROM account_spend WHERE month = ? ORDER BY account_id');
  const put = db.prepare(`
    INSERT INTO account_spend
    SELECT @accountId, @month, @spentNanoUsd, @overageNanoUsd
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (account_id, month) DO UPDATE SET spent_nano_usd = excluded.spent_nano_usd,
      overage_nano_usd = excluded.overage_nano_usd`);
  const putAll = db.transaction((rows: readonly SpendRow[]) => {
    for (const row of rows) put.run(toWhole(row));
  });
  return {
    list: (month) => list.all(month).map((row) => parseRow(rowSchema, row)),
    put: (rows) => putAll.immediate(rows),
  };
}

function toWhole(row: SpendRow): SpendRow {
  return {
    ...row,
    spentNanoUsd: Math.round(row.spentNanoUsd),
    overageNanoUsd: Math.round(row.overageNanoUsd),
  };
}
