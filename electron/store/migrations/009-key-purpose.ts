import type { Migration } from '../migrate.ts';

/** What the app itself uses a client key for, whatever the user calls it; null = nothing. */
export const keyPurpose: Migration = {
  version: 9,
  name: 'purpose of client keys',
  sql: `
    ALTER TABLE client_keys ADD COLUMN purpose TEXT;
    UPDATE client_keys SET purpose = 'claude-code' WHERE revoked_at IS NULL AND name = 'Claude Code';
  `,
};
