import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Demo, startDemo } from './demo.ts';
import { call, prompt, withToken } from './testing/request.ts';

let demo: Demo;

beforeEach(async () => {
  demo = await startDemo();
});

afterEach(() => demo.close());

test('three accounts are ready to be set up, with no address outside this computer', () => {
  expect(demo.accounts.map((account) => account.kind)).toEqual(['oauth', 'oauth', 'api-key']);
  for (const account of demo.accounts) {
    expect(account.baseUrl).toBe(demo.simulator.url);
    expect(account.tokenUrl).toBe(
      account.kind === 'oauth' ? `${demo.simulator.url}/v1/oauth/token` : undefined,
    );
    expect(account.accessToken ?? account.apiKey).toBe(demo.simulator.account(account.name).secret);
  }
});

test('the preferred account is full after a few messages', async () => {
  const [first] = demo.accounts;
  const headers = { ...withToken(first?.accessToken ?? ''), 'x-sim-events': '1' };
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => {
      return (await call(`${demo.simulator.url}/v1/messages`, { headers, body: prompt() })).status;
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  expect(statuses.filter((status) => status === 429)).toHaveLength(5);
});
