import { describe, expect, test } from 'vitest';
import { HOUR, judge, NOW, RESET, response } from './testing-classify.ts';

const PREFIX = 'anthropic-ratelimit-unified';
const MONTH_END = NOW + 150 * HOUR;
const seconds = (moment: number): string => String(moment / 1000);
const named = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${PREFIX}-${name}`, value]));

/** A good answer that was paid as overage. */
const paid = (fields: Record<string, string>) =>
  response(200, named({ 'overage-in-use': 'true', ...fields }));

describe('an answer that was paid as overage rests the account, whatever the status says', () => {
  test.each(['allowed', 'allowed_warning', 'rejected', 'something-new'])('%s', (status) => {
    const answer = paid({
      status,
      '5h-status': 'rejected',
      '5h-reset': seconds(RESET),
      'overage-reset': seconds(MONTH_END),
    });
    expect(judge(answer)).toMatchObject({
      scope: 'account',
      action: 'deliver',
      code: 'overage_in_use',
      reason: '5-hour window spent, served as paid overage',
      cooldown: { bucket: '*', until: RESET },
    });
    expect(judge(answer, { overageAllowed: true })).toMatchObject({ code: 'overage_allowed' });
    expect(judge(answer, { overageAllowed: true }).cooldown).toBeUndefined();
  });

  test('until the last of the refused windows is back, not until the overage begins anew', () => {
    const answer = paid({
      status: 'rejected',
      reset: seconds(MONTH_END),
      'representative-claim': 'overage',
      '5h-status': 'rejected',
      '5h-reset': seconds(RESET),
      '7d-status': 'rejected',
      '7d-reset': seconds(RESET + HOUR),
    });
    expect(judge(answer).cooldown).toMatchObject({ bucket: '*', until: RESET + HOUR });
  });

  test('a full window counts as the one it is paid for, also when no window is refused', () => {
    const answer = paid({
      status: 'allowed_warning',
      '5h-status': 'allowed_warning',
      '5h-utilization': '0.4',
      '7d-status': 'allowed_warning',
      '7d-utilization': '1.02',
      '7d-reset': seconds(RESET),
    });
    expect(judge(answer)).toMatchObject({
      reason: 'Week spent, served as paid overage',
      cooldown: { until: RESET },
    });
  });

  test('an account that has no windows rests until its overage begins anew', () => {
    const answer = paid({
      status: 'allowed',
      reset: seconds(MONTH_END),
      'representative-claim': 'overage',
      'overage-status': 'allowed',
      'overage-reset': seconds(MONTH_END),
    });
    expect(judge(answer)).toMatchObject({
      reason: 'Served as paid overage',
      cooldown: { bucket: '*', until: MONTH_END },
    });
  });

  test('for five minutes when nobody says until when', () => {
    expect(judge(paid({ '5h-status': 'rejected', '5h-reset': seconds(NOW - HOUR) })).cooldown).toMatchObject({
      bucket: '*',
      until: NOW + 5 * 60_000,
    });
  });
});

describe('a spent week of one model', () => {
  const answer = paid({ status: 'allowed', '7d_opus-status': 'rejected', '7d_opus-reset': seconds(RESET) });

  test('rests that model only', () => {
    expect(judge(answer).cooldown).toMatchObject({ bucket: '7d_opus', until: RESET });
  });

  test('unless another model was paid for', () => {
    expect(judge(answer, { model: 'claude-sonnet-5-5' }).cooldown).toMatchObject({
      bucket: '*',
      until: RESET,
    });
  });
});

test('overage that is allowed but not in use rests nobody', () => {
  for (const use of ['false', '']) {
    expect(judge(response(200, named({ 'overage-in-use': use, 'overage-status': 'allowed' }))).code).toBe(
      'ok',
    );
  }
});
