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
