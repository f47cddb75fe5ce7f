import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, MAX_RETRY_WAIT_MS, settingsSchema } from '../../../shared/settings.ts';
import { failures } from '../../simulator/failures.ts';
import type { ClassifyContext } from '../limit-ports.ts';
import { classifyStreamError } from './classify.ts';
import { ACCOUNT, HOUR, judge, NOW, RESET, response, told } from './testing-classify.ts';

describe('row 1: the line', () => {
  test.each(['connect', 'tls', 'dns', 'reset', 'head-timeout'] as const)(
    '%s: once more, never a rest',
    (error) => {
      expect(judge({ kind: 'network', error })).toMatchObject({ action: 'retry-here', scope: 'upstream' });
      expect(judge({ kind: 'network', error }, { retriesHere: 1 }).cooldown).toBeUndefined();
    },
  );

  test('then another account, unless the caller says that the line is down for all', () => {
    const lost = (change: Partial<ClassifyContext>) =>
      judge({ kind: 'network', error: 'connect' }, { retriesHere: 1, ...change }).action;
    expect(lost({})).toBe('next-account');
    expect(lost({ mayMoveAfterNetworkError: false })).toBe('stop');
  });

  test('a request that may be at work already is not sent to another account', () => {
    expect(judge({ kind: 'network', error: 'reset' }, { retriesHere: 1 }).action).toBe('stop');
    expect(judge({ kind: 'network', error: 'head-timeout' }, { retriesHere: 1 }).action).toBe('stop');
  });
});

describe('row 2: the request itself goes back as it is', () => {
  test.each([
    failures.invalidRequest(),
    failures.pathNotFound(),
    failures.conflict(),
    failures.requestTooLarge(),
    failures.unprocessable(),
    failures.thinkingSignatureInvalid(),
  ])('%o', (behaviour) => {
    const verdict = judge(told(behaviour));
    expect(verdict).toMatchObject({ scope: 'request', action: 'deliver' });
    expect(verdict.cooldown).toBeUndefined();
  });
});

describe('rows 3 to 6 and 8: the account', () => {
  const later = (ms: number) => NOW + ms;
  test.each([
    ['credit', failures.creditBalanceTooLow(), 'next-account', later(HOUR / 2), true],
    ['workspace limit', failures.workspaceUsageLimit(), 'next-account', Date.UTC(2026, 11, 1), false],
    ['spend limit', failures.enforcedSpendLimit(), 'next-account', Date.UTC(2026, 11, 1), false],
    ['disabled', failures.organizationDisabled(), 'next-account', null, true],
    ['on hold', failures.organizationOnHold(), 'next-account', null, true],
    ['forbidden', failures.organizationForbidden(), 'next-account', null, true],
    ['key auth off', failures.apiKeyAuthDisabled(), 'next-account', null, true],
    ['subscription off', failures.subscriptionAccessDisabled(), 'next-account', null, true],
    ['logins off', failures.oauthNotAllowed(), 'next-account', later(HOUR / 2), true],
    ['third-party', failures.thirdPartyExtraUsage(), 'deliver', later(HOUR / 2), true],
    ['extra usage', failures.outOfExtraUsage(), 'deliver', later(HOUR / 2), true],
    ['billing', failures.billingError(), 'next-account', later(HOUR / 2), true],
    ['linked', failures.linkedOrganizationUnpaid(), 'next-account', later(HOUR / 2), true],
  ] as const)('%s', (_, behaviour, action, until, attention) => {
    const verdict = judge(told(behaviour));
    expect(verdict).toMatchObject({ scope: 'account', action, cooldown: { bucket: '*', until, attention } });
    if (behaviour.kind === 'error' && behaviour.status === 403) expect(verdict.hideFromClient).toBe(true);
  });
});

describe('row 7: our credential', () => {
  test.each([
    failures.invalidCredentials(),
    failures.oauthTokenExpired(),
    failures.oauthTokenRevoked(),
    failures.oauthScopeMissing(),
  ])('a login is refreshed once, then left: %o', (behaviour) => {
    expect(judge(told(behaviour))).toMatchObject({ action: 'refresh-credential', hideFromClient: true });
    expect(judge(told(behaviour), { refreshedHere: true })).toMatchObject({
      action: 'next-account',
      hideFromClient: true,
      cooldown: { attention: true },
    });
  });

  test('a login that lacks the scope of another kind of call still serves messages', () => {
    const verdict = judge(told(failures.oauthScopeMissing()), { inference: false });
    expect(verdict).toMatchObject({ action: 'next-account', code: 'scope_missing', hideFromClient: true });
    expect(verdict.cooldown).toBeUndefined();
  });

  test('a refusal of all logins is not shown either when it comes as 401', () => {
    const words = 'OAuth authentication is currently not allowed for this organization.';
    expect(judge(response(401, {}, { type: 'authentication_error', message: words }))).toMatchObject({
      code: 'access_disabled',
      hideFromClient: true,
    });
  });

  test('a key is left at once', () => {
    const verdict = judge(told(failures.invalidApiKey()), { account: { ...ACCOUNT, kind: 'api-key' } });
    expect(verdict).toMatchObject({ action: 'next-account', code: 'auth_refused', hideFromClient: true });
  });
});

describe('rows 9 to 15: limits', () => {
  test('9: a bare 429 is passed on and benches nobody', () => {
    const verdict = judge(told(failures.bare429()));
    expect(verdict).toMatchObject({ action: 'deliver', code: 'unexplained_429' });
    expect(verdict.cooldown).toBeUndefined();
  });

  test.each([
    ['by words about the long context', failures.longContextCredits(), false, '[1m]'],
    ['to a request for the long context', failures.overageOutOfCredits(), true, '[1m]'],
    ['to another request', failures.overageOutOfCredits(), false, ''],
  ])('10: no credits, said %s', (_name, behaviour, longContext, mark) => {
    expect(judge(told(behaviour), { longContext })).toMatchObject({
      scope: 'account-model',
      action: 'next-account',
      cooldown: { bucket: `model:claude-opus-5-5${mark}`, until: NOW + 5 * 60_000 },
    });
  });

  test.each(['7d_opus', '7d_sonnet', '7d_oi'] as const)('11: only the window %s rests', (window) => {
    expect(judge(told(failures.modelWindowRejected(window, { resetAt: RESET })))).toMatchObject({
      scope: 'account-model',
      action: 'next-account',
      code: 'quota_rejected',
      cooldown: { bucket: window, until: RESET },
    });
  });

  test.each([
    ['5h', '5-hour window spent'],
    ['7d', 'Week spent'],
  ] as const)('12: %s spent rests until its reset', (window, reason) => {
    expect(judge(told(failures.windowRejected(window, { resetAt: RESET })))).toMatchObject({
      scope: 'account',
      action: 'next-account',
      reason,
      cooldown: { bucket: '*', until: RESET },
    });
  });

  test('12: of two spent windows the later reset counts', () => {
    const verdict = judge(told(failures.bothWindowsRejected(RESET, RESET + 24 * HOUR)));
    expect(verdict.cooldown?.until).toBe(RESET + 24 * HOUR);
  });

  test('12: rejected without a reset rests for five minutes', () => {
    const verdict = judge(response(429, { 'anthropic-ratelimit-unified-status': 'rejected' }));
    expect(verdict.cooldown).toMatchObject({ bucket: '*', until: NOW + 5 * 60_000 });
  });

  test.each(['Extra usage is required for this request.', "You're out of extra usage."])(
    '12: a spent window with a reset outweighs the words: %s',
    (message) => {
      const headers = {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-reset': String(RESET / 1000),
        'anthropic-ratelimit-unified-overage-disabled-reason': 'out_of_credits',
      };
      expect(judge(response(429, headers, { type: 'rate_limit_error', message }))).toMatchObject({
        action: 'next-account',
        code: 'quota_rejected',
        cooldown: { bucket: '*', until: RESET },
      });
    },
  );

  test('13: a short burst is waited for, then another account', () => {
    const outcome = response(429, { 'retry-after': '10' });
    // A little longer than it says, so that clients which were refused together do not come back together.
    expect(judge(outcome)).toMatchObject({ action: 'retry-here', waitMs: 10_500, closes: true });
    expect(judge(outcome, { random: () => 0 })).toMatchObject({ waitMs: 10_000 });
    const settings = { ...DEFAULT_SETTINGS, retryAttempts: 5 };
    expect(judge(outcome, { retriesHere: 1, settings })).toMatchObject({
      action: 'next-account',
      cooldown: { until: NOW + 10_000 },
    });
    expect(judge(response(429, { 'retry-after': '11' })).action).toBe('next-account');
  });

  test('13: one that asks for no time at all is asked once more, and then rests as one without a stated end', () => {
    const outcome = response(429, { 'retry-after': '0' });
    expect(judge(outcome)).toMatchObject({ action: 'retry-here', waitMs: 1, closes: true });
    expect(judge(outcome, { retriesHere: 1 })).toMatchObject({
      action: 'next-account',
      cooldown: { bucket: '*', until: NOW + 30_000, ladder: true },
    });
  });

  test.each([
    ['5', 0, 'retry-here'],
    ['5', 1, 'next-account'],
    ['3600', 0, 'next-account'],
  ])(
    '13: the pool of fast mode is its own, and nobody rests for it, after %s s',
    (after, retriesHere, action) => {
      const full = { 'anthropic-ratelimit-input-tokens-remaining': '90000', 'retry-after': after };
      const fast = { 'anthropic-fast-input-tokens-remaining': '0', ...full };
      const verdict = judge(response(429, fast), { retriesHere });
      expect([verdict.action, verdict.closes ?? false, verdict.cooldown]).toEqual([action, false, undefined]);
      const both = { ...fast, 'anthropic-ratelimit-input-tokens-remaining': '0' };
      expect(judge(response(429, both), { retriesHere: 1 }).cooldown).toMatchObject({ bucket: '*' });
    },
  );

  test('14: a long retry-after is a rest', () => {
    expect(judge(response(429, { 'retry-after': '3600' }))).toMatchObject({
      action: 'next-account',
      cooldown: { bucket: '*', until: NOW + HOUR },
    });
  });

  test('a limit without a stated end is the first step of a ladder', () => {
    expect(judge(response(429, { 'anthropic-ratelimit-requests-remaining': '0' })).cooldown).toMatchObject({
      until: NOW + 30_000,
      ladder: true,
    });
  });

  test.each([false, true])(
    '15: a plan without the model lets another account try, long context: %s',
    (longContext) => {
      for (const behaviour of [failures.modelPermission(), failures.modelNotFound()]) {
        expect(judge(told(behaviour), { longContext })).toMatchObject({
          scope: 'account-model',
          action: 'next-account',
          cooldown: { bucket: 'model:claude-opus-5-5', until: NOW + 10 * 60_000 },
        });
      }
    },
  );
});

describe('rows 16 to 20', () => {
  test.each([500, 503, 504, 529])('%i: once more in place, one hop, then the answer as it is', (status) => {
    const first = judge(response(status));
    expect(first).toMatchObject({ action: 'retry-here', scope: 'upstream' });
    expect(first.waitMs).toBe(1125);
    const second = judge(response(status), { retriesHere: 1 });
    expect(second).toMatchObject({ action: 'next-account', scope: 'upstream' });
    const last = judge(response(status), { retriesHere: 0, hopped: true });
    expect(last.action).toBe('deliver');
    for (const verdict of [first, second, last]) expect(verdict.cooldown).toBeUndefined();
  });

  test('no hop where the user does not want it, or the provider says that it is pointless', () => {
    const settings = { ...DEFAULT_SETTINGS, overloadHop: false };
    expect(judge(response(529), { retriesHere: 1, settings }).action).toBe('deliver');
    expect(judge(response(529, { 'x-should-retry': 'false' })).action).toBe('deliver');
  });

  test('every wait that can be set is the one that is waited, and growing ends at the longest', () => {
    const wait = (retryDelayMs: number, retryBackoff: number, retriesHere: number) => {
      const settings = { ...DEFAULT_SETTINGS, retryAttempts: 5, retryDelayMs, retryBackoff };
      return judge(response(529), { settings, retriesHere, random: () => 0.999_999 }).waitMs;
    };
    const { retryDelayMs: schema } = settingsSchema.shape;
    const longest = schema.safeParse(MAX_RETRY_WAIT_MS);
    expect([longest.success, schema.safeParse(MAX_RETRY_WAIT_MS + 1).success]).toEqual([true, false]);
    for (const delay of [0, 1500, 5000, MAX_RETRY_WAIT_MS]) expect(wait(delay, 2, 0)).toBe(delay);
    expect([wait(1500, 2, 1), wait(1500, 2, 2), wait(1500, 2, 4)]).toEqual([3000, 6000, MAX_RETRY_WAIT_MS]);
  });

  test('no retry where the provider says that it is pointless', () => {
    expect(judge(response(529, { 'x-should-retry': 'false' })).action).toBe('deliver');
  });

  const paid = {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': String(RESET / 1000),
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-overage-in-use': 'true',
  };
  test('18: served as paid overage: delivered, then left alone', () => {
    expect(judge(response(200, paid))).toMatchObject({
      action: 'deliver',
      code: 'overage_in_use',
      cooldown: { bucket: '*', until: RESET },
    });
  });

  test('18: paid overage that the user allows rests nobody', () => {
    const verdict = judge(response(200, paid), { overageAllowed: true });
    expect(verdict).toMatchObject({ action: 'deliver', code: 'overage_allowed' });
    expect(verdict.cooldown).toBeUndefined();
  });

  test('19: overage refused while the plan allows is normal', () => {
    const verdict = judge(
      response(200, {
        'anthropic-ratelimit-unified-status': 'allowed',
        'anthropic-ratelimit-unified-overage-status': 'rejected',
      }),
    );
    expect(verdict).toEqual({ scope: 'none', action: 'deliver', code: 'ok', reason: 'Served' });
  });

  test('20: an error event rests the account after a rate limit only', () => {
    expect(classifyStreamError('rate_limit_error', NOW).cooldown).toMatchObject({ until: NOW + 30_000 });
    expect(classifyStreamError('overloaded_error', NOW).cooldown).toBeUndefined();
  });
});

const headerName = fc.constantFrom(
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'anthropic-ratelimit-requests-remaining',
  'anthropic-ratelimit-requests-reset',
  'anthropic-ratelimit-unified-status',
  'anthropic-ratelimit-unified-reset',
  'anthropic-ratelimit-unified-representative-claim',
  'anthropic-ratelimit-unified-5h-status',
  'anthropic-ratelimit-unified-5h-reset',
  'anthropic-ratelimit-unified-9d_new-status',
  'anthropic-ratelimit-unified-overage-in-use',
);
const headerValue = fc.oneof(
  fc.constantFrom(
    'rejected',
    'allowed',
    'true',
    'false',
    '0',
    'five_hour',
    'nonsense',
    '2026-11-24T13:00:00Z',
  ),
  fc.integer({ min: 0, max: 4_000_000 }).map(String),
  fc.integer({ min: NOW / 1000, max: NOW / 1000 + 2_000_000 }).map(String),
  fc.string(),
);
const outcomes = fc
  .record({
    status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(400, 401, 403, 404, 429, 529)),
    headers: fc.dictionary(headerName, headerValue),
    error: fc.option(fc.record({ type: fc.string(), message: fc.string() })),
  })
  .map(({ status, headers, error }) => response(status, headers, error));

describe('whatever comes', () => {
  test('never throws, waits a bounded time, and never takes a request-scoped error to another account', () => {
    fc.assert(
      fc.property(
        outcomes,
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (outcome, retriesHere, refreshedHere) => {
          const verdict = judge(outcome, { retriesHere, refreshedHere });
          expect(verdict.waitMs ?? 0).toBeLessThanOrEqual(verdict.code === 'burst_limited' ? 11_000 : 3000);
          if (verdict.scope === 'request') expect(verdict.action).toBe('deliver');
          if (retriesHere >= DEFAULT_SETTINGS.retryAttempts) expect(verdict.action).not.toBe('retry-here');
          if (refreshedHere) expect(verdict.action).not.toBe('refresh-credential');
          const until = verdict.cooldown?.until;
          if (typeof until === 'number') expect(until).toBeGreaterThanOrEqual(NOW);
        },
      ),
    );
  });

  test('never benches on a 429 without any limit header', () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        expect(judge(response(429, {}, { type: 'rate_limit_error', message })).cooldown).toBeUndefined();
      }),
    );
  });

  test('never shortens a stated reset', () => {
    const seconds = fc.integer({ min: 5, max: 2_000_000 });
    fc.assert(
      fc.property(seconds, seconds, fc.constantFrom('out_of_credits', 'unknown'), (a, b, disabled) => {
        const verdict = judge(
          response(429, {
            'retry-after': String(a),
            'anthropic-ratelimit-unified-status': 'rejected',
            'anthropic-ratelimit-unified-5h-status': 'rejected',
            'anthropic-ratelimit-unified-5h-reset': String(NOW / 1000 + b),
            'anthropic-ratelimit-unified-overage-disabled-reason': disabled,
          }),
        );
        expect(verdict.cooldown?.until).toBeGreaterThanOrEqual(NOW + Math.max(a, b) * 1000);
      }),
    );
  });
});
