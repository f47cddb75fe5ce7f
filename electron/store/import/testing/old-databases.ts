import Database from 'better-sqlite3';

/** Tables as ccflare makes them, later columns included. */
const CCFLARE = `
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, provider TEXT DEFAULT 'anthropic', api_key TEXT,
    refresh_token TEXT NOT NULL, access_token TEXT, expires_at INTEGER, created_at INTEGER NOT NULL,
    last_used INTEGER, request_count INTEGER DEFAULT 0, total_requests INTEGER DEFAULT 0,
    account_tier INTEGER DEFAULT 1, rate_limited_until INTEGER, session_start INTEGER,
    session_request_count INTEGER DEFAULT 0, paused INTEGER DEFAULT 0, rate_limit_reset INTEGER,
    rate_limit_status TEXT, rate_limit_remaining INTEGER);
  CREATE TABLE requests (
    id TEXT PRIMARY KEY, timestamp INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    account_used TEXT, status_code INTEGER, success BOOLEAN, error_message TEXT, response_time_ms INTEGER,
    failover_attempts INTEGER DEFAULT 0, model TEXT, prompt_tokens INTEGER DEFAULT 0,
    completion_tokens INTEGER DEFAULT 0, total_tokens INTEGER DEFAULT 0, cost_usd REAL DEFAULT 0,
    output_tokens_per_second REAL, input_tokens INTEGER DEFAULT 0, cache_read_input_tokens INTEGER DEFAULT 0,
    cache_creation_input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0, agent_used TEXT);
  CREATE TABLE request_payloads (id TEXT PRIMARY KEY, json TEXT NOT NULL,
    FOREIGN KEY (id) REFERENCES requests(id) ON DELETE CASCADE);
  CREATE TABLE oauth_sessions (id TEXT PRIMARY KEY, account_name TEXT NOT NULL, verifier TEXT NOT NULL,
    mode TEXT NOT NULL, tier INTEGER DEFAULT 1, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL);
  CREATE TABLE agent_preferences (agent_id TEXT PRIMARY KEY, model TEXT NOT NULL, updated_at INTEGER NOT NULL);
  CREATE INDEX idx_requests_timestamp_account ON requests (timestamp DESC, account_used);`;

/** What better-ccflare has beyond that. */
const BETTER_CCFLARE = `
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, provider TEXT DEFAULT 'anthropic', api_key TEXT,
    refresh_token TEXT, access_token TEXT, expires_at INTEGER, created_at INTEGER NOT NULL, last_used INTEGER,
    request_count INTEGER DEFAULT 0, paused INTEGER DEFAULT 0, priority INTEGER DEFAULT 0,
    consecutive_rate_limits INTEGER DEFAULT 0, requires_reauth INTEGER DEFAULT 0, custom_endpoint TEXT,
    auto_refresh_enabled INTEGER DEFAULT 0, model_mappings TEXT, model_fallbacks TEXT, billing_type TEXT,
    refresh_token_issued_at INTEGER, pause_reason TEXT, UNIQUE (name, provider, custom_endpoint));
  CREATE TABLE requests (
    id TEXT PRIMARY KEY, timestamp INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    account_used TEXT, status_code INTEGER, success BOOLEAN, error_message TEXT, response_time_ms INTEGER,
    failover_attempts INTEGER DEFAULT 0, model TEXT, prompt_tokens INTEGER, completion_tokens INTEGER,
    total_tokens INTEGER, cost_usd REAL, input_tokens INTEGER, cache_read_input_tokens INTEGER,
    cache_creation_input_tokens INTEGER, output_tokens INTEGER, agent_used TEXT, project TEXT,
    billing_type TEXT, original_model TEXT, applied_model TEXT, stream_terminal_state TEXT,
    client_session_id TEXT, api_key_id TEXT, api_key_name TEXT, combo_name TEXT);
  CREATE TABLE request_payloads (id TEXT PRIMARY KEY, json TEXT NOT NULL, timestamp INTEGER);
  CREATE TABLE agent_preferences (agent_id TEXT PRIMARY KEY, model TEXT NOT NULL, updated_at INTEGER NOT NULL);
  CREATE TABLE api_keys (id TEXT PRIMARY KEY, name TEXT, hashed_key TEXT);
  CREATE TABLE combos (id TEXT PRIMARY KEY, name TEXT);
  CREATE TABLE alerts (id TEXT PRIMARY KEY, message TEXT);
  CREATE TABLE instance_heartbeats (id TEXT PRIMARY KEY, at INTEGER);`;

const SCHEMAS = { ccflare: CCFLARE, 'better-ccflare': BETTER_CCFLARE };

type Cell = string | number | bigint | Buffer | null;
type Row = Record<string, Cell>;

/** Makes a database as the old program does (WAL, foreign keys not enforced), open for filling. */
export function oldDatabase(file: string, product: keyof typeof SCHEMAS = 'ccflare'): Database.Database {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = OFF');
  db.exec(SCHEMAS[product]);
  return db;
}

/** Adds a row with just these cells. */
export function put(db: Database.Database, table: string, row: Row): void {
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO "${table}" (${names.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
}

/** Adds a request that ended well, with whatever a test wants different. */
export function putRequest(db: Database.Database, row: Row & { id: string; timestamp: Cell }): void {
  put(db, 'requests', {
    method: 'POST',
    path: '/v1/messages',
    account_used: 'a-1',
    status_code: 200,
    success: 1,
    response_time_ms: 2000,
    model: 'claude-sonnet-4-5',
    input_tokens: 10,
    output_tokens: 20,
    cost_usd: 0.5,
    ...row,
  });
}

/** Adds an account with a login, with whatever a test wants different. */
export function putAccount(db: Database.Database, row: Row & { id: string; name: string }): void {
  put(db, 'accounts', { provider: 'anthropic', refresh_token: '', created_at: 1_700_000_000_000, ...row });
}

/** Rebuilds tables as an interrupted better-ccflare update leaves them: no keys, no constraints, no types. */
export function withoutConstraints(db: Database.Database): void {
  for (const table of ['accounts', 'requests', 'request_payloads', 'agent_preferences']) {
    db.exec(`CREATE TABLE "${table}_new" AS SELECT * FROM "${table}"; DROP TABLE "${table}";
      ALTER TABLE "${table}_new" RENAME TO "${table}";`);
  }
}

/** Adds many requests, one a second up to `until` (UTC ms), without passing through JavaScript. */
export function putMany(db: Database.Database, count: number, until: number): void {
  db.pragma('synchronous = OFF');
  db.prepare(
    `INSERT INTO requests (id, timestamp, method, path, account_used, status_code, success, response_time_ms,
       model, input_tokens, output_tokens, cost_usd)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @count - 1)
     SELECT printf('%08x-0000-4000-8000-000000000000', i), @until - (@count - i) * 1000,
       'POST', '/v1/messages', 'a-1', iif(i % 10 = 0, 529, 200), i % 10 <> 0, 1500,
       'claude-sonnet-4-5', 10, 20, 0.001 FROM n`,
  ).run({ count, until });
}
