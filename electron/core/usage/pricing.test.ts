import { describe, expect, test } from 'vitest';
import prices from '../../../resources/prices.json' with { type: 'json' };
import type { Usage } from '../../../shared/request-record.ts';
import { AppError } from '../errors.ts';
import { parsePrices } from './load-prices.ts';
import { createPricing } from './pricing.ts';

const price = createPricing(parsePrices(prices));
const NOW = Date.UTC(2026, 10, 24);

function usage(counts: Partial<Usage>): Usage {
  return {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    thinkingTokens: null,
    webSearches: null,
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
    partial: false,
    ...counts,
  };
}

const SAMPLE = usage({
  inputTokens: 1000,
  outputTokens: 500,
  cacheReadTokens: 10_000,
  cacheWriteTokens: 3000,
  cacheWrite5mTokens: 1000,
  cacheWrite1hTokens: 2000,
});

describe('cost in billionths of a dollar, worked out by hand', () => {
  test.each([
    // 1000*4 + 500*20 + 10000*0.20 + 1000*5 + 2000*8 = 37,000 dollars per million tokens
    ['claude-opus-5-5', SAMPLE, 37_000_000],
    // 1000*8 + 500*40 + 10000*0.20 + 1000*10 + 2000*16 = 72,000
    ['claude-fable-5-2', SAMPLE, 72_000_000],
    // 1000*2 + 500*10 + 10000*0.10 + 1000*2.5 + 2000*4 = 18,500
    ['claude-sonnet-5-5', SAMPLE, 18_500_000],
    // 1000*0.1 + 500*0.5 + 10000*0.01 + 1000*0.125 + 2000*0.2 = 975
    ['claude-haiku-5-5', SAMPLE, 975_000],
    // 1000*1 + 500*5 + 10000*0.1 + 1000*1.25 + 2000*2 = 9,750
    ['claude-haiku-4-5-20251001', SAMPLE, 9_750_000],
    ['claude-opus-5-5[1m]', SAMPLE, 37_000_000],
    // Half of it in a batch; a tenth more in the US; both.
    ['claude-opus-5-5', { ...SAMPLE, serviceTier: 'batch' }, 18_500_000],
    ['claude-opus-5-5', { ...SAMPLE, inferenceGeo: 'us' }, 40_700_000],
    ['claude-opus-5-5', { ...SAMPLE, inferenceGeo: 'us', serviceTier: 'batch' }, 20_350_000],
    // No such surcharge on models before 4.6: 1000*3 + 500*15 + 10000*0.3 + 1000*3.75 + 2000*6 = 29,250
    ['claude-sonnet-4-5-20250929', { ...SAMPLE, inferenceGeo: 'us' }, 29_250_000],
    // Three searches at one cent.
    ['claude-opus-5-5', usage({ webSearches: 3 }), 30_000_000],
    // 1000*10 + 500*50 fast.
    ['claude-opus-5', usage({ inputTokens: 1000, outputTokens: 500, speed: 'fast' }), 35_000_000],
    // Writes of unknown duration: 3000*5.
    ['claude-opus-5-5', usage({ cacheWriteTokens: 3000 }), 15_000_000],
  ] as const)('%s', (model, counts, nano) => {
    expect(price(model, counts, NOW)).toBe(nano);
  });

  test('a prompt of over 100,000 tokens makes all of a Haiku 5.5 request dearer, cache included', () => {
    const at = (cacheReadTokens: number) =>
      price('claude-haiku-5-5', usage({ inputTokens: 40_000, outputTokens: 100, cacheReadTokens }), NOW);
    // 40000*0.1 + 100*0.5 + 60000*0.01 = 4,650
    expect(at(60_000)).toBe(4_650_000);
    // 40000*0.5 + 100*2.5 + 60001*0.05 = 23,250.05
    expect(at(60_001)).toBe(23_250_050);
  });

  test('the price of the day holds', () => {
    const read = usage({ cacheReadTokens: 1_000_000 });
    expect(price('claude-sonnet-5-5', read, Date.UTC(2026, 9, 6, 23, 59))).toBe(200_000_000);
    expect(price('claude-sonnet-5-5', read, Date.UTC(2026, 9, 7))).toBe(100_000_000);
  });
});

describe('no price rather than a guess', () => {
  test.each([
    'claude-opus-5-6',
    'claude-opus-5-5-turbo',
    'claude-opus',
    'claude-mythos-preview',
    'gpt-5',
    '',
    '__proto__',
  ])('%j', (model) => expect(price(model, SAMPLE, NOW)).toBeNull());

  test('no model, no counts, before the model was there, fast where no fast price is known', () => {
    expect(price(null, SAMPLE, NOW)).toBeNull();
    expect(price('claude-opus-5-5', usage({ inputTokens: null, outputTokens: null }), NOW)).toBeNull();
    expect(price('claude-fable-5-2', SAMPLE, Date.UTC(2026, 10, 8))).toBeNull();
    expect(price('claude-fable-5-2', { ...SAMPLE, speed: 'fast' }, NOW)).toBeNull();
  });
});

test('a broken table is refused with the place of the fault', () => {
  const broken = { ...prices, models: [{ ids: ['x'], geo: true, prices: [{ validFrom: 'soon' }] }] };
  expect(() => parsePrices(broken)).toThrow(AppError);
  expect(() => parsePrices(broken)).toThrow(/models\.0\.prices\.0/);
});

test('every id has one place in the table, and its prices are in order', () => {
  const ids = prices.models.flatMap((model) => model.ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { prices: dated } of prices.models) {
    const days = dated.map(({ validFrom }) => validFrom);
    expect(days).toEqual([...days].sort());
  }
});
