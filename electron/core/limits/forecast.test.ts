import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { forecastBucket, isForecastable, type Sample } from './forecast.ts';
import { forecastPool, type PoolMember } from './pool-forecast.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 12);

function reading(bucket: string, utilisation: number | null, resetAt: number | null): LimitReading {
  return {
    bucket,
    label: bucket,
    utilisation,
    limit: null,
    remaining: null,
    status: 'allowed',
    resetAt,
    observedAt: NOW,
    source: 'header',
  };
}

/** `count` readings that grow evenly from `from` to `to` over the last `hours`. */
function climb(hours: number, from: number, to: number, count: number, resetAt: number | null): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    at: NOW - hours * HOUR * (1 - i / count),
    utilisation: from + (to - from) * (i / count),
    resetAt,
  }));
}

describe('a bucket', () => {
  const resetAt = NOW + 3 * HOUR;

  test('that is used 20 % an hour from 50 % is empty before it resets', () => {
    const forecast = forecastBucket(reading('5h', 0.5, resetAt), climb(1, 0.3, 0.5, 12, resetAt), NOW);
    expect(forecast.ratePerHour).toBeCloseTo(0.2);
    expect(forecast.emptyAt).toBe(NOW + 2.5 * HOUR);
    expect(forecast.shareAtReset).toBeCloseTo(1.1);
    expect(forecast.confidence).toBe('good');
  });

  test('that is used slowly lasts until its reset', () => {
    const forecast = forecastBucket(reading('5h', 0.3, resetAt), climb(1, 0.25, 0.3, 12, resetAt), NOW);
    expect(forecast.emptyAt).toBeNull();
    expect(forecast.shareAtReset).toBeCloseTo(0.45);
  });

  test.each([
    ['no readings', []],
    ['two readings', climb(1, 0.3, 0.5, 2, resetAt)],
    ['a few minutes', climb(0.05, 0.3, 0.5, 12, resetAt)],
    ['readings of the window before', climb(1, 0.3, 0.5, 12, resetAt - 5 * HOUR)],
    ['readings from yesterday', climb(1, 0.3, 0.5, 12, resetAt).map((s) => ({ ...s, at: s.at - 24 * HOUR }))],
  ])('says nothing from %s', (_, samples) => {
    const forecast = forecastBucket(reading('5h', 0.5, resetAt), samples, NOW);
    expect(forecast).toMatchObject({
      ratePerHour: null,
      emptyAt: null,
      shareAtReset: null,
      confidence: 'none',
    });
  });

  test('whose window is over foretells nothing', () => {
    const past = NOW - 1000;
    expect(forecastBucket(reading('5h', 0.5, past), climb(1, 0.3, 0.5, 12, past), NOW).confidence).toBe(
      'none',
    );
  });

  test('counts idle time: the same use over a longer time is a slower pace', () => {
    const samples = climb(1.4, 0.3, 0.5, 12, resetAt).filter(({ at }) => at < NOW - HOUR);
    const forecast = forecastBucket(reading('5h', samples.at(-1)?.utilisation ?? 0, resetAt), samples, NOW);
    expect(forecast.ratePerHour).toBeLessThan(0.05);
  });

  test.each(['rejected', 'blocked'])(
    'that is %s now is empty now, whatever share was read before',
    (status) => {
      const refused = { ...reading('7d', 0.4, resetAt), status };
      const samples = climb(12, 0.3, 0.4, 24, resetAt);
      expect(forecastBucket(refused, samples, NOW)).toMatchObject({ emptyAt: NOW, confidence: 'good' });
      expect(forecastBucket(refused, samples, NOW).ratePerHour).toBeCloseTo(0.1 / 12);
      for (const one of [refused, { ...refused, utilisation: null }]) {
        expect(isForecastable(one)).toBe(true);
        expect(forecastBucket(one, [], NOW)).toMatchObject({ ratePerHour: null, emptyAt: NOW });
      }
      expect(forecastBucket({ ...refused, resetAt: NOW - 1 }, samples, NOW).emptyAt).toBeNull();
    },
  );

  test('of paid overage is refused wherever nobody has bought it, which says nothing', () => {
    const overage = { ...reading('overage', 0, resetAt), status: 'rejected' };
    expect(forecastBucket(overage, [], NOW).emptyAt).toBeNull();
    expect(isForecastable({ ...overage, utilisation: null })).toBe(false);
  });

  test('of a key refills all the time and is not foretold', () => {
    expect(isForecastable({ ...reading('requests', 0.5, resetAt), limit: 1000 })).toBe(false);
    expect(isForecastable(reading('unified', 0.5, resetAt))).toBe(false);
    expect(isForecastable(reading('5h', null, resetAt))).toBe(false);
    expect(isForecastable(reading('7d_opus', 0.5, resetAt))).toBe(true);
  });

  test('never gets a nonsensical forecast, whatever the readings', () => {
    const sample = fc.record({
      at: fc.integer({ min: NOW - 48 * HOUR, max: NOW }),
      utilisation: fc.double({ min: 0, max: 2, noNaN: true }),
      resetAt: fc.option(fc.integer({ min: NOW - HOUR, max: NOW + 168 * HOUR })),
    });
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 60 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.option(fc.integer({ min: NOW - HOUR, max: NOW + 168 * HOUR })),
        (samples, used, resetAt) => {
          const { ratePerHour, emptyAt } = forecastBucket(reading('7d', used, resetAt), samples, NOW);
          expect(ratePerHour ?? 0).toBeGreaterThanOrEqual(0);
          if (emptyAt !== null) expect(emptyAt).toBeGreaterThanOrEqual(NOW);
          if (emptyAt !== null && resetAt !== null && used < 1) expect(emptyAt).toBeLessThan(resetAt);
        },
      ),
    );
  });
});

describe('the pool', () => {
  function member(
    id: string,
    short: number,
    week: number,
    rate = 0,
    more: Partial<PoolMember> = {},
  ): PoolMember {
    const bucket = (name: string, used: number, resetAt: number, ratePerHour: number) => ({
      ...forecastBucket(reading(name, used, resetAt), [], NOW),
      ratePerHour,
      shareAtReset: used + (ratePerHour * (resetAt - NOW)) / HOUR,
      confidence: 'good' as const,
    });
    return {
      accountId: id,
      name: id,
      kind: 'oauth',
      usable: true,
      weight: 1,
      forecasts: [
        bucket('5h', short, NOW + 4 * HOUR, rate),
        bucket('7d', week, NOW + 2 * 24 * HOUR, rate / 10),
      ],
      used: new Map([
        ['5h', short],
        ['7d', week],
      ]),
      ...more,
    };
  }

  test('of one account lasts as long as its window', () => {
    expect(forecastPool([member('a', 0.5, 0, 0.25)], NOW).hoursLeft).toBe(2);
  });

  test('goes on with the second account when the first is empty', () => {
    expect(forecastPool([member('a', 0.5, 0, 0.5), member('b', 0, 0)], NOW).hoursLeft).toBe(3);
  });

  test('counts windows that start anew in time', () => {
    expect(forecastPool([member('a', 0.5, 0.2, 0.05)], NOW).hoursLeft).toBeNull();
  });

  test('meets the end of the week even where 5-hour windows start anew', () => {
    const hours = forecastPool([member('a', 0, 0.9, 0.15)], NOW).hoursLeft;
    expect(hours).toBeCloseTo(6.5, 0);
  });

  test('does not count accounts that need the user', () => {
    const helpless = member('b', 0, 0, 0, { usable: false });
    expect(forecastPool([member('a', 0.5, 0, 0.25), helpless], NOW).hoursLeft).toBe(2);
  });

  test('counts a larger plan for what it is', () => {
    const large = member('b', 0, 0, 0, { weight: 4 });
    expect(forecastPool([member('a', 1, 0, 0.5), large], NOW).hoursLeft).toBeGreaterThan(4);
  });

  test('names the week that will expire with most unused', () => {
    const { expiring } = forecastPool([member('a', 0, 0.8, 0.1), member('b', 0, 0.2)], NOW);
    expect(expiring).toMatchObject({ accountId: 'b', bucket: '7d' });
    expect(expiring?.unusedShare).toBeCloseTo(0.8);
  });

  const silentOne = (id: string, more: Partial<PoolMember> = {}): PoolMember =>
    member(id, 0, 0, 0, { forecasts: [], used: new Map(), ...more });

  test('counts nothing for accounts that nobody knows anything of, and says so', () => {
    const known = member('a', 0.5, 0, 0.1);
    const alone = forecastPool([known], NOW);
    expect(alone.confidence).toBe('good');
    const all = forecastPool([known, silentOne('b'), silentOne('c')], NOW);
    expect(all).toMatchObject({ hoursLeft: alone.hoursLeft, confidence: 'low', atLeast: true });
    expect(all.words).toMatch(/^About \d+ h .*not counting 2 accounts whose windows are not known yet\.$/);
    const week = member('b', 0, 0, 0, { used: new Map([['7d', 0]]) });
    expect(forecastPool([known, week], NOW).hoursLeft).toBe(alone.hoursLeft);
  });

  test('says nothing of a time when only accounts that nobody knows can serve', () => {
    const paused = member('a', 0.5, 0, 0.1, { usable: false });
    const { hoursLeft, confidence, words } = forecastPool([paused, silentOne('b')], NOW);
    expect([hoursLeft, confidence]).toEqual([null, 'none']);
    expect(words).toContain('windows of the accounts that can serve are not known yet');
  });

  test('counts no plan for an API key, which has none, and says so', () => {
    const known = member('a', 0.5, 0, 0.1);
    const alone = forecastPool([known], NOW);
    const key = silentOne('k', { kind: 'api-key' });
    const both = forecastPool([known, key], NOW);
    expect(both).toMatchObject({ hoursLeft: alone.hoursLeft, confidence: 'good', atLeast: true });
    expect(both.words).toMatch(/not counting 1 API key, which is paid per token\.$/);
    const { hoursLeft, confidence, words } = forecastPool([key, silentOne('l', { kind: 'api-key' })], NOW);
    expect([hoursLeft, confidence]).toEqual([null, 'none']);
    expect(words).toMatch(/^API keys are paid per token/);
  });

  test('counts the windows that an endpoint tells of a key', () => {
    const key = member('k', 0.5, 0, 0.25, { kind: 'api-key' });
    expect(forecastPool([key], NOW)).toMatchObject({ hoursLeft: 2, confidence: 'good' });
  });

  test('has nothing left when every window that counts is refused or spent', () => {
    const spent = [member('a', 1, 0.2, 0.1), member('b', 0, 1, 0)];
    expect(forecastPool(spent, NOW)).toMatchObject({ hoursLeft: 0, confidence: 'good' });
    const unheard = silentOne('c');
    expect(forecastPool([...spent, unheard], NOW)).toMatchObject({ hoursLeft: null, confidence: 'none' });
    const noPace = spent.map((one) => ({ ...one, forecasts: [] }));
    expect(forecastPool(noPace, NOW).hoursLeft).toBe(0);
    expect(forecastPool(noPace, NOW).words).toMatch(/^Nothing of the plans is left/);
  });

  test('says nothing where nobody knows', () => {
    const silent = silentOne('a');
    expect(forecastPool([silent], NOW)).toMatchObject({ hoursLeft: null, confidence: 'none' });
    expect(forecastPool([], NOW)).toMatchObject({ hoursLeft: null, confidence: 'none', expiring: null });
  });
});
