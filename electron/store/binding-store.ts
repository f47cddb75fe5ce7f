import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { BindingRow, BindingStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

const rowSchema = z
  .object({
    session_id: z.string(),
    model: z.string(),
    account_id: z.string(),
    bound_at: z.number(),
    last_used_at: z.number(),
  })
  .transform(
    (row): BindingRow => ({
      sessionId: row.session_id,
      model: row.model,
      accountId: row.account_id,
      boundAt: row.bound_at,
      lastUsedAt: row.last_used_at,
    }),
  );

/** Session bindings in `ccflare.db`; rows of an account that is gone are left out. */
export function createBindingStore(db: Database): BindingStore {
  const list = db.prepare<[number]>(
    'SELECT * FROM session_bindings WHERE last_used_at >= ? ORDER BY last_used_at',
  );
  const put = db.prepare(`
    INSERT INTO session_bindings SELECT @sessionId, @model, @accountId, @boundAt, @lastUsedAt
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (session_id, model) DO UPDATE SET account_id = excluded.account_id, bound_at = excluded.bound_at,
      last_used_at = excluded.last_used_at`);
  const removeSession = db.prepare('DELETE FROM session_bindings WHERE session_id = ?');
  const removeAccount = db.prepare('DELETE FROM session_bindings WHERE account_id = ?');
  const dropOld = db.prepare('DELETE FROM session_bindings WHERE last_used_at < ?');
  const dropSurplus = db.prepare(`
    DELETE FROM session_bindings WHERE (session_id, model) IN (
      SELECT session_id, model FROM session_bindings ORDER BY last_used_at DESC LIMIT -1 OFFSET ?)`);
  const putAll = db.transaction((rows: readonly BindingRow[]) => {
    for (const row of rows) put.run(row);
  });
  const prune = db.transaction((before: number, keep: number) => {
    dropOld.run(before);
    dropSurplus.run(keep);
  });
  return {
    list: (since) => list.all(since).map((row) => parseRow(rowSchema, row)),
    put: (rows) => putAll(rows),
    removeSession: (sessionId) => void removeSession.run(sessionId),
    removeAccount: (accountId) => void removeAccount.run(accountId),
    prune: (before, keep) => prune(before, keep),
  };
}
