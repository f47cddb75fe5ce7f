import type { Migration } from '../migrate.ts';

/** Who did what. Numbers are never used twice, so that a missing entry shows. */
export const audit: Migration = {
  version: 4,
  name: 'audit',
  sql: `
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT,
      outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
      detail TEXT
    ) STRICT;
    CREATE INDEX audit_by_time ON audit (at);
  `,
};
