import type { Migration } from '../migrate.ts';

/** Accounts. A sealed secret is two columns: the ciphertext and the id of the data key that sealed it. */
export const accounts: Migration = {
  version: 1,
  name: 'accounts',
  sql: `
    CREATE TABLE accounts (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      kind TEXT NOT NULL CHECK (kind IN ('api-key', 'oauth')),
      base_url TEXT NOT NULL,
      token_url TEXT,
      priority INTEGER NOT NULL,
      paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
      api_key BLOB,
      api_key_key TEXT,
      access_token BLOB,
      access_token_key TEXT,
      refresh_token BLOB,
      refresh_token_key TEXT,
      expires_at INTEGER,
      credential_hint TEXT,
      credential_state TEXT NOT NULL CHECK (credential_state IN ('ok', 'refused', 'sign-in-needed')),
      credential_words TEXT,
      provisioned_mark BLOB,
      last_refresh_at INTEGER,
      last_refresh_error TEXT,
      organization_id TEXT,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER,
      CHECK ((api_key IS NULL) = (api_key_key IS NULL)),
      CHECK ((access_token IS NULL) = (access_token_key IS NULL)),
      CHECK ((refresh_token IS NULL) = (refresh_token_key IS NULL))
    ) STRICT, WITHOUT ROWID;
  `,
};
