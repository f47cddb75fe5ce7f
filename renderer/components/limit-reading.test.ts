import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, makeReading, NOW } from '../testing/fixtures.ts';
import {
  drawableReadings,
  isStale,
  limitLevel,
  paceShare,
  readingText,
  statedReadings,
  statedText,
  tightestWindow,
  usedShare,
} from './limit-reading.ts';

const fiveHour = makeReading('5h', '5-hour window', 0.42, NOW + 2 * HOUR);

describe('readings', () => {
  it('takes the share from utilisation, else from limit and remaining, else not at all', () => {
    expect(usedShare(fiveHour)).toBe(0.42);
    expect(usedShare({ ...fiveHour, utilisation: null, limit: 200, remaining: 50 })).toBe(0.75);
    expect(usedShare({ ...fiveHour, utilisation: null })).toBeNull();
  });

  it('puts the pace tick where an even use of the window would stand', () => {
    expect(paceShare(fiveHour, NOW)).toBeCloseTo(0.6);
    expect(paceShare(makeReading('7d_opus', 'Opus week', 0, NOW + 3.5 * DAY), NOW)).toBeCloseTo(0.5);
    expect(paceShare({ ...fiveHour, bucket: 'requests' }, NOW)).toBeNull();
    expect(paceShare({ ...fiveHour, resetAt: NOW - 1 }, NOW)).toBeNull();
  });

  it('fades what is old or from a window that has ended', () => {
    expect(isStale(fiveHour, NOW)).toBe(false);
    expect(isStale({ ...fiveHour, observedAt: NOW - 16 * MINUTE }, NOW)).toBe(true);
    expect(isStale({ ...fiveHour, resetAt: NOW - 1 }, NOW)).toBe(true);
  });

  it('warns from 80 % and is full when used up or rejected', () => {
    expect(limitLevel(fiveHour)).toBe('normal');
    expect(limitLevel({ ...fiveHour, utilisation: 0.8 })).toBe('high');
    expect(limitLevel({ ...fiveHour, status: 'rejected' })).toBe('full');
  });

  it('finds the tightest window and ignores rates', () => {
    const week = makeReading('7d', 'Week', 0.9, NOW + DAY);
    const rate = makeReading('requests', 'Requests/min', 0.99, NOW + MINUTE);
    expect(tightestWindow([rate, fiveHour, week])?.bucket).toBe('7d');
    expect(drawableReadings([rate, fiveHour]).map((reading) => reading.bucket)).toEqual(['5h', 'requests']);
  });

  it('tells states that come without a number, but not those told elsewhere', () => {
    const stated = (bucket: string, label: string, status: string | null, resetAt: number | null = null) => ({
      ...makeReading(bucket, label, 0, NOW),
      utilisation: null,
      status,
      resetAt,
    });
    const slow = stated('slow', 'slow lane', 'slot_busy', NOW + 2 * HOUR);
    const all = [fiveHour, slow, stated('unified', 'plan limit', 'allowed'), stated('9d', '9d', null)];
    expect(statedReadings(all)).toEqual([slow]);
    expect(statedText(slow, NOW)).toBe('Slow lane: slot busy, until 17:00 (in 2 h)');
    expect(statedText({ ...slow, resetAt: NOW - 1 }, NOW)).toBe('Slow lane: slot busy');
  });

  it('says it in one sentence', () => {
    expect(readingText(fiveHour, NOW)).toBe(
      '5-hour window: 42 % used, resets 17:00 (in 2 h). An even pace would be at 60 %.',
    );
  });
});
