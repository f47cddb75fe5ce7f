import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hold } from '../../simulator/simulator.ts';
import { call } from '../../simulator/testing/request.ts';
import { openEngineStore } from '../../store/engine-store.ts';
import type { EngineStore } from '../store-ports.ts';
import type { SignInTicket } from '../thread-contract.ts';
import { challengeOf } from './pkce.ts';
import { createSignInBench, type SignInBench } from './testing.ts';

const TOKEN = '/v1/oauth/token';

let folder: string;
let store: EngineStore;
let bench: SignInBench;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-attacks-'));
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

const consent = async (ticket: SignInTicket, who = 'me'): Promise<string> =>
  (await call(`${ticket.url}&account=${who}`)).headers.location ?? '';

const view = () => bench.signIns.view();
const exchanges = () => bench.simulator.requests.filter(({ url }) => url === TOKEN);
const loopback = (address: string): string => address.replace('//localhost:', '//127.0.0.1:');
const failedWith = (code: string) => {
  expect(view()).toMatchObject({ phase: 'failed', error: { code } });
  expect(bench.audits.at(-1)).toMatchObject({ action: 'sign_in.failed', outcome: 'failed', detail: code });
};

/** Everything in the data folder, whichever file it is in. */
const disk = (): Buffer => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

test('attack: a redirect with a state of the attacker’s own is never exchanged', async () => {
  bench.simulator.signIn.behaviour = 'wrong-state';
  const ticket = await start();
  await bench.signIns.redirected(ticket.id, await consent(ticket));
  failedWith('sign_in_state');
  expect(exchanges()).toEqual([]);
});

test('attack: a pasted code with a foreign state is never exchanged', async () => {
  const ticket = await start({ way: 'paste' });
  await bench.signIns.paste(ticket.id, `code_of_the_attacker#${'s'.repeat(43)}`);
  failedWith('sign_in_state');
  expect(exchanges()).toEqual([]);
});

test('attack: a code without any state is never exchanged', async () => {
  const ticket = await start();
  await bench.signIns.redirected(ticket.id, `${ticket.redirectUri}?code=code_of_the_attacker`);
  failedWith('sign_in_state');
  expect(exchanges()).toEqual([]);
});

test('attack: the redirect of another flow does not finish this one', async () => {
  const first = await start();
  const stolen = await consent(first, 'you');
  const second = await start();
  await bench.signIns.redirected(second.id, stolen);
  failedWith('sign_in_state');
  expect(exchanges()).toEqual([]);
});

test('attack: a redirect for a sign-in that was given up does nothing to the one that runs', async () => {
  const first = await start();
  const late = await consent(first);
  await start();
  await bench.signIns.redirected(first.id, late);
  await expect(bench.signIns.paste(first.id, late)).rejects.toMatchObject({ code: 'not_found' });
  expect(view()?.phase).toBe('waiting');
  expect(exchanges()).toEqual([]);
});

test.each(['https://evil.example/oauth/code/callback', 'http://127.0.0.1:1/oauth/code/callback'])(
  'attack: right code and state on the foreign address %s are not used',
  async (foreign) => {
    const ticket = await start();
    const { search } = new URL(await consent(ticket));
    await bench.signIns.redirected(ticket.id, foreign + search);
    failedWith('sign_in_state');
    expect(exchanges()).toEqual([]);
  },
);

test('attack: a code that comes twice is exchanged once', async () => {
  const ticket = await start();
  const address = await consent(ticket);
  await Promise.all([
    bench.signIns.redirected(ticket.id, address),
    bench.signIns.redirected(ticket.id, address),
    bench.signIns.paste(ticket.id, address),
  ]);
  expect(view()?.phase).toBe('confirm');
  await bench.signIns.redirected(ticket.id, address);
  await bench.signIns.paste(ticket.id, address);
  expect(exchanges()).toHaveLength(1);
  expect(view()?.phase).toBe('confirm');
});

test('attack: a code that somebody else has used already is refused, and nothing is saved', async () => {
  const ticket = await start();
  const address = await consent(ticket);
  const fields = Object.fromEntries(new URL(address).searchParams);
  const body = { grant_type: 'authorization_code', client_id: 'x', ...fields };
  await call(bench.settings.oauthTokenUrl, { headers: { 'content-type': 'application/json' }, body });
  await bench.signIns.redirected(ticket.id, address);
  failedWith('sign_in_refused');
  expect(bench.saved).toEqual([]);
});

test('attack: another page that calls the loopback listener with a made-up code wins nothing', async () => {
  const ticket = await start({ way: 'browser' });
  const page = await call(loopback(`${ticket.redirectUri}?code=made-up&state=made-up`));
  expect(page.status).toBe(400);
  failedWith('sign_in_state');
  expect(exchanges()).toEqual([]);
  await expect(call(loopback(ticket.redirectUri))).rejects.toThrow('ECONNREFUSED');
});

test('attack: a rebound name reaches the loopback listener and is turned away', async () => {
  const ticket = await start({ way: 'browser' });
  const back = loopback(await consent(ticket));
  expect((await call(back, { headers: { host: 'evil.example' } })).status).toBe(403);
  expect(exchanges()).toEqual([]);
  expect((await call(back)).status).toBe(200);
  await bench.until('confirm');
});

test('attack: a new start closes the old listener, and its code is worth nothing', async () => {
  const first = await start({ way: 'browser' });
  const back = loopback(await consent(first));
  await start({ way: 'browser' });
  await expect(call(back)).rejects.toThrow('ECONNREFUSED');
  expect(exchanges()).toEqual([]);
});

test('of two starts at once one remains', async () => {
  const outcomes = await Promise.allSettled([start({ way: 'browser' }), start({ way: 'browser' })]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(outcomes[0]).toMatchObject({ reason: { code: 'sign_in_cancelled' } });
  const [, second] = outcomes;
  expect(view()?.id).toBe(second.status === 'fulfilled' ? second.value.id : null);
});

test('attack: who reads the disk finds no verifier and no secret; verifier and state go when they are used', async () => {
  const ticket = await start();
  const query = new URL(ticket.url).searchParams;
  const state = query.get('state') ?? '';
  const waiting = disk();
  expect(waiting.includes(state)).toBe(true);
  const address = await consent(ticket);
  const code = new URL(address).searchParams.get('code') ?? '';
  await bench.signIns.redirected(ticket.id, address);
  const sent: { code_verifier: string } = JSON.parse(exchanges()[0]?.body.toString() ?? '');
  expect(challengeOf(sent.code_verifier)).toBe(query.get('code_challenge'));
  const { secret, refreshToken = '' } = bench.simulator.account('me');
  for (const hidden of [sent.code_verifier, code, secret, refreshToken]) {
    expect(waiting.includes(hidden)).toBe(false);
    expect(disk().includes(hidden)).toBe(false);
  }
  expect(store.oauthSessions.take(ticket.id)).toBeNull();
});

test('attack: nothing secret is in log, audit or view, however it ends', async () => {
  const secrets: string[] = [];
  const sign = async (mode: Input['mode'], who: string): Promise<SignInTicket> => {
    const ticket = await start({ mode });
    const address = await consent(ticket, who);
    const query = new URL(address).searchParams;
    secrets.push(query.get('state') ?? '', query.get('code') ?? '');
    await bench.signIns.redirected(ticket.id, address);
    return ticket;
  };
  bench.signIns.confirm({ id: (await sign('subscription', 'me')).id, name: 'a' }, 'dashboard');
  bench.signIns.confirm({ id: (await sign('console', 'you')).id, name: 'b' }, 'dashboard');
  bench.simulator.script(
    { path: TOKEN },
    {
      kind: 'custom',
      handle: (_req, res) => {
        const said = `${exchanges().at(-1)?.body} ${secrets.at(-1)}`;
        res.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_description: said }));
      },
    },
  );
  await sign('subscription', 'me');
  failedWith('sign_in_refused');
  for (const { body } of exchanges()) secrets.push(JSON.parse(body.toString()).code_verifier);
  for (const name of ['me', 'you']) {
    const { secret, refreshToken = '' } = bench.simulator.account(name);
    secrets.push(secret, refreshToken);
  }
  secrets.push(String(bench.saved[1]?.secret));
  expect(new Set(secrets).size).toBe(14);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(4);
    expect(bench.words()).not.toContain(secret);
  }
});

test('attack: sessions that an earlier run left cannot be finished', async () => {
  const ticket = await start();
  const address = await consent(ticket);
  const later = await createSignInBench(store.oauthSessions);
  try {
    expect(store.oauthSessions.take(ticket.id)).toBeNull();
    await later.signIns.redirected(ticket.id, address);
    expect(later.signIns.view()).toBeNull();
    await bench.signIns.redirected(ticket.id, address);
    failedWith('sign_in_expired');
    expect(exchanges()).toEqual([]);
  } finally {
    await later.simulator.close();
  }
});

test.each([
  ['cancelled', () => bench.signIns.cancel(view()?.id ?? ''), undefined],
  ['replaced', () => void start(), 'waiting'],
  ['expired', () => bench.clock.advance(600_000), 'failed'],
])('a login that arrives after its sign-in was %s is dropped', async (_name, end, phase) => {
  const held = hold();
  bench.simulator.script({ path: TOKEN }, held.behaviour);
  const ticket = await start();
  const asked = bench.simulator.nextRequest(({ url }) => url === TOKEN);
  const settled = bench.signIns.redirected(ticket.id, await consent(ticket));
  await asked;
  end();
  held.release();
  await settled;
  expect(view()?.phase).toBe(phase);
  expect(() => bench.signIns.confirm({ id: ticket.id, name: 'x' }, 'dashboard')).toThrow('is over');
  expect(bench.saved).toEqual([]);
});
