import { useCallback } from 'react';
import { formatTokens } from '../../../shared/format.ts';
import type { RequestRow } from '../../../shared/request-record.ts';
import { useTicking } from '../../components/ticker.ts';
import { warmElsewhere } from './warm-cache.ts';

type WarmCacheProps = {
  /** The newest requests of the session; undefined while they are read. */
  rows: readonly RequestRow[] | undefined;
  failed: boolean;
  targetId: string;
};

/** The price of a move in words: the cached tokens of now that another account would have to write again. */
export function WarmCache({ rows, failed, targetId }: WarmCacheProps) {
  const read = useCallback((now: number) => priceWords(rows ?? [], targetId, now), [rows, targetId]);
  const words = useTicking(read);
  if (failed) return <p>What is warm in its cache could not be read.</p>;
  return <p>{rows === undefined ? 'Looking at what is warm in its cache.' : words}</p>;
}

/** Prices of writing and reading relative to input: 1.25 for five minutes, 2 for an hour, 0.1 to read. */
function priceWords(rows: readonly RequestRow[], targetId: string, now: number): string {
  const warm = warmElsewhere(rows, targetId, now);
  if (warm.length === 0) return 'Nothing of it is warm in a cache now, so this costs nothing extra.';
  const sum = warm.reduce((tokens, entry) => tokens + entry.tokens, 0);
  const parts = warm.map(
    ({ model, accountName, tokens }) => `${formatTokens(tokens)} of ${model} on ${accountName}`,
  );
  return `${formatTokens(sum)} prompt tokens are warm in a cache now (${parts.join(', ')}). They have to be written again: 1.25 to 2 times the price of input instead of a tenth of it, once.`;
}
