import type { Database } from 'better-sqlite3';
import type { HourlyReport, Totals } from '../../../shared/request-record.ts';
import { hourOf } from '../../core/recording/rollup.ts';

const HOURS = `SELECT hour, SUM(requests) AS requests, SUM(problems) AS problems,
    SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens,
    SUM(cache_read_tokens) AS cacheReadTokens, SUM(cache_write_tokens) AS cacheWriteTokens,
    SUM(spent_nano_usd) AS spentNanoUsd, SUM(worth_nano_usd) AS worthNanoUsd,
    SUM(unpriced_requests) AS unpricedRequests
  FROM usage_hourly WHERE hour >= ? AND hour < ? GROUP BY hour ORDER BY hour`;

/** Answers sums per UTC hour, from the hour that holds `from` up to `to`; hours without requests are left out. */
export function createHourly(db: Database): (from: number, to: number) => HourlyReport {
  const sums = db.prepare<[number, number], Totals & { hour: number }>(HOURS);
  return (from, to) => ({
    hours: sums.all(hourOf(from), to).map(({ hour, ...totals }) => ({ start: hour, totals })),
  });
}
