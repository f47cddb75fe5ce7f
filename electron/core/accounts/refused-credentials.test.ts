import { beforeEach, expect, test } from 'vitest';
import type { TokenAnswer } from '../oauth/token-client.ts';
import { createAccountsBench } from './testing.ts';

const KEY = 'sk-ant-api03-first-key-0123456789-abcdefgh';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let bench: ReturnType<typeof createAccountsBench>;
let refreshes: number;
let answer: TokenAnswer | null;

beforeEach(() => {
  refreshes = 0;
  answer = null;
  bench = createAccountsBench({
    refresh: () => {
      refreshes += 1;
      const fresh = {
        ok: true,
        accessToken: `access-${refreshes}`,
        refreshToken: null,
        expiresInSeconds: 28_800,
      } as const;
      return Promise.resolve(answer ?? fresh);
    },
  });
});

const pool = () => bench.accounts.pool;
const addKey = () => bench.accounts.add({ name: 'work', apiKey: KEY }, 'dashboard').id;
const addMax = () =>
  bench.accounts.addOauth(
    { name: 'max', accessToken: 'access-0', refreshToken: 'refresh', expiresAt: 9e12, consent: true },
    'dashboard',
  ).id;
/** A request that the provider refuses; false when the account would not even be asked. */
async function refusedRequest(id: string): Promise<boolean> {
  if (pool().problem(id) !== null) return false;
  const used = pool().credentialNow(id)!;
  await pool().credentialRefused(id, used, 'The provider refused its key (401)');
  return true;
}

test('a refused key is tried again by one request after 10 min, 1 h and 6 h, and shown as refused meanwhile', async () => {
  const id = addKey();
  await refusedRequest(id);
  for (const rest of [10 * MINUTE, HOUR, 6 * HOUR, 6 * HOUR]) {
    bench.clock.advance(rest - 1);
    expect(pool().problem(id)).not.toBeNull();
    expect(pool().credentialNow(id)).toBeNull();
    bench.clock.advance(1);
    expect(pool().problem(id)).toBeNull();
    expect(bench.accounts.shownProblem(id)).toMatchObject({ definitive: true });
    expect(await refusedRequest(id)).toBe(true);
    expect(await refusedRequest(id)).toBe(false);
  }
  expect(bench.events).toHaveLength(1);
  expect(bench.audits.filter(({ action }) => action === 'account.key_refused')).toHaveLength(1);
});

test('of many requests at once one carries the refused key, the others are told', async () => {
  const id = addKey();
  await refusedRequest(id);
  bench.clock.advance(10 * MINUTE);
  const results = await Promise.all(Array.from({ length: 20 }, () => pool().credential(id)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a key that works again loses its mark, with an event, and its next refusal begins anew', async () => {
  const id = addKey();
  await refusedRequest(id);
  bench.clock.advance(10 * MINUTE);
  await refusedRequest(id);
  bench.clock.advance(HOUR);
  expect(pool().credentialNow(id)?.value).toBe(KEY);
  pool().touched(id, bench.clock.now());
  expect(pool().problem(id)).toBeNull();
  expect(bench.accounts.shownProblem(id)).toBeNull();
  expect(bench.rows.get(id)).toMatchObject({ credentialState: 'ok', credentialWords: null });
  expect(bench.events.at(-1)).toMatchObject({
    level: 'good',
    code: 'account_key_works_again',
    accountId: id,
  });
  expect(bench.audits.at(-1)).toMatchObject({ action: 'account.key_works_again', outcome: 'ok' });
  pool().touched(id, bench.clock.now());
  expect(bench.events).toHaveLength(2);
  await refusedRequest(id);
  bench.clock.advance(10 * MINUTE);
  expect(pool().problem(id)).toBeNull();
});

test('late answers to requests of before the refusal do not count as a trial', async () => {
  const id = addKey();
  const used = pool().credentialNow(id)!;
  await refusedRequest(id);
  pool().touched(id, bench.clock.now());
  expect(pool().problem(id)).not.toBeNull();
  await pool().credentialRefused(id, used, 'late');
  bench.clock.advance(10 * MINUTE);
  expect(pool().problem(id)).toBeNull();
});

test('a trial whose request comes to nothing is free for the next one a minute later', async () => {
  const id = addKey();
  await refusedRequest(id);
  bench.clock.advance(10 * MINUTE);
  expect(pool().credentialNow(id)).not.toBeNull();
  bench.clock.advance(MINUTE - 1);
  expect(pool().credentialNow(id)).toBeNull();
  bench.clock.advance(1);
  expect(pool().credentialNow(id)).not.toBeNull();
});

test('after a restart a refused key rests once more and is tried then', async () => {
  const id = addKey();
  await refusedRequest(id);
  const again = createAccountsBench(bench.deps.tokens);
  for (const [rowId, row] of bench.rows) again.rows.set(rowId, row);
  again.accounts.load();
  expect(again.accounts.pool.problem(id)).not.toBeNull();
  again.clock.advance(10 * MINUTE);
  expect(again.accounts.pool.problem(id)).toBeNull();
  expect(again.accounts.pool.credentialNow(id)?.value).toBe(KEY);
});

test('a key that was refused in one place is free in another, and in another header', async () => {
  const id = addKey();
  const endpoint = { baseUrl: 'https://api.anthropic.com', headerStyle: 'x-api-key', modelMap: {} } as const;
  await refusedRequest(id);
  bench.accounts.setEndpoint({ id, ...endpoint, modelMap: { a: 'b' } }, 'dashboard');
  expect(pool().problem(id)).not.toBeNull();
  expect(bench.replaced).toEqual([]);
  bench.accounts.setEndpoint({ id, ...endpoint, headerStyle: 'bearer' }, 'dashboard');
  expect(pool().problem(id)).toBeNull();
  expect(pool().credentialNow(id)).toMatchObject({ header: 'authorization', value: `Bearer ${KEY}` });
  await refusedRequest(id);
  bench.accounts.setEndpoint(
    { id, ...endpoint, baseUrl: 'https://gateway.example/', headerStyle: 'bearer' },
    'dashboard',
  );
  expect(pool().credentialNow(id)).not.toBeNull();
  expect(bench.replaced).toEqual([id, id]);
  const count = bench.audits.length;
  bench.accounts.setEndpoint(
    { id, baseUrl: 'https://gateway.example', headerStyle: 'bearer', modelMap: {} },
    'tray',
  );
  expect(bench.audits).toHaveLength(count);
});

test('a login that is refused again right after its renewal is tried once more after an hour, not more often', async () => {
  const id = addMax();
  expect(await refusedRequest(id)).toBe(true);
  expect(await refusedRequest(id)).toBe(true);
  expect(refreshes).toBe(1);
  expect(pool().problem(id)?.reason).toContain('Sign in again');
  bench.clock.advance(HOUR);
  expect(pool().problem(id)).toBeNull();
  expect(await refusedRequest(id)).toBe(true);
  expect(pool().problem(id)).not.toBeNull();
  bench.clock.advance(100 * HOUR);
  expect(pool().problem(id)).not.toBeNull();
  expect(refreshes).toBe(1);
});

test('a login whose token has ended before its trial is renewed for it first', async () => {
  const id = addMax();
  await refusedRequest(id);
  await refusedRequest(id);
  bench.clock.advance(9 * HOUR);
  expect(pool().problem(id)).toBeNull();
  expect(await pool().credential(id)).toMatchObject({ ok: true, credential: { value: 'Bearer access-2' } });
  pool().touched(id, bench.clock.now());
  expect(bench.accounts.shownProblem(id)).toBeNull();
});

test('a login whose trial ends with a definitive answer of the token endpoint is not tried any more', async () => {
  const id = addMax();
  await refusedRequest(id);
  await refusedRequest(id);
  bench.clock.advance(9 * HOUR);
  answer = { ok: false, definitive: true, reason: 'invalid_grant', retryAfterMs: null };
  expect(await pool().credential(id)).toMatchObject({ ok: false, problem: { definitive: true } });
  bench.clock.advance(100 * HOUR);
  expect(pool().problem(id)).not.toBeNull();
  expect(refreshes).toBe(2);
});

test('a login that the token endpoint refused for good is never tried by itself', async () => {
  const id = addMax();
  answer = { ok: false, definitive: true, reason: 'invalid_grant', retryAfterMs: null };
  await refusedRequest(id);
  bench.clock.advance(100 * HOUR);
  expect(pool().problem(id)).not.toBeNull();
  bench.accounts.load();
  bench.clock.advance(100 * HOUR);
  expect(pool().problem(id)).not.toBeNull();
});
