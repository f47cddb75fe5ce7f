import { expect, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { HeaderLookup } from '../limit-ports.ts';
import type { LimitStore } from '../store-ports.ts';
import { createLimitBook } from './limit-book.ts';

const HOUR = 3_600_000;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function setUp() {
  const clock = createFakeClock();
  const saved: LimitReading[][] = [];
  const store: LimitStore = {
    cooldowns: () => [],
    putCooldown: () => undefined,
    removeCooldown: () => undefined,
    readings: () => [],
    putReadings: (_id, readings) => void saved.push([...readings]),
    removeAccount: () => undefined,
  };
  const changes: string[] = [];
  const book = createLimitBook({ store, clock, log: silent, random: () => 0 });
  book.onChange((id) => changes.push(id));
  const learn = (...readings: LimitReading[]) => book.learn('a', readings, clock.now());
  const observe = (fields: Record<string, string>) => book.observe('a', headers(fields), clock.now());
  return { clock, book, saved, changes, learn, observe, first: () => book.readings('a')[0] };
}

function headers(fields: Record<string, string>): HeaderLookup {
  const named = Object.entries(fields).map(
    ([name, value]) => [`anthropic-ratelimit-unified-5h-${name}`, value] as const,
  );
  return { get: (name) => named.find(([known]) => known === name)?.[1], entries: () => named };
}

function page(utilisation: number | null, resetAt: number | null, observedAt: number): LimitReading {
  return {
    bucket: '5h',
    label: '5-hour window',
    utilisation,
    limit: null,
    remaining: null,
    status: null,
    resetAt,
    observedAt,
    source: 'usage-endpoint',
  };
}

test('a page is learnt, told and saved', () => {
  const { clock, book, saved, changes, learn } = setUp();
  learn(page(0.4, clock.now() + HOUR, clock.now()));
  expect(book.readings('a')).toMatchObject([{ bucket: '5h', utilisation: 0.4, source: 'usage-endpoint' }]);
  expect(changes).toEqual(['a']);
  book.flush();
  expect(saved.at(-1)).toEqual(book.readings('a'));
});

test('a page that says nothing new changes its age only, and tells nobody', () => {
  const { clock, changes, learn, first } = setUp();
  const reset = clock.now() + HOUR;
  learn(page(0.4, reset, clock.now()));
  clock.advance(600_000);
  learn(page(0.4, reset, clock.now()));
  expect(changes).toEqual(['a']);
  expect(first()?.observedAt).toBe(clock.now());
});

test('within one window the higher use holds; resets that jitter are one window; a later one is new', () => {
  const { clock, learn, first } = setUp();
  const reset = clock.now() + HOUR;
  learn(page(0.4, reset, clock.now()));
  learn(page(0.3, reset + 2000, clock.now()));
  expect(first()?.utilisation).toBe(0.4);
  learn(page(0.1, reset + 5 * HOUR, clock.now()));
  expect(first()?.utilisation).toBe(0.1);
  learn(page(0.9, reset, clock.now()));
  expect(first()).toMatchObject({ utilisation: 0.1, resetAt: reset + 5 * HOUR });
});

test('a header that is fresher than the page stays, whatever the page says', () => {
  const { clock, observe, learn, first } = setUp();
  const asked = clock.now();
  clock.advance(5000);
  observe({ utilization: '0.2', reset: String((asked + HOUR) / 1000) });
  learn(page(0.9, asked + 6 * HOUR, asked));
  expect(first()).toMatchObject({ utilisation: 0.2, source: 'header' });
});

test('a header of the same window with a higher use is neither lowered nor replaced', () => {
  const { clock, observe, learn, first, changes } = setUp();
  const reset = clock.now() + HOUR;
  observe({ utilization: '1.02', status: 'rejected', reset: String(reset / 1000) });
  const known = first();
  clock.advance(60_000);
  learn(page(1, reset + 1000, clock.now()), page(null, reset + 9 * HOUR, clock.now()));
  expect(first()).toEqual(known);
  expect(changes).toHaveLength(1);
});

test('a page that knows of more use in the same window adds it and keeps the status of the header', () => {
  const { clock, observe, learn, first } = setUp();
  const reset = clock.now() + HOUR;
  observe({ utilization: '0.5', status: 'allowed_warning', reset: String(reset / 1000) });
  clock.advance(60_000);
  learn(page(0.8, reset, clock.now()));
  expect(first()).toMatchObject({ utilisation: 0.8, status: 'allowed_warning', source: 'usage-endpoint' });
});

test('a header after the page counts at once', () => {
  const { clock, observe, learn, first } = setUp();
  const reset = clock.now() + HOUR;
  learn(page(0.8, reset, clock.now()));
  clock.advance(1000);
  observe({ utilization: '0.85', status: 'allowed', reset: String(reset / 1000) });
  expect(first()).toMatchObject({ utilisation: 0.85, source: 'header', status: 'allowed' });
});

test('a page from the future does not outlive the headers that follow it', () => {
  const { clock, learn, first } = setUp();
  learn(page(0.8, clock.now() + HOUR, clock.now() + 10 * HOUR));
  expect(first()?.observedAt).toBe(clock.now());
});

test('a page with very many windows pushes nothing out that headers said', () => {
  const { clock, book, observe, learn } = setUp();
  observe({ utilization: '0.5', status: 'allowed', reset: String((clock.now() + HOUR) / 1000) });
  learn(...Array.from({ length: 200 }, (_, i) => ({ ...page(0.1, null, clock.now()), bucket: `w${i}` })));
  expect(book.readings('a')[0]).toMatchObject({ bucket: '5h', source: 'header' });
  expect(book.readings('a').length).toBeLessThan(40);
});

test('an older page does not take the place of what a refusal implied', () => {
  const { clock, learn, observe, first } = setUp();
  const resetAt = clock.now() + HOUR;
  observe({ status: 'rejected', reset: String(resetAt / 1000) });
  const implied = first();
  expect(implied).toMatchObject({ utilisation: 1, source: 'inferred' });
  learn(page(0.6, resetAt, clock.now() - 1000));
  expect(first()).toEqual(implied);
});
