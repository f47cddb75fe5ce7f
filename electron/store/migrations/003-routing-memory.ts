import type { Migration } from '../migrate.ts';

/** What routing remembers over a restart; all of it goes with its account. */
export const routingMemory: Migration = {
  version: 3,
  name: 'cooldowns, limit readings, session bindings and resources',
  sql: `
    CREATE TABLE cooldowns (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      bucket TEXT NOT NULL,
      reason_code TEXT NOT NULL,
      reason TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ends_at INTEGER,
      evidence TEXT NOT NULL,
      attention INTEGER NOT NULL CHECK (attention IN (0, 1)),
      PRIMARY KEY (account_id, bucket)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE limit_readings (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      bucket TEXT NOT NULL,
      reading TEXT NOT NULL,
      PRIMARY KEY (account_id, bucket)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session_bindings (
      session_id TEXT NOT NULL,
      model TEXT NOT NULL,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      bound_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      PRIMARY KEY (session_id, model)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_bindings_by_use ON session_bindings (last_used_at);
    CREATE INDEX session_bindings_by_account ON session_bindings (account_id);

    CREATE TABLE resources (
      resource_id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX resources_by_time ON resources (seen_at);
    CREATE INDEX resources_by_account ON resources (account_id);
  `,
};
