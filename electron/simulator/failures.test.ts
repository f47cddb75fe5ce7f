import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Behaviour, failures, type Simulator, startSimulator } from './simulator.ts';
import { call, events, json, prompt, withKey } from './testing/request.ts';

const KEY = 'sk-ant-api03-test';
const RESET = Date.UTC(2027, 0, 1);
const SECONDS = String(RESET / 1000);
const unified = 'anthropic-ratelimit-unified';
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ accounts: [{ name: 'key', kind: 'api-key', secret: KEY }] });
});

afterAll(() => simulator.close());

const ask = (behaviour: Behaviour, stream = false) => {
  simulator.script({ times: 1 }, behaviour);
  return call(`${simulator.url}/v1/messages`, { headers: withKey(KEY), body: prompt({ stream }) });
};

type Row = [behaviour: Behaviour, status: number, type: string, message: string];

const rows: Row[] = [
  [failures.invalidRequest(), 400, 'invalid_request_error', 'Field required'],
  [failures.pathNotFound(), 404, 'not_found_error', 'Not found'],
  [failures.conflict(), 409, 'conflict_error', ''],
  [failures.requestTooLarge(), 413, 'request_too_large', ''],
  [failures.unprocessable(), 422, 'invalid_request_error', ''],
  [
    failures.thinkingSignatureInvalid(),
    400,
    'invalid_request_error',
    'Invalid `signature` in `thinking` block',
  ],
  [failures.creditBalanceTooLow(), 400, 'invalid_request_error', 'Your credit balance is too low'],
  [failures.workspaceUsageLimit(), 400, 'invalid_request_error', 'specified workspace API usage limits'],
  [failures.enforcedSpendLimit(), 429, 'rate_limit_error', 'enforced_spend_limit_reached'],
  [failures.billingError(), 402, 'billing_error', ''],
  [failures.linkedOrganizationUnpaid(), 402, 'billing_error', 'linked_organization_'],
  [failures.organizationDisabled(), 400, 'invalid_request_error', 'This organization has been disabled.'],
  [failures.organizationOnHold(), 400, 'invalid_request_error', 'organization_on_hold'],
  [failures.organizationForbidden(), 403, 'permission_error', 'disabled'],
  [failures.apiKeyAuthDisabled(), 403, 'permission_error', 'API key authentication'],
  [failures.subscriptionAccessDisabled(), 403, 'permission_error', 'subscription access'],
  [
    failures.thirdPartyExtraUsage(),
    400,
    'invalid_request_error',
    'Third-party apps now draw from your extra usage',
  ],
  [failures.outOfExtraUsage(), 400, 'invalid_request_error', "You're out of extra usage"],
  [failures.invalidApiKey(), 401, 'authentication_error', 'invalid x-api-key'],
  [failures.invalidCredentials(), 401, 'authentication_error', 'Invalid authentication credentials'],
  [failures.oauthTokenExpired(), 401, 'authentication_error', 'OAuth token has expired'],
  [failures.oauthTokenRevoked(), 403, 'permission_error', 'OAuth token has been revoked'],
  [failures.oauthNotSupported(), 401, 'authentication_error', 'currently not supported'],
  [failures.bare429(), 429, 'rate_limit_error', ''],
  [failures.longContextCredits(), 429, 'rate_limit_error', 'Usage credits required for 1M context'],
  [failures.overageOutOfCredits(), 429, 'rate_limit_error', ''],
  [failures.modelPermission(), 403, 'permission_error', 'claude-opus-5-5'],
  [failures.modelNotFound(), 404, 'not_found_error', 'claude-opus-5-5'],
  [failures.apiError500(), 500, 'api_error', ''],
  [failures.unavailable503(), 503, 'api_error', ''],
  [failures.timeout504(), 504, 'timeout_error', ''],
  [failures.overloaded529(), 529, 'overloaded_error', 'Overloaded'],
];

test.each(rows)('%o', async (behaviour, status, type, message) => {
  const answer = await ask(behaviour);
  expect(answer.status).toBe(status);
  expect(json(answer)).toMatchObject({
    type: 'error',
    error: { type },
    request_id: answer.headers['request-id'],
  });
  expect(answer.body.toString()).toContain(message);
});

test('a bare 429 has no rate-limit header and no retry-after', async () => {
  const { headers } = await ask(failures.bare429());
  expect(Object.keys(headers).filter((name) => /ratelimit|retry-after/.test(name))).toEqual([]);
  expect(headers['x-should-retry']).toBe('true');
});

test.each([
  [failures.modelWindowRejected('7d_oi', { resetAt: RESET }), 'seven_day_overage_included', '7d_oi'],
  [failures.modelWindowRejected('7d_opus', { resetAt: RESET }), 'seven_day_opus', '7d_opus'],
  [failures.windowRejected('5h', { resetAt: RESET }), 'five_hour', '5h'],
  [failures.windowRejected('7d', { resetAt: RESET }), 'seven_day', '7d'],
])('a rejected window is the only one that is full: %#', async (behaviour, claim, window) => {
  const { status, headers } = await ask(behaviour);
  expect(status).toBe(429);
  expect(headers).toMatchObject({
    [`${unified}-status`]: 'rejected',
    [`${unified}-representative-claim`]: claim,
    [`${unified}-reset`]: SECONDS,
    [`${unified}-${window}-reset`]: SECONDS,
  });
  const statuses = Object.entries(headers).filter(([name]) => /unified-[57][hd]\w*-status$/.test(name));
  expect(statuses.filter(([, value]) => value === 'rejected')).toHaveLength(1);
});

test('two full windows have two resets', async () => {
  const { headers } = await ask(failures.bothWindowsRejected(RESET, RESET + 5000));
  expect(headers[`${unified}-5h-reset`]).toBe(SECONDS);
  expect(headers[`${unified}-7d-reset`]).toBe(String(RESET / 1000 + 5));
});

test('API-key limits are short or long', async () => {
  expect((await ask(failures.apiKeyBurst(3))).headers['retry-after']).toBe('3');
  const long = await ask(failures.apiKeyLongLimit({ resetAt: RESET }, RESET - 7_000_000));
  expect(long.headers['retry-after']).toBe('7000');
});

test('overage shows on a normal answer', async () => {
  const inUse = await ask(failures.overageInUse({ resetAt: RESET }));
  expect(inUse.status).toBe(200);
  expect(inUse.headers).toMatchObject({
    [`${unified}-status`]: 'rejected',
    [`${unified}-overage-in-use`]: 'true',
  });
  const refused = await ask(failures.overageRejectedButAllowed({ resetAt: RESET }));
  expect(refused.headers).toMatchObject({
    [`${unified}-status`]: 'allowed',
    [`${unified}-overage-status`]: 'rejected',
  });
});

test.each([
  [failures.streamRateLimited(), 'rate_limit_error'],
  [failures.streamOverloaded(), 'overloaded_error'],
  [failures.streamApiError(), 'api_error'],
])('a stream ends in an error: %#', async (behaviour, type) => {
  expect(events(await ask(behaviour, true)).at(-1)?.data).toMatchObject({ type: 'error', error: { type } });
});
