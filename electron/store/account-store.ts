import type { Database, Statement } from 'better-sqlite3';
import type { AccountStore } from '../core/store-ports.ts';
import { accountColumns, accountFrom, type Bindable } from './account-columns.ts';

const SECRETS = ['api_key', 'access_token', 'refresh_token', 'provisioned_mark'];

/** Zeros of the same length; `zeroblob(NULL)` would be an empty blob. */
const zeroed = (column: string): string =>
  `${column} = iif(${column} IS NULL, NULL, zeroblob(length(${column})))`;

/** Accounts in `ccflare.db`. */
export function createAccountStore(db: Database): AccountStore {
  const list = db.prepare('SELECT * FROM accounts ORDER BY priority, created_at, id');
  const rotate = db.prepare<Bindable[]>(`
    UPDATE accounts SET access_token = ?, access_token_key = ?, refresh_token = ?, refresh_token_key = ?,
      expires_at = ?, last_refresh_at = ?, last_refresh_error = NULL, credential_state = 'ok', credential_words = NULL
    WHERE id = ? AND refresh_token = ? AND refresh_token_key = ?`);
  const overwrite = db.prepare(`UPDATE accounts SET ${SECRETS.map(zeroed).join(', ')} WHERE id = ?`);
  const remove = db.prepare('DELETE FROM accounts WHERE id = ?');
  const updates = createUpdates(db);
  const removal = db.transaction((id: string) => {
    overwrite.run(id);
    remove.run(id);
  });
  return {
    list: () => list.all().map(accountFrom),
    insert(row) {
      const columns = accountColumns(row);
      const names = [...columns.keys()];
      const marks = names.map(() => '?').join(', ');
      db.prepare(`INSERT INTO accounts (${names.join(', ')}) VALUES (${marks})`).run(...columns.values());
    },
    update: updates,
    rotateTokens(id, used, { accessToken, refreshToken, expiresAt, lastRefreshAt }) {
      const next = [accessToken.bytes, accessToken.keyId, refreshToken.bytes, refreshToken.keyId];
      return rotate.run(...next, expiresAt, lastRefreshAt, id, used.bytes, used.keyId).changes === 1;
    },
    remove(id) {
      removal(id);
      emptyLog(db);
    },
  };
}

/** One statement per set of columns; the sets that the app uses are few. */
function createUpdates(db: Database): AccountStore['update'] {
  const prepared = new Map<string, Statement<Bindable[]>>();
  return (id, change) => {
    const columns = accountColumns(change);
    if (columns.size === 0) return;
    const assignments = [...columns.keys()].map((column) => `${column} = ?`).join(', ');
    let statement = prepared.get(assignments);
    if (statement === undefined) {
      statement = db.prepare(`UPDATE accounts SET ${assignments} WHERE id = ?`);
      prepared.set(assignments, statement);
    }
    statement.run(...columns.values(), id);
  };
}

/**
 * Old page images live on in the write-ahead log until it is written back and cut off. Not possible inside a
 * transaction or beside a reader of another program; it is not waited for, since the proxy's thread would stand
 * still. The log is then cut off when the store closes.
 */
function emptyLog(db: Database): void {
  if (db.inTransaction) return;
  const timeout = Number(db.pragma('busy_timeout', { simple: true }));
  db.pragma('busy_timeout = 0');
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.pragma(`busy_timeout = ${timeout}`);
  }
}
