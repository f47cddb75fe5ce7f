import { createHash } from 'node:crypto';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failures, startSimulator } from '../../simulator/simulator.ts';
import { TopLevelScanner } from './json-scan.ts';
import { proxyTo, send, upstream } from './testing-http.ts';
import { type TestAccount, until } from './testing-seen.ts';

const CLIENT_MODEL = 'claude-sonnet-5-5';
const MAP = { [CLIENT_MODEL]: 'vendor/"große"\\sonnet' };
const MAPPED = JSON.stringify(MAP[CLIENT_MODEL]);
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

type Received = { secret: string; body: Buffer; headers: http.IncomingHttpHeaders };

/** Two accounts at one upstream: the first has other names for models, and `fails` says whether it refuses. */
async function gateway(options: { fails?: boolean; only?: boolean; map?: Record<string, string> } = {}) {
  const received: Received[] = [];
  const baseUrl = await upstream((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const secret = String(req.headers['x-api-key']);
      received.push({ secret, body: Buffer.concat(chunks), headers: req.headers });
      res.statusCode = options.fails === true && secret === 'sk-mapped' ? 429 : 200;
      res.setHeader('content-type', 'application/json');
      res.end('{"type":"error","error":{"type":"rate_limit_error","message":"full"}}');
    });
  });
  const accounts: TestAccount[] = [
    { name: 'mapped', secret: 'sk-mapped', baseUrl, modelMap: options.map ?? MAP },
    { name: 'plain', secret: 'sk-plain', baseUrl },
  ];
  return { received, accounts: options.only === true ? accounts.slice(0, 1) : accounts };
}

const message = (content: string, model = JSON.stringify(CLIENT_MODEL)): string =>
  `{ "max_tokens":10,\n\t"messages":[{"role":"user","model":"claude-sonnet-5-5","content":${JSON.stringify(content)}}],` +
  `"model" :  ${model} , "tools":[{"model":"claude-sonnet-5-5"}], "x":1.50e+0 }\n`;

/** What must arrive: the client's text with the one string replaced. */
const expected = (text: string, model = JSON.stringify(CLIENT_MODEL)): string =>
  text.replace(`"model" :  ${model} ,`, `"model" :  ${MAPPED} ,`);

describe('the name of the model', () => {
  test.each([
    ['a small body', 'Grüße, 世界 "quoted" \\ {[', {}],
    ['a body over the routing bound', 'x'.repeat(300_000), {}],
    ['a body in many chunks, sent on as a stream', 'é"\\'.repeat(900_000), {}],
  ])('is the only part of the bytes that changes: %s', async (_name, content) => {
    const { received, accounts } = await gateway();
    const { keyUrl, seen, proxy } = await proxyTo(accounts);
    const text = message(content);
    await send(`${keyUrl}/v1/messages?beta=true`, {}, text);
    await send(`${keyUrl}/v1/messages/count_tokens`, {}, text, true);
    expect(received.map(({ secret }) => secret)).toEqual(['sk-mapped', 'sk-mapped']);
    for (const { body, headers } of received) {
      expect(headers['content-length']).toBe(String(body.length));
      expect(sha256(body)).toBe(sha256(expected(text)));
    }
    expect(await seen.nextRecord()).toMatchObject({
      model: CLIENT_MODEL,
      requestBytes: Buffer.byteLength(text),
    });
    expect(seen.chosen[0]?.model).toBe(CLIENT_MODEL);
    expect(proxy.replayBytes()).toBe(0);
  });

  test('is found when the client writes it with escapes, and its key too', async () => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts);
    const written = '"claude\\u002dsonnet-5\\u002D5"';
    const text = message('hi', written);
    await send(`${keyUrl}/v1/messages`, {}, text);
    await send(`${keyUrl}/v1/messages`, {}, text.replace('"model" :  ', '"mod\\u0065l" :  '));
    expect(received[0]?.body.toString()).toBe(expected(text, written));
    expect(received[1]?.body.toString()).toContain(`"mod\\u0065l" :  ${MAPPED} ,`);
  });

  test('of a key that occurs twice the last is replaced: it is the one that counts', async () => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts);
    await send(`${keyUrl}/v1/messages`, {}, `{"model":"other","messages":[],"model":"${CLIENT_MODEL}"}`);
    expect(received[0]?.body.toString()).toBe(`{"model":"other","messages":[],"model":${MAPPED}}`);
  });

  test.each([
    ['not on the list', JSON.stringify({ model: 'claude-opus-5-5', messages: [] })],
    ['a name of every object', JSON.stringify({ model: 'constructor', messages: [] })],
    ['no text', '{"model":5,"messages":[]}'],
    ['absent', '{"messages":[{"model":"claude-sonnet-5-5"}]}'],
    ['in a body that is no JSON', `nonsense "model":"${CLIENT_MODEL}"`],
  ])('stays when it is %s', async (_name, text) => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts);
    await send(`${keyUrl}/v1/messages`, {}, text);
    expect(received).toMatchObject([{ secret: 'sk-mapped' }]);
    expect(received[0]?.body.toString()).toBe(text);
  });

  test('in uploads and batches is nobody’s business', async () => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts);
    const text = JSON.stringify({ model: CLIENT_MODEL, requests: [{ params: { model: CLIENT_MODEL } }] });
    await send(`${keyUrl}/v1/messages/batches`, {}, text);
    expect(received[0]?.body.toString()).toBe(text);
  });
});

describe('fail-over', () => {
  test.each([20, 400_000, 3_000_000])(
    'from an account with other names to one without sends the original bytes: %i',
    async (size) => {
      const { received, accounts } = await gateway({ fails: true });
      const { keyUrl } = await proxyTo(accounts);
      const text = message('y'.repeat(size));
      expect((await send(`${keyUrl}/v1/messages`, {}, text)).status).toBe(200);
      expect(received.map(({ secret, body }) => [secret, sha256(body)])).toEqual([
        ['sk-mapped', sha256(expected(text))],
        ['sk-plain', sha256(text)],
      ]);
    },
  );

  test('to an account with other names waits for the rest of a body that is still being sent', async () => {
    const simulator = await startSimulator({
      accounts: [{ name: 'first', kind: 'api-key', secret: 'sk-first' }],
    });
    onTestFinished(() => simulator.close());
    simulator.script({ account: 'first', beforeBody: true }, failures.apiKeyLongLimit());
    const { received, accounts } = await gateway();
    const first = { name: 'first', secret: 'sk-first', baseUrl: simulator.url };
    const { keyUrl, seen } = await proxyTo([first, ...accounts]);
    const text = message('z'.repeat(600_000));
    const early = `{"model":"${CLIENT_MODEL}","metadata":{"user_id":"{\\"session_id\\":\\"s\\"}"},${text.slice(1)}`;
    const bytes = Buffer.from(early);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-length': bytes.length };
      const req = http.request(`${keyUrl}/v1/messages`, { method: 'POST', agent: false, headers }, (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on('error', reject);
      req.write(bytes.subarray(0, 200_000));
      until(() => seen.rested.length > 0).then(() => req.end(bytes.subarray(200_000)), reject);
    });
    expect(status).toBe(200);
    expect(received.map(({ secret }) => secret)).toEqual(['sk-mapped']);
    expect(sha256(received[0]?.body ?? '')).toBe(sha256(expected(early)));
  });

  test('the credential is refreshed and the name replaced again', async () => {
    const bodies: string[] = [];
    const base = await upstream((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      req.on('end', () => {
        bodies.push(text);
        res.statusCode = req.headers.authorization === 'Bearer t-fresh' ? 200 : 401;
        res.end('{}');
      });
    });
    const account: TestAccount = { name: 'max', kind: 'oauth', secret: 't', baseUrl: base, modelMap: MAP };
    const { keyUrl } = await proxyTo([account]);
    await send(`${keyUrl}/v1/messages`, {}, message('hi'));
    expect(bodies).toEqual([expected(message('hi')), expected(message('hi'))]);
  });
});

describe('an account whose names cannot be put in is passed over, with a reason', () => {
  test.each([
    ['too large to be kept', message('w'.repeat(200_000)), {}],
    ['compressed', gzipSync(message('hi')), { 'content-encoding': 'gzip' }],
    ['in a coding that nobody here reads', Buffer.from('??'), { 'content-encoding': 'zstd' }],
  ])('%s', async (_name, body, headers) => {
    const { received, accounts } = await gateway();
    const { keyUrl, seen } = await proxyTo(accounts, { settings: { replayBufferBytes: 100_000 } });
    expect((await send(`${keyUrl}/v1/messages`, { headers }, body)).status).toBe(200);
    expect(received.map(({ secret, body: got }) => [secret, sha256(got)])).toEqual([
      ['sk-plain', sha256(body)],
    ]);
    const record = await seen.nextRecord();
    expect(record.trace.attempts.map((tried) => [tried.accountName, tried.verdict])).toEqual([
      ['mapped', 'model_map_needs_buffer'],
      ['plain', 'ok'],
    ]);
    expect(seen.rested).toEqual([]);
  });

  test('a body of unknown length that outgrows the buffer', async () => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts, { settings: { replayBufferBytes: 200_000 } });
    const text = message('w'.repeat(2_000_000));
    expect((await send(`${keyUrl}/v1/messages`, {}, text, true)).status).toBe(200);
    expect(received.map(({ secret, body }) => [secret, sha256(body)])).toEqual([['sk-plain', sha256(text)]]);
  });

  test('alone in the pool: an error in plain words, nothing sent', async () => {
    const { received, accounts } = await gateway({ only: true });
    const { keyUrl } = await proxyTo(accounts, { settings: { replayBufferBytes: 1000 } });
    const answer = await send(`${keyUrl}/v1/messages`, {}, message('w'.repeat(5000)));
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.body.toString()).toContain('replay buffer');
    expect(received).toEqual([]);
  });

  test('compressed with a model that keeps its name: it is sent as it is', async () => {
    const { received, accounts } = await gateway();
    const { keyUrl } = await proxyTo(accounts);
    const body = gzipSync(JSON.stringify({ model: 'claude-opus-5-5', messages: [] }));
    await send(`${keyUrl}/v1/messages`, { headers: { 'content-encoding': 'gzip' } }, body);
    expect(received.map(({ secret, body: got }) => [secret, sha256(got)])).toEqual([
      ['sk-mapped', sha256(body)],
    ]);
  });
});

test('a client that leaves while its body is waited for leaves nothing behind', async () => {
  const { received, accounts } = await gateway({ only: true });
  const { keyUrl, proxy, seen } = await proxyTo(accounts);
  const req = http.request(`${keyUrl}/v1/messages`, {
    method: 'POST',
    agent: false,
    headers: { 'content-length': 500_000 },
  });
  req.on('error', () => undefined);
  req.write(
    `{"model":"${CLIENT_MODEL}","metadata":{"user_id":"{\\"session_id\\":\\"s\\"}"},`.padEnd(200_000),
  );
  await until(() => seen.chosen.length === 1);
  expect(proxy.replayBytes()).toBeGreaterThan(0);
  req.destroy();
  expect(await seen.nextRecord()).toMatchObject({ terminal: 'client-closed' });
  expect(proxy.replayBytes()).toBe(0);
  expect(received).toEqual([]);
});

test('an API key sent as a bearer token gets no login’s beta, and counts as a key when it is refused', async () => {
  const seenHeaders: http.IncomingHttpHeaders[] = [];
  const base = await upstream((req, res) => {
    seenHeaders.push(req.headers);
    req.resume();
    res.statusCode = 401;
    res.end('{"type":"error","error":{"type":"authentication_error","message":"no"}}');
  });
  const account: TestAccount = { name: 'gateway', secret: 'gw-key', headerStyle: 'bearer', baseUrl: base };
  const { keyUrl, seen } = await proxyTo([account]);
  const own = { 'x-api-key': 'client-own', 'anthropic-beta': 'a-1' };
  await send(`${keyUrl}/v1/messages`, { headers: own }, message('hi'));
  expect(seenHeaders[0]).toMatchObject({ authorization: 'Bearer gw-key', 'anthropic-beta': 'a-1' });
  expect(seenHeaders[0]).not.toHaveProperty('x-api-key');
  expect(seen.refused).toEqual(['id-gateway']);
});

test('the place of a value is right however the bytes are cut', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.integer(),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const document = fc.dictionary(fc.oneof(fc.constant('model'), fc.string({ maxLength: 6 })), value, {
    maxKeys: 8,
  });
  const cuts = fc.array(fc.nat(), { maxLength: 10 });
  fc.assert(
    fc.property(document, cuts, fc.constantFrom(0, 2), (given, at, indent) => {
      const bytes = Buffer.from(JSON.stringify(given, null, indent));
      const scanner = new TopLevelScanner(['model'], true);
      let from = 0;
      for (const cut of [...at.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
        scanner.write(bytes.subarray(from, cut));
        from = cut;
      }
      const span = scanner.span('model');
      if (!Object.hasOwn(given, 'model')) expect(span).toBeNull();
      else
        expect(JSON.parse(bytes.subarray(span?.start, span?.end).toString())).toEqual(
          JSON.parse(JSON.stringify(given.model)),
        );
    }),
    { numRuns: 1000 },
  );
});
