import type { Database } from 'better-sqlite3';
import type { ResourceStore } from '../core/store-ports.ts';

/** Which account a file, batch or container belongs to, in `ccflare.db`. */
export function createResourceStore(db: Database): ResourceStore {
  const accountOf = db.prepare<[string], { accountId: string }>(
    'SELECT account_id AS accountId FROM resources WHERE resource_id = ?',
  );
  const put = db.prepare(`
    INSERT INTO resources SELECT @resourceId, @accountId, @at
    WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @accountId)
    ON CONFLICT (resource_id) DO UPDATE SET account_id = excluded.account_id, seen_at = excluded.seen_at`);
  const prune = db.prepare(`
    DELETE FROM resources WHERE resource_id IN (
      SELECT resource_id FROM resources ORDER BY seen_at DESC LIMIT -1 OFFSET ?)`);
  return {
    accountOf: (resourceId) => accountOf.get(resourceId)?.accountId ?? null,
    put: (resourceId, accountId, at) => void put.run({ resourceId, accountId, at }),
    prune: (keep) => void prune.run(keep),
  };
}
