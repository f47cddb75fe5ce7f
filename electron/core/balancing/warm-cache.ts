import type { Usage } from '../../../shared/request-record.ts';
import type { PriceUsage } from '../usage-ports.ts';

/** Life of the two kinds of cache entries after their last use, ms (prompt caching reference). */
const SHORT_MS = 5 * 60_000;
const LONG_MS = 60 * 60_000;

const NOTHING: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  thinkingTokens: null,
  webSearches: null,
  serviceTier: null,
  speed: null,
  inferenceGeo: null,
  partial: false,
};

/**
 * Prompt tokens that are still in an account's cache at `now`, from the last usage seen there at `at`: what was read
 * from it and written to it. Entries of unknown life are taken to be the long ones while any long one was written.
 * Without a usage nobody knows (null) until all that can have been there has gone cold.
 */
export function warmTokens(usage: Usage | null, at: number, now: number): number | null {
  if (usage === null) return now - at > LONG_MS ? 0 : null;
  const written = usage.cacheWriteTokens ?? 0;
  const long = usage.cacheWrite1hTokens ?? 0;
  const short = usage.cacheWrite5mTokens ?? 0;
  const age = now - at;
  const read = usage.cacheReadTokens ?? 0;
  if (age <= SHORT_MS) return read + written;
  if (age > LONG_MS) return 0;
  // Who writes for five minutes only has nothing left now; who read without writing may have either kind.
  return short > 0 && long === 0 ? 0 : read + written - short;
}

/** Share of an answer's cache writes that live for an hour; null when it wrote nothing, or does not say. */
export function longShare(usage: Usage | null): number | null {
  const long = usage?.cacheWrite1hTokens ?? 0;
  const all = long + (usage?.cacheWrite5mTokens ?? 0);
  return all > 0 ? long / all : null;
}

/**
 * Price of writing the tokens again less that of reading them, in billionths of a dollar; null = unpriced. `long`:
 * share of them that is written for an hour, which costs more.
 */
export function rewriteCost(
  price: PriceUsage,
  model: string | null,
  { tokens, long, at }: { tokens: number; long: number; at: number },
): number | null {
  if (tokens === 0) return 0;
  const cacheWrite1hTokens = Math.round(tokens * long);
  const cacheWrite5mTokens = tokens - cacheWrite1hTokens;
  const writes = { cacheWriteTokens: tokens, cacheWrite1hTokens, cacheWrite5mTokens };
  const written = price(model, { ...NOTHING, ...writes }, at);
  const read = price(model, { ...NOTHING, cacheReadTokens: tokens }, at);
  return written === null || read === null ? null : written - read;
}
