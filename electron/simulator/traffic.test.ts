import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { hold, type ReceivedRequest, type Simulator, startSimulator } from './simulator.ts';
import { startTraffic } from './traffic.ts';
import { TrafficSession } from './traffic-session.ts';

const KEY = 'sk-ant-api03-test';
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ accounts: [{ name: 'key', kind: 'api-key', secret: KEY }] });
});

afterEach(() => simulator.close());

const start = (prefix = '') =>
  startTraffic({ baseUrl: simulator.url + prefix, clientKey: KEY, seed: 3, ratePerMinute: 60_000 });

function received(count: number): Promise<ReceivedRequest[]> {
  const requests: ReceivedRequest[] = [];
  return new Promise((resolve) => {
    const stop = simulator.onRequest((request) => {
      if (requests.push(request) < count) return;
      stop();
      resolve(requests);
    });
  });
}

test('several sessions talk to several models, streamed and plain, and then stop', async () => {
  const traffic = start();
  const requests = await received(80);
  await traffic.stop();
  const { sent } = traffic.counts;
  expect(traffic.counts.answered + traffic.counts.failed).toBe(sent);
  expect(traffic.counts.answered).toBeGreaterThan(60);

  const values = (name: string) => new Set(requests.map((request) => request.headers[name]));
  expect(values('x-claude-code-session-id').size).toBeGreaterThan(3);
  expect(values('x-claude-code-agent-type').size).toBeGreaterThan(2);
  expect([...values('user-agent')]).toEqual(['ccflare-demo/1']);
  const bodies = requests.map(
    (request) => JSON.parse(request.body.toString('utf8')) as Record<string, unknown>,
  );
  expect(new Set(bodies.map((body) => body.model)).size).toBeGreaterThan(2);
  expect(new Set(bodies.map((body) => body.stream))).toEqual(new Set([true, false]));
});

test('no more than eight requests are in flight, and stop breaks them', async () => {
  simulator.script({}, hold().behaviour);
  const eight = received(8);
  const traffic = start();
  const requests = await eight;
  expect(traffic.counts.sent).toBe(8);
  await traffic.stop();
  await Promise.all(requests.map((request) => request.closed));
  expect(requests.every((request) => request.aborted)).toBe(true);
});

test('a path prefix of the base address is kept', async () => {
  const traffic = start('/k/secret/');
  const [first] = await received(1);
  await traffic.stop();
  expect(first?.url).toMatch(/^\/k\/secret\/v1\/messages/);
});

test.each(['http://localhost:1', 'https://127.0.0.1:1', 'http://example.com'])('%s is refused', (baseUrl) => {
  expect(() => startTraffic({ baseUrl, clientKey: KEY, seed: 1, ratePerMinute: 1 })).toThrow(
    '127.0.0.1 only',
  );
});

test('the same seed makes the same session', () => {
  const run = () => {
    const session = new TrafficSession(createRandom(5), Date.UTC(2026, 10, 20));
    const requests = [];
    while (!session.finished) requests.push(session.next());
    return requests;
  };
  expect(run()).toEqual(run());
});
