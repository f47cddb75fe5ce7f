import type { Migration } from '../migrate.ts';

/** Whose login an account is, how its endpoint wants its key, sign-ins that wait, and preferences taken over. */
export const signIn: Migration = {
  version: 5,
  name: 'identity, endpoints, pending sign-ins and agent preferences',
  sql: `
    ALTER TABLE accounts ADD COLUMN provider_account_id TEXT;
    ALTER TABLE accounts ADD COLUMN email TEXT;
    ALTER TABLE accounts ADD COLUMN organization_name TEXT;
    ALTER TABLE accounts ADD COLUMN plan TEXT;
    ALTER TABLE accounts ADD COLUMN consent_at INTEGER;
    ALTER TABLE accounts ADD COLUMN header_style TEXT NOT NULL DEFAULT 'x-api-key'
      CHECK (header_style IN ('x-api-key', 'bearer'));
    ALTER TABLE accounts ADD COLUMN model_map TEXT NOT NULL DEFAULT '{}';

    CREATE TABLE oauth_sessions (
      id TEXT PRIMARY KEY,
      mode TEXT NOT NULL CHECK (mode IN ('subscription', 'console')),
      state TEXT NOT NULL,
      verifier BLOB NOT NULL,
      verifier_key TEXT NOT NULL,
      redirect_uri TEXT NOT NULL,
      account_id TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE agent_preferences (
      agent_id TEXT PRIMARY KEY,
      model TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
