import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatDuration,
  formatExact,
  formatMoney,
  formatPercent,
  formatRelative,
  formatTokens,
} from './format.ts';

const local = (day: number, hour: number, minute = 0) => new Date(2026, 2, day, hour, minute).getTime();

describe('formatTokens', () => {
  it.each([
    [0, '0'],
    [812, '812'],
    [999, '999'],
    [1000, '1k'],
    [12_400, '12.4k'],
    [99_940, '99.9k'],
    [123_456, '123k'],
    [999_499, '999k'],
    [999_600, '1M'],
    [1_300_000, '1.3M'],
    [2_100_000_000, '2.1B'],
    [Number.NaN, '–'],
  ])('%d -> %s', (count, text) => expect(formatTokens(count)).toBe(text));
});

describe('formatMoney', () => {
  it.each([
    [null, 'unpriced'],
    [0, '$0.00'],
    [12_300_000, '$0.0123'],
    [4_200_000, '$0.0042'],
    [123_000, '$0.000123'],
    [12, '<$0.000001'],
    [1_230_000_000, '$1.23'],
    [450_000_000, '$0.45'],
    [1_234_567_890_000, '$1,234.57'],
    [-1_230_000_000, '-$1.23'],
  ])('%s -> %s', (nano, text) => expect(formatMoney(nano)).toBe(text));
});

describe('formatDuration', () => {
  it.each([
    [-5, '0 ms'],
    [840, '840 ms'],
    [3200, '3.2 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [25 * 60_000, '25 min'],
    [3_599_999, '1 h'],
    [132 * 60_000, '2 h 12 min'],
    [76 * 3_600_000, '3 d 4 h'],
    [24 * 3_600_000, '1 d'],
  ])('%d -> %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [12 * 1024, '12 KB'],
    [32 * 1024 ** 2, '32 MB'],
    [1.5 * 1024 ** 3, '1.5 GB'],
    [1024 ** 2 - 1, '1 MB'],
    [5000 * 1024 ** 4, '5000 TB'],
  ])('%d -> %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatPercent', () => {
  it.each([
    [0, '0 %'],
    [0.004, '<1 %'],
    [0.415, '42 %'],
    [0.996, '99 %'],
    [1, '100 %'],
    [1.07, '107 %'],
  ])('%d -> %s', (share, text) => expect(formatPercent(share)).toBe(text));
});

describe('formatRelative', () => {
  const now = local(5, 12);
  it.each([
    [0, 'just now'],
    [3000, 'in a moment'],
    [-42_000, '42 s ago'],
    [-179_000, '2 min ago'],
    [-3 * 3_600_000, '3 h ago'],
    [-4 * 86_400_000, '4 d ago'],
    [30_500, 'in 31 s'],
    [132 * 60_000, 'in 2 h 12 min'],
    [131.2 * 60_000, 'in 2 h 12 min'],
    [50 * 3_600_000, 'in 2 d 2 h'],
  ])('%d -> %s', (offset, text) => expect(formatRelative(now + offset, now)).toBe(text));
});

describe('formatClock', () => {
  const now = local(5, 12);
  it.each([
    [local(5, 18), '18:00'],
    [local(5, 0), '00:00'],
    [local(6, 9, 5), 'Fri 09:05'],
    [local(11, 18), 'Wed 18:00'],
    [local(12, 18), '12 Mar 18:00'],
    [new Date(2027, 0, 2, 8).getTime(), '2 Jan 2027 08:00'],
  ])('%d -> %s', (at, text) => expect(formatClock(at, now)).toBe(text));
});

describe('formatExact', () => {
  it('names day, date and second', () => {
    expect(formatExact(new Date(2026, 2, 5, 18, 0, 7).getTime())).toMatch(/^Thu,? 5 Mar 2026,? .*18:00:07$/);
  });
});
