import { expect, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { Account } from '../ports.ts';
import type { ReadingHistoryStore, ReadingSample } from '../store-ports.ts';
import { createForecasts } from './forecasts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const account = (id: string) => ({ id, name: id }) as Account;

function setUp(kept: ReadingSample[] = [], keyOf = (id: string) => id) {
  const clock = createFakeClock();
  const readings = new Map<string, LimitReading[]>();
  const listeners: ((id: string) => void)[] = [];
  const store: ReadingHistoryStore = {
    list: (since) => kept.filter(({ at }) => at >= since),
    append: (batch) => void kept.push(...batch),
    removeAccount(id) {
      kept.splice(0, kept.length, ...kept.filter(({ accountId }) => accountId !== id));
    },
    prune: () => {},
  };
  const forecasts = createForecasts({
    limits: {
      readings: (id) => readings.get(id) ?? [],
      onChange(listener) {
        listeners.push(listener);
        return () => {};
      },
    },
    store,
    clock,
    log: silent,
    usable: () => true,
    keyOf,
    weightOf: () => 1,
  });
  const use = (
    id: string,
    bucket: string,
    utilisation: number,
    resetAt: number,
    limit: number | null = null,
    status = 'allowed',
  ) => {
    const label = bucket;
    const reading = { bucket, label, utilisation, limit, remaining: null, status, resetAt };
    readings.set(id, [{ ...reading, observedAt: clock.now(), source: 'header' }]);
    for (const listener of listeners) listener(id);
  };
  return { clock, kept, forecasts, use };
}

test('readings of real traffic become a pace, an end, and a series for charts', () => {
  const { clock, forecasts, use } = setUp();
  const resetAt = clock.now() + 4 * HOUR;
  const start = clock.now();
  for (let n = 0; n <= 30; n += 1) {
    use('a', '5h', n / 100, resetAt);
    clock.advance(2 * MINUTE);
  }
  const [forecast] = forecasts.ofAccount('a', clock.now());
  expect(forecast?.ratePerHour).toBeCloseTo(0.3, 1);
  expect(forecast?.confidence).toBe('good');
  expect(forecasts.ofPool([account('a')], clock.now()).hoursLeft).toBeGreaterThan(2);
  const { series } = forecasts.history('a', start, clock.now());
  expect(series).toMatchObject([{ bucket: '5h', label: '5-hour window' }]);
  expect(series[0]?.points).toHaveLength(31);
});

test('the same use over and over is noted rarely, and a bucket that refills not at all', () => {
  const { clock, forecasts, use, kept } = setUp();
  for (let n = 0; n < 600; n += 1) {
    use('a', '5h', 0.5, 9e15);
    use('b', 'requests', n / 1000, 9e15, 1000);
    clock.advance(1000);
  }
  forecasts.flush();
  expect(kept.length).toBeLessThanOrEqual(2);
  expect(forecasts.ofAccount('b', clock.now())).toEqual([]);
});

test('a restart knows what was known', () => {
  const first = setUp();
  const resetAt = first.clock.now() + 4 * HOUR;
  for (let n = 0; n <= 30; n += 1) {
    first.use('a', '5h', n / 100, resetAt);
    first.clock.advance(2 * MINUTE);
  }
  first.forecasts.flush();
  const second = setUp(first.kept);
  second.clock.advance(62 * MINUTE);
  second.use('a', '5h', 0.3, resetAt);
  expect(second.forecasts.ofAccount('a', second.clock.now())[0]?.ratePerHour).toBeCloseTo(0.3, 1);
});

test('an account that goes takes its history with it', () => {
  const { clock, forecasts, use, kept } = setUp();
  use('a', '5h', 0.1, 9e15);
  forecasts.flush();
  use('a', '5h', 0.2, 9e15);
  forecasts.forget('a');
  forecasts.flush();
  expect(kept).toEqual([]);
  expect(forecasts.history('a', 0, clock.now() + 1).series).toEqual([]);
});

test('accounts that share their limits count once in the forecast of the pool', () => {
  const { clock, forecasts, use } = setUp([], (id) => (id === 'twin' ? 'a' : id));
  const resetAt = clock.now() + 4 * HOUR;
  for (let n = 0; n <= 30; n += 1) {
    use('a', '5h', n / 100, resetAt);
    use('twin', '5h', n / 100, resetAt);
    use('b', '5h', 0.9, resetAt);
    clock.advance(2 * MINUTE);
  }
  const hours = (...ids: string[]) => forecasts.ofPool(ids.map(account), clock.now()).hoursLeft;
  expect(hours('a', 'twin', 'b')).toBe(hours('a', 'b'));
});

test('an account never heard of adds nothing to the pool, and one that is refused has nothing left', () => {
  const { clock, forecasts, use } = setUp();
  const resetAt = clock.now() + 4 * HOUR;
  for (let n = 0; n <= 30; n += 1) {
    use('a', '5h', n / 100, resetAt);
    clock.advance(2 * MINUTE);
  }
  const pool = (...ids: string[]) => forecasts.ofPool(ids.map(account), clock.now());
  expect(pool('a', 'new').hoursLeft).toBe(pool('a').hoursLeft);
  expect(pool('a', 'new').confidence).toBe('low');
  use('a', '5h', 0.3, resetAt, null, 'rejected');
  expect(forecasts.ofAccount('a', clock.now())[0]?.emptyAt).toBe(clock.now());
  expect(pool('a').hoursLeft).toBe(0);
});
