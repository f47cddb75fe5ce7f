import type { RequestFilter, RequestRow } from '../../shared/request-record.ts';

/** Whether a request went well: a whole answer with a status below 400. */
export function isFine(row: Pick<RequestRow, 'terminal' | 'status'>): boolean {
  return row.terminal === 'complete' && row.status !== null && row.status < 400;
}

/** Whether a row that was just pushed belongs into a list; the same rules as the log's own query. */
export function matchesFilter(row: RequestRow, filter: RequestFilter): boolean {
  if (filter.outcome === 'ok' && !isFine(row)) return false;
  if (filter.outcome === 'problem' && isFine(row)) return false;
  if (filter.accountId !== undefined && row.accountId !== filter.accountId) return false;
  if (filter.model !== undefined && row.model !== filter.model) return false;
  return filter.text === undefined || containsText(row, filter.text.toLowerCase());
}

function containsText(row: RequestRow, text: string): boolean {
  const fields = [row.path, row.model, row.accountName, row.sessionId, row.project, row.errorCode, row.id];
  return fields.some((field) => field?.toLowerCase().includes(text));
}
