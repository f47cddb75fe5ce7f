/**
 * The tables of `archive.db`. Metadata, traces and rollups are separate: lists never load a trace, and rollups
 * outlive the rows they were summed from. All times are UTC ms, money is billionths of a US dollar.
 *
 * The id is part of each list index, so that a page starts exactly where the last one ended, also among requests
 * of one millisecond.
 */
export const ARCHIVE_MIGRATIONS = [
  {
    version: 1,
    name: 'request log, traces and hourly rollup',
    sql: `
      CREATE TABLE requests (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        started_at INTEGER NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        status INTEGER,
        terminal TEXT NOT NULL,
        problem INTEGER NOT NULL,
        error_code TEXT,
        error_message TEXT,
        account_id TEXT,
        account_name TEXT,
        account_kind TEXT,
        client_key_id TEXT,
        client_key_name TEXT,
        client TEXT,
        session_id TEXT,
        agent_id TEXT,
        model TEXT,
        served_model TEXT,
        streamed INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        first_byte_ms REAL,
        duration_ms REAL NOT NULL,
        request_bytes INTEGER NOT NULL,
        response_bytes INTEGER NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cache_read_tokens INTEGER,
        cache_write_tokens INTEGER,
        cache_write_5m_tokens INTEGER,
        cache_write_1h_tokens INTEGER,
        thinking_tokens INTEGER,
        web_searches INTEGER,
        service_tier TEXT,
        speed TEXT,
        inference_geo TEXT,
        usage_partial INTEGER,
        cost_nano_usd INTEGER
      ) STRICT;
      CREATE INDEX requests_by_time ON requests (started_at, id);
      CREATE INDEX requests_by_account ON requests (account_id, started_at, id);
      CREATE INDEX requests_by_model ON requests (model, started_at, id);
      CREATE INDEX requests_by_problem ON requests (problem, started_at, id);

      CREATE TABLE request_traces (
        request_seq INTEGER PRIMARY KEY REFERENCES requests (seq) ON DELETE CASCADE,
        upstream_request_id TEXT,
        stop_reason TEXT,
        trace TEXT NOT NULL
      ) STRICT;

      CREATE TABLE usage_hourly (
        hour INTEGER NOT NULL,
        account_id TEXT NOT NULL,
        model TEXT NOT NULL,
        account_kind TEXT NOT NULL,
        requests INTEGER NOT NULL,
        problems INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cache_read_tokens INTEGER NOT NULL,
        cache_write_tokens INTEGER NOT NULL,
        spent_nano_usd INTEGER NOT NULL,
        worth_nano_usd INTEGER NOT NULL,
        unpriced_requests INTEGER NOT NULL,
        PRIMARY KEY (hour, account_id, model, account_kind)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    name: 'project of a request',
    sql: 'ALTER TABLE requests ADD COLUMN project TEXT;',
  },
  {
    version: 3,
    name: 'sums per session',
    // Holds all that is summed, so that the session board never reads the rows themselves.
    sql: `
      CREATE INDEX requests_by_session ON requests (
        session_id, started_at, problem, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        cost_nano_usd, usage_partial
      ) WHERE session_id IS NOT NULL;
    `,
  },
  {
    version: 4,
    name: 'what was imported',
    sql: `
      ALTER TABLE requests ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
      UPDATE requests SET imported = 1
        WHERE seq IN (SELECT request_seq FROM request_traces WHERE trace LIKE '{"strategy":"imported"%');
    `,
  },
  {
    version: 5,
    name: 'sums per session by kind of account',
    // The kind at the time of the request: what a subscription served is worth, not money.
    sql: `
      DROP INDEX requests_by_session;
      CREATE INDEX requests_by_session ON requests (
        session_id, started_at, problem, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        cost_nano_usd, usage_partial, account_kind
      ) WHERE session_id IS NOT NULL;
    `,
  },
];
