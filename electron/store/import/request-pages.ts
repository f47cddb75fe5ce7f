import { quoted, requestTable, type SourceDatabase, withImportErrors } from './source-database.ts';
import { selectList } from './source-rows.ts';

/** Columns of interest; a number is the most characters that are read. Either product has only some of them. */
const WANTED = {
  id: 100,
  timestamp: 'number',
  method: 20,
  path: 2000,
  account_used: 200,
  status_code: 'number',
  success: 'number',
  response_time_ms: 'number',
  failover_attempts: 'number',
  model: 200,
  original_model: 200,
  applied_model: 200,
  prompt_tokens: 'number',
  completion_tokens: 'number',
  input_tokens: 'number',
  output_tokens: 'number',
  cache_read_input_tokens: 'number',
  cache_creation_input_tokens: 'number',
  cost_usd: 'number',
  agent_used: 200,
  client_session_id: 200,
  project: 200,
  api_key_name: 100,
  billing_type: 20,
  stream_terminal_state: 40,
} as const;

/** A request as the old program wrote it; cells of any type. */
export type OldRequest = { readonly [column in keyof typeof WANTED]: unknown };

/**
 * Reads the requests in pages, in the order in which they were written; empty when there are none.
 * @throws AppError `import_unreadable` when the table is damaged
 */
export function* requestPages(source: SourceDatabase, pageSize: number): Generator<OldRequest[]> {
  const table = requestTable(source);
  if (!table) return;
  const page = source.db.prepare<[number, number], OldRequest & { row_number: number }>(
    `SELECT ${table.rowNumber} AS row_number, ${selectList(table, WANTED)} FROM ${quoted('requests')}
     WHERE ${table.rowNumber} > ? ORDER BY ${table.rowNumber} LIMIT ?`,
  );
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = withImportErrors(() => page.all(after, pageSize));
    const last = rows.at(-1);
    // Beyond 2^53 numbers are rounded, so that a page would come again and again.
    if (!last || last.row_number <= after) return;
    yield rows;
    after = last.row_number;
  }
}
