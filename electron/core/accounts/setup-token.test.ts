import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { createProviderRequest } from '../oauth/provider-request.ts';
import { createAccountsBench } from './testing.ts';
import { createTokenVerifier } from './verify-token.ts';

const TOKEN = 'sk-ant-oat01-a-long-lived-token-0123456789';
const OTHER = 'sk-ant-oat01-another-long-lived-token-01234';
const DAY = 86_400_000;

let simulator: Simulator;
let bench: ReturnType<typeof createAccountsBench>;

beforeEach(async () => {
  bench = createAccountsBench({ refresh: () => Promise.reject(new Error('not expected')) });
  simulator = await startSimulator({
    clock: bench.clock,
    accounts: [
      { name: 'max', kind: 'oauth', secret: TOKEN },
      { name: 'other', kind: 'oauth', secret: OTHER },
    ],
  });
  bench.patch({ oauthApiUrl: `${simulator.url}/` });
});

afterEach(() => simulator.close());

const pool = () => bench.accounts.pool;
const verify = (token: string) =>
  createTokenVerifier({
    request: createProviderRequest(),
    apiUrl: () => bench.deps.settings.current().oauthApiUrl,
  })(token);
type Given = Parameters<typeof bench.accounts.addSetupToken>[0];
const paste = (given: Partial<Given> = {}) =>
  bench.accounts.addSetupToken({ name: 'ci', token: TOKEN, consent: true, ...given }, 'dashboard', verify);
const coded = (code: string) => expect.objectContaining({ code });

test('a token that the provider accepts becomes an account for a year, verified by one free call', async () => {
  const { id } = await paste();
  expect(simulator.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /v1/models?limit=1']);
  expect(pool().get(id)).toMatchObject({ kind: 'oauth', baseUrl: simulator.url });
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${TOKEN}`);
  expect(bench.accounts.detail(id).token).toMatchObject({
    renewable: false,
    expiresAt: bench.clock.now() + 365 * DAY,
  });
  expect(bench.rows.get(id)).toMatchObject({ refreshToken: null, consentAt: bench.clock.now() });
  expect(bench.audits.map(({ action, detail }) => [action, detail])).toEqual([
    ['account.add', 'a long-lived token'],
    ['account.consent', expect.any(String)],
  ]);
  expect(bench.words()).not.toContain('sk-ant');
});

test('a token that the provider refuses is not saved, and the refusal is on record', async () => {
  await expect(paste({ token: `${TOKEN}-typo` })).rejects.toThrow(coded('sign_in_refused'));
  simulator.account('max').revoke();
  await expect(paste()).rejects.toThrow(coded('sign_in_refused'));
  expect(bench.rows.size).toBe(0);
  expect(bench.audits).toMatchObject([
    { action: 'account.add', subject: 'ci', outcome: 'refused', detail: 'sign_in_refused' },
    { outcome: 'refused' },
  ]);
});

test.each([
  { kind: 'respond', status: 429, body: {} },
  { kind: 'respond', status: 503, body: {} },
  { kind: 'respond', status: 403, body: 'Blocked by the firewall of the office.' },
  { kind: 'respond', status: 403, body: { type: 'error', error: { message: 'Missing scope user:profile' } } },
  { kind: 'reset' },
] as const)(
  'a provider that cannot be asked (%o) is no reason to refuse; the record says so',
  async (behaviour) => {
    simulator.script({ path: '/v1/models' }, behaviour);
    const { id } = await paste();
    expect(pool().credentialNow(id)).not.toBeNull();
    expect(bench.audits[0]?.detail).toContain('not verified');
  },
);

test('without consent, with a key in place of a token, or under a taken name nothing is sent anywhere', async () => {
  await expect(paste({ consent: false })).rejects.toThrow(coded('consent_needed'));
  await expect(paste({ token: 'sk-ant-api03-a-key-0123456789' })).rejects.toThrow(coded('invalid_input'));
  bench.accounts.add({ name: 'CI', apiKey: 'sk-ant-api03-a-key-0123456789' }, 'dashboard');
  await expect(paste()).rejects.toThrow(coded('name_taken'));
  await expect(paste({ accountId: 'nobody' })).rejects.toThrow(coded('not_found'));
  expect(simulator.requests).toEqual([]);
});

test('the same token twice is refused, also when both are pasted at once', async () => {
  const results = await Promise.allSettled([paste({ name: 'one' }), paste({ name: 'two' })]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(paste({ name: 'three' })).rejects.toThrow(coded('duplicate_account'));
  expect(bench.rows.size).toBe(1);
});

test('a token takes the place of a login: name and place stay, and the old login until the new one is accepted', async () => {
  const { id } = bench.accounts.addOauth(
    {
      name: 'max',
      priority: 4,
      accessToken: 'old',
      refreshToken: 'old-refresh',
      expiresAt: 9e12,
      consent: true,
    },
    'dashboard',
  );
  await expect(paste({ accountId: id, token: 'sk-ant-oat01-unknown-token-0123' })).rejects.toThrow(
    coded('sign_in_refused'),
  );
  expect(pool().credentialNow(id)?.value).toBe('Bearer old');
  expect(bench.replaced).toEqual([]);
  expect(await paste({ accountId: id })).toEqual({ id });
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${TOKEN}`);
  expect(pool().get(id)).toMatchObject({ name: 'max', priority: 4 });
  expect(bench.replaced).toEqual([id]);
  expect(bench.audits.filter(({ action }) => action === 'account.consent')).toHaveLength(1);
  expect(await paste({ accountId: id })).toEqual({ id });
  const key = bench.accounts.add({ name: 'key', apiKey: 'sk-ant-api03-a-key-0123456789' }, 'dashboard');
  await expect(paste({ accountId: key.id, token: OTHER })).rejects.toThrow(coded('conflict'));
});

test('the end is said once, two weeks before, and then the account needs its user', async () => {
  const { id } = await paste();
  const ends = () => bench.events.filter(({ code }) => code === 'account_token_ends');
  bench.clock.advance(350 * DAY);
  expect(ends()).toEqual([]);
  bench.clock.advance(2 * DAY);
  expect(ends()).toMatchObject([
    { level: 'warn', accountId: id, message: expect.stringContaining('14 days') },
  ]);
  expect(pool().credentialNow(id)).not.toBeNull();
  bench.clock.advance(13 * DAY + 3_600_000);
  expect(ends()).toHaveLength(1);
  expect(bench.rows.get(id)?.credentialState).toBe('sign-in-needed');
  expect(pool().problem(id)).toMatchObject({
    definitive: true,
    reason: expect.stringContaining('has ended'),
  });
  expect(pool().credentialNow(id)).toBeNull();
  bench.clock.advance(30 * DAY);
  expect(pool().problem(id)).not.toBeNull();
  simulator.account('other').setSecret(OTHER);
  await paste({ accountId: id, token: OTHER });
  expect(pool().problem(id)).toBeNull();
});

test('a clock that was ahead for a while costs the account no longer than that', async () => {
  const { id } = await paste();
  const now = bench.clock.now();
  bench.clock.setWall(now + 400 * DAY);
  bench.clock.advance(3_600_000);
  expect(bench.rows.get(id)?.credentialState).toBe('sign-in-needed');
  bench.clock.setWall(now + 3_600_000);
  bench.clock.advance(3_600_000);
  expect(pool().problem(id)).toBeNull();
  expect(pool().credentialNow(id)).not.toBeNull();
  expect(bench.events.at(-1)).toMatchObject({ code: 'account_login_works_again', level: 'good' });
});

test('an ended token is found by a request before anybody looks, and nothing is sent to the token endpoint', async () => {
  const { id } = await paste();
  bench.clock.setWall(bench.clock.now() + 366 * DAY);
  expect(pool().credentialNow(id)).toBeNull();
  expect(await pool().credential(id)).toMatchObject({ ok: false, problem: { definitive: true } });
  expect(pool().problem(id)?.reason).toContain('has ended');
  expect(simulator.requests).toHaveLength(1);
});

test('a refused token says so, is tried again after a while, and works again by itself', async () => {
  const { id } = await paste();
  const used = pool().credentialNow(id)!;
  const result = await pool().credentialRefused(id, used, 'The provider refused its login (401)');
  expect(result).toMatchObject({ ok: false, problem: { definitive: true } });
  expect(pool().problem(id)?.reason).toContain('refused its long-lived token');
  bench.clock.advance(600_000);
  expect(pool().credentialNow(id)).toEqual(used);
  pool().touched(id, bench.clock.now());
  expect(pool().problem(id)).toBeNull();
  expect(bench.events.at(-1)).toMatchObject({ code: 'account_login_works_again', level: 'good' });
});
