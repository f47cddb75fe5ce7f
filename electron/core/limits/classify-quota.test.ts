import { describe, expect, test } from 'vitest';
import { bucketCovers, bucketLabel } from './buckets.ts';
import { HOUR, judge, NOW, RESET, response } from './testing-classify.ts';

const PREFIX = 'anthropic-ratelimit-unified';
const seconds = (moment: number): string => String(moment / 1000);

/** A 429 with these fields about a subscription's windows. */
const refused = (fields: Record<string, string>, more: Record<string, string> = {}) => {
  const named = Object.entries(fields).map(([name, value]) => [`${PREFIX}-${name}`, value]);
  return response(429, { ...Object.fromEntries(named), ...more });
};

describe('a spent week that nobody knows, while the plan is open', () => {
  const open = { status: 'rejected', '5h-status': 'allowed', '7d-status': 'allowed_warning' };
  const unknown = { '7d_haiku-status': 'rejected', '7d_haiku-reset': seconds(NOW + 120 * HOUR) };

  test('rests the model that was asked for, until that week begins anew', () => {
    const verdict = judge(refused({ ...open, ...unknown }), { model: 'Claude-Haiku-5-5' });
    expect(verdict).toMatchObject({
      scope: 'account-model',
      action: 'next-account',
      code: 'quota_rejected',
      reason: '7d haiku spent',
      cooldown: { bucket: '7d_haiku/claude-haiku-5-5', until: NOW + 120 * HOUR },
    });
    const bucket = verdict.cooldown?.bucket ?? '';
    expect(bucketCovers(bucket, 'claude-HAIKU-5-5')).toBe(true);
    expect(bucketCovers(bucket, 'claude-opus-5-5')).toBe(false);
    expect(bucketLabel(bucket)).toBe('7d haiku (claude-haiku-5-5)');
  });

  test.each([
    ['the 5-hour window is not spoken of', { '7d-status': 'allowed' }],
    ['the week is not spoken of', { '5h-status': 'allowed' }],
    ['the 5-hour window is spent too', { ...open, '5h-status': 'rejected', '5h-reset': seconds(RESET) }],
  ])('rests the whole account where %s', (_name, fields: Record<string, string>) => {
    expect(judge(refused({ status: 'rejected', ...fields, ...unknown })).cooldown?.bucket).toBe('*');
  });

  test('rests the whole account where no model was named, or the window is no part of the plan', () => {
    expect(judge(refused({ ...open, ...unknown }), { model: null }).cooldown?.bucket).toBe('*');
    const month = { '30d-status': 'rejected', '30d-reset': seconds(RESET) };
    expect(judge(refused({ ...open, ...month })).cooldown?.bucket).toBe('*');
  });
});

describe('a 429 that names no limit is delivered and rests nobody', () => {
  const open = { '5h-status': 'allowed', '5h-utilization': '0.2', '7d-status': 'allowed' };
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['all windows are open', open, { 'x-should-retry': 'true' }],
    ['only overage is refused', { 'overage-status': 'rejected', 'fallback-percentage': '0.5' }, {}],
    ['overage is used up and the plan open', { ...open, 'overage-utilization': '1' }, {}],
    ['the week of some models is full and yet open', { ...open, '7d_opus-utilization': '1' }, {}],
    ['only the slow lane is closed', { 'slow-status': 'rejected', 'slow-utilization': '1' }, {}],
    ['only the size of a limit is told', {}, { 'anthropic-ratelimit-requests-limit': '50' }],
  ])('%s', (_name, fields, more) => {
    const verdict = judge(refused(fields, more));
    expect(verdict).toMatchObject({ action: 'deliver', code: 'unexplained_429' });
    expect(verdict.cooldown).toBeUndefined();
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['nothing is left of a rate', {}, { 'anthropic-ratelimit-requests-remaining': '0' }],
    ['a window is full', { '5h-utilization': '1', '7d-status': 'allowed' }, {}],
  ])('but not where %s', (_name, fields, more) => {
    expect(judge(refused(fields, more))).toMatchObject({
      action: 'next-account',
      cooldown: { ladder: true },
    });
  });
});

describe('a rate limit of another call than a message', () => {
  const other = { inference: false };

  test('lets another account try, and rests nobody', () => {
    for (const answer of [
      response(429, { 'retry-after': '45' }),
      response(429, { 'anthropic-ratelimit-requests-remaining': '0' }),
    ]) {
      const verdict = judge(answer, other);
      expect(verdict).toMatchObject({ scope: 'account-call', action: 'next-account', code: 'burst_limited' });
      expect(verdict.cooldown).toBeUndefined();
    }
  });

  test('is waited for where it is over at once', () => {
    const verdict = judge(response(429, { 'retry-after': '5' }), other);
    expect(verdict).toMatchObject({ action: 'retry-here' });
    expect(verdict.cooldown).toBeUndefined();
  });

  test('is not what a spent window is: that one holds for messages as well', () => {
    const verdict = judge(refused({ '5h-status': 'rejected', '5h-reset': seconds(RESET) }), other);
    expect(verdict).toMatchObject({ scope: 'account', cooldown: { bucket: '*', until: RESET } });
  });
});
