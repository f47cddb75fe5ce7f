import { describe, expect, onTestFinished, test } from 'vitest';
import type { LimitReading } from '../../../shared/account.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';
import { failures, hold, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { createProviderRequest, type ProviderRequest } from '../oauth/provider-request.ts';
import type { Account, CredentialResult } from '../ports.ts';
import type { UsageCheckRow } from '../store-ports.ts';
import { createUsageChecks } from './usage-checks.ts';

const MINUTE = 60_000;
const TOKEN = 'sk-ant-oat01-usage-SECRET';
const PATH = '/api/oauth/usage';

function account(id: string, kind: Account['kind']): Account {
  return {
    id,
    name: id,
    kind,
    baseUrl: 'https://gateway.example',
    priority: 0,
    paused: false,
    createdAt: 0,
    headerStyle: 'x-api-key',
    modelMap: {},
  };
}

async function setUp(wrap: (request: ProviderRequest) => ProviderRequest = (request) => request) {
  const clock = createFakeClock();
  const simulator = await startSimulator({
    clock,
    accounts: [
      {
        name: 'plan',
        kind: 'oauth',
        secret: TOKEN,
        windows: { '5h': { utilization: 0.42, resetAt: clock.now() + 60 * MINUTE } },
      },
    ],
  });
  onTestFinished(() => simulator.close());
  const accounts = new Map([account('plan', 'oauth'), account('key', 'api-key')].map((a) => [a.id, a]));
  const learnt: { id: string; readings: readonly LimitReading[] }[] = [];
  const changes: string[] = [];
  const log: string[] = [];
  const held: { credential: CredentialResult } = {
    credential: { ok: true, credential: { header: 'authorization', value: `Bearer ${TOKEN}`, version: 1 } },
  };
  const note = (event: string, fields?: object): void => void log.push(`${event} ${JSON.stringify(fields)}`);
  const rows = new Map<string, UsageCheckRow>();
  const open = () =>
    createUsageChecks({
      store: {
        list: () => [...rows.values()],
        put: (row) => void rows.set(row.accountId, row),
        remove: (id) => void rows.delete(id),
      },
      accounts: { get: (id) => accounts.get(id), credential: () => Promise.resolve(held.credential) },
      limits: { learn: (id, readings) => void learnt.push({ id, readings }) },
      request: wrap(createProviderRequest()),
      settings: {
        current: () => ({ ...DEFAULT_SETTINGS, oauthApiUrl: `${simulator.url}/` }),
        onChange: () => () => undefined,
      },
      clock,
      log: { debug: note, info: note, warn: note, error: note },
      random: () => 0,
      onChange: (id) => void changes.push(id),
    });
  const checks = open();
  const minutesToNext = () => ((checks.view('plan')?.nextAt ?? 0) - clock.now()) / MINUTE;
  return { clock, simulator, accounts, checks, open, learnt, changes, log, held, minutesToNext };
}

const reads = (simulator: Simulator): number => simulator.requests.length;

test('a page is read with the login and its beta, learnt and shown', async () => {
  const { clock, simulator, checks, learnt, changes } = await setUp();
  expect(checks.view('plan')).toEqual({ checkedAt: null, nextAt: 0, error: null });
  await checks.check('plan');
  expect(simulator.requests[0]).toMatchObject({
    method: 'GET',
    url: PATH,
    headers: { authorization: `Bearer ${TOKEN}`, 'anthropic-beta': 'oauth-2025-04-20' },
  });
  expect(learnt).toMatchObject([
    { id: 'plan', readings: [{ bucket: '5h', utilisation: 0.42, source: 'usage-endpoint' }] },
  ]);
  expect(checks.view('plan')).toEqual({
    checkedAt: clock.now(),
    nextAt: clock.now() + 10 * MINUTE,
    error: null,
  });
  expect(changes).toEqual(['plan']);
});

test('asked again within ten minutes, or by many at once, it reads once', async () => {
  const { clock, simulator, checks, changes } = await setUp();
  await Promise.all(Array.from({ length: 20 }, () => checks.check('plan')));
  clock.advance(10 * MINUTE - 1);
  await checks.check('plan');
  expect(reads(simulator)).toBe(1);
  expect(changes).toEqual(['plan']);
  clock.advance(1);
  await checks.check('plan');
  expect(reads(simulator)).toBe(2);
});

test('a restart does not bring the next read forward, nor does a clock that was wrong put it off for long', async () => {
  const { clock, simulator, checks, open } = await setUp();
  await checks.check('plan');
  const after = open();
  expect(after.view('plan')).toEqual(checks.view('plan'));
  await after.check('plan');
  expect(reads(simulator)).toBe(1);
  clock.setWall(clock.now() - 365 * 24 * 60 * MINUTE);
  const later = open();
  clock.advance(24 * 60 * MINUTE);
  await later.check('plan');
  expect(reads(simulator)).toBe(2);
  later.forget('plan');
  expect(open().view('plan')).toMatchObject({ checkedAt: null, nextAt: 0 });
});

test('a wall clock set back by a year does not stop the next read', async () => {
  const { clock, simulator, checks } = await setUp();
  await checks.check('plan');
  clock.setWall(clock.now() - 365 * 24 * 60 * MINUTE);
  clock.advance(10 * MINUTE);
  await checks.check('plan');
  expect(reads(simulator)).toBe(2);
});

test('an API key has no page and is never asked', async () => {
  const { simulator, checks } = await setUp();
  await checks.check('key');
  await checks.check('nobody');
  expect(checks.view('key')).toBeNull();
  expect(checks.view('nobody')).toBeNull();
  expect(reads(simulator)).toBe(0);
});

test('a token without the scope has no page from then on, and that is no fault', async () => {
  const { clock, simulator, checks, changes, log } = await setUp();
  simulator.account('plan').scopes = ['user:inference'];
  await checks.check('plan');
  expect(checks.view('plan')).toBeNull();
  clock.advance(24 * 60 * MINUTE);
  await checks.check('plan');
  expect(reads(simulator)).toBe(1);
  expect(changes).toEqual(['plan']);
  expect(log).toEqual([]);
  checks.forget('plan');
  simulator.account('plan').scopes = ['user:profile'];
  await checks.check('plan');
  expect(checks.view('plan')).toMatchObject({ error: null, checkedAt: clock.now() });
});

describe('failures', () => {
  test('pause ten minutes, then twice as long each time up to two hours; a good answer starts anew', async () => {
    const { clock, simulator, checks, minutesToNext } = await setUp();
    simulator.script({ path: PATH, times: 6 }, failures.unavailable503());
    const pauses: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      await checks.check('plan');
      pauses.push(minutesToNext());
      clock.advance(minutesToNext() * MINUTE);
    }
    expect(pauses).toEqual([10, 20, 40, 80, 120, 120, 10]);
    expect(checks.view('plan')?.error).toBeNull();
  });

  test('a retry-after longer than the pause is honoured, a shorter one changes nothing', async () => {
    const { clock, simulator, checks, minutesToNext } = await setUp();
    simulator.script({ path: PATH, times: 1 }, failures.usageRateLimited(2895));
    await checks.check('plan');
    expect(minutesToNext()).toBe(2895 / 60);
    expect(checks.view('plan')?.error).toContain('less often');
    clock.advance(2895 * 1000);
    simulator.script({ path: PATH, times: 1 }, failures.usageRateLimited(0));
    await checks.check('plan');
    expect(minutesToNext()).toBe(20);
  });

  test.each([
    ['401', failures.oauthTokenExpired(), 'did not accept this login'],
    ['403', failures.subscriptionAccessDisabled(), 'does not let this login'],
    ['garbage', { kind: 'garbage' } as const, 'cannot be read'],
    ['a lost connection', failures.connectionReset(), 'could not be reached'],
    ['no such page', failures.pathNotFound(), 'status 404'],
  ])('%s is told in plain words and keeps the readings', async (_name, behaviour, words) => {
    const { clock, simulator, checks, learnt } = await setUp();
    await checks.check('plan');
    const checkedAt = clock.now();
    clock.advance(10 * MINUTE);
    simulator.script({ path: PATH }, behaviour);
    await checks.check('plan');
    expect(checks.view('plan')).toMatchObject({ checkedAt, error: expect.stringContaining(words) });
    expect(learnt).toHaveLength(1);
  });

  test('a page that never answers is given up', async () => {
    const { simulator, checks } = await setUp((request) => (call) => request({ ...call, timeoutMs: 50 }));
    simulator.script({ path: PATH }, failures.headersNeverCome());
    await checks.check('plan');
    expect(checks.view('plan')?.error).toContain('in time');
  });

  test('without a usable login nobody is asked, and there is no pause once there is one', async () => {
    const { simulator, checks, changes, held } = await setUp();
    const good = held.credential;
    held.credential = { ok: false, problem: { definitive: true, reason: 'Its secret is locked.' } };
    await checks.check('plan');
    await checks.check('plan');
    expect(reads(simulator)).toBe(0);
    expect(changes).toEqual(['plan']);
    expect(checks.view('plan')).toEqual({ checkedAt: null, nextAt: 0, error: 'Its secret is locked.' });
    held.credential = good;
    await checks.check('plan');
    expect(checks.view('plan')?.error).toBeNull();
  });

  test('no token reaches a log line or the view', async () => {
    const { simulator, checks, log } = await setUp();
    simulator.script({ path: PATH }, { kind: 'respond', status: 500, body: { error: { message: TOKEN } } });
    await checks.check('plan');
    expect(log).toHaveLength(1);
    expect(log.join() + JSON.stringify(checks.view('plan'))).not.toContain('SECRET');
  });
});

test('an account that goes, or signs in anew, while its page is read learns nothing of it', async () => {
  const { simulator, accounts, checks, learnt, changes } = await setUp();
  const held = hold();
  simulator.script({ path: PATH }, held.behaviour);
  const arrived = simulator.nextRequest();
  const check = checks.check('plan');
  await arrived;
  checks.forget('plan');
  accounts.delete('plan');
  held.release();
  await check;
  expect(learnt).toEqual([]);
  expect(changes).toEqual([]);
});
