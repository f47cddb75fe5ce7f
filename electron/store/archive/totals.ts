import type { Database } from 'better-sqlite3';
import type { Totals, TotalsReport } from '../../../shared/request-record.ts';
import { addTotals, emptyTotals, HOUR_MS, hourOf, NO_ACCOUNT } from '../../core/recording/rollup.ts';

/** From (inclusive) and to (exclusive), UTC ms. */
type Span = [from: number, to: number];

type AccountTotals = Totals & { readonly accountId: string };

const ROLLUP_SUMS = `SELECT account_id AS accountId, SUM(requests) AS requests, SUM(problems) AS problems,
    SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens,
    SUM(cache_read_tokens) AS cacheReadTokens, SUM(cache_write_tokens) AS cacheWriteTokens,
    SUM(spent_nano_usd) AS spentNanoUsd, SUM(worth_nano_usd) AS worthNanoUsd,
    SUM(unpriced_requests) AS unpricedRequests
  FROM usage_hourly WHERE hour >= ? AND hour < ? GROUP BY account_id`;

/** The same sums over single rows; must agree with `totalsOf` in core/recording/rollup.ts. */
const ROW_SUMS = `SELECT coalesce(account_id, '${NO_ACCOUNT}') AS accountId, COUNT(*) AS requests,
    SUM(problem) AS problems, coalesce(SUM(input_tokens), 0) AS inputTokens,
    coalesce(SUM(output_tokens), 0) AS outputTokens, coalesce(SUM(cache_read_tokens), 0) AS cacheReadTokens,
    coalesce(SUM(cache_write_tokens), 0) AS cacheWriteTokens,
    coalesce(SUM(cost_nano_usd) FILTER (WHERE account_kind = 'api-key'), 0) AS spentNanoUsd,
    coalesce(SUM(cost_nano_usd) FILTER (WHERE account_kind = 'oauth'), 0) AS worthNanoUsd,
    COUNT(*) FILTER (WHERE usage_partial IS NOT NULL AND cost_nano_usd IS NULL) AS unpricedRequests
  FROM requests INDEXED BY requests_by_time WHERE started_at >= ? AND started_at < ?
  GROUP BY coalesce(account_id, '${NO_ACCOUNT}')`;

/**
 * Answers exact sums over `from` (inclusive) to `to` (exclusive), UTC ms: whole hours from the rollup, the edges
 * from the rows, since days of half-hour time zones start inside a UTC hour. Whole hours stay exact for ever; an
 * edge older than the retention counts only the rows still kept.
 */
export function createTotals(db: Database): (from: number, to: number) => TotalsReport {
  const sumHours = db.prepare<Span, AccountTotals>(ROLLUP_SUMS);
  const sumRows = db.prepare<Span, AccountTotals>(ROW_SUMS);
  const newest = db.prepare<[], { at: number | null }>('SELECT MAX(started_at) AS at FROM requests');
  return (from, to) => {
    const { hours, edges } = splitSpan(from, to, newest.get()?.at ?? null);
    const parts = [
      ...(hours ? sumHours.all(...hours) : []),
      ...edges.flatMap((edge) => sumRows.all(...edge)),
    ];
    const all = emptyTotals();
    const byAccount = new Map<string, Totals>();
    for (const { accountId, ...part } of parts) {
      const account = byAccount.get(accountId) ?? emptyTotals();
      addTotals(account, part);
      addTotals(all, part);
      byAccount.set(accountId, account);
    }
    return { from, to, all, byAccount: Object.fromEntries(byAccount) };
  };
}

/**
 * Whole UTC hours of a span, and what is left of it on either side. With nothing recorded at or after `to`, its
 * hour counts as whole: "until now" then costs no walk over the rows of the running hour.
 */
function splitSpan(from: number, to: number, newest: number | null): { hours: Span | null; edges: Span[] } {
  if (from >= to) return { hours: null, edges: [] };
  const end = newest !== null && newest < to ? roundUp(to) : to;
  const hours: Span = [roundUp(from), hourOf(end)];
  if (hours[0] >= hours[1]) return { hours: null, edges: [[from, to]] };
  const edges: Span[] = [
    [from, hours[0]],
    [hours[1], end],
  ];
  return { hours, edges: edges.filter(([start, stop]) => start < stop) };
}

function roundUp(at: number): number {
  return Math.ceil(at / HOUR_MS) * HOUR_MS;
}
