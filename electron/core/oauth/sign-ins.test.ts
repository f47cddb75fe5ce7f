import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, call } from '../../simulator/testing/request.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import type { EngineStore } from '../store-ports.ts';
import type { SignInTicket } from '../thread-contract.ts';
import { createSignInBench, type SignInBench } from './testing.ts';

const MINUTE = 60_000;
const NOBODY = { accountId: null, email: null, organizationId: null, organizationName: null, plan: null };

let folder: string;
let store: EngineStore;
let bench: SignInBench;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-ins-'));
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

/** The person says yes on the provider's page; answers where the page sends the browser. */
async function consent(ticket: SignInTicket, who = 'me'): Promise<string> {
  const answer = await call(`${ticket.url}&account=${who}`);
  return answer.headers.location ?? '';
}

const redirect = async (ticket: SignInTicket, who = 'me') =>
  bench.signIns.redirected(ticket.id, await consent(ticket, who));

const view = () => bench.signIns.view();
const calls = (path: string) => bench.simulator.requests.filter(({ url }) => url.startsWith(path));
const actions = () => bench.audits.map(({ action, outcome, detail }) => [action, outcome, detail]);

/** An account of `who` that is there before the sign-in of the test. */
async function saveAccount(who: string, mode: Input['mode'] = 'subscription'): Promise<string> {
  const ticket = await start({ mode });
  await redirect(ticket, who);
  return bench.signIns.confirm({ id: ticket.id, name: who }, 'dashboard').id;
}

test('a subscription: window, identity, confirmation, account', async () => {
  const ticket = await start();
  expect(ticket.redirectUri).toBe(bench.settings.oauthRedirectUrl);
  expect(ticket.url.startsWith(bench.settings.oauthAuthorizeUrl)).toBe(true);
  expect(new URL(ticket.url).searchParams.get('scope')).toBe('user:profile user:inference');
  expect(view()).toMatchObject({
    id: ticket.id,
    phase: 'waiting',
    expiresAt: bench.clock.now() + 10 * MINUTE,
  });

  await redirect(ticket);
  const me = bench.simulator.account('me');
  const identity = {
    accountId: me.accountId,
    email: 'me@example.com',
    organizationId: me.organizationId,
    organizationName: 'me organization',
    plan: 'Max 5x',
  };
  expect(view()).toMatchObject({ phase: 'confirm', identity, suggestedName: 'me', duplicateOf: null });
  expect(bench.saved).toEqual([]);

  const { id } = bench.signIns.confirm({ id: ticket.id, name: 'Mine', priority: 3 }, 'dashboard');
  expect(bench.saved).toEqual([
    {
      id,
      name: 'Mine',
      kind: 'oauth',
      identity,
      baseUrl: bench.simulator.url,
      secret: {
        accessToken: me.secret,
        refreshToken: me.refreshToken,
        expiresAt: bench.clock.now() + 28_800_000,
      },
    },
  ]);
  expect(view()).toMatchObject({ phase: 'done', accountId: id, error: null });
  expect(bench.views.map((seen) => seen?.phase)).toEqual(['waiting', 'exchanging', 'confirm', 'done']);
  expect(actions()).toEqual([
    ['sign_in.start', 'ok', 'subscription, window'],
    ['sign_in.done', 'ok', 'subscription'],
  ]);
  expect(bench.audits.map(({ actor, subject }) => [actor, subject])).toEqual([
    ['dashboard', null],
    ['dashboard', 'Mine'],
  ]);
});

test('a console: a key is made and kept, the login is dropped', async () => {
  const ticket = await start({ mode: 'console', consent: false });
  expect(ticket.url.startsWith(bench.settings.oauthConsoleAuthorizeUrl)).toBe(true);
  expect(new URL(ticket.url).searchParams.get('scope')).toBe('org:create_api_key user:profile');
  await redirect(ticket);
  expect(view()).toMatchObject({ phase: 'confirm', identity: { plan: 'API', email: 'me@example.com' } });
  bench.signIns.confirm({ id: ticket.id, name: 'Key' }, 'dashboard');
  expect(bench.saved).toMatchObject([{ name: 'Key', kind: 'api-key' }]);
  expect(bench.saved[0]?.secret).toMatch(/^sk-ant-api03-/);
  const { secret, refreshToken } = bench.simulator.account('me');
  expect(JSON.stringify(bench.saved)).not.toMatch(new RegExp(`${secret}|${refreshToken}`));
});

test('the system’s browser: the code comes back to this computer', async () => {
  const ticket = await start({ way: 'browser' });
  expect(ticket.redirectUri).toMatch(/^http:\/\/localhost:\d+\/callback$/);
  const back = (await consent(ticket)).replace('//localhost:', '//127.0.0.1:');
  const page: Answer = await call(back);
  expect(page.status).toBe(200);
  expect(await bench.until('confirm')).toMatchObject({ way: 'browser', suggestedName: 'me' });
  await expect(call(back)).rejects.toThrow('ECONNREFUSED');
  bench.signIns.confirm({ id: ticket.id, name: 'Mine' }, 'dashboard');
  expect(bench.saved).toHaveLength(1);
});

test('a pasted code: as the page shows it, or the address of the page', async () => {
  for (const form of ['code', 'address']) {
    const ticket = await start({ way: 'paste' });
    const address = await consent(ticket);
    const query = new URL(address).searchParams;
    const text = form === 'code' ? ` ${query.get('code')}#${query.get('state')}\n` : address;
    await bench.signIns.paste(ticket.id, text);
    expect(view()).toMatchObject({ phase: 'confirm', way: 'paste' });
  }
});

test('half a code is said to be one, and the sign-in goes on waiting', async () => {
  const ticket = await start({ way: 'paste' });
  for (const text of ['abc', 'https://example.com/', '#']) {
    await expect(bench.signIns.paste(ticket.id, text)).rejects.toMatchObject({ code: 'invalid_input' });
  }
  expect(view()?.phase).toBe('waiting');
  await bench.signIns.paste(ticket.id, await consent(ticket));
  expect(view()?.phase).toBe('confirm');
});

test('a token without the profile scope: the token answer says whose it is', async () => {
  await bench.signIns.close();
  const ticket = await start();
  const url = ticket.url.replace('user%3Aprofile+', '');
  await bench.signIns.redirected(ticket.id, (await call(`${url}&account=me`)).headers.location ?? '');
  expect(view()).toMatchObject({ phase: 'confirm', identity: { email: 'me@example.com', plan: null } });
  expect(calls('/api/oauth/profile')[0]?.status).toBe(403);
});

test('no consent, no subscription login', async () => {
  await expect(start({ consent: false })).rejects.toMatchObject({ code: 'consent_needed' });
  expect(view()).toBeNull();
  expect(bench.audits).toEqual([]);
});

test('a login that is an account already is not saved twice, and the way out is named', async () => {
  const id = await saveAccount('me');
  const ticket = await start();
  await redirect(ticket);
  expect(view()).toMatchObject({ phase: 'confirm', duplicateOf: { id, name: 'me' }, suggestedName: 'me 2' });
  const confirm = () => bench.signIns.confirm({ id: ticket.id, name: 'again' }, 'dashboard');
  expect(confirm).toThrow(
    expect.objectContaining({
      code: 'duplicate_account',
      message: expect.stringContaining('remove it first'),
    }),
  );
  bench.saved.length = 0;
  expect(confirm()).toEqual({ id: 'account-1' });
});

test('for a console login that is an account already no second key is made', async () => {
  await saveAccount('me', 'console');
  const ticket = await start({ mode: 'console' });
  await redirect(ticket);
  expect(view()).toMatchObject({ phase: 'confirm', duplicateOf: { name: 'me' } });
  expect(calls('/api/oauth/claude_cli/create_api_key')).toHaveLength(1);
  const confirm = () => bench.signIns.confirm({ id: ticket.id, name: 'again' }, 'dashboard');
  expect(confirm).toThrow(expect.objectContaining({ code: 'duplicate_account' }));
  bench.saved.length = 0;
  expect(confirm).toThrow(expect.objectContaining({ code: 'conflict' }));
});

test('a name that is taken can be replaced by another', async () => {
  await saveAccount('me');
  const ticket = await start();
  await redirect(ticket, 'you');
  const confirm = (name: string) => bench.signIns.confirm({ id: ticket.id, name }, 'dashboard');
  expect(() => confirm('me')).toThrow(expect.objectContaining({ code: 'name_taken' }));
  expect(view()?.phase).toBe('confirm');
  confirm('you');
  expect(bench.saved.map(({ name }) => name)).toEqual(['me', 'you']);
});

test('signing in again replaces the login without a question', async () => {
  const accountId = await saveAccount('me');
  const before = bench.saved[0]?.secret;
  const ticket = await start({ accountId });
  expect(view()).toMatchObject({ phase: 'waiting', accountId });
  await redirect(ticket);
  expect(view()).toMatchObject({ phase: 'done', accountId });
  expect(bench.saved).toHaveLength(1);
  expect(bench.saved[0]?.secret).toMatchObject({ accessToken: bench.simulator.account('me').secret });
  expect(bench.saved[0]?.secret).not.toEqual(before);
  expect(bench.audits.at(-1)).toMatchObject({ action: 'sign_in.done', subject: 'me' });
});

test('signing in again at the console replaces the key', async () => {
  const accountId = await saveAccount('me', 'console');
  const before = bench.saved[0]?.secret;
  await redirect(await start({ mode: 'console', accountId }));
  expect(view()).toMatchObject({ phase: 'done', accountId });
  expect(bench.saved[0]?.secret).toMatch(/^sk-ant-api03-/);
  expect(bench.saved[0]?.secret).not.toBe(before);
});

test.each(['subscription', 'console'] as const)(
  'signing in again as somebody else changes nothing and names both (%s)',
  async (mode) => {
    const accountId = await saveAccount('me', mode);
    const before = structuredClone(bench.saved);
    const made = calls('/api/oauth/claude_cli/create_api_key').length;
    await redirect(await start({ mode, accountId }), 'you');
    expect(view()).toMatchObject({ phase: 'failed', accountId, error: { code: 'other_account' } });
    expect(view()?.error?.message).toMatch(/me@example\.com \(me organization\).*you@example\.com/);
    expect(bench.saved).toEqual(before);
    expect(calls('/api/oauth/claude_cli/create_api_key')).toHaveLength(made);
  },
);

test('the same person in another organisation is another account', async () => {
  const accountId = await saveAccount('me');
  const [account] = bench.saved;
  if (account) account.identity = { ...account.identity, organizationId: 'other', organizationName: 'Other' };
  await redirect(await start({ accountId }));
  expect(view()?.error).toMatchObject({ code: 'other_account' });
});

test('an account of which nothing is known takes the login of whoever signs in to it', async () => {
  const accountId = await saveAccount('me');
  const [account] = bench.saved;
  if (account) account.identity = NOBODY;
  await redirect(await start({ accountId }), 'you');
  expect(view()?.phase).toBe('done');
  expect(bench.saved[0]?.identity.email).toBe('you@example.com');
});

test('an account of which nothing is known does not become a second one of a console login, and no key is made', async () => {
  await saveAccount('me', 'console');
  const accountId = await saveAccount('you', 'console');
  const [, account] = bench.saved;
  if (account) account.identity = NOBODY;
  const made = calls('/api/oauth/claude_cli/create_api_key').length;
  await redirect(await start({ mode: 'console', accountId }), 'me');
  expect(view()).toMatchObject({ phase: 'failed', error: { code: 'duplicate_account' } });
  expect(calls('/api/oauth/claude_cli/create_api_key')).toHaveLength(made);
});

test('a login that does not say whose it is does not replace one that is known', async () => {
  const accountId = await saveAccount('me');
  const before = structuredClone(bench.saved);
  const answer = { access_token: 'sk-ant-oat01-anonymous', expires_in: 60 };
  bench.simulator.script({ path: '/v1/oauth/token' }, { kind: 'respond', status: 200, body: answer });
  await redirect(await start({ accountId }));
  expect(view()?.error).toMatchObject({ code: 'sign_in_refused' });
  expect(bench.saved).toEqual(before);
});

test('an account can only be signed in to in its own way, and must be there', async () => {
  const accountId = await saveAccount('me');
  await expect(start({ mode: 'console', accountId })).rejects.toMatchObject({ code: 'conflict' });
  await expect(start({ accountId: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
});

test('an account that is removed meanwhile stays removed', async () => {
  const accountId = await saveAccount('me');
  const ticket = await start({ accountId });
  bench.saved.length = 0;
  await redirect(ticket);
  expect(view()?.error).toMatchObject({ code: 'not_found' });
  expect(bench.saved).toEqual([]);
});

test('how it ended is shown until the next start, or until it is put away', async () => {
  await saveAccount('me');
  expect(view()?.phase).toBe('done');
  const ticket = await start();
  expect(view()?.phase).toBe('waiting');
  bench.signIns.cancel('another');
  expect(view()?.phase).toBe('waiting');
  bench.signIns.cancel(ticket.id);
  expect(view()).toBeNull();
  expect(bench.audits.at(-1)).toMatchObject({ action: 'sign_in.failed', detail: 'sign_in_cancelled' });
});
