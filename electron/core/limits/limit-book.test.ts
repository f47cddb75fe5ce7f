import { describe, expect, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { HeaderLookup, Verdict } from '../limit-ports.ts';
import type { CooldownRow, LimitStore } from '../store-ports.ts';
import { createLimitBook } from './limit-book.ts';
import { readLimitHeaders } from './read-headers.ts';

const MINUTE = 60_000;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function memoryStore() {
  const cooldowns = new Map<string, CooldownRow>();
  const readings = new Map<string, readonly LimitReading[]>();
  let writes = 0;
  const store: LimitStore = {
    cooldowns: () => [...cooldowns.values()],
    putCooldown: (row) => void cooldowns.set(`${row.accountId} ${row.bucket}`, row),
    removeCooldown: (accountId, bucket) => void cooldowns.delete(`${accountId} ${bucket}`),
    readings: () =>
      [...readings].flatMap(([accountId, list]) => list.map((reading) => ({ accountId, reading }))),
    putReadings: (accountId, list) => {
      writes += 1;
      readings.set(accountId, list);
    },
    removeAccount: (accountId) => {
      readings.delete(accountId);
      for (const [key, row] of cooldowns) if (row.accountId === accountId) cooldowns.delete(key);
    },
  };
  return { store, cooldowns, writes: () => writes };
}

function setUp(clock = createFakeClock(), memory = memoryStore()) {
  const book = createLimitBook({ store: memory.store, clock, log: silent, random: () => 0 });
  const changes: string[] = [];
  book.onChange((id) => changes.push(id));
  return { clock, memory, book, changes };
}

function lookup(fields: Record<string, string>): HeaderLookup {
  return { get: (name) => fields[name], entries: () => Object.entries(fields) };
}

function resting(
  bucket: string,
  until: number | null,
  more: Partial<Verdict['cooldown'] & object> = {},
): Verdict {
  return {
    scope: 'account',
    action: 'next-account',
    code: 'quota_rejected',
    reason: '5-hour window spent',
    cooldown: { bucket, until, evidence: ['status 429'], ...more },
  };
}

const unified = (used: string, reset: number, status = 'allowed') =>
  lookup({
    'anthropic-ratelimit-unified-5h-utilization': used,
    'anthropic-ratelimit-unified-5h-reset': String(reset / 1000),
    'anthropic-ratelimit-unified-5h-status': status,
  });

describe('headers', () => {
  test('windows without a name here are read under their own', () => {
    const [reading] = readLimitHeaders(
      lookup({ 'anthropic-ratelimit-unified-9d_new-utilization': '1.08', 'x-other': '1' }),
      5,
    );
    expect(reading).toMatchObject({ bucket: '9d_new', label: '9d new', utilisation: 1.08, resetAt: null });
  });

  test('API-key limits, pools and words', () => {
    const readings = readLimitHeaders(
      lookup({
        'anthropic-ratelimit-input-tokens-limit': '2000',
        'anthropic-ratelimit-input-tokens-remaining': '500',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-24T12:01:00Z',
        'anthropic-fast-output-tokens-remaining': '7',
        'anthropic-ratelimit-unified-slow-status': 'off',
        'anthropic-ratelimit-unified-7d_oi-status': 'allowed',
      }),
      0 + Date.UTC(2026, 10, 24, 12),
    );
    expect(readings.map(({ bucket, label }) => [bucket, label])).toEqual([
      ['input-tokens', 'input tokens'],
      ['fast-output-tokens', 'fast-mode output tokens'],
      ['slow', 'slow lane'],
      ['7d_oi', 'Fable week'],
    ]);
    expect(readings[0]).toMatchObject({ utilisation: 0.75, resetAt: Date.UTC(2026, 10, 24, 12, 1) });
    expect(readings[1]).toMatchObject({ utilisation: null, limit: null, remaining: 7 });
  });

  test('later reset is a new window, the same keeps the higher use, an earlier one is stale', () => {
    const { book, clock } = setUp();
    const reset = clock.now() + 60 * MINUTE;
    const used = () => book.readings('a')[0]?.utilisation;
    book.observe('a', unified('0.5', reset), clock.now());
    book.observe('a', unified('0.4', reset + 30_000), clock.now());
    expect(used()).toBe(0.5);
    book.observe('a', unified('0.9', reset - 5 * MINUTE), clock.now());
    expect(used()).toBe(0.5);
    book.observe('a', unified('0.1', reset + 300 * MINUTE), clock.now());
    expect(used()).toBe(0.1);
  });

  describe('a window refused as spent without a word about its use', () => {
    const name = (end: string) => `anthropic-ratelimit-unified-${end}`;
    const refused = (reset: number) =>
      lookup({ [name('5h-status')]: 'rejected', [name('5h-reset')]: String(reset / 1000) });

    test('counts as used up, and that this was inferred is told', () => {
      const { book, clock } = setUp();
      const reset = clock.now() + 60 * MINUTE;
      book.observe('a', unified('0.97', reset), clock.now());
      book.observe('a', refused(reset), clock.now());
      expect(book.readings('a')).toMatchObject([{ utilisation: 1, status: 'rejected', source: 'inferred' }]);
    });

    test('unless its use is stated and higher, or stated later', () => {
      const { book, clock } = setUp();
      const reset = clock.now() + 60 * MINUTE;
      book.observe('a', refused(reset), clock.now());
      book.observe('a', unified('1.08', reset, 'rejected'), clock.now());
      expect(book.readings('a')).toMatchObject([{ utilisation: 1.08, source: 'header' }]);
      book.observe('a', refused(reset), clock.now());
      expect(book.readings('a')).toMatchObject([{ utilisation: 1.08, source: 'header' }]);
      book.observe('a', unified('0.1', reset + 300 * MINUTE), clock.now());
      expect(book.readings('a')).toMatchObject([{ utilisation: 0.1, source: 'header' }]);
    });

    test('also where only the claim names it', () => {
      const { book, clock } = setUp();
      const resetAt = clock.now() + 60 * MINUTE;
      const claim = { [name('status')]: 'rejected', [name('reset')]: String(resetAt / 1000) };
      book.observe('a', lookup({ ...claim, [name('representative-claim')]: 'seven_day_opus' }), clock.now());
      expect(book.readings('a').find(({ bucket }) => bucket === '7d_opus')).toMatchObject({
        label: 'Opus week',
        utilisation: 1,
        status: 'rejected',
        resetAt,
        source: 'inferred',
      });
      expect(book.readings('a').find(({ bucket }) => bucket === 'unified')?.utilisation).toBeNull();
    });

    test.each([
      ['overage, which nobody has bought', { [name('overage-status')]: 'rejected' }],
      ['a claim that is not known', { [name('status')]: 'rejected', [name('representative-claim')]: 'new' }],
      ['a payment that is asked for', { [name('5h-status')]: 'payment_required' }],
      ['a window that lets through', { [name('5h-status')]: 'allowed' }],
    ])('but nothing is inferred from %s', (_what, fields: Record<string, string>) => {
      const { book, clock } = setUp();
      book.observe('a', lookup(fields), clock.now());
      expect(book.readings('a').map(({ utilisation, source }) => [utilisation, source])).toEqual([
        [null, 'header'],
      ]);
    });
  });

  test('absence is unknown: the last reading stays', () => {
    const { book, clock, changes } = setUp();
    book.observe('a', unified('0.5', clock.now() + MINUTE), clock.now());
    book.observe('a', lookup({}), clock.now());
    expect(book.readings('a')).toHaveLength(1);
    expect(changes).toEqual(['a']);
  });

  test('reach the disk every few seconds at most, a new status at once', () => {
    const { book, clock, memory } = setUp();
    const reset = clock.now() + 60 * MINUTE;
    book.observe('a', unified('0.1', reset), clock.now());
    for (let i = 2; i < 9; i += 1) book.observe('a', unified(`0.${i}`, reset), clock.now());
    expect(memory.writes()).toBe(1);
    book.observe('a', unified('1', reset, 'rejected'), clock.now());
    expect(memory.writes()).toBe(2);
    book.observe('a', unified('1.1', reset, 'rejected'), clock.now());
    clock.advance(5000);
    expect(memory.writes()).toBe(3);
  });
});

describe('rests', () => {
  test('end at their time, tell so, and leave the disk', () => {
    const { book, clock, changes, memory } = setUp();
    book.rest('a', resting('*', clock.now() + 10 * MINUTE), clock.now());
    expect(book.blocking('a', null, clock.now())).toMatchObject({ reason: '5-hour window spent.' });
    clock.advance(10 * MINUTE);
    expect(book.blocking('a', null, clock.now())).toBeNull();
    expect(changes).toEqual(['a', 'a']);
    expect(memory.cooldowns.size).toBe(0);
  });

  test('survive a restart', () => {
    const { book, clock, memory } = setUp();
    book.rest('a', resting('*', clock.now() + 10 * MINUTE), clock.now());
    book.rest('b', resting('*', null, { attention: true }), clock.now());
    book.observe('a', unified('0.5', clock.now() + MINUTE), clock.now());
    book.flush();
    const { book: again } = setUp(clock, memory);
    expect(again.blocking('a', null, clock.now())).not.toBeNull();
    expect(again.needsAttention('b', clock.now())).toBe(true);
    expect(again.readings('a')).toHaveLength(1);
  });

  test('a window of a model family keeps only that family away', () => {
    const { book, clock } = setUp();
    book.rest('a', resting('7d_opus', clock.now() + MINUTE), clock.now());
    book.rest('a', resting('model:claude-haiku-5-5', clock.now() + MINUTE), clock.now());
    const blocked = (model: string | null) => book.blocking('a', model, clock.now()) !== null;
    expect(blocked('claude-opus-5-5')).toBe(true);
    expect(blocked('claude-haiku-5-5')).toBe(true);
    expect(blocked('claude-sonnet-5-5')).toBe(false);
    expect(blocked(null)).toBe(false);
  });

  test('a shorter rest does not cut a longer one', () => {
    const { book, clock } = setUp();
    const until = clock.now() + 10 * MINUTE;
    book.rest('a', resting('*', until), clock.now());
    book.rest('a', resting('*', clock.now() + 1000), clock.now());
    expect(book.blocking('a', null, clock.now())?.until).toBe(until);
  });

  test('without a stated end they double up to five minutes, and begin anew after five healthy ones', () => {
    const { book, clock } = setUp();
    const lengths: number[] = [];
    const refuse = () => {
      const ladder = resting('*', clock.now() + 30_000, { ladder: true });
      for (let together = 0; together < 20; together += 1) book.rest('a', ladder, clock.now());
      const length = (book.blocking('a', null, clock.now())?.until ?? 0) - clock.now();
      lengths.push(length / 1000);
      clock.advance(length);
    };
    for (let i = 0; i < 6; i += 1) refuse();
    clock.advance(5 * MINUTE + 1);
    refuse();
    expect(lengths).toEqual([30, 60, 120, 240, 300, 300, 30]);
  });

  test('a wall clock set back does not prolong a rest', () => {
    const { book, clock } = setUp();
    book.rest('a', resting('*', clock.now() + 10 * MINUTE), clock.now());
    clock.setWall(clock.now() - 24 * 60 * MINUTE);
    expect(book.blocking('a', null, clock.now())).not.toBeNull();
    clock.advance(10 * MINUTE);
    expect(book.blocking('a', null, clock.now())).toBeNull();
  });

  test('a wall clock set back does not prolong what is told of a rest', () => {
    const { book, clock, memory } = setUp();
    book.rest('a', resting('*', clock.now() + 10 * MINUTE), clock.now());
    clock.advance(4 * MINUTE);
    clock.setWall(clock.now() - 180 * MINUTE);
    const left = ({ book: of }: { book: typeof book }) => {
      const told = of.blocking('a', null, clock.now())?.until ?? 0;
      expect(of.cooldowns('a', clock.now())[0]?.until).toBe(told);
      return told - clock.now();
    };
    expect(left({ book })).toBe(6 * MINUTE);
    clock.advance(2 * MINUTE);
    expect(left({ book })).toBe(4 * MINUTE);
    // A restart knows only the times on disk: of a rest that began in the future its whole length is left.
    const again = setUp(clock, memory);
    expect(left(again)).toBe(10 * MINUTE);
    clock.advance(10 * MINUTE);
    expect(again.book.blocking('a', null, clock.now())).toBeNull();
  });

  test('after the clock was set back the rest that really ends last is told, and a later end is taken', () => {
    const { book, clock, memory } = setUp();
    book.rest('a', resting('*', clock.now() + 10 * MINUTE), clock.now());
    clock.setWall(clock.now() - 180 * MINUTE);
    book.rest('a', resting('7d', clock.now() + 60 * MINUTE), clock.now());
    expect(book.blocking('a', 'claude-opus-5-5', clock.now())?.bucket).toBe('7d');
    book.rest('a', resting('*', clock.now() + 90 * MINUTE), clock.now());
    const until = clock.now() + 90 * MINUTE;
    expect(book.blocking('a', null, clock.now())?.until).toBe(until);
    expect(setUp(clock, memory).book.blocking('a', null, clock.now())?.until).toBe(until);
  });

  test('what is told of a rest stands still while the clocks run apart by a little', () => {
    const { book, clock } = setUp();
    const until = clock.now() + 10 * MINUTE;
    book.rest('a', resting('*', until), clock.now());
    clock.setWall(clock.now() - 400);
    expect(book.blocking('a', null, clock.now())?.until).toBe(until);
  });

  test('can be ended by hand, and forgotten with the account', () => {
    const { book, clock, memory } = setUp();
    book.rest('a', resting('*', null), clock.now());
    book.rest('a', resting('7d_opus', null), clock.now());
    book.clear('a', '7d_opus');
    expect(book.cooldowns('a', clock.now())).toHaveLength(1);
    book.clear('a', '*');
    expect(book.cooldowns('a', clock.now())).toEqual([]);
    book.rest('a', resting('*', null), clock.now());
    book.forget('a');
    expect(memory.cooldowns.size).toBe(0);
    expect(book.blocking('a', null, clock.now())).toBeNull();
  });

  test('a store that fails costs no request', () => {
    const { store } = memoryStore();
    const fail = () => {
      throw new Error('disk full');
    };
    const broken = { ...store, putCooldown: fail, putReadings: fail, removeCooldown: fail };
    const clock = createFakeClock();
    const book = createLimitBook({ store: broken, clock, log: silent });
    book.observe('a', unified('0.5', clock.now() + MINUTE), clock.now());
    book.rest('a', resting('*', clock.now() + MINUTE), clock.now());
    expect(book.blocking('a', null, clock.now())).not.toBeNull();
  });
});

test('attack: endless names of models that an account lacks do not grow memory, nor hide a spent window', () => {
  const { book, clock, memory } = setUp();
  book.rest('a', resting('*', clock.now() + MINUTE), clock.now());
  for (let n = 0; n < 1000; n += 1) {
    book.rest('a', resting(`model:m${n}`, clock.now() + 10 * MINUTE), clock.now());
  }
  const buckets = book.cooldowns('a', clock.now()).map(({ bucket }) => bucket);
  expect(buckets.length).toBeLessThanOrEqual(65);
  expect(buckets).toContain('*');
  expect(buckets).toContain('model:m999');
  expect(memory.cooldowns.size).toBe(buckets.length);
});
