import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { createProviderRequest } from '../oauth/provider-request.ts';
import { createTokenClient, type TokenClient } from '../oauth/token-client.ts';
import { createAccountsBench } from './testing.ts';

const ACCESS = 'sk-ant-oat01-first-access-token-0123456789';
const REFRESH = 'sk-ant-ort01-first-refresh-token-012345678';
const HOUR = 3_600_000;
const MINUTE = 60_000;

let simulator: Simulator;
let bench: ReturnType<typeof createAccountsBench>;
let onRefreshed: (() => void) | null;

beforeEach(async () => {
  onRefreshed = null;
  const real = createTokenClient({ clientId: () => 'client', request: createProviderRequest() });
  const tokens: TokenClient = {
    async refresh(url, token) {
      const answer = await real.refresh(url, token);
      bench.steps.push('answered');
      onRefreshed?.();
      return answer;
    },
  };
  bench = createAccountsBench(tokens);
  simulator = await startSimulator({
    clock: bench.clock,
    accounts: [{ name: 'max', kind: 'oauth', secret: ACCESS, refreshToken: REFRESH }],
  });
});

afterEach(() => simulator.close());

function addMax(life = HOUR): string {
  const tokens = { accessToken: ACCESS, refreshToken: REFRESH, expiresAt: bench.clock.now() + life };
  const tokenUrl = `${simulator.url}/v1/oauth/token`;
  const given = { name: 'max', baseUrl: simulator.url, tokenUrl, consent: false, ...tokens };
  return bench.accounts.addOauth(given, 'app').id;
}

const pool = () => bench.accounts.pool;
const calls = () => simulator.requests.length;
const fails = (behaviour: Parameters<Simulator['script']>[1]) =>
  simulator.script({ path: '/v1/oauth/token' }, behaviour);

test('a valid token is handed out without any call', () => {
  const id = addMax();
  expect(pool().credentialNow(id)).toMatchObject({ header: 'authorization', value: `Bearer ${ACCESS}` });
  expect(pool().credentialNow(id)).toBe(pool().credentialNow(id));
  expect(calls()).toBe(0);
});

test('fifty requests with an ended token cause one refresh, and all get the new one', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  expect(pool().credentialNow(id)).toBeNull();
  const results = await Promise.all(Array.from({ length: 50 }, () => pool().credential(id)));
  expect(new Set(results.map((result) => result.ok && result.credential.value))).toEqual(
    new Set([`Bearer ${simulator.account('max').secret}`]),
  );
  expect(calls()).toBe(1);
  expect(pool().credentialNow(id)?.version).toBeGreaterThan(1);
});

test('new tokens are stored before anybody gets them', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  onRefreshed = () => expect(pool().credentialNow(id)).toBeNull();
  bench.steps.length = 0;
  await pool().credential(id);
  bench.steps.push('used');
  expect(bench.steps.filter((step) => ['answered', 'rotated', 'used'].includes(step))).toEqual([
    'answered',
    'rotated',
    'used',
  ]);
});

test('a token near its end is renewed behind the back of the requests that use it', async () => {
  const id = addMax();
  bench.clock.advance(HOUR - 4 * MINUTE);
  const refreshed = simulator.nextRequest();
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${ACCESS}`);
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${ACCESS}`);
  await refreshed;
  await expect.poll(() => pool().credentialNow(id)?.value).not.toBe(`Bearer ${ACCESS}`);
  expect(calls()).toBe(1);
});

test('a refused refresh token: sign in again, said once, row kept', async () => {
  const id = addMax();
  simulator.account('max').revoke();
  bench.clock.advance(2 * HOUR);
  const result = await pool().credential(id);
  expect(result).toMatchObject({ ok: false, problem: { definitive: true } });
  expect(pool().problem(id)?.reason).toContain('Sign in again');
  await pool().credential(id);
  expect(calls()).toBe(1);
  expect(bench.rows.get(id)).toMatchObject({ credentialState: 'sign-in-needed' });
  expect(bench.events.filter(({ code }) => code === 'account_sign_in_needed')).toHaveLength(1);
  expect(bench.audits.filter(({ action }) => action === 'account.sign_in_needed')).toHaveLength(1);
  expect(bench.words()).not.toMatch(/sk-ant-o/);
});

test('during trouble of the endpoint a valid token goes on, and the endpoint is left alone for a minute', async () => {
  const id = addMax();
  fails({ kind: 'respond', status: 503, body: {} });
  bench.clock.advance(HOUR - 20_000);
  expect(pool().credentialNow(id)).toBeNull();
  expect(await pool().credential(id)).toMatchObject({ ok: true, credential: { value: `Bearer ${ACCESS}` } });
  expect(pool().credentialNow(id)?.value).toBe(`Bearer ${ACCESS}`);
  bench.clock.advance(30_000);
  expect(await pool().credential(id)).toMatchObject({ ok: false, problem: { definitive: false } });
  expect(pool().problem(id)).toBeNull();
  expect(calls()).toBe(1);
});

test('a pause that the endpoint asks for is kept, then the next try works', async () => {
  const id = addMax();
  const stop = fails({ kind: 'respond', status: 429, headers: { 'retry-after': '120' }, body: {} });
  bench.clock.advance(2 * HOUR);
  expect(await pool().credential(id)).toMatchObject({ ok: false, problem: { definitive: false } });
  stop();
  bench.clock.advance(119_000);
  expect(await pool().credential(id)).toMatchObject({ ok: false });
  expect(calls()).toBe(1);
  bench.clock.advance(1000);
  expect(await pool().credential(id)).toMatchObject({ ok: true });
  expect(bench.accounts.detail(id).token?.lastRefreshError).toBeNull();
});

test('waking up ends the pause and renews what has ended', async () => {
  const id = addMax();
  const stop = fails({ kind: 'garbage' });
  bench.clock.advance(2 * HOUR);
  await pool().credential(id);
  stop();
  bench.accounts.revalidate();
  await expect.poll(() => pool().credentialNow(id)).not.toBeNull();
});

test('tokens that another writer stored meanwhile win', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  onRefreshed = () => {
    const row = bench.rows.get(id);
    if (row === undefined) return;
    bench.rows.set(id, {
      ...row,
      accessToken: bench.vault.seal('theirs', id, 'accounts.access_token'),
      refreshToken: bench.vault.seal('their-refresh', id, 'accounts.refresh_token'),
      expiresAt: bench.clock.now() + HOUR,
    });
  };
  expect(await pool().credential(id)).toMatchObject({ ok: true, credential: { value: 'Bearer theirs' } });
});

test('tokens that the disk does not take are kept and stored later, not lost', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  bench.store.state.failing = true;
  expect(await pool().credential(id)).toMatchObject({ ok: false, problem: { definitive: false } });
  bench.store.state.failing = false;
  bench.clock.advance(MINUTE);
  expect(await pool().credential(id)).toMatchObject({
    ok: true,
    credential: { value: `Bearer ${simulator.account('max').secret}` },
  });
  expect(calls()).toBe(1);
});

test('tokens that the disk does not take reach it as soon as it takes them, asked for or not', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  bench.store.state.failing = true;
  await pool().credential(id);
  bench.clock.advance(15_000);
  await expect.poll(() => bench.words().match(/token_refresh_broke/g)).toHaveLength(2);
  expect(pool().credentialNow(id)).toBeNull();
  bench.store.state.failing = false;
  bench.clock.advance(15_000);
  await expect.poll(() => pool().credentialNow(id)).not.toBeNull();
  expect(bench.steps).toContain('rotated');
  expect(bench.audits.at(-1)).toMatchObject({ action: 'account.token_refreshed', outcome: 'ok' });
  expect(calls()).toBe(1);
});

test('an account that is removed during its refresh stays removed', async () => {
  const id = addMax();
  bench.clock.advance(2 * HOUR);
  onRefreshed = () => bench.accounts.remove({ id }, 'dashboard');
  expect(await pool().credential(id)).toMatchObject({ ok: false });
  expect(pool().all()).toEqual([]);
  expect(bench.rows.size).toBe(0);
});

test('a refused token is renewed once for all who had it; refused again, only the user can help', async () => {
  const id = addMax();
  const first = pool().credentialNow(id)!;
  const [one, two] = await Promise.all([
    pool().credentialRefused(id, first, 'expired'),
    pool().credentialRefused(id, first, 'expired'),
  ]);
  expect(one.ok && two.ok && one.credential === two.credential).toBe(true);
  const late = await pool().credentialRefused(id, first, 'expired');
  expect(late).toEqual(one);
  expect(calls()).toBe(1);
  const second = pool().credentialNow(id)!;
  expect(await pool().credentialRefused(id, second, 'Invalid credentials')).toMatchObject({
    ok: false,
    problem: { definitive: true },
  });
  expect(pool().credentialNow(id)).toBeNull();
  expect(calls()).toBe(1);
});

test('a refused token is not handed out again while it cannot be renewed', async () => {
  const id = addMax();
  const first = pool().credentialNow(id)!;
  fails({ kind: 'reset' });
  expect(await pool().credentialRefused(id, first, 'expired')).toMatchObject({
    ok: false,
    problem: { definitive: false },
  });
  expect(pool().credentialNow(id)).toBeNull();
  expect(await pool().credential(id)).toMatchObject({ ok: false });
  expect(pool().problem(id)).toBeNull();
});
