import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failures, type Simulator, startSimulator } from './simulator.ts';
import { type Answer, call, json, prompt, withKey, withToken } from './testing/request.ts';

const TOKEN = 'sk-ant-oat01-test';
const REFRESH = 'sk-ant-ort01-test';
const VERIFIER = 'v'.repeat(43);
const START = Date.UTC(2026, 10, 20, 12);

type Tokens = { access_token: string; refresh_token?: string; expires_in: number };

let now = START;
let simulator: Simulator;

beforeEach(async () => {
  now = START;
  simulator = await startSimulator({
    clock: { now: () => now },
    accounts: [
      {
        name: 'plan',
        kind: 'oauth',
        secret: TOKEN,
        refreshToken: REFRESH,
        windows: {
          '5h': { utilization: 0.95, resetAt: START + 3_600_000 },
          '7d_opus': { utilization: 0.5, resetAt: START + 7_200_000 },
        },
      },
      { name: 'key', kind: 'api-key', secret: 'sk-ant-api03-test' },
    ],
  });
});

afterEach(() => simulator.close());

const token = (fields: object): Promise<Answer> =>
  call(`${simulator.url}/v1/oauth/token`, {
    headers: { 'content-type': 'application/json' },
    body: { client_id: 'client', ...fields },
  });
const refresh = (refreshToken = REFRESH) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken });
const get = (path: string, accessToken = TOKEN) =>
  call(simulator.url + path, { headers: withToken(accessToken) });
const ask = (accessToken: string) =>
  call(`${simulator.url}/v1/messages`, { headers: withToken(accessToken), body: prompt() });

test('a refresh gives new tokens, and the old refresh token is dead', async () => {
  const answer = await refresh();
  const tokens = json<Tokens>(answer);
  expect(tokens.expires_in).toBe(28_800);
  expect(simulator.requests[0]?.account).toBe('plan');
  expect((await ask(tokens.access_token)).status).toBe(200);
  expect((await ask(TOKEN)).status).toBe(200);
  const again = await refresh();
  expect(again.status).toBe(400);
  expect(json(again)).toMatchObject({ error: 'invalid_grant' });
  expect((await refresh(tokens.refresh_token)).status).toBe(200);
  expect(simulator.account('plan').refreshes).toBe(2);
});

test('an access token ends when expires_in has passed', async () => {
  simulator.account('plan').expiresInSeconds = 60;
  const tokens = json<Tokens>(await refresh());
  now += 60_000;
  expect((await ask(tokens.access_token)).status).toBe(401);
});

test('without rotation the answer has no refresh token and the old one stays good', async () => {
  simulator.account('plan').rotatesRefreshToken = false;
  expect(json(await refresh())).not.toHaveProperty('refresh_token');
  expect((await refresh()).status).toBe(200);
});

test('a revoked account cannot refresh', async () => {
  simulator.account('plan').revoke();
  expect(json(await refresh())).toMatchObject({ error: 'invalid_grant' });
});

test.each([
  [failures.tokenInvalidGrant(), 400, 'invalid_grant'],
  [failures.tokenInvalidGrantObject(), 400, 'invalid_grant'],
  [failures.tokenInvalidClient(), 401, 'invalid_client'],
  [failures.tokenServerError(), 500, 'server_error'],
  [failures.tokenServerError(503), 503, 'server_error'],
  [failures.tokenGarbage(), 200, '<html>'],
  [failures.tokenMissing(), 200, 'expires_in'],
])('the token endpoint fails on command: %j', async (behaviour, status, words) => {
  simulator.script({ path: '/v1/oauth/token', account: 'plan', times: 1 }, behaviour);
  const answer = await refresh();
  expect(answer.status).toBe(status);
  expect(answer.body.toString()).toContain(words);
  expect(answer.body.toString()).not.toContain('access_token');
  expect((await refresh()).status).toBe(200);
});

test('the token endpoint asks to wait, answers late, or goes away', async () => {
  const path = '/v1/oauth/token';
  simulator.script({ path, times: 1 }, failures.tokenRateLimited(7));
  simulator.script({ path, times: 1 }, failures.connectionReset());
  simulator.script({ path, times: 1 }, failures.tokenSlow(20));
  expect(await refresh()).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
  await expect(refresh()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await refresh()).status).toBe(200);
});

test('the usage page is limited by itself, and a scope can be missing', async () => {
  const path = '/api/oauth/usage';
  simulator.script({ path, times: 1 }, failures.usageRateLimited(2895));
  simulator.script({ path, times: 1 }, failures.scopeMissing());
  expect(await get(path)).toMatchObject({ status: 429, headers: { 'retry-after': '2895' } });
  const denied = await get(path);
  expect(denied.status).toBe(403);
  expect(denied.body.toString()).toContain('scope requirement: user:profile');
  expect((await get(path)).status).toBe(200);
});

const request = {
  clientId: 'client',
  redirectUri: 'http://localhost:5000/callback',
  state: 'state',
  codeChallenge: createHash('sha256').update(VERIFIER).digest('base64url'),
};
const exchange = (code: string, fields: object = {}) =>
  token({
    grant_type: 'authorization_code',
    code,
    state: request.state,
    redirect_uri: request.redirectUri,
    code_verifier: VERIFIER,
    ...fields,
  });

test('a code is exchanged once', async () => {
  const code = simulator.issueCode('plan', request);
  const tokens = json<Tokens>(await exchange(code));
  expect((await ask(tokens.access_token)).status).toBe(200);
  expect((await exchange(code)).status).toBe(400);
});

test.each([
  ['another verifier', { code_verifier: 'w'.repeat(43) }],
  ['another redirect', { redirect_uri: 'http://localhost:5001/callback' }],
  ['another state', { state: 'forged' }],
  ['another client', { client_id: 'other' }],
])('a code with %s is refused', async (_name, fields) => {
  const answer = await exchange(simulator.issueCode('plan', request), fields);
  expect(answer.status).toBe(400);
  expect(json(answer)).toMatchObject({ error: 'invalid_grant' });
});

test('a code ends after ten minutes', async () => {
  const code = simulator.issueCode('plan', request);
  now += 600_000;
  expect((await exchange(code)).status).toBe(400);
});

const authorizeUrl = (redirectUri: string, more = '') =>
  `${simulator.url}/oauth/authorize?${new URLSearchParams({
    client_id: 'client',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'user:inference',
    state: 'state',
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  })}${more}`;

test('the authorize page offers accounts and redirects to a loopback address with a code', async () => {
  expect((await call(authorizeUrl(request.redirectUri))).body.toString()).toContain('>plan</a>');
  const answer = await call(authorizeUrl(request.redirectUri, '&account=plan'));
  expect(answer.status).toBe(302);
  const target = new URL(answer.headers.location ?? '');
  expect(target.searchParams.get('state')).toBe('state');
  const tokens = json(await exchange(target.searchParams.get('code') ?? ''));
  expect(tokens.scope).toBe('user:inference');
});

test('profile, roles and usage are for tokens with their scope', async () => {
  expect(json(await get('/api/oauth/profile'))).toMatchObject({
    organization: { uuid: simulator.account('plan').organizationId },
  });
  expect((await get('/api/oauth/claude_cli/roles')).status).toBe(200);
  simulator.account('plan').scopes = ['user:inference'];
  const denied = await get('/api/oauth/profile');
  expect(denied.status).toBe(403);
  expect(denied.body.toString()).toContain('does not meet scope requirement: user:profile');
});

test('a profile says whose login it is and on which plan, as the test wants it', async () => {
  const plan = simulator.account('plan');
  plan.email = 'ada@example.com';
  plan.organizationName = 'Engines';
  plan.organizationType = 'claude_pro';
  plan.rateLimitTier = null;
  expect(json(await get('/api/oauth/profile'))).toMatchObject({
    account: { uuid: plan.accountId, email: 'ada@example.com', has_claude_max: false, has_claude_pro: true },
    organization: { name: 'Engines', organization_type: 'claude_pro', rate_limit_tier: null },
  });
  expect(json(await refresh())).toMatchObject({
    organization: { uuid: plan.organizationId, name: 'Engines' },
    account: { uuid: plan.accountId, email_address: 'ada@example.com' },
  });
});

test('an API key has no profile', async () => {
  const headers = withKey('sk-ant-api03-test');
  expect((await call(`${simulator.url}/api/oauth/profile`, { headers })).status).toBe(401);
});

test('usage comes in the shape of 2025 and of 2026', async () => {
  expect(json(await get('/api/oauth/usage'))).toMatchObject({
    five_hour: { utilization: 95, resets_at: '2026-11-20T13:00:00.000Z' },
    limits: [
      { kind: 'session', percent: 95, severity: 'warning' },
      { kind: 'weekly_scoped', scope: { model: { display_name: 'Opus' } } },
    ],
    spend: { enabled: false },
  });
  simulator.account('plan').usageShape = '2025';
  expect(json(await get('/api/oauth/usage'))).not.toHaveProperty('limits');
});

test('a created API key works at once', async () => {
  const answer = await call(`${simulator.url}/api/oauth/claude_cli/create_api_key`, {
    method: 'POST',
    headers: withToken(TOKEN),
  });
  const { raw_key: key } = json<{ raw_key: string }>(answer);
  const reply = await call(`${simulator.url}/v1/messages`, { headers: withKey(key), body: prompt() });
  expect(reply.headers['anthropic-organization-id']).toBe(simulator.account('plan').organizationId);
});
