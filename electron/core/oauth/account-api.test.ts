import { afterEach, beforeEach, expect, test } from 'vitest';
import { failures, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { createAccountApi } from './account-api.ts';
import { planWords } from './plan-words.ts';
import { createProviderRequest } from './provider-request.ts';

const TOKEN = 'sk-ant-oat01-a-token-for-the-account-api';
const PROFILE = '/api/oauth/profile';
const CREATE = '/api/oauth/claude_cli/create_api_key';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ accounts: [{ name: 'plan', kind: 'oauth', secret: TOKEN }] });
});

afterEach(() => simulator.close());

const api = () => createAccountApi(createProviderRequest({ timeoutMs: 5000 }));
const profile = (url = simulator.url) => api().profile(url, TOKEN);
const createKey = () => api().createApiKey(`${simulator.url}/`, TOKEN);
const answers = (path: string, body: object | string, status = 200) =>
  simulator.script({ path, times: 1 }, { kind: 'respond', status, body });

test('the profile says whose login it is and on which plan', async () => {
  const { accountId, organizationId, email } = simulator.account('plan');
  expect(await profile(`${simulator.url}/`)).toEqual({
    kind: 'identity',
    identity: { accountId, email, organizationId, organizationName: 'plan organization', plan: 'Max 5x' },
  });
  expect(simulator.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${TOKEN}`,
    'anthropic-beta': 'oauth-2025-04-20',
    'user-agent': 'ccflare-desktop',
  });
});

test('a token without the scope is told from one that failed', async () => {
  simulator.account('plan').scopes = ['user:inference'];
  expect(await profile()).toEqual({ kind: 'scope-missing' });
  simulator.script({ path: PROFILE }, failures.oauthTokenRevoked());
  expect(await profile()).toMatchObject({ kind: 'failed' });
});

test.each([
  [{}, null, null],
  [{ account: null, organization: [] }, null, null],
  [{ account: { uuid: 7, email: 'me@\u202eexample.com' }, organization: 'x' }, null, 'me@ example.com'],
  [{ account: { uuid: 'a', email: 'x'.repeat(9000), has_claude_max: 'yes' } }, 'a', null],
])('a profile of an odd shape is read as far as it goes: %j', async (body, accountId, email) => {
  answers(PROFILE, body);
  const answer = await profile();
  if (answer.kind !== 'identity') throw new Error(answer.kind);
  expect(answer.identity).toEqual({
    accountId,
    email,
    organizationId: null,
    organizationName: null,
    plan: null,
  });
});

test.each(['<html>', '[]', '7'])('%s is no profile', async (body) => {
  answers(PROFILE, body);
  expect(await profile()).toEqual({ kind: 'failed', reason: 'The profile could not be read.' });
});

test('words about a failure never hold the token', async () => {
  answers(PROFILE, { error: { type: 'x', message: `bad ${TOKEN} \u0000 here` } }, 401);
  const answer = await profile();
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
  expect(answer).toMatchObject({
    kind: 'failed',
    reason: 'The profile answered 401 (x: bad [hidden] here).',
  });
});

test('a key is made with an empty form', async () => {
  const made = await createKey();
  if (!made.ok) throw new Error(made.reason);
  expect(made.apiKey).toMatch(/^sk-ant-api03-/);
  const [request] = simulator.requests;
  expect(request).toMatchObject({
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'content-length': '0',
    },
  });
});

test('no key without the scope for it, and none from an answer that holds none', async () => {
  answers(CREATE, { raw_key: 'has spaces in it' });
  expect(await createKey()).toEqual({
    ok: false,
    reached: true,
    reason: 'The provider sent an API key that could not be read.',
  });
  simulator.account('plan').scopes = ['user:profile'];
  expect(await createKey()).toMatchObject({ ok: false, reached: true });
});

test('a provider that is not there was not reached', async () => {
  await simulator.close();
  expect(await createKey()).toMatchObject({ ok: false, reached: false });
  expect(await profile()).toMatchObject({ kind: 'failed' });
});

test.each([
  [{}, { organization_type: 'claude_max', rate_limit_tier: 'default_claude_max_20x' }, 'Max 20x'],
  [{}, { organization_type: 'claude_max', rate_limit_tier: 'default_claude_max_5x' }, 'Max 5x'],
  [{}, { organization_type: 'claude_max', rate_limit_tier: null }, 'Max'],
  [{}, { rate_limit_tier: 'default_claude_max_5x' }, 'Max 5x'],
  [{ has_claude_max: true }, { organization_type: 'claude_team' }, 'Team'],
  [{ has_claude_max: true }, { organization_type: 'claude_enterprise' }, 'Enterprise'],
  [{}, { organization_type: 'claude_pro', rate_limit_tier: 'default_claude_ai' }, 'Pro'],
  [{ has_claude_pro: true }, null, 'Pro'],
  [{ has_claude_max: true, has_claude_pro: true }, null, 'Max'],
  [{}, { organization_type: 'api_individual' }, 'API'],
  [{}, { organization_type: 'something_new' }, null],
  [null, null, null],
])('the plan of %j in %j is %s', (account, organization, words) => {
  expect(planWords(account, organization)).toBe(words);
});
