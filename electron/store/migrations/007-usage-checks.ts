import type { Migration } from '../migrate.ts';

/** When each account's usage page was read, and when it may be read again: the provider counts across restarts. */
export const usageChecks: Migration = {
  version: 7,
  name: 'reads of the usage page',
  sql: `
    CREATE TABLE usage_checks (
      account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
      checked_at INTEGER,
      next_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
