import type { RequestRow, Usage } from '../../../shared/request-record.ts';

/** Life of the two kinds of prompt cache entries after their last use, ms (prompt caching reference). */
const SHORT_MS = 5 * 60_000;
const LONG_MS = 60 * 60_000;

/** Prompt tokens of one model that are still in an account's cache. */
export type WarmModel = { model: string; accountName: string; tokens: number };

/**
 * What of a session's prompt is in caches at `now` that another account than `targetId` holds: it would have to be
 * written again there. From the newest request of each model; `rows` newest first.
 */
export function warmElsewhere(
  rows: readonly RequestRow[],
  targetId: string | null,
  now: number,
): WarmModel[] {
  const newest = new Map<string, RequestRow>();
  for (const row of rows) {
    const model = row.model ?? '';
    if (row.usage !== null && row.accountId !== null && !newest.has(model)) newest.set(model, row);
  }
  return [...newest]
    .filter(([, row]) => row.accountId !== targetId)
    .map(([model, row]) => ({
      model: model === '' ? 'unknown model' : model,
      accountName: row.accountName ?? 'its account',
      tokens: warmTokens(row.usage, now - row.startedAt - row.durationMs),
    }))
    .filter(({ tokens }) => tokens > 0);
}

/** As routing counts it when a session moves: who writes for five minutes only has nothing left after them. */
function warmTokens(usage: Usage | null, age: number): number {
  if (usage === null || age > LONG_MS) return 0;
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const short = usage.cacheWrite5mTokens ?? 0;
  const long = usage.cacheWrite1hTokens ?? 0;
  if (age <= SHORT_MS) return read + written;
  return short > 0 && long === 0 ? 0 : read + written - short;
}
