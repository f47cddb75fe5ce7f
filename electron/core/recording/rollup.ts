import type { RequestRow, Totals } from '../../../shared/request-record.ts';

/** Width of a rollup bucket, ms. Hours start at whole UTC hours; finer edges come from the rows themselves. */
export const HOUR_MS = 3_600_000;

/** Stands for "no account served" in rollups and reports. Account ids are UUIDs, so no account is called this. */
export const NO_ACCOUNT = 'none';

/** One row of the hourly rollup. */
export type HourlyTotals = Totals & {
  /** UTC ms, a multiple of {@link HOUR_MS}. */
  readonly hour: number;
  readonly accountId: string;
  /** Model asked for; empty where the request named none. */
  readonly model: string;
  readonly accountKind: 'api-key' | 'oauth' | 'none';
};

/** Start of the UTC hour, ms. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** Whether a request did not end well: see `Totals.problems`. */
export function isProblem(row: Pick<RequestRow, 'terminal' | 'status'>): boolean {
  return row.terminal !== 'complete' || row.status === null || row.status >= 400;
}

/** Sums of nothing. */
export function emptyTotals(): Totals {
  return {
    requests: 0,
    problems: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    spentNanoUsd: 0,
    worthNanoUsd: 0,
    unpricedRequests: 0,
  };
}

/** Adds `more` into `sum`. */
export function addTotals(sum: Totals, more: Totals): void {
  sum.requests += more.requests;
  sum.problems += more.problems;
  sum.inputTokens += more.inputTokens;
  sum.outputTokens += more.outputTokens;
  sum.cacheReadTokens += more.cacheReadTokens;
  sum.cacheWriteTokens += more.cacheWriteTokens;
  sum.spentNanoUsd += more.spentNanoUsd;
  sum.worthNanoUsd += more.worthNanoUsd;
  sum.unpricedRequests += more.unpricedRequests;
}

/**
 * What one request adds to the sums. Money is split by the kind of account: subscription traffic is worth, not
 * spent, and a request on the client's own credentials is neither, since we do not know how it is paid.
 */
export function totalsOf(row: RequestRow): Totals {
  const cost = Math.round(row.costNanoUsd ?? 0);
  return {
    requests: 1,
    problems: isProblem(row) ? 1 : 0,
    inputTokens: row.usage?.inputTokens ?? 0,
    outputTokens: row.usage?.outputTokens ?? 0,
    cacheReadTokens: row.usage?.cacheReadTokens ?? 0,
    cacheWriteTokens: row.usage?.cacheWriteTokens ?? 0,
    spentNanoUsd: row.accountKind === 'api-key' ? cost : 0,
    worthNanoUsd: row.accountKind === 'oauth' ? cost : 0,
    unpricedRequests: row.usage !== null && row.costNanoUsd === null ? 1 : 0,
  };
}

/** Sums rows into their hourly buckets, so that a batch touches each bucket once. */
export function rollUp(rows: readonly RequestRow[]): HourlyTotals[] {
  const buckets = new Map<string, HourlyTotals>();
  for (const row of rows) {
    const key = {
      hour: hourOf(row.startedAt),
      accountId: row.accountId ?? NO_ACCOUNT,
      model: row.model ?? '',
      accountKind: row.accountKind ?? ('none' as const),
    };
    const name = JSON.stringify(Object.values(key));
    const bucket = buckets.get(name) ?? { ...key, ...emptyTotals() };
    addTotals(bucket, totalsOf(row));
    buckets.set(name, bucket);
  }
  return [...buckets.values()];
}
