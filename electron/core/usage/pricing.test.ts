import { describe, expect, it } from 'vitest';
import shipped from '../../../resources/prices.json' with { type: 'json' };
import type { Usage } from '../../../shared/request-record.ts';
import { parsePrices } from './load-prices.ts';
import { createPricing } from './pricing.ts';

const price = createPricing(parsePrices(shipped));
const NOW = Date.UTC(2026, 10, 24);

const usage = (change: Partial<Usage>): Usage => ({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  thinkingTokens: null,
  webSearches: null,
  serviceTier: 'standard',
  speed: null,
  inferenceGeo: null,
  partial: false,
  ...change,
});
const usd = (dollars: number): number => Math.round(dollars * 1e9);

describe('prices', () => {
  it.each([
    ['claude-sonnet-5-5', { inputTokens: 1_000_000, outputTokens: 1_000_000 }, 12],
    ['claude-opus-4-5-20251101', { inputTokens: 1000, outputTokens: 100 }, 0.0075],
    ['claude-fable-5-2[1m]', { cacheReadTokens: 1_000_000 }, 0.2],
    ['claude-opus-5-5', { cacheWriteTokens: 300, cacheWrite5mTokens: 100, cacheWrite1hTokens: 200 }, 0.0021],
    ['claude-opus-5-5', { cacheWriteTokens: 300 }, 0.0015],
    ['claude-haiku-5-5', { inputTokens: 40_000, cacheReadTokens: 60_000 }, 0.0046],
    ['claude-haiku-5-5', { inputTokens: 40_001, cacheReadTokens: 60_000 }, 0.0230005],
    ['claude-opus-5', { inputTokens: 1000, cacheReadTokens: 1000, speed: 'fast' }, 0.011],
    ['claude-sonnet-5-5', { inputTokens: 1_000_000, serviceTier: 'batch' }, 1],
    ['claude-sonnet-5-5', { inputTokens: 1_000_000, inferenceGeo: 'us' }, 2.2],
    ['claude-sonnet-4-5', { inputTokens: 1_000_000, inferenceGeo: 'us' }, 3],
    ['claude-sonnet-5-5', { webSearches: 3 }, 0.03],
  ] as const)('%s with %j costs $%d', (model, change, dollars) => {
    expect(price(model, usage(change), NOW)).toBe(usd(dollars));
  });

  it('follow the day: cache reads of Sonnet 5.5 became cheaper on 7 October 2026', () => {
    const read = usage({ cacheReadTokens: 1_000_000 });
    expect(price('claude-sonnet-5-5', read, Date.UTC(2026, 9, 6, 23, 59))).toBe(usd(0.2));
    expect(price('claude-sonnet-5-5', read, Date.UTC(2026, 9, 7))).toBe(usd(0.1));
  });

  it.each([
    ['claude-mythos-preview', {}],
    ['claude-sonnet-6', {}],
    ['claude-sonnet-5-5-turbo', {}],
    ['claude-opus-5-5', { speed: 'fast' }],
    ['claude-sonnet-5-5', { inputTokens: null, outputTokens: null }],
    [null, {}],
  ] as const)('are never guessed: %s with %j is unpriced', (model, change) => {
    expect(price(model, usage(change), NOW)).toBeNull();
  });

  it('say which field of a damaged table does not fit', () => {
    const broken = { ...shipped, models: [{ ...shipped.models[0], input: 'free' }] };
    expect(() => parsePrices(broken)).toThrow(/models\.0\.input/);
  });
});
