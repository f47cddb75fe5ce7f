import type { Database } from 'better-sqlite3';
import type { RequestRecord } from '../../../shared/request-record.ts';
import { type HourlyTotals, rollUp } from '../../core/recording/rollup.ts';
import { REQUEST_INSERT, type RequestColumns, toColumns } from './request-columns.ts';

const TRACE_INSERT = `INSERT INTO request_traces (request_seq, upstream_request_id, stop_reason, trace)
  VALUES (?, ?, ?, ?)`;

const ROLLUP_ADD = `INSERT INTO usage_hourly (hour, account_id, model, account_kind, requests, problems,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, spent_nano_usd, worth_nano_usd,
    unpriced_requests)
  VALUES (@hour, @accountId, @model, @accountKind, @requests, @problems, @inputTokens, @outputTokens,
    @cacheReadTokens, @cacheWriteTokens, @spentNanoUsd, @worthNanoUsd, @unpricedRequests)
  ON CONFLICT (hour, account_id, model, account_kind) DO UPDATE SET
    requests = requests + excluded.requests,
    problems = problems + excluded.problems,
    input_tokens = input_tokens + excluded.input_tokens,
    output_tokens = output_tokens + excluded.output_tokens,
    cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
    spent_nano_usd = spent_nano_usd + excluded.spent_nano_usd,
    worth_nano_usd = worth_nano_usd + excluded.worth_nano_usd,
    unpriced_requests = unpriced_requests + excluded.unpriced_requests`;

/**
 * Writes a batch with its rollups in one transaction and answers the records that were new. A record that is
 * there already is neither written nor counted again, so a batch may be sent any number of times.
 * Throws whatever SQLite throws; nothing of the batch is then written.
 */
export function createRequestWriter(db: Database): (records: readonly RequestRecord[]) => RequestRecord[] {
  const insert = db.prepare<[RequestColumns]>(REQUEST_INSERT);
  const insertTrace = db.prepare<[number | bigint, string | null, string | null, string]>(TRACE_INSERT);
  const add = db.prepare<[HourlyTotals]>(ROLLUP_ADD);
  return db.transaction((records: readonly RequestRecord[]) => {
    const written = records.filter((record) => {
      const { changes, lastInsertRowid } = insert.run(toColumns(record));
      if (changes === 0) return false;
      const { upstreamRequestId, stopReason, trace } = record;
      insertTrace.run(lastInsertRowid, upstreamRequestId, stopReason, JSON.stringify(trace));
      return true;
    });
    for (const bucket of rollUp(written)) add.run(bucket);
    return written;
  });
}
