import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitReadingSchema } from '../../../shared/account.ts';
import type { HeaderLookup } from '../limit-ports.ts';
import { readLimitHeaders } from './read-headers.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const PREFIX = 'anthropic-ratelimit-';

function lookup(fields: Iterable<readonly [string, string]>): HeaderLookup {
  const list = [...fields];
  return { get: (wanted) => list.find(([name]) => name === wanted)?.[1], entries: () => list };
}

const word = fc.oneof(
  fc.constantFrom(
    '5h',
    '7d',
    '7d_opus',
    'overage',
    'requests',
    'input-tokens',
    'slow',
    'fallback',
    'unified',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '-', '/', 'status', 'reset', '5h-utilization'),
  fc.string({ maxLength: 80 }),
);
const field = fc.oneof(
  fc.constantFrom(
    'status',
    'utilization',
    'limit',
    'remaining',
    'reset',
    'offer',
    'retry-after',
    'percentage',
  ),
  fc.string({ maxLength: 12 }),
);
const prefix = fc.constantFrom(
  PREFIX,
  `${PREFIX}unified-`,
  'anthropic-priority-',
  'anthropic-fast-',
  'anthropic-',
  '',
);
const name = fc.oneof(
  fc.tuple(prefix, word, field).map(([start, bucket, end]) => `${start}${bucket}-${end}`),
  fc.tuple(prefix, field).map(([start, end]) => start + end),
  fc.string(),
);
const value = fc.oneof(
  fc.constantFrom(
    'allowed',
    'rejected',
    '0',
    '1',
    '0.5',
    '-1',
    '1e309',
    'NaN',
    'Infinity',
    '0x10',
    ' 7 ',
    '',
  ),
  fc.integer().map(String),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.string(),
);
const headers = fc.array(fc.tuple(name, value), { maxLength: 120 });

/** Whether a header of that bucket gives a number in plain digits. */
function states(fields: readonly (readonly [string, string])[], bucket: string, end: string): boolean {
  const names = [`${PREFIX}unified-${bucket}`, `${PREFIX}${bucket}`, `anthropic-${bucket}`];
  const own = names.map((start) => `${start}-${end}`);
  return fields.some(([header, text]) => own.includes(header) && /^\s*\d+(?:\.\d+)?\s*$/.test(text));
}

describe('whatever headers come', () => {
  test('readings are few, whole and never made up', () => {
    fc.assert(
      fc.property(headers, (fields) => {
        const readings = readLimitHeaders(lookup(fields), NOW);
        expect(readings.length).toBeLessThanOrEqual(24);
        expect(new Set(readings.map(({ bucket }) => bucket)).size).toBe(readings.length);
        for (const reading of readings) {
          expect(limitReadingSchema.safeParse(reading).success).toBe(true);
          const { utilisation, limit, remaining, resetAt, status, bucket } = reading;
          for (const number of [utilisation, limit, remaining, resetAt]) {
            if (number !== null) expect(Number.isFinite(number) && number >= 0).toBe(true);
          }
          expect([utilisation, limit, remaining, resetAt, status].some((said) => said !== null)).toBe(true);
          expect(bucket.length).toBeLessThanOrEqual(60);
          expect((status ?? '').length).toBeLessThanOrEqual(40);
          if (resetAt !== null) expect(resetAt - NOW).toBeLessThanOrEqual(40 * 24 * HOUR);
          if (limit !== null) expect(states(fields, bucket, 'limit')).toBe(true);
          if (remaining !== null) expect(states(fields, bucket, 'remaining')).toBe(true);
          if (utilisation !== null) {
            const told = states(fields, bucket, 'utilization');
            expect(told || (limit !== null && remaining !== null)).toBe(true);
          }
          expect([reading.observedAt, reading.source]).toEqual([NOW, 'header']);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what is no limit header is none', () => {
    const other = fc.string().filter((text) => !/^anthropic-(?:ratelimit|priority|fast)-/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(other, value)), (fields) => {
        expect(readLimitHeaders(lookup(fields), NOW)).toEqual([]);
      }),
    );
  });

  test('a window of any name is read as it is told', () => {
    const window = fc.stringMatching(/^[a-z0-9]{1,10}(?:_[a-z0-9]{1,10})?$/);
    const told = fc.record({
      utilization: fc.option(fc.double({ min: 0, max: 3, noNaN: true }).map((share) => share.toFixed(4))),
      status: fc.option(fc.constantFrom('allowed', 'allowed_warning', 'rejected')),
      reset: fc.option(fc.integer({ min: NOW / 1000 - 100, max: NOW / 1000 + 600_000 })),
    });
    fc.assert(
      fc.property(window, told, (bucket, { utilization, status, reset }) => {
        const fields = Object.entries({ utilization, status, reset })
          .filter(([, text]) => text !== null)
          .map(([end, text]) => [`${PREFIX}unified-${bucket}-${end}`, String(text)] as const);
        const [reading] = readLimitHeaders(lookup(fields), NOW);
        if (fields.length === 0) expect(reading).toBeUndefined();
        else {
          expect(reading).toMatchObject({
            bucket,
            utilisation: utilization === null ? null : Number(utilization),
            status,
            resetAt: reset === null ? null : reset * 1000,
          });
        }
      }),
    );
  });
});

describe('the slow lane', () => {
  const slow = (fields: Record<string, string>) =>
    readLimitHeaders(
      lookup(Object.entries(fields).map(([end, text]) => [`${PREFIX}unified-slow-${end}`, text])),
      NOW,
    );

  test('is read like any bucket, with the wait it asks for', () => {
    expect(slow({ status: 'slot_busy', 'retry-after': '90', 'max-wait': '600' })).toMatchObject([
      { bucket: 'slow', label: 'slow lane', status: 'slot_busy', resetAt: NOW + 90_000, utilisation: null },
    ]);
  });

  test('is known as soon as it is offered', () => {
    expect(slow({ offer: 'treatment' })).toMatchObject([{ bucket: 'slow', status: 'offer: treatment' }]);
    expect(slow({ offer: 'treatment', status: 'active' })).toMatchObject([{ status: 'active' }]);
    expect(slow({ offer: '' })).toEqual([]);
  });

  test('is found where headers can only be asked for by name', () => {
    const { get } = lookup([[`${PREFIX}unified-slow-status`, 'off']]);
    expect(readLimitHeaders({ get }, NOW)).toMatchObject([{ bucket: 'slow', status: 'off' }]);
  });
});
