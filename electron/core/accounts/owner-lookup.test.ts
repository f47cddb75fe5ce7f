import { beforeEach, expect, test } from 'vitest';
import type { Identity } from '../../../shared/sign-in.ts';
import type { ProfileAnswer } from '../oauth/account-api.ts';
import { createAccountsBench } from './testing.ts';

const ME: Identity = {
  accountId: 'person-1',
  email: 'me@example.org',
  organizationId: '11111111-1111-4111-8111-111111111111',
  organizationName: 'Home',
  plan: 'Max 5x',
};
const BASE = 'https://api.anthropic.com';
const HOUR_MS = 3_600_000;

let bench: ReturnType<typeof createAccountsBench>;
/** Profile calls that wait for their answer, oldest first. */
let calls: { url: string; token: string; answer(answer: ProfileAnswer): Promise<void> }[];

beforeEach(() => {
  calls = [];
  const refresh = () =>
    Promise.resolve({
      ok: true as const,
      accessToken: 'sk-ant-oat01-renewed',
      refreshToken: 'sk-ant-ort01-renewed',
      expiresInSeconds: 28_800,
    });
  const profile = (url: string, token: string) =>
    new Promise<ProfileAnswer>((resolve) => {
      const answer = async (given: ProfileAnswer): Promise<void> => {
        resolve(given);
        await settled();
      };
      calls.push({ url, token, answer });
    });
  bench = createAccountsBench({ refresh }, { profile });
});

/** Everything that only waits for promises has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const answer = (kind: ProfileAnswer = { kind: 'identity', identity: ME }) => calls.at(-1)?.answer(kind);
const tokens = (of: string, left = HOUR_MS) => ({
  accessToken: `sk-ant-oat01-${of}`,
  refreshToken: `sk-ant-ort01-${of}`,
  expiresAt: bench.clock.now() + left,
});
const imported = (name: string, change: { paused?: boolean; baseUrl?: string } = {}, left?: number): string =>
  bench.accounts.addOauth({ name, ...tokens(name, left), consent: true, ...change }, 'dashboard').id;
const signIn = (name: string) =>
  bench.accounts.signIn.addLogin({ name, baseUrl: BASE, tokens: tokens(name), identity: ME }, 'dashboard').id;

test('a login whose owner is known by asking is not taken for one with consent', async () => {
  const given = { name: 'from a file', ...tokens('file'), consent: false };
  const { id } = bench.accounts.addOauth(given, 'provision');
  await answer();
  expect(bench.accounts.detail(id)).toMatchObject({ email: ME.email, consented: false });
  const change = { tokens: tokens('again'), identity: ME };
  bench.accounts.signIn.replaceLogin(id, change, 'dashboard');
  expect(bench.accounts.detail(id).consented).toBe(true);
});

test('another login that a file gives is not taken for that of the owner before', async () => {
  const given = { name: 'from a file', ...tokens('file'), consent: false };
  const { id } = bench.accounts.addOauth(given, 'provision');
  await answer();
  bench.accounts.replaceTokens({ id, ...tokens('of somebody else') }, 'provision');
  expect(bench.accounts.detail(id)).toMatchObject({ email: null, organizationName: null, plan: null });
  expect(calls).toHaveLength(2);
  await answer({ kind: 'identity', identity: { ...ME, accountId: 'person-2', email: 'you@example.org' } });
  expect(bench.accounts.detail(id).email).toBe('you@example.org');
});

test('an imported login learns whose it is, once, and the same person is not accepted again', async () => {
  const id = imported('old max');
  expect(calls.map(({ url, token }) => [url, token])).toEqual([[BASE, 'sk-ant-oat01-old max']]);
  await answer();
  expect(bench.accounts.detail(id)).toMatchObject({
    email: ME.email,
    plan: ME.plan,
    organizationName: 'Home',
  });
  expect(bench.audits.at(-1)).toMatchObject({ action: 'account.owner_read', subject: 'old max' });
  expect(() => signIn('me')).toThrow(expect.objectContaining({ code: 'duplicate_account' }));
  bench.accounts.load();
  bench.accounts.pool.touched(id, bench.clock.now());
  expect(calls).toHaveLength(1);
  expect(bench.events).toEqual([]);
  expect(bench.words()).not.toMatch(/sk-ant-o/);
});

test('a login that ended is asked about when it has been renewed', async () => {
  const id = imported('old max', {}, -1);
  expect(calls).toEqual([]);
  await bench.accounts.pool.credential(id);
  expect(calls.map(({ token }) => token)).toEqual(['sk-ant-oat01-renewed']);
});

test('two accounts that turn out to be one login share its limits, and a person is told', async () => {
  const mine = signIn('me');
  const id = imported('old max');
  const before = bench.accounts.pool.sharing(id);
  await answer();
  expect([before, bench.accounts.pool.sharing(id).toSorted()]).toEqual([[id], [mine, id].toSorted()]);
  expect(bench.events).toMatchObject([{ level: 'warn', code: 'account_same_login', accountId: id }]);
  expect(bench.events[0]?.message).toContain('"old max" is the same login as "me"');
});

test('logins are asked about one after the other', async () => {
  imported('one');
  imported('two');
  expect(calls).toHaveLength(1);
  await calls[0]?.answer({ kind: 'scope-missing' });
  expect(calls.map(({ token }) => token)).toEqual(['sk-ant-oat01-one', 'sk-ant-oat01-two']);
});

test('a token that may not read its profile is left alone', async () => {
  const id = imported('setup');
  await answer({ kind: 'scope-missing' });
  bench.clock.advance(30 * HOUR_MS);
  await bench.accounts.pool.credential(id);
  expect(calls).toHaveLength(1);
});

test('a profile that could not be read is asked for again an hour later, not sooner', async () => {
  imported('old max', {}, 9 * HOUR_MS);
  await answer({ kind: 'failed', reason: 'The provider could not be reached.' });
  bench.accounts.load();
  bench.accounts.revalidate();
  bench.clock.advance(HOUR_MS - 1);
  expect(calls).toHaveLength(1);
  bench.clock.advance(1);
  expect(calls).toHaveLength(2);
  await answer();
  bench.clock.advance(HOUR_MS);
  expect(calls).toHaveLength(2);
});

test('keys, paused accounts, known logins and those of other providers are not asked about', () => {
  signIn('me');
  bench.accounts.add({ name: 'key', apiKey: 'sk-ant-api03-key' }, 'dashboard');
  imported('gateway', { baseUrl: 'https://gateway.example' });
  const id = imported('paused', { paused: true });
  expect(calls).toEqual([]);
  bench.accounts.setPaused({ id, paused: false }, 'dashboard');
  expect(calls.map(({ token }) => token)).toEqual(['sk-ant-oat01-paused']);
});

test('an answer about a login that was replaced meanwhile, or after the end, is dropped', async () => {
  const id = imported('old max');
  bench.accounts.replaceTokens({ id, ...tokens('other') }, 'dashboard');
  await calls[0]?.answer({ kind: 'identity', identity: ME });
  expect(bench.accounts.detail(id).email).toBeNull();
  expect(calls.map(({ token }) => token)).toEqual(['sk-ant-oat01-old max', 'sk-ant-oat01-other']);
  await bench.accounts.close();
  await answer();
  expect(bench.accounts.detail(id).email).toBeNull();
});
