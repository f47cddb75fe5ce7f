import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { call, json, prompt, withKey, withToken } from './testing/request.ts';

const KEY = 'sk-ant-api03-test';
const TOKEN = 'sk-ant-oat01-test';
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 20, 12);

let now = START;
let simulator: Simulator;

beforeEach(async () => {
  now = START;
  simulator = await startSimulator({
    clock: { now: () => now },
    accounts: [
      {
        name: 'key',
        kind: 'api-key',
        secret: KEY,
        windows: {
          requests: { limit: 2, remaining: 2, resetAt: START + 30_000 },
          'input-tokens': { limit: 100_000, remaining: 100_000, resetAt: START + 30_000 },
        },
      },
      {
        name: 'plan',
        kind: 'oauth',
        secret: TOKEN,
        windows: {
          '5h': { utilization: 0.85, resetAt: START + HOUR, burnPerRequest: 0.1 },
          '7d': { utilization: 0.4, resetAt: START + 50 * HOUR, burnPerRequest: 0.01 },
          '7d_opus': { utilization: 1, resetAt: START + 60 * HOUR },
        },
      },
    ],
  });
});

afterEach(() => simulator.close());

const unified = 'anthropic-ratelimit-unified';
const ask = (fields: Record<string, unknown> = {}) =>
  call(`${simulator.url}/v1/messages`, { headers: withToken(TOKEN), body: prompt(fields) });
const askWithKey = () => call(`${simulator.url}/v1/messages`, { headers: withKey(KEY), body: prompt() });

test('a subscription window burns, warns and rejects, then begins again at its reset', async () => {
  const first = await ask();
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({
    [`${unified}-status`]: 'allowed_warning',
    [`${unified}-representative-claim`]: 'five_hour',
    [`${unified}-reset`]: String((START + HOUR) / 1000),
    [`${unified}-5h-utilization`]: '0.95',
    [`${unified}-5h-surpassed-threshold`]: '0.9',
    [`${unified}-7d-status`]: 'allowed',
    [`${unified}-7d-utilization`]: '0.41',
    [`${unified}-overage-status`]: 'rejected',
  });
  expect((await ask()).headers[`${unified}-5h-utilization`]).toBe('1.05');

  const rejected = await ask();
  expect(rejected.status).toBe(429);
  expect(json(rejected)).toMatchObject({ error: { type: 'rate_limit_error' } });
  expect(rejected.headers).toMatchObject({
    [`${unified}-status`]: 'rejected',
    [`${unified}-5h-status`]: 'rejected',
    [`${unified}-7d-status`]: 'allowed',
    'retry-after': '3600',
  });

  now = START + HOUR;
  const renewed = await ask();
  expect(renewed.status).toBe(200);
  expect(renewed.headers).toMatchObject({
    [`${unified}-5h-utilization`]: '0.1',
    [`${unified}-5h-reset`]: String((START + 6 * HOUR) / 1000),
  });
});

test('a model window rejects its family only', async () => {
  const opus = await ask({ model: 'claude-opus-5-5' });
  expect(opus.status).toBe(429);
  expect(opus.headers).toMatchObject({
    [`${unified}-representative-claim`]: 'seven_day_opus',
    [`${unified}-7d_opus-status`]: 'rejected',
    [`${unified}-5h-status`]: 'allowed',
    [`${unified}-7d-status`]: 'allowed',
  });
  expect((await ask()).headers[`${unified}-7d_opus-status`]).toBeUndefined();
});

test('of several full windows the latest reset decides', async () => {
  simulator.account('plan').setWindow('5h', { utilization: 1, resetAt: START + HOUR });
  const { headers } = await ask({ model: 'claude-opus-5-5' });
  expect(headers[`${unified}-reset`]).toBe(String((START + 60 * HOUR) / 1000));
});

test('paid extra usage answers past a full window and says so', async () => {
  const account = simulator.account('plan');
  account.setWindow('5h', { utilization: 1.02, resetAt: START + HOUR });
  account.setWindow('overage', { status: 'allowed', utilization: 0.2 });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    [`${unified}-status`]: 'rejected',
    [`${unified}-representative-claim`]: 'overage',
    [`${unified}-overage-in-use`]: 'true',
    [`${unified}-5h-utilization`]: '1.02',
  });
});

test('API-key limits burn, reject with retry-after and refill', async () => {
  const first = await askWithKey();
  expect(first.headers).toMatchObject({
    'anthropic-ratelimit-requests-limit': '2',
    'anthropic-ratelimit-requests-remaining': '1',
    'anthropic-ratelimit-requests-reset': '2026-11-20T12:00:30Z',
    'anthropic-ratelimit-input-tokens-remaining': '100000',
    'anthropic-ratelimit-tokens-limit': '100000',
  });
  await askWithKey();
  const rejected = await askWithKey();
  expect(rejected.status).toBe(429);
  expect(rejected.headers['retry-after']).toBe('30');
  expect(Object.keys(rejected.headers).some((name) => name.startsWith(unified))).toBe(false);
  now = START + 30_000;
  expect((await askWithKey()).status).toBe(200);
});

test('counting tokens takes nothing', async () => {
  const headers = withToken(TOKEN);
  await call(`${simulator.url}/v1/messages/count_tokens`, { headers, body: prompt() });
  expect(simulator.account('plan').windows['5h']?.utilization).toBe(0.85);
});

test('a revoked subscription is told apart from an expired token', async () => {
  simulator.account('plan').expireAccessTokens();
  const expired = await ask();
  expect(expired.status).toBe(401);
  expect(expired.body.toString()).toContain('OAuth token has expired');
  simulator.account('plan').revoke();
  const revoked = await ask();
  expect(revoked.status).toBe(403);
  expect(revoked.body.toString()).toContain('OAuth token has been revoked');
});
