import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { PinStore } from '../core/store-ports.ts';
import { parseRow } from './rows.ts';

const rowSchema = z
  .object({ session_id: z.string(), account_id: z.string(), at: z.number() })
  .transform((row) => ({ sessionId: row.session_id, accountId: row.account_id, at: row.at }));

/** Pinned sessions in `ccflare.db`, oldest pin first. A pin goes with its account. */
export function createPinStore(db: Database): PinStore {
  const list = db.prepare('SELECT * FROM session_pins ORDER BY at, session_id');
  const put = db.prepare(`
    INSERT INTO session_pins SELECT @sessionId, @accountId, @at
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (session_id) DO UPDATE SET account_id = excluded.account_id, at = excluded.at`);
  const remove = db.prepare('DELETE FROM session_pins WHERE session_id = ?');
  const prune = db.prepare(`
    DELETE FROM session_pins WHERE session_id IN (
      SELECT session_id FROM session_pins ORDER BY at DESC, session_id DESC LIMIT -1 OFFSET ?)`);
  return {
    list: () => list.all().map((row) => parseRow(rowSchema, row)),
    put: (sessionId, accountId, at) => void put.run({ sessionId, accountId, at }),
    remove: (sessionId) => void remove.run(sessionId),
    prune: (keep) => void prune.run(keep),
  };
}
