import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitReadingSchema } from '../../../shared/account.ts';
import { readUsageReport } from './usage-report.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const SOON = '2026-11-24T14:00:00Z';
const LATER = '2026-11-28T00:00:00Z';

const brief = (body: unknown) =>
  readUsageReport(body, NOW).map(({ bucket, utilisation, resetAt, status }) => ({
    bucket,
    utilisation,
    resetAt,
    status,
  }));

describe('the shape of 2025', () => {
  test('windows get the names that the headers use, and fractions', () => {
    const body = {
      five_hour: { utilization: 95, resets_at: SOON },
      seven_day: { utilization: 108, resets_at: LATER },
      seven_day_oauth_apps: null,
      seven_day_opus: { utilization: 12.5, resets_at: LATER },
      seven_day_sonnet: { utilization: 0, resets_at: null },
      seven_day_cowork: { utilization: 3, resets_at: LATER },
      iguana_necktie: { utilization: 50, resets_at: null },
      extra_usage: { is_enabled: true, monthly_limit: 2000, used_credits: 500, utilization: null },
    };
    expect(brief(body)).toEqual([
      { bucket: 'overage', utilisation: 0.25, resetAt: null, status: null },
      { bucket: '5h', utilisation: 0.95, resetAt: Date.parse(SOON), status: null },
      { bucket: '7d', utilisation: 1.08, resetAt: Date.parse(LATER), status: null },
      { bucket: '7d_opus', utilisation: 0.125, resetAt: Date.parse(LATER), status: null },
      { bucket: '7d_sonnet', utilisation: 0, resetAt: null, status: null },
      { bucket: '7d_cowork', utilisation: 0.03, resetAt: Date.parse(LATER), status: null },
      { bucket: 'iguana_necktie', utilisation: 0.5, resetAt: null, status: null },
    ]);
    expect(readUsageReport(body, NOW)[1]).toMatchObject({
      label: '5-hour window',
      source: 'usage-endpoint',
      observedAt: NOW,
      limit: null,
    });
  });

  test('overage that is switched off and unused is nothing to show; used up, it is refused', () => {
    expect(brief({ extra_usage: { is_enabled: false, utilization: null } })).toEqual([]);
    expect(brief({ extra_usage: { is_enabled: false, utilization: 100 } })).toMatchObject([
      { bucket: 'overage', utilisation: 1, status: 'rejected' },
    ]);
  });
});

describe('the shape of 2026', () => {
  const scoped = (scope: unknown, percent = 10) => ({
    kind: 'weekly_scoped',
    group: 'weekly',
    percent,
    resets_at: LATER,
    scope,
    severity: 'normal',
    is_active: true,
  });

  test('the list of limits wins over the flat windows beside it', () => {
    const body = {
      five_hour: { utilization: 10, resets_at: SOON },
      seven_day_opus: { utilization: 20, resets_at: LATER },
      limits: [
        { kind: 'session', percent: 97.5, resets_at: SOON, scope: null, severity: 'critical' },
        { kind: 'weekly_all', percent: 30, resets_at: LATER, scope: null },
      ],
      spend: { percent: 40, enabled: true, used: { amount_minor: 1, currency: 'USD', exponent: 2 } },
      extra_usage: { is_enabled: true, utilization: 1 },
    };
    expect(brief(body).map(({ bucket, utilisation }) => [bucket, utilisation])).toEqual([
      ['5h', 0.975],
      ['7d', 0.3],
      ['overage', 0.4],
      ['7d_opus', 0.2],
    ]);
  });

  test.each([
    [{ model: { id: null, display_name: 'Opus' } }, '7d_opus'],
    [{ model: { id: 'claude-sonnet-5-5', display_name: null } }, '7d_sonnet'],
    [{ model: { id: null, display_name: 'Fable 5' }, surface: null }, '7d_oi'],
    [{ model: { id: null, display_name: 'Haiku' } }, '7d_haiku'],
    [{ model: null, surface: 'Claude Design' }, '7d_claude_design'],
  ])('a scoped week is named after what it counts: %j', (scope, bucket) => {
    expect(brief({ limits: [scoped(scope)] })).toMatchObject([{ bucket, utilisation: 0.1 }]);
  });

  test('a scoped week of nobody knows what is no week of everything', () => {
    expect(brief({ limits: [scoped(null), scoped({ model: null, surface: null }), scoped(7)] })).toEqual([]);
  });

  test('a kind nobody has heard of comes under its own name', () => {
    expect(brief({ limits: [{ kind: 'Monthly-All', percent: 1, resets_at: null }] })).toMatchObject([
      { bucket: 'monthly_all', utilisation: 0.01 },
    ]);
  });
});

test.each([
  null,
  undefined,
  'text',
  5,
  [],
  [{ utilization: 1 }],
  { five_hour: 'full' },
  { limits: { a: 1 } },
])('nothing is read of %j', (body) => expect(readUsageReport(body, NOW)).toEqual([]));

test('numbers and times that cannot be are left out', () => {
  const body = {
    five_hour: { utilization: -5, resets_at: SOON },
    seven_day: { utilization: 1e300, resets_at: 'soon' },
    seven_day_opus: { utilization: '90', resets_at: '2090-01-01T00:00:00Z' },
  };
  expect(brief(body)).toEqual([{ bucket: '5h', utilisation: null, resetAt: Date.parse(SOON), status: null }]);
});

test('a page of a thousand windows gives a bounded number of readings, none with a long name', () => {
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`window_${i}_${'x'.repeat(500)}`, { utilization: 1 }]),
  );
  const readings = readUsageReport(many, NOW);
  expect(readings.length).toBeLessThanOrEqual(24);
  expect(Math.max(...readings.map(({ bucket }) => bucket.length))).toBeLessThanOrEqual(40);
});

test('whatever the page says, it never throws, and every reading is well formed', () => {
  const member = fc.constantFrom(
    'five_hour',
    'seven_day_opus',
    'limits',
    'spend',
    'extra_usage',
    '__proto__',
    'constructor',
    'percent',
    'utilization',
    'resets_at',
    'kind',
    'scope',
    'model',
    'display_name',
    'enabled',
  );
  const { page } = fc.letrec((tie) => ({
    page: fc.oneof(
      { depthSize: 'small' },
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
      fc.constantFrom('weekly_scoped', 'session', SOON, Number.POSITIVE_INFINITY, -0, true),
      fc.double(),
      fc.array(tie('page'), { maxLength: 5 }),
      fc.dictionary(member, tie('page'), { maxKeys: 8 }),
    ),
  }));
  fc.assert(
    fc.property(page, (body) => {
      const readings = readUsageReport(body, NOW);
      expect(new Set(readings.map(({ bucket }) => bucket)).size).toBe(readings.length);
      for (const reading of readings) {
        expect(limitReadingSchema.safeParse(reading).success).toBe(true);
        expect(reading.bucket).toMatch(/^[a-z0-9_]{1,40}$/);
        expect(reading.utilisation ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2000 },
  );
});
