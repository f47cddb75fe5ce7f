import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createRateLimiter } from './rate-limiter.ts';

describe('rate limiter', () => {
  it('lets a burst of one minute pass, then says exactly when the next may come', () => {
    const clock = createFakeClock();
    const limiter = createRateLimiter(clock);
    for (let n = 0; n < 60; n += 1) expect(limiter.allow('a', 60)).toEqual({ ok: true, retryAfterMs: 0 });
    expect(limiter.allow('a', 60)).toEqual({ ok: false, retryAfterMs: 1000 });
    clock.advance(999);
    expect(limiter.allow('a', 60).ok).toBe(false);
    clock.advance(1);
    expect(limiter.allow('a', 60).ok).toBe(true);
  });

  it('keeps names apart, and has no limit with 0', () => {
    const limiter = createRateLimiter(createFakeClock());
    expect(limiter.allow('a', 1).ok).toBe(true);
    expect(limiter.allow('a', 1).ok).toBe(false);
    expect(limiter.allow('b', 1).ok).toBe(true);
    for (let n = 0; n < 1000; n += 1) expect(limiter.allow('a', 0).ok).toBe(true);
  });

  it('a changed limit holds at once', () => {
    const limiter = createRateLimiter(createFakeClock());
    expect(limiter.allow('a', 1).ok).toBe(true);
    expect(limiter.allow('a', 1).ok).toBe(false);
    expect(limiter.allow('a', 2).ok).toBe(true);
  });

  it('never lets more pass than a minute and the time since allow, whatever the rhythm', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.nat(5000), { maxLength: 300 }),
        (limit, pauses) => {
          const clock = createFakeClock();
          const limiter = createRateLimiter(clock);
          let passed = 0;
          for (const pause of pauses) {
            clock.advance(pause);
            if (limiter.allow('a', limit).ok) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(limit + (clock.monotonic() * limit) / 60_000 + 1e-6);
        },
      ),
    );
  });
});

describe('attacks on the rate limiter', () => {
  it('setting the wall clock gives no new tries', () => {
    const clock = createFakeClock();
    const limiter = createRateLimiter(clock);
    limiter.allow('a', 1);
    clock.setWall(clock.now() + 3_600_000);
    expect(limiter.allow('a', 1).ok).toBe(false);
  });

  it('waiting long saves up no more than a minute', () => {
    const clock = createFakeClock();
    const limiter = createRateLimiter(clock);
    limiter.allow('a', 5);
    clock.advance(3_600_000);
    expect(Array.from({ length: 10 }, () => limiter.allow('a', 5).ok).filter(Boolean)).toHaveLength(5);
  });

  it('a flood of names pushes out old names only, and one that is tried again and again stays limited', () => {
    const limiter = createRateLimiter(createFakeClock());
    limiter.allow('target', 1);
    let passed = 0;
    for (let n = 0; n < 30_000; n += 1) {
      limiter.allow(`noise-${n}`, 1);
      if (n % 100 === 0 && limiter.allow('target', 1).ok) passed += 1;
    }
    expect(passed).toBe(0);
    // The flood's first names were forgotten, which is what bounds the memory; its last ones were not.
    expect(limiter.allow('noise-0', 1).ok).toBe(true);
    expect(limiter.allow('noise-29999', 1).ok).toBe(false);
  });
});
