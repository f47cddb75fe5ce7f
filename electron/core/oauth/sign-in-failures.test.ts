import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oauthFailures } from '../../simulator/oauth-failures.ts';
import { call } from '../../simulator/testing/request.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import { AppError } from '../errors.ts';
import type { EngineStore } from '../store-ports.ts';
import type { SignInTicket } from '../thread-contract.ts';
import { createSignInBench, type SignInBench } from './testing.ts';

const TOKEN = '/v1/oauth/token';
const CREATE = '/api/oauth/claude_cli/create_api_key';
const MINUTE = 60_000;

let folder: string;
let store: EngineStore;
let bench: SignInBench;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-failures-'));
  store = openEngineStore(folder);
  bench = await createSignInBench(store.oauthSessions);
});

afterEach(async () => {
  bench.signIns.close();
  await bench.simulator.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Input = Parameters<SignInBench['signIns']['start']>[0];

const start = (input: Partial<Input> = {}) =>
  bench.signIns.start({ mode: 'subscription', way: 'window', consent: true, ...input }, 'dashboard');

const consent = async (ticket: SignInTicket, query = '&account=me'): Promise<string> =>
  (await call(ticket.url + query)).headers.location ?? '';

const sign = async (input: Partial<Input> = {}): Promise<SignInTicket> => {
  const ticket = await start(input);
  await bench.signIns.redirected(ticket.id, await consent(ticket));
  return ticket;
};

const view = () => bench.signIns.view();
const failedWith = (code: string, words: RegExp) => {
  expect(view()).toMatchObject({ phase: 'failed', error: { code } });
  expect(view()?.error?.message).toMatch(words);
  expect(bench.audits.at(-1)).toMatchObject({ action: 'sign_in.failed', detail: code });
  expect(bench.saved).toEqual([]);
};

test('the person’s no on the provider’s page is told as theirs', async () => {
  const ticket = await start();
  await bench.signIns.redirected(ticket.id, await consent(ticket, '&decline=1'));
  failedWith('sign_in_denied', /declined.*The user denied the request/);
  expect(store.oauthSessions.take(ticket.id)).toBeNull();
});

test('a no in the system’s browser shows a page that says so', async () => {
  const ticket = await start({ way: 'browser' });
  const back = await consent(ticket, '&decline=1');
  const page = await call(back.replace('//localhost:', '//127.0.0.1:'));
  expect(page.body.toString()).toContain('Not signed in');
  failedWith('sign_in_denied', /declined/);
});

test('the provider’s no is told with its reason', async () => {
  const ticket = await start();
  await bench.signIns.redirected(ticket.id, `${ticket.redirectUri}?error=invalid_scope`);
  failedWith('sign_in_refused', /invalid_scope/);
});

test.each([
  ['a refused code', () => oauthFailures.tokenInvalidGrant(), /invalid_grant/],
  ['a refused client', () => oauthFailures.tokenInvalidClient(), /invalid_client/],
  ['garbage', () => oauthFailures.tokenGarbage(), /could not be read/],
  ['an answer without a token', () => oauthFailures.tokenMissing(), /could not be read/],
  ['trouble of the endpoint', () => oauthFailures.tokenServerError(), /answered 500.*Start again\.$/],
  ['a limit', () => oauthFailures.tokenRateLimited(180), /answered 429.*Start again in 3 min\.$/],
])('token endpoint: %s ends the sign-in in words', async (_name, behaviour, words) => {
  bench.simulator.script({ path: TOKEN }, behaviour());
  await sign();
  failedWith('sign_in_refused', words);
});

test('a token endpoint that is not reached keeps no code: start again', async () => {
  bench.simulator.script({ path: TOKEN, times: 1 }, { kind: 'reset' });
  const ticket = await sign();
  failedWith('sign_in_unreachable', /network, then start again/);
  expect(store.oauthSessions.take(ticket.id)).toBeNull();
  await sign();
  expect(view()?.phase).toBe('confirm');
});

test('a token endpoint that never answers is given up', async () => {
  const slow = await createSignInBench(store.oauthSessions, { timeoutMs: 50 });
  try {
    slow.simulator.script({ path: TOKEN }, { kind: 'hold' });
    const input = { mode: 'subscription', way: 'window', consent: true } as const;
    const ticket = await slow.signIns.start(input, 'tray');
    await slow.signIns.redirected(ticket.id, await consent(ticket));
    expect(slow.signIns.view()?.error).toMatchObject({ code: 'sign_in_unreachable' });
  } finally {
    slow.signIns.close();
    await slow.simulator.close();
  }
});

test.each([
  ['refused', () => oauthFailures.scopeMissing('org:create_api_key'), 'sign_in_refused', /role/],
  ['not reached', () => ({ kind: 'reset' }) as const, 'sign_in_unreachable', /start again/],
])('a console login whose key was %s saves nothing', async (_name, behaviour, code, words) => {
  bench.simulator.script({ path: CREATE }, behaviour());
  await sign({ mode: 'console' });
  failedWith(code, words);
});

test('after ten minutes it is given up, and what comes then is not used', async () => {
  const ticket = await start();
  const address = await consent(ticket);
  bench.clock.advance(10 * MINUTE - 1);
  expect(view()?.phase).toBe('waiting');
  bench.clock.advance(1);
  failedWith('sign_in_expired', /took longer than/);
  await bench.signIns.redirected(ticket.id, address);
  expect(bench.simulator.requests.filter(({ url }) => url === TOKEN)).toEqual([]);
  expect(store.oauthSessions.take(ticket.id)).toBeNull();
});

test('a sign-in that may take another time is not said to have taken ten minutes', async () => {
  bench.settings.signInTimeoutMs = 5000;
  await start();
  bench.clock.advance(5000);
  failedWith('sign_in_expired', /took longer than allowed/);
  expect(view()?.error?.message).not.toMatch(/10 minutes/);
});

test('after a sleep the end counts even before its timer rings', async () => {
  const ticket = await start();
  const address = await consent(ticket);
  bench.clock.setWall(bench.clock.now() + 11 * MINUTE);
  await bench.signIns.redirected(ticket.id, address);
  failedWith('sign_in_expired', /Start again/);
});

test('a listener closes when its time is over', async () => {
  const ticket = await start({ way: 'browser' });
  bench.clock.advance(10 * MINUTE);
  await expect(call(ticket.redirectUri.replace('localhost', '127.0.0.1'))).rejects.toThrow('ECONNREFUSED');
});

test('a login waits ten minutes for its confirmation, then it is forgotten', async () => {
  const ticket = await start();
  bench.clock.advance(9 * MINUTE);
  await bench.signIns.redirected(ticket.id, await consent(ticket));
  bench.clock.advance(9 * MINUTE);
  expect(view()?.phase).toBe('confirm');
  bench.clock.setWall(bench.clock.now() + 5 * MINUTE);
  const confirm = () => bench.signIns.confirm({ id: ticket.id, name: 'late' }, 'dashboard');
  expect(confirm).toThrow(expect.objectContaining({ code: 'sign_in_expired' }));
  failedWith('sign_in_expired', /Nothing was saved/);
});

test('a window that was closed ends it; one that closes after its redirect does not', async () => {
  const closed = await start();
  bench.signIns.windowClosed('another', null);
  expect(view()?.phase).toBe('waiting');
  bench.signIns.windowClosed(closed.id, null);
  failedWith('sign_in_cancelled', /cancelled/);
  const shown = await sign();
  bench.signIns.windowClosed(shown.id, null);
  expect(view()?.phase).toBe('confirm');
});

test('a window that could not show the page says why', async () => {
  const ticket = await start();
  bench.signIns.windowClosed(ticket.id, 'ERR_NAME_NOT_RESOLVED\n');
  failedWith('sign_in_unreachable', /\(ERR_NAME_NOT_RESOLVED\)/);
});

test('locked secrets: nothing begins, and no listener stays', async () => {
  const seal = bench.deps.vault.seal;
  bench.deps.vault.seal = () => {
    throw new AppError('vault_locked', 'Locked.');
  };
  await expect(start({ way: 'browser' })).rejects.toMatchObject({ code: 'vault_locked' });
  bench.deps.vault.seal = seal;
  expect(view()).toBeNull();
  expect(bench.audits).toEqual([]);
});

test('an audit that cannot be written stops the start, but not the end', async () => {
  const { audit } = bench.deps;
  const write = audit.write;
  audit.write = () => {
    throw new AppError('database_busy', 'Busy.');
  };
  await expect(start()).rejects.toMatchObject({ code: 'database_busy' });
  expect(view()).toBeNull();
  audit.write = write;
  const ticket = await start();
  audit.write = () => {
    throw new AppError('database_busy', 'Busy.');
  };
  bench.signIns.windowClosed(ticket.id, null);
  expect(view()?.error).toMatchObject({ code: 'sign_in_cancelled' });
  audit.write = write;
});
