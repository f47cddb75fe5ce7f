import type { Database } from 'better-sqlite3';
import type { RequestCursor, RequestFilter, RequestPage } from '../../../shared/request-record.ts';
import { REQUEST_SELECT, type RequestColumns, toRequestRow } from './request-columns.ts';

/** Largest page. */
const MAX_PAGE = 500;

/**
 * Rows one call looks at. A filter that matches hardly anything then answers a short (even empty) page and a cursor
 * to go on from, instead of holding the thread for seconds.
 */
export const SCAN_LIMIT = 20_000;

/** Part of a WHERE clause with the values of its named parameters. */
type Condition = { readonly sql: string; readonly values: { readonly [name: string]: string | number } };

/** How a filter is answered: one condition by index, the others on the rows that the index gives, newest first. */
type ListQuery = { readonly index: string; readonly scan: Condition; readonly filter: Condition };

/** Columns that the text of a filter is looked for in. */
const TEXT_COLUMNS = [
  'path',
  'model',
  'served_model',
  'account_name',
  'session_id',
  'project',
  'error_code',
  'id',
] as const;

/** Answers a page of requests, newest first. Costs the page, whatever the size of the table. */
export function createRequestList(
  db: Database,
): (filter: RequestFilter, cursor: RequestCursor | null, limit: number) => RequestPage {
  return (filter, cursor, limit) => {
    const query = listQuery(filter, cursor);
    const wanted = Math.min(Math.max(Math.trunc(limit), 1), MAX_PAGE);
    const values = { ...query.scan.values, ...query.filter.values };
    const found = db
      .prepare<[typeof values], RequestColumns>(listSql(query))
      .all({ ...values, scanLimit: SCAN_LIMIT, wanted: wanted + 1 });
    const rows = found.slice(0, wanted).map(toRequestRow);
    const last = rows.at(-1);
    if (last && found.length > wanted) return { rows, next: { startedAt: last.startedAt, id: last.id } };
    const end = db
      .prepare<[typeof values], RequestCursor>(scanEndSql(query))
      .get({ ...query.scan.values, lastScanned: SCAN_LIMIT - 1 });
    return { rows, next: end ?? null };
  };
}

/** The page and one row more, to know whether another follows. The inner query walks the index up to the scan limit; the outer one stops at a full page. */
export function listSql({ index, scan, filter }: ListQuery): string {
  return `SELECT ${REQUEST_SELECT} FROM (
      SELECT * FROM requests INDEXED BY ${index} WHERE ${scan.sql}
      ORDER BY started_at DESC, id DESC LIMIT @scanLimit
    ) WHERE ${filter.sql} LIMIT @wanted`;
}

/** The last row that a full scan looked at; none when the scan reached the end of the table. */
export function scanEndSql({ index, scan }: ListQuery): string {
  return `SELECT started_at AS startedAt, id FROM requests INDEXED BY ${index} WHERE ${scan.sql}
    ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET @lastScanned`;
}

/** Chooses the index: the account, else the model, else the outcome, else time alone. */
export function listQuery(filter: RequestFilter, cursor: RequestCursor | null): ListQuery {
  const parts = [
    filter.accountId === undefined ? null : equal('account_id', 'requests_by_account', filter.accountId),
    filter.model === undefined ? null : equal('model', 'requests_by_model', filter.model),
    filter.outcome === 'all'
      ? null
      : equal('problem', 'requests_by_problem', filter.outcome === 'problem' ? 1 : 0),
  ].filter((part) => part !== null);
  const [first, ...others] = parts;
  const scan = [...(first ? [first.condition] : []), ...(cursor ? [olderThan(cursor)] : [])];
  const rest = [
    ...others.map((part) => part.condition),
    ...(filter.text ? [textCondition(filter.text)] : []),
  ];
  return { index: first?.index ?? 'requests_by_time', scan: allOf(scan), filter: allOf(rest) };
}

function equal(column: 'account_id' | 'model' | 'problem', index: string, value: string | number) {
  return { index, condition: { sql: `${column} = @${column}`, values: { [column]: value } } };
}

function olderThan(cursor: RequestCursor): Condition {
  return {
    sql: '(started_at, id) < (@cursorAt, @cursorId)',
    values: { cursorAt: cursor.startedAt, cursorId: cursor.id },
  };
}

/** SQLite's LIKE ignores case for ASCII letters only, which is what paths, models and codes are made of. */
function textCondition(text: string): Condition {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return {
    sql: `(${TEXT_COLUMNS.map((column) => `${column} LIKE @pattern ESCAPE '\\'`).join(' OR ')})`,
    values: { pattern },
  };
}

function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map((condition) => condition.sql).join(' AND ') || 'TRUE',
    values: Object.assign({}, ...conditions.map((condition) => condition.values)),
  };
}
