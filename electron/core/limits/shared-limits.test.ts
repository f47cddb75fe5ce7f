import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import type { Verdict } from '../limit-ports.ts';
import { createLimitBook } from './limit-book.ts';
import { shareLimits } from './shared-limits.ts';

const HOUR = 3_600_000;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function setUp() {
  const clock = createFakeClock();
  const store = {
    cooldowns: () => [],
    putCooldown: () => {},
    removeCooldown: () => {},
    readings: () => [],
    putReadings: () => {},
    removeAccount: () => {},
  };
  const groups = new Map<string, readonly string[]>();
  const book = shareLimits(
    createLimitBook({ store, clock, log: silent, random: () => 0 }),
    (id) => groups.get(id) ?? [id],
  );
  const together = (...ids: string[]): void => {
    for (const id of ids) groups.set(id, ids);
  };
  const now = () => clock.now();
  return { clock, book, together, now };
}

function refusal(code: string, until: number, bucket = '*'): Verdict {
  const cooldown = { bucket, until, evidence: [] };
  return { scope: 'account', action: 'next-account', code, reason: 'No', cooldown };
}

const used = (share: number, resetAt: number) => {
  const fields = new Map([
    ['anthropic-ratelimit-unified-5h-utilization', String(share)],
    ['anthropic-ratelimit-unified-5h-reset', String(resetAt / 1000)],
  ]);
  return { get: (name: string) => fields.get(name), entries: () => fields.entries() };
};

describe('two keys of one organisation', () => {
  test('rest together, and show the same use', () => {
    const { book, together, now } = setUp();
    together('a', 'b');
    book.observe('b', used(0.4, now() + HOUR), now());
    book.rest('b', refusal('quota_rejected', now() + HOUR), now());
    for (const id of ['a', 'b']) {
      expect(book.blocking(id, 'm', now())?.reasonCode).toBe('quota_rejected');
      expect(book.cooldowns(id, now())).toHaveLength(1);
      expect(book.readings(id)).toMatchObject([{ bucket: '5h', utilisation: 0.4 }]);
    }
    expect(book.blocking('c', 'm', now())).toBeNull();
  });

  test('when the one that stands for them is removed, the others keep what they met together', () => {
    const { book, together, now } = setUp();
    together('a', 'b');
    book.observe('b', used(0.9, now() + HOUR), now());
    book.rest('b', refusal('quota_rejected', now() + HOUR), now());
    book.rest('a', refusal('auth_refused', now() + HOUR, 'own'), now());
    together('b');
    book.forget('a', 'b');
    expect(book.blocking('b', 'm', now())?.reasonCode).toBe('quota_rejected');
    expect(book.cooldowns('b', now())).toHaveLength(1);
    expect(book.readings('b')).toMatchObject([{ bucket: '5h', utilisation: 0.9 }]);
    expect(book.cooldowns('a', now())).toEqual([]);
  });

  test('a refused login is the fault of one of them', () => {
    const { book, together, now } = setUp();
    together('a', 'b');
    book.rest('b', refusal('auth_refused', now() + HOUR), now());
    expect(book.blocking('a', 'm', now())).toBeNull();
    expect(book.blocking('b', 'm', now())).not.toBeNull();
  });

  test('what was met before they were known to be one still holds for the one that met it', () => {
    const { book, together, now } = setUp();
    book.rest('b', refusal('quota_rejected', now() + HOUR), now());
    together('a', 'b');
    expect(book.blocking('b', 'm', now())).not.toBeNull();
    book.rest('b', refusal('quota_rejected', now() + 2 * HOUR), now());
    expect(book.blocking('b', 'm', now())?.until).toBe(now() + 2 * HOUR);
    expect(book.cooldowns('b', now())).toHaveLength(1);
    book.clear('b', '*');
    expect([book.blocking('a', 'm', now()), book.blocking('b', 'm', now())]).toEqual([null, null]);
  });
});

describe('a rest that is tried before its end', () => {
  test('blocks nobody, is shown as a try, and a good answer ends it', () => {
    const { book, now } = setUp();
    book.rest('a', refusal('quota_rejected', now() + HOUR), now());
    book.tryNow('a', '*', now());
    expect(book.blocking('a', 'm', now())).toBeNull();
    expect(book.cooldowns('a', now())).toMatchObject([{ probing: true }]);
    book.served('a', 'm');
    expect(book.cooldowns('a', now())).toEqual([]);
  });

  test('comes back with the next refusal, also when that names the same end', () => {
    const { book, now } = setUp();
    book.rest('a', refusal('quota_rejected', now() + HOUR), now());
    book.tryNow('a', '*', now());
    book.rest('a', refusal('quota_rejected', now() + HOUR), now());
    expect(book.blocking('a', 'm', now())).toMatchObject({ probing: false, until: now() + HOUR });
  });

  test('a good answer of another model says nothing about it', () => {
    const { book, now } = setUp();
    book.rest('a', refusal('quota_rejected', now() + HOUR, '7d_opus'), now());
    book.tryNow('a', '7d_opus', now());
    book.served('a', 'claude-haiku-5-5');
    expect(book.cooldowns('a', now())).toHaveLength(1);
    book.served('a', 'claude-opus-5-5');
    expect(book.cooldowns('a', now())).toEqual([]);
  });

  test('a good answer ends no rest that nobody tries', () => {
    const { book, now } = setUp();
    book.rest('a', refusal('quota_rejected', now() + HOUR), now());
    book.served('a', 'm');
    expect(book.blocking('a', 'm', now())).not.toBeNull();
  });
});
