import type { Migration } from '../migrate.ts';

/** Local client keys (hashed, and sealed for copying) and the settings that differ from their defaults. */
export const keysAndSettings: Migration = {
  version: 2,
  name: 'client keys and settings',
  sql: `
    CREATE TABLE client_keys (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      hint TEXT NOT NULL,
      sealed_key BLOB,
      sealed_key_key TEXT,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER,
      revoked_at INTEGER,
      CHECK ((sealed_key IS NULL) = (sealed_key_key IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
