import { beforeEach, expect, test } from 'vitest';
import type { TokenAnswer } from '../oauth/token-client.ts';
import { createAccountsBench } from './testing.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Call = { url: string; token: string; answer(answer: TokenAnswer): Promise<void> };

let bench: ReturnType<typeof createAccountsBench>;
let calls: Call[];

beforeEach(() => {
  calls = [];
  bench = createAccountsBench({
    refresh: (url, token) =>
      new Promise((resolve) => {
        const answer = async (given: TokenAnswer): Promise<void> => {
          resolve(given);
          await settled();
        };
        calls.push({ url, token, answer });
      }),
  });
});

const pool = () => bench.accounts.pool;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const add = (name: string, life = HOUR) =>
  bench.accounts.addOauth(
    {
      name,
      accessToken: `access-of-${name}`,
      refreshToken: `refresh-of-${name}`,
      expiresAt: bench.clock.now() + life,
      consent: false,
    },
    'dashboard',
  ).id;
const fresh = (number: number): TokenAnswer => ({
  ok: true,
  accessToken: `fresh-${number}`,
  refreshToken: `fresh-refresh-${number}`,
  expiresInSeconds: 28_800,
});
const trouble = (retryAfterMs: number | null = null): TokenAnswer => ({
  ok: false,
  definitive: false,
  reason: 'The token endpoint answered 503.',
  retryAfterMs,
});
const record = () => bench.audits.filter(({ action }) => action.startsWith('account.token_'));

test('the time of the early renewal is a setting, and a change of it counts at once', () => {
  const id = add('max', 24 * HOUR);
  bench.clock.advance(22 * HOUR - 1);
  pool().credentialNow(id);
  expect(calls).toHaveLength(0);
  bench.patch({ refreshLeadMs: 2 * HOUR });
  bench.clock.advance(90 * MINUTE);
  expect(pool().credentialNow(id)?.value).toBe('Bearer access-of-max');
  expect(calls).toHaveLength(1);
});

test('a login without a token endpoint of its own uses the one of the settings', () => {
  bench.patch({ oauthTokenUrl: 'https://tokens.example/v1' });
  const id = add('max', MINUTE);
  bench.clock.advance(MINUTE);
  void pool().credential(id);
  expect(calls.map(({ url, token }) => [url, token])).toEqual([
    ['https://tokens.example/v1', 'refresh-of-max'],
  ]);
});

test('renewals are on record, failures at most once an hour, and the next success ends that', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  for (let minute = 0; minute < 90; minute += 1) {
    const asked = pool().credential(id);
    await calls.at(-1)!.answer(trouble());
    expect(await asked).toMatchObject({ ok: false, problem: { definitive: false } });
    bench.clock.advance(MINUTE);
  }
  expect(calls).toHaveLength(90);
  expect(record()).toMatchObject([
    { action: 'account.token_refresh_failed', outcome: 'failed', detail: 'The token endpoint answered 503.' },
    { action: 'account.token_refresh_failed' },
  ]);
  void pool().credential(id);
  await calls.at(-1)!.answer(fresh(1));
  expect(record().at(-1)).toMatchObject({ action: 'account.token_refreshed', subject: 'max', outcome: 'ok' });
  bench.clock.advance(9 * HOUR);
  void pool().credential(id);
  await calls.at(-1)!.answer(trouble());
  expect(record().at(-1)).toMatchObject({ action: 'account.token_refresh_failed' });
  expect(record()).toHaveLength(4);
  expect(bench.words()).not.toMatch(/refresh-of-|fresh-\d/);
});

test('a definitive refusal is on record also within the hour, once', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  void pool().credential(id);
  await calls.at(-1)!.answer(trouble());
  bench.clock.advance(MINUTE);
  void pool().credential(id);
  await calls.at(-1)!.answer({ ok: false, definitive: true, reason: 'invalid_grant', retryAfterMs: null });
  await pool().credential(id);
  expect(record().map(({ detail }) => detail)).toEqual(['The token endpoint answered 503.', 'invalid_grant']);
  expect(calls).toHaveLength(2);
});

test('after waking up twelve ended logins are renewed two at a time, requests or not', async () => {
  for (let n = 0; n < 12; n += 1) add(`max ${n}`, MINUTE);
  bench.clock.advance(HOUR);
  bench.accounts.revalidate();
  bench.accounts.revalidate();
  for (let answered = 0; answered < 12; answered += 1) {
    await settled();
    bench.clock.advance(0);
    expect(calls.length - answered).toBeLessThanOrEqual(2);
    await calls[answered]!.answer(fresh(answered));
    bench.clock.advance(0);
  }
  expect(calls).toHaveLength(12);
  expect(new Set(calls.map(({ token }) => token)).size).toBe(12);
});

test('after waking up, what a request has renewed meanwhile, what is paused and what is gone is left alone', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e'].map((name) => add(name, MINUTE));
  bench.clock.advance(HOUR);
  bench.accounts.setPaused({ id: ids[0]!, paused: true }, 'tray');
  bench.accounts.revalidate();
  expect(calls.map(({ token }) => token)).toEqual(['refresh-of-b', 'refresh-of-c']);
  void pool().credential(ids[3]!);
  await calls[2]!.answer(fresh(3));
  bench.accounts.remove({ id: ids[4]! }, 'dashboard');
  await calls[0]!.answer(fresh(1));
  await calls[1]!.answer(fresh(2));
  bench.clock.advance(MINUTE);
  expect(calls).toHaveLength(3);
});

test('waking up does not end a longer pause that the endpoint asked for', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  void pool().credential(id);
  await calls[0]!.answer(trouble(10 * MINUTE));
  bench.accounts.revalidate();
  expect(await pool().credential(id)).toMatchObject({ ok: false });
  expect(calls).toHaveLength(1);
  bench.clock.advance(10 * MINUTE);
  bench.accounts.revalidate();
  expect(calls).toHaveLength(2);
});

test('a refresh token that cannot be read is said in words, sent nowhere, and not held against the account', async () => {
  const id = add('max', MINUTE);
  const row = bench.rows.get(id)!;
  bench.rows.set(id, { ...row, refreshToken: row.accessToken });
  bench.accounts.load();
  bench.clock.advance(HOUR);
  const result = await pool().credential(id);
  expect(result).toMatchObject({ ok: false, problem: { reason: expect.stringContaining('cannot be read') } });
  expect(calls).toHaveLength(0);
  expect(bench.rows.get(id)?.credentialState).toBe('ok');
});

test('a renewal that cannot be put on record is a renewal all the same', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  const asked = pool().credential(id);
  bench.deps.audit.write = () => {
    throw new Error('disk full');
  };
  await calls[0]!.answer(fresh(1));
  expect(await asked).toMatchObject({ ok: true, credential: { value: 'Bearer fresh-1' } });
});

test('a login that was replaced during its renewal keeps the new one', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  const asked = pool().credential(id);
  const tokens = {
    accessToken: 'signed-in',
    refreshToken: 'signed-in-refresh',
    expiresAt: bench.clock.now() + HOUR,
  };
  bench.accounts.replaceTokens({ id, ...tokens }, 'provision');
  await calls[0]!.answer(fresh(1));
  expect(await asked).toMatchObject({ ok: true, credential: { value: 'Bearer signed-in' } });
  expect(pool().credentialNow(id)?.value).toBe('Bearer signed-in');
  expect(bench.replaced).toEqual([id]);
  expect(record()).toEqual([]);
});

test('an endpoint that asks for no pause is left alone for a moment all the same', async () => {
  const id = add('max', MINUTE);
  bench.clock.advance(HOUR);
  void pool().credential(id);
  await calls.at(-1)!.answer(trouble(0));
  for (let n = 0; n < 5; n += 1) await pool().credential(id);
  expect(calls).toHaveLength(1);
  bench.clock.advance(5000);
  void pool().credential(id);
  expect(calls).toHaveLength(2);
});

test('on the way out a renewal that runs is stored, and none begins any more', async () => {
  const [running, later] = [add('running', MINUTE), add('later', MINUTE)];
  bench.clock.advance(HOUR);
  void pool().credential(running);
  let closed = false;
  const closing = bench.accounts.close().then(() => {
    closed = true;
  });
  expect(await pool().credential(later)).toMatchObject({ ok: false, problem: { definitive: false } });
  bench.accounts.revalidate();
  await settled();
  expect([closed, calls.length]).toEqual([false, 1]);
  await calls.at(-1)!.answer(fresh(1));
  await closing;
  expect(bench.steps).toContain('rotated');
  expect(pool().credentialNow(running)?.value).toBe('Bearer fresh-1');
});
