import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { mergeReading } from './merge-readings.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
/** Resets this close are one window. */
const TOLERANCE = 60_000;

const share = fc.option(fc.double({ min: 0, max: 2, noNaN: true }));
const status = fc.option(fc.constantFrom('allowed', 'allowed_warning', 'rejected'));
/** Whatever the tolerance, that is not over. */
const ahead = fc.integer({ min: NOW + TOLERANCE + 1, max: NOW + 200 * HOUR });
const source = fc.constantFrom<LimitReading['source']>('header', 'usage-endpoint', 'inferred');

/** A reading of a window, or of a rate that refills. */
function reading(resetAt: fc.Arbitrary<number | null>, rate = false): fc.Arbitrary<LimitReading> {
  const amount = rate ? fc.integer({ min: 0, max: 100 }) : fc.constant(null);
  return fc.record({
    bucket: fc.constant('5h'),
    label: fc.constant('5-hour window'),
    utilisation: share,
    limit: amount,
    remaining: amount,
    status,
    resetAt,
    observedAt: fc.constant(NOW),
    source,
  });
}

const windows = reading(fc.option(ahead));
const anything = fc.oneof(
  windows,
  reading(fc.option(ahead), true),
  reading(fc.integer({ min: NOW - HOUR, max: NOW })),
);

describe('merging readings', () => {
  test('again changes nothing', () => {
    fc.assert(
      fc.property(anything, anything, (known, fresh) => {
        expect(mergeReading(fresh, fresh)).toEqual(fresh);
        const merged = mergeReading(known, fresh);
        expect(mergeReading(merged, fresh)).toEqual(merged);
      }),
    );
  });

  test('takes a later reset for a new window', () => {
    const later = fc.integer({ min: TOLERANCE + 1, max: 100 * HOUR });
    fc.assert(
      fc.property(reading(ahead), windows, later, (known, fresh, ms) => {
        const newer = { ...fresh, resetAt: (known.resetAt ?? 0) + ms };
        expect(mergeReading(known, newer)).toEqual(newer);
      }),
    );
  });

  test('never lowers the use within a window', () => {
    const near = fc.option(fc.integer({ min: -TOLERANCE, max: TOLERANCE }));
    fc.assert(
      fc.property(reading(ahead), windows, near, (known, fresh, ms) => {
        const same = { ...fresh, resetAt: ms === null ? null : (known.resetAt ?? 0) + ms };
        const merged = mergeReading(known, same);
        const uses = [known.utilisation, same.utilisation].filter((use) => use !== null);
        expect(merged.utilisation).toBe(uses.length === 0 ? null : Math.max(...uses));
        expect(merged.resetAt).toBe(same.resetAt ?? known.resetAt);
        expect(merged.status).toBe(same.status ?? known.status);
      }),
    );
  });

  test('says of the use where it comes from', () => {
    fc.assert(
      fc.property(windows, windows, (known, fresh) => {
        const same = { ...fresh, resetAt: null };
        const merged = mergeReading(known, same);
        const origins = [known, same]
          .filter(({ utilisation }) => utilisation !== null && utilisation === merged.utilisation)
          .map((one) => one.source);
        if (origins.length > 0) expect(origins).toContain(merged.source);
        if (origins.some((origin) => origin !== 'inferred')) expect(merged.source).not.toBe('inferred');
      }),
    );
  });

  test('never lets an earlier reset replace a window that is not over', () => {
    const earlier = fc.integer({ min: TOLERANCE + 1, max: 100 * HOUR });
    fc.assert(
      fc.property(reading(ahead), windows, earlier, (known, fresh, ms) => {
        const stale = { ...fresh, resetAt: (known.resetAt ?? 0) - ms };
        expect(mergeReading(known, stale)).toBe(known);
      }),
    );
  });

  test('lets anything replace a window that is over', () => {
    const over = reading(fc.integer({ min: NOW - HOUR, max: NOW }));
    fc.assert(
      fc.property(over, windows, (known, fresh) => {
        expect(mergeReading(known, fresh)).toEqual(fresh);
      }),
    );
  });

  test('takes the newest reading of a rate, which refills all the time', () => {
    const rate = reading(fc.option(ahead), true);
    fc.assert(
      fc.property(rate, rate, (known, fresh) => {
        expect(mergeReading(known, fresh).remaining).toBe(fresh.remaining);
      }),
    );
  });

  test('knows nothing before the first', () => {
    fc.assert(
      fc.property(anything, (fresh) => {
        expect(mergeReading(undefined, fresh)).toBe(fresh);
      }),
    );
  });
});
