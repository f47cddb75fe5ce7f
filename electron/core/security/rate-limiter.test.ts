import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createRateLimiter } from './rate-limiter.ts';

describe('the rate limiter', () => {
  it('lets a burst of a minute through, then one at a time, and says when', () => {
    const clock = createFakeClock();
    const { allow } = createRateLimiter(clock);
    const burst = Array.from({ length: 31 }, () => allow('x', 30));
    expect(burst.filter(({ ok }) => ok)).toHaveLength(30);
    expect(burst.at(-1)).toEqual({ ok: false, retryAfterMs: 2000 });
    clock.advance(1999);
    expect(allow('x', 30).ok).toBe(false);
    clock.advance(1);
    expect(allow('x', 30).ok).toBe(true);
    expect(allow('other', 30).ok).toBe(true);
  });

  it('is off at zero and starts anew when the limit is changed', () => {
    const { allow } = createRateLimiter(createFakeClock());
    expect(Array.from({ length: 1000 }, () => allow('x', 0).ok)).not.toContain(false);
    expect([allow('x', 1).ok, allow('x', 1).ok, allow('x', 2).ok]).toEqual([true, false, true]);
  });

  it('never lets more through than a burst and the rate', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5000), { maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (gaps, rate) => {
          const clock = createFakeClock();
          const { allow } = createRateLimiter(clock);
          let passed = 0;
          for (const gap of gaps) {
            clock.advance(gap);
            if (allow('x', rate).ok) passed += 1;
          }
          const minutes = gaps.reduce((sum, gap) => sum + gap, 0) / 60_000;
          expect(passed).toBeLessThanOrEqual(Math.ceil(rate + rate * minutes));
        },
      ),
    );
  });

  it('does not believe a wall clock that is turned forward', () => {
    const clock = createFakeClock();
    const { allow } = createRateLimiter(clock);
    allow('x', 1);
    clock.setWall(clock.now() + 3_600_000);
    expect(allow('x', 1).ok).toBe(false);
  });

  it('attack: guessing keys without end is slowed to the limit', () => {
    const clock = createFakeClock();
    const { allow } = createRateLimiter(clock);
    let guesses = 0;
    for (let second = 0; second < 600; second += 1) {
      for (let n = 0; n < 100; n += 1) if (allow('failed-auth', 30).ok) guesses += 1;
      clock.advance(1000);
    }
    expect(guesses).toBeLessThanOrEqual(30 + 300);
  });

  it('attack: a flood of names neither grows memory nor frees a name that is limited now', () => {
    const { allow } = createRateLimiter(createFakeClock());
    for (let n = 0; n < 5000; n += 1) {
      allow(`name-${n}`, 30);
      if (n % 100 === 0) allow('watched', 3);
    }
    expect(allow('watched', 3).ok).toBe(false);
  });
});
