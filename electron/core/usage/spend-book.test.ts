import { afterEach, expect, test, vi } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { SpendRow, SpendStore } from '../store-ports.ts';
import { createSpendBook } from './spend-book.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

afterEach(() => void vi.unstubAllEnvs());

function setUp(rows = new Map<string, SpendRow>()) {
  const clock = createFakeClock();
  const state = { broken: false, writes: 0 };
  const store: SpendStore = {
    list: (month) => [...rows.values()].filter((row) => row.month === month),
    put(list) {
      if (state.broken) throw new Error('busy');
      state.writes += 1;
      for (const row of list) rows.set(`${row.accountId} ${row.month}`, row);
    },
  };
  return { clock, rows, state, store, book: createSpendBook({ store, clock, log: silent }) };
}

test('sums per account, overage apart, written together', () => {
  const { clock, book, state, rows } = setUp();
  for (let n = 0; n < 100; n += 1) book.note('a', 10, n % 2 === 0, clock.now());
  book.note('b', 7, false, clock.now());
  expect([book.spent('a', clock.now()), book.overage('a', clock.now())]).toEqual([1000, 500]);
  expect([book.spent('b', clock.now()), book.overage('b', clock.now())]).toEqual([7, 0]);
  expect(state.writes).toBe(0);
  clock.advance(5000);
  expect(state.writes).toBe(1);
  expect(rows.size).toBe(2);
});

test('goes on after a restart where it stopped', () => {
  const { clock, book, rows } = setUp();
  book.note('a', 42, true, clock.now());
  book.flush();
  const again = setUp(rows).book;
  expect(again.spent('a', clock.now())).toBe(42);
  again.note('a', 8, false, clock.now());
  expect(again.spent('a', clock.now())).toBe(50);
});

test('begins anew with the calendar month, and loses nothing of the old one', () => {
  const { book, rows } = setUp();
  const last = new Date(2026, 10, 30, 23, 59).getTime();
  const next = new Date(2026, 11, 1, 0, 1).getTime();
  book.note('a', 5, false, last);
  expect(book.spent('a', next)).toBe(0);
  book.note('a', 3, false, next);
  book.flush();
  expect([...rows.values()].map((row) => [row.month, row.spentNanoUsd])).toEqual([
    ['2026-11', 5],
    ['2026-12', 3],
  ]);
});

test.each([
  ['Asia/Kolkata', '2026-10-31T18:25:00Z', '2026-10-31T18:35:00Z'],
  ['Asia/Kathmandu', '2026-10-31T18:10:00Z', '2026-10-31T18:20:00Z'],
])('turns the page at midnight of %s, inside an hour of UTC', (zone, before, after) => {
  vi.stubEnv('TZ', zone);
  const { book, rows } = setUp();
  book.note('a', 5, false, Date.parse(before));
  expect(book.spent('a', Date.parse(after))).toBe(0);
  book.note('a', 3, false, Date.parse(after));
  book.flush();
  expect([...rows.values()].map((row) => [row.month, row.spentNanoUsd])).toEqual([
    ['2026-10', 5],
    ['2026-11', 3],
  ]);
});

test('a busy file delays the writing and loses nothing', () => {
  const { clock, book, state, rows } = setUp();
  state.broken = true;
  book.note('a', 5, false, clock.now());
  clock.advance(5000);
  expect(rows.size).toBe(0);
  state.broken = false;
  book.note('a', 1, false, clock.now());
  clock.advance(5000);
  expect([...rows.values()][0]?.spentNanoUsd).toBe(6);
});
