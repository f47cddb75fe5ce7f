import { beforeEach, expect, test } from 'vitest';
import type { TokenClient } from '../oauth/token-client.ts';
import { createAccountsBench } from './testing.ts';

const KEY = 'sk-ant-api03-first-key-0123456789-abcdefgh';
const OTHER = 'sk-ant-api03-other-key-0123456789-ijklmnop';

const unused: TokenClient = { refresh: () => Promise.reject(new Error('not expected')) };

let bench: ReturnType<typeof createAccountsBench>;

beforeEach(() => {
  bench = createAccountsBench(unused);
});

const add = (name: string, more: { baseUrl?: string; priority?: number } = {}) =>
  bench.accounts.add({ name, apiKey: KEY, ...more }, 'dashboard').id;
const pool = () => bench.accounts.pool;
const coded = (code: string) => expect.objectContaining({ code });

test('a new account: its address without slash, its secret only sealed', () => {
  add('work', { priority: 4, baseUrl: 'https://gateway.example/claude//' });
  const id = add('home');
  expect(pool().all()).toMatchObject([
    { name: 'work', priority: 4, baseUrl: 'https://gateway.example/claude' },
    { name: 'home', priority: 10, baseUrl: 'https://api.anthropic.com' },
  ]);
  expect(pool().credentialNow(id)).toMatchObject({ header: 'x-api-key', value: KEY });
  expect(bench.accounts.detail(id)).toMatchObject({ credentialHint: 'efgh', token: null, lastUsedAt: null });
  expect(bench.words()).not.toContain(KEY);
});

test('accounts that nobody gave a priority are equal, subscriptions before keys', () => {
  add('key one');
  add('key two');
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: bench.clock.now() + 1 };
  bench.accounts.addOauth({ name: 'max', consent: true, ...tokens }, 'dashboard');
  expect(pool().all()).toMatchObject([
    { name: 'max', priority: 0 },
    { name: 'key one', priority: 10 },
    { name: 'key two', priority: 10 },
  ]);
});

test('names are unique without regard to case, and the refusal is on record', () => {
  add('Work');
  const id = add('home');
  expect(() => add('work')).toThrow(coded('name_taken'));
  expect(() => bench.accounts.rename({ id, name: 'WORK' }, 'dashboard')).toThrow(coded('name_taken'));
  bench.accounts.rename({ id, name: 'Home' }, 'tray');
  expect(pool().get(id)?.name).toBe('Home');
  expect(bench.audits).toContainEqual({
    actor: 'dashboard',
    action: 'account.add',
    subject: 'work',
    outcome: 'refused',
    detail: 'name_taken',
  });
});

test('the list keeps its identity until something changes', () => {
  const id = add('one');
  const before = pool().all();
  pool().touched(id, bench.clock.now());
  bench.clock.advance(30_000);
  expect(pool().all()).toBe(before);
  bench.accounts.setPaused({ id, paused: false }, 'tray');
  expect(pool().all()).toBe(before);
  bench.accounts.setPaused({ id, paused: true }, 'tray');
  expect(pool().all()).not.toBe(before);
  expect(before[0]?.paused).toBe(false);
});

test('pausing all records only those that were running', () => {
  add('one');
  const two = add('two');
  bench.accounts.setPaused({ id: two, paused: true }, 'tray');
  bench.audits.length = 0;
  bench.accounts.setAllPaused({ paused: true }, 'tray');
  expect(bench.audits.map(({ subject }) => subject)).toEqual(['one']);
});

test('a refused key rests until it is replaced, also over a restart', async () => {
  const id = add('work');
  const used = pool().credentialNow(id)!;
  const refused = await pool().credentialRefused(id, used, `invalid x-api-key ${KEY}`);
  expect(refused).toMatchObject({ ok: false, problem: { definitive: true } });
  bench.accounts.load();
  expect(pool().problem(id)?.reason).toContain('Replace the key');
  expect(pool().credentialNow(id)).toBeNull();
  expect(bench.events).toMatchObject([{ level: 'bad', code: 'account_key_refused', accountId: id }]);
  bench.accounts.replaceKey({ id, apiKey: OTHER }, 'dashboard');
  expect(pool().problem(id)).toBeNull();
  expect(pool().credentialNow(id)).toMatchObject({ value: OTHER });
  expect(await pool().credentialRefused(id, used, 'late')).toMatchObject({
    ok: true,
    credential: { value: OTHER },
  });
  expect(bench.words()).not.toContain(KEY);
});

test('a secret that cannot be read asks for a new one and keeps the row', () => {
  const id = add('work');
  bench.vault.broken = true;
  bench.accounts.load();
  expect(pool().problem(id)).toMatchObject({ definitive: true });
  expect(bench.rows.size).toBe(1);
});

test('a locked vault says so, and the accounts work once it is open', async () => {
  const id = add('work');
  const before = pool().credentialNow(id);
  bench.vault.locked = true;
  bench.accounts.load();
  expect(pool().problem(id)?.reason).toContain('Unlock');
  expect(await pool().credential(id)).toMatchObject({ ok: false });
  expect(() => add('second')).toThrow(coded('vault_locked'));
  bench.vault.locked = false;
  bench.accounts.load();
  expect(pool().credentialNow(id)?.value).toBe(before?.value);
});

test('a ciphertext moved to another account does not open', () => {
  const one = add('one');
  const two = add('two');
  bench.rows.set(two, { ...bench.rows.get(two)!, apiKey: bench.rows.get(one)!.apiKey });
  bench.accounts.load();
  expect(pool().problem(two)?.definitive).toBe(true);
});

test('uses are written at most every 30 s and when the app ends', () => {
  const id = add('work');
  for (let second = 0; second < 29; second++) {
    pool().touched(id, bench.clock.now());
    bench.clock.advance(1000);
  }
  expect(bench.steps).toEqual([]);
  expect(bench.accounts.detail(id).lastUsedAt).toBe(bench.clock.now() - 1000);
  bench.clock.advance(1000);
  expect(bench.steps).toEqual(['update lastUsedAt']);
  pool().sawOrganization(id, 'org-1');
  pool().sawOrganization(id, 'org-1');
  bench.accounts.flush();
  expect(bench.rows.get(id)?.organizationId).toBe('org-1');
  expect(bench.steps).toHaveLength(2);
});

test('running requests are counted and never below zero', () => {
  const id = add('work');
  pool().started(id);
  pool().started(id);
  pool().finished(id);
  expect(pool().inFlight(id)).toBe(1);
  pool().finished(id);
  pool().finished(id);
  expect(pool().inFlight(id)).toBe(0);
});

test('an account that is gone is said to be gone', () => {
  const id = add('work');
  bench.accounts.remove({ id }, 'dashboard');
  expect(pool().credentialNow(id)).toBeNull();
  expect(() => bench.accounts.remove({ id }, 'dashboard')).toThrow(coded('not_found'));
});
