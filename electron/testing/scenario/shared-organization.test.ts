import { afterEach, expect, test } from 'vitest';
import type { SimulatorAccount } from '../../simulator/simulator.ts';
import { answered, MINUTE, question, server } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const RESET_AT = MORNING + 45 * MINUTE;

/** Two keys of one organisation, which the provider counts together, and one of another. */
async function stageOfKeys(requests: number): Promise<void> {
  const shared = { requests: { limit: 50, remaining: requests, resetAt: RESET_AT } };
  const key = (
    name: string,
    organization: string,
    windows: SimulatorAccount['windows'],
  ): SimulatorAccount => ({
    name,
    kind: 'api-key',
    secret: `sk-ant-api03-scenario-${name}-aaaaaaaa`,
    organizationId: `org-${organization}`,
    ...(windows === undefined ? {} : { windows }),
  });
  stage = await startStage({
    accounts: [
      key('acme-1', 'acme', shared),
      key('acme-2', 'acme', shared),
      key('other', 'other', { requests: { limit: 50, remaining: 50, resetAt: RESET_AT } }),
    ],
    settings: { strategy: 'priority' },
  });
  for (const account of ['acme-1', 'acme-2', 'other']) {
    await answered(stage, question(`hello-${account}`, { headers: { 'x-ccflare-account': account } }));
  }
}

const arrivedAt = (since: number): string[] => stage.pace.arrivals.slice(since).map(({ account }) => account);

test('two keys of one organisation are one: the refusal of the first is not collected from the second as well', async () => {
  await stageOfKeys(2);
  const before = stage.pace.arrivals.length;
  expect(server(await answered(stage, question('s')))).toBe('other');
  expect(arrivedAt(before)).toEqual(['acme-1', 'other']);
  for (const account of ['acme-1', 'acme-2']) {
    expect(stage.rooms.limits.blocking(stage.idOf(account), null, stage.clock.now())?.until).toBe(RESET_AT);
  }
  expect(stage.rooms.limits.blocking(stage.idOf('other'), null, stage.clock.now())).toBeNull();
});

test('when the limit refills both are back', async () => {
  await stageOfKeys(2);
  await answered(stage, question('s'));
  await stage.run(RESET_AT - stage.clock.now() + 2001);
  expect(server(await answered(stage, question('new')))).toBe('acme');
  const headers = { 'x-ccflare-account': 'acme-2' };
  expect(server(await answered(stage, question('asked for', { headers })))).toBe('acme');
});

test('who shares the limits of an account that comes back after a restart gets one request first, too', async () => {
  await stageOfKeys(2);
  await answered(stage, question('s'));
  await stage.restart('quit');
  await stage.run(RESET_AT - stage.clock.now() + 2001);
  const began = stage.clock.monotonic();
  const headers = { 'x-ccflare-account': 'acme-2' };
  const answers = Array.from({ length: 20 }, (_, n) => stage.ask(question(`s-${n}`, { headers })));
  await stage.finish();
  expect((await Promise.all(answers)).map(server)).toEqual(Array(20).fill('acme'));
  const arrivals = stage.pace.arrivals.filter(({ at }) => at >= began).map(({ at }) => at - began);
  expect(arrivals.filter((at) => at < 4000)).toEqual([0]);
});

test('a refusal of one key as such says nothing about the other', async () => {
  await stageOfKeys(20);
  stage.simulator.account('acme-1').revoke();
  const before = stage.pace.arrivals.length;
  expect(server(await answered(stage, question('s')))).toBe('acme');
  expect(arrivedAt(before).at(-1)).toBe('acme-2');
});
