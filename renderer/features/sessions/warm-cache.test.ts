import { describe, expect, it } from 'vitest';
import { MINUTE, NOW } from '../../testing/fixtures.ts';
import { makeRow } from '../../testing/request-fixtures.ts';
import { warmElsewhere } from './warm-cache.ts';

const usage = {
  ...makeRow(0).usage!,
  cacheReadTokens: 1000,
  cacheWriteTokens: 100,
  cacheWrite5mTokens: 100,
  cacheWrite1hTokens: 0,
};
const long = { ...usage, cacheWrite5mTokens: 0, cacheWrite1hTokens: 100 };
const ago = (minutes: number) => ({ startedAt: NOW - minutes * MINUTE, durationMs: 0 });

describe('what is warm elsewhere', () => {
  it.each([
    ['just now', { ...ago(1), usage }, 1100],
    ['of five minutes, later', { ...ago(6), usage }, 0],
    ['of an hour, later', { ...ago(6), usage: long }, 1100],
    ['of an hour, after it', { ...ago(61), usage: long }, 0],
    ['without counts', { ...ago(1), usage: null }, 0],
  ])('%s', (_, row, tokens) => {
    const sum = warmElsewhere([makeRow(0, row)], 'acc-other', NOW).reduce((all, one) => all + one.tokens, 0);
    expect(sum).toBe(tokens);
  });

  it('counts each model by its newest request, and nothing that the target holds', () => {
    const rows = [
      makeRow(0, { ...ago(1), usage, model: 'a' }),
      makeRow(1, { ...ago(2), usage, model: 'a' }),
      makeRow(2, { ...ago(1), usage, model: 'b', accountId: 'acc-x' }),
    ];
    expect(warmElsewhere(rows, 'acc-x', NOW)).toEqual([{ model: 'a', accountName: 'work', tokens: 1100 }]);
  });
});
