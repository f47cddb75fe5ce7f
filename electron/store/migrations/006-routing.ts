import type { Migration } from '../migrate.ts';

/** What balancing remembers: use over time, money per month, pinned sessions, and the choice per client key. */
export const routing: Migration = {
  version: 6,
  name: 'reading history, spend, pinned sessions and exhaustion per key',
  sql: `
    CREATE TABLE reading_history (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      bucket TEXT NOT NULL,
      at INTEGER NOT NULL,
      utilisation REAL NOT NULL,
      reset_at INTEGER,
      PRIMARY KEY (account_id, bucket, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reading_history_by_time ON reading_history (at);

    CREATE TABLE account_spend (
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      month TEXT NOT NULL,
      spent_nano_usd INTEGER NOT NULL,
      overage_nano_usd INTEGER NOT NULL,
      PRIMARY KEY (account_id, month)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session_pins (
      session_id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE client_keys ADD COLUMN exhaustion TEXT
      CHECK (exhaustion IN ('fail', 'hold', 'fallback'));
  `,
};
