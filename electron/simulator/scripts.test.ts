import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failures, hold, type Simulator, startSimulator } from './simulator.ts';
import { call, events, prompt, withKey } from './testing/request.ts';

const KEY = 'sk-ant-api03-test';
const OTHER = 'sk-ant-api03-other';
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({
    accounts: [
      { name: 'key', kind: 'api-key', secret: KEY },
      { name: 'other', kind: 'api-key', secret: OTHER },
    ],
  });
});

afterEach(() => simulator.close());

const post = (body: object = prompt(), key = KEY) =>
  call(`${simulator.url}/v1/messages`, { headers: withKey(key), body });

test('scripts act in order, as often as told, then normal answers follow', async () => {
  simulator.script({ times: 1 }, failures.overloaded529());
  simulator.script({ times: 2 }, failures.apiError500());
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push((await post()).status);
  expect(statuses).toEqual([529, 500, 500, 200]);
});

test('a script holds for its account, path and model until it is taken away', async () => {
  const stop = simulator.script(
    { account: 'key', path: '/v1/messages', model: 'claude-opus-5-5' },
    failures.bare429(),
  );
  const opus = prompt({ model: 'claude-opus-5-5' });
  expect((await post(opus)).status).toBe(429);
  expect((await post(opus, OTHER)).status).toBe(200);
  expect((await post()).status).toBe(200);
  stop();
  expect((await post(opus)).status).toBe(200);
});

test('a held request is answered when released', async () => {
  const held = hold();
  simulator.script({ times: 1 }, held.behaviour);
  const arrived = simulator.nextRequest();
  const answer = post();
  expect((await arrived).status).toBeNull();
  held.release();
  expect((await answer).status).toBe(200);
});

test('a slow answer is the usual one, later', async () => {
  simulator.script({ times: 1 }, { kind: 'slow', delayMs: 5 });
  expect((await post()).status).toBe(200);
});

test('a reset gives no answer at all', async () => {
  simulator.script({}, failures.connectionReset());
  await expect(post()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await simulator.requests[0]?.closed;
  expect(simulator.requests[0]?.aborted).toBe(false);
});

test('a stream is cut after whole events', async () => {
  simulator.script({}, { kind: 'cut-stream', afterEvents: 4 });
  const answer = await post(prompt({ stream: true }));
  expect(answer.complete).toBe(false);
  expect(events(answer)).toHaveLength(4);
});

test('a stream is cut after bytes, inside an event', async () => {
  simulator.script({}, { kind: 'cut-stream', afterBytes: 777 });
  const answer = await post(prompt({ stream: true }));
  expect(answer).toMatchObject({ status: 200, complete: false });
  expect(answer.body.length).toBe(777);
});

test('a compressed stream is cut as well', async () => {
  simulator.script({}, { kind: 'cut-stream', afterEvents: 5 });
  const headers = { ...withKey(KEY), 'accept-encoding': 'gzip', 'x-sim-encoding': 'gzip' };
  const answer = await call(`${simulator.url}/v1/messages`, { headers, body: prompt({ stream: true }) });
  expect(answer).toMatchObject({ status: 200, complete: false });
  expect(answer.body.length).toBeGreaterThan(100);
});

test.each(['content-length', 'chunked'] as const)(
  'a plain body framed by %s is cut half-way',
  async (framing) => {
    simulator.script({}, { kind: 'cut-body', framing });
    const answer = await post();
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(answer.body.length).toBeGreaterThan(0);
    expect(answer.headers['content-length'] === undefined).toBe(framing === 'chunked');
  },
);

test('an error event ends a stream without message_stop', async () => {
  simulator.script({}, failures.streamOverloaded());
  const answer = await post(prompt({ stream: true }));
  expect(answer.status).toBe(200);
  expect(events(answer).at(-1)).toMatchObject({
    name: 'error',
    data: { error: { type: 'overloaded_error' } },
  });
});

test('garbage is no JSON or no HTTP', async () => {
  simulator.script({ times: 1 }, { kind: 'garbage' });
  simulator.script({ times: 1 }, { kind: 'garbage', layer: 'protocol' });
  expect((await post()).body.toString()).toContain('<html>');
  await expect(post()).rejects.toMatchObject({ code: 'HPE_INVALID_CONSTANT' });
});

test('a raw response is sent as it is', async () => {
  simulator.script(
    {},
    { kind: 'respond', status: 418, headers: { 'set-cookie': ['a=1', 'b=2'] }, body: 'tea' },
  );
  const answer = await post();
  expect(answer).toMatchObject({ status: 418, headers: { 'set-cookie': ['a=1', 'b=2'] } });
  expect(answer.headers['request-id']).toBeUndefined();
  expect(answer.body.toString()).toBe('tea');
});

test('a function answers on its own', async () => {
  simulator.script({}, { kind: 'custom', handle: (req, res) => void res.writeHead(201).end(req.url) });
  expect(await post()).toMatchObject({ status: 201, body: Buffer.from('/v1/messages') });
});

test('a script can answer before the body has been read', async () => {
  simulator.script({ beforeBody: true }, failures.requestTooLarge());
  const outgoing = httpRequest(`${simulator.url}/v1/messages`, {
    method: 'POST',
    headers: withKey(KEY),
    agent: false,
  });
  const status = new Promise((resolve) =>
    outgoing.once('response', (incoming) => resolve(incoming.statusCode)),
  );
  outgoing.write('{');
  expect(await status).toBe(413);
  outgoing.destroy();
});

test('a peer that leaves in the middle of a stream is recorded as such', async () => {
  simulator.script({}, failures.endlessStream(1));
  const arrived = simulator.nextRequest();
  const outgoing = httpRequest(`${simulator.url}/v1/messages`, {
    method: 'POST',
    headers: withKey(KEY),
    agent: false,
  });
  outgoing.once('response', (incoming) => incoming.once('data', () => outgoing.destroy()));
  outgoing.end(JSON.stringify(prompt({ stream: true })));
  const request = await arrived;
  await request.closed;
  expect(request.aborted).toBe(true);
  expect(request.abortedAt).toBeGreaterThanOrEqual(request.startedAt);
});

test('a peer that leaves in the middle of its body is recorded as such', async () => {
  const arrived = simulator.nextRequest();
  const headers = { ...withKey(KEY), 'content-length': '1000' };
  const outgoing = httpRequest(`${simulator.url}/v1/messages`, { method: 'POST', headers, agent: false });
  outgoing.on('error', () => {});
  outgoing.write('{"model"', () => outgoing.destroy());
  const request = await arrived;
  await request.closed;
  expect(request).toMatchObject({ aborted: true, status: null });
});
