import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failures, type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { MESSAGE, proxyTo, send, upstream } from './testing-http.ts';
import type { TestAccount } from './testing-seen.ts';

async function simulated(): Promise<{ simulator: Simulator; accounts: TestAccount[] }> {
  const simulator = await startSimulator({
    accounts: [
      { name: 'first', kind: 'api-key', secret: 'sk-first' },
      { name: 'second', kind: 'api-key', secret: 'sk-second' },
    ],
  });
  onTestFinished(() => simulator.close());
  const accounts = ['first', 'second'].map((name) => ({
    name,
    secret: `sk-${name}`,
    baseUrl: simulator.url,
  }));
  return { simulator, accounts };
}

const REQUEST = JSON.stringify({
  model: 'claude-sonnet-5-5',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Hello' }],
});
const HEADERS = { headers: { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' } };

describe('fail-over', () => {
  test('a limit on one account: the same bytes go to the next, and the client notices nothing', async () => {
    const { simulator, accounts } = await simulated();
    simulator.script({ account: 'first' }, failures.apiKeyLongLimit());
    const { keyUrl, seen } = await proxyTo(accounts);
    const answer = await send(`${keyUrl}/v1/messages`, HEADERS, REQUEST);
    expect(answer.status).toBe(200);
    expect(simulator.requests.map((request) => [request.account, request.body.toString()])).toEqual([
      ['first', REQUEST],
      ['second', REQUEST],
    ]);
    const record = await seen.nextRecord();
    expect(record).toMatchObject({
      accountName: 'second',
      attempts: 2,
      terminal: 'complete',
      errorCode: null,
    });
    expect(record.trace.attempts.map((tried) => [tried.accountName, tried.verdict, tried.action])).toEqual([
      ['first', 'quota_rejected', 'next-account'],
      ['second', 'ok', 'deliver'],
    ]);
    expect(record.trace.candidates.map((candidate) => candidate.decision)).toEqual(['chosen', 'fallback']);
    expect(seen.rested.map((rest) => rest.accountId)).toEqual(['id-first']);
    expect(seen.events.map((event) => event.code)).toEqual(['account_cooldown', 'failover']);
    expect(seen.served.map((served) => served.accountId)).toEqual(['id-second']);
    expect([...seen.inFlightByAccount.values()]).toEqual([0, 0]);
  });

  test('a wish about the limits of one account is not passed on to another', async () => {
    const { simulator, accounts } = await simulated();
    simulator.script({ account: 'first' }, failures.apiKeyLongLimit());
    const { keyUrl } = await proxyTo(accounts);
    const headers = { ...HEADERS.headers, 'Anthropic-Usage-Limit': 'slow', 'x-claude-code-other': 'kept' };
    await send(`${keyUrl}/v1/messages`, { headers }, REQUEST);
    const [first, second] = simulator.requests;
    expect(first?.headers).toMatchObject({ 'anthropic-usage-limit': 'slow', 'x-claude-code-other': 'kept' });
    expect(second?.headers).toMatchObject({ 'x-claude-code-other': 'kept' });
    expect(second?.headers['anthropic-usage-limit']).toBeUndefined();
  });

  test('an account that lost its credential is passed over; the raw 401 never shows', async () => {
    const { simulator, accounts } = await simulated();
    simulator.script({ account: 'first' }, failures.invalidApiKey());
    const { keyUrl, seen } = await proxyTo(accounts);
    expect((await send(`${keyUrl}/v1/messages`, HEADERS, REQUEST)).status).toBe(200);
    expect(seen.refused).toEqual(['id-first']);
  });

  test('an OAuth token that was refused is refreshed and the request sent again, once', async () => {
    const credentials: unknown[] = [];
    const base = await upstream((req, res) => {
      credentials.push(req.headers.authorization);
      req.resume();
      res.statusCode = req.headers.authorization === 'Bearer t-fresh' ? 200 : 401;
      res.end('{"type":"error","error":{"type":"authentication_error","message":"expired"}}');
    });
    const { keyUrl } = await proxyTo([{ name: 'max', kind: 'oauth', secret: 't', baseUrl: base }]);
    expect((await send(`${keyUrl}/v1/messages`, {}, MESSAGE)).status).toBe(200);
    expect(credentials).toEqual(['Bearer t', 'Bearer t-fresh']);
  });

  test('an overloaded provider is tried once more on the same account, then its own answer is delivered', async () => {
    const body = gzipSync('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}');
    let requests = 0;
    const base = await upstream((req, res) => {
      requests += 1;
      req.resume();
      res.writeHead(529, {
        'content-encoding': 'gzip',
        'x-should-retry': 'true',
        'content-length': body.length,
      });
      res.end(body);
    });
    const { keyUrl, seen } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect([answer.status, answer.headers['x-should-retry'], requests]).toEqual([529, 'true', 2]);
    expect(answer.body.equals(body)).toBe(true);
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'complete', status: 529, attempts: 2 });
    expect(seen.rested).toEqual([]);
  });

  test('a request the provider finds wrong goes back as it is and is tried nowhere else', async () => {
    const { simulator, accounts } = await simulated();
    simulator.script({}, failures.thinkingSignatureInvalid());
    const { keyUrl } = await proxyTo(accounts);
    const answer = await send(`${keyUrl}/v1/messages`, HEADERS, REQUEST);
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain('thinking');
    expect(simulator.requests.length).toBe(1);
  });

  test('a connection lost before any byte is tried once more, then told as 502', async () => {
    let requests = 0;
    const base = await upstream((req) => {
      requests += 1;
      req.socket.resetAndDestroy();
    });
    const { keyUrl, seen } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect([answer.status, requests]).toEqual([502, 2]);
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      type: 'error',
      error: { type: 'api_error' },
      request_id: answer.headers['request-id'],
    });
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'failed', errorCode: 'upstream_unreachable' });
  });

  test('an idle connection that the server has closed meanwhile costs nothing', async () => {
    let requests = 0;
    const base = await upstream((req, res) => {
      requests += 1;
      req.resume();
      req.on('end', () => {
        if (requests === 2) req.socket.destroy();
        else res.end('{}');
      });
    });
    const { keyUrl, seen } = await proxyTo(base, { settings: { retryAttempts: 0 } });
    expect((await send(`${keyUrl}/v1/messages`, {}, MESSAGE)).status).toBe(200);
    expect((await send(`${keyUrl}/v1/messages`, {}, MESSAGE)).status).toBe(200);
    await seen.nextRecord();
    expect(await seen.nextRecord()).toMatchObject({ attempts: 1 });
    expect(requests).toBe(3);
  });

  test('a body over the replay bound streams and is not sent twice', async () => {
    const accounts: unknown[] = [];
    const base = await upstream((req, res) => {
      accounts.push(req.headers['x-api-key']);
      req.resume();
      req.on('end', () => {
        res.writeHead(429, { 'retry-after': '5' });
        res.end('{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}');
      });
    });
    const specs = ['a', 'b'].map((name) => ({ name, secret: name, baseUrl: base }));
    const { keyUrl, seen } = await proxyTo(specs, { settings: { replayBufferBytes: 1000 } });
    const answer = await send(`${keyUrl}/v1/messages`, {}, Buffer.alloc(300_000, 'x'));
    expect([answer.status, accounts]).toEqual([429, ['a']]);
    expect(answer.body.toString()).toContain('slow down');
    const { trace } = await seen.nextRecord();
    expect(trace.attempts).toMatchObject([
      { action: 'deliver', reason: expect.stringContaining('too large') },
    ]);
    expect(trace.conclusion).toContain('too large to be kept for another try');
  });

  test('a large body is kept and sent again to the next account, also when the first refuses half-way', async () => {
    const body = Buffer.alloc(3_000_000, 'abc');
    let second: Buffer | null = null;
    const base = await upstream((req, res) => {
      if (req.headers['x-api-key'] === 'a') {
        req.resume();
        req.once('data', () => {
          res.writeHead(429, { 'retry-after': '5' });
          res.end('{"type":"error","error":{"type":"rate_limit_error","message":""}}');
        });
        return;
      }
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        second = Buffer.concat(chunks);
        res.end('{}');
      });
    });
    const { keyUrl, proxy } = await proxyTo(
      ['a', 'b'].map((name) => ({ name, secret: name, baseUrl: base })),
    );
    const answer = await send(`${keyUrl}/v1/files`, {}, body);
    expect(answer.status).toBe(200);
    expect(body.equals(second ?? Buffer.alloc(0))).toBe(true);
    expect(proxy.replayBytes()).toBe(0);
  });
});

describe('nobody can serve', () => {
  test.each([
    ['soon', '20', undefined],
    ['much later', '7200', 'false'],
  ])('every account rests, one is back %s: 429 with the time', async (_when, seconds, retry) => {
    const base = await upstream((req, res) => {
      req.resume();
      res.writeHead(429, { 'retry-after': req.headers['x-api-key'] === 'a' ? seconds : '90000' });
      res.end('{"type":"error","error":{"type":"rate_limit_error","message":"theirs"}}');
    });
    const { keyUrl, seen } = await proxyTo(['a', 'b'].map((name) => ({ name, secret: name, baseUrl: base })));
    for (const expected of [2, 0]) {
      const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
      expect(answer.status).toBe(429);
      expect(JSON.parse(answer.body.toString()).error.type).toBe('rate_limit_error');
      expect(answer.headers['retry-after']).toBe(seconds);
      expect(answer.headers['x-should-retry']).toBe(retry);
      expect(await seen.nextRecord()).toMatchObject({
        terminal: 'failed',
        errorCode: 'pool_exhausted',
        attempts: expected,
      });
    }
  });

  test('no account at all: 503', async () => {
    const { keyUrl } = await proxyTo([]);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect([answer.status, answer.headers['x-should-retry']]).toEqual([503, 'false']);
  });

  test('the only account was refused: 503 that names it, not the raw 401', async () => {
    const { simulator, accounts } = await simulated();
    simulator.script({}, failures.invalidApiKey());
    const { keyUrl } = await proxyTo(accounts.slice(0, 1));
    const answer = await send(`${keyUrl}/v1/messages`, HEADERS, REQUEST);
    expect([answer.status, answer.headers['x-should-retry']]).toEqual([503, 'false']);
    expect(JSON.parse(answer.body.toString()).error).toMatchObject({
      type: 'api_error',
      message: expect.stringContaining('"first"'),
    });
  });

  test('an account whose address is this proxy itself is not asked', async () => {
    const proxy = await proxyTo([{ name: 'loop', secret: 's', baseUrl: 'http://127.0.0.1:1' }]);
    proxy.moveAccounts(`http://localhost:${proxy.port}`);
    const answer = await send(`${proxy.keyUrl}/v1/messages`, {}, MESSAGE);
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('this proxy itself');
  });

  test('the client’s own credential is passed on only when that is switched on', async () => {
    const seen: unknown[] = [];
    const base = await upstream((req, res) => {
      seen.push([req.headers.authorization, req.headers['x-api-key']]);
      req.resume();
      res.end('{}');
    });
    const headers = { authorization: 'Bearer own-login' };
    for (const forwardClientCredentials of [false, true]) {
      const { keyUrl } = await proxyTo([], {
        settings: { forwardClientCredentials },
        deps: { defaultBaseUrl: base },
      });
      const answer = await send(`${keyUrl}/v1/messages`, { headers }, MESSAGE);
      expect(answer.status).toBe(forwardClientCredentials ? 200 : 503);
    }
    expect(seen).toEqual([['Bearer own-login', undefined]]);
  });
});

describe('resources', () => {
  test('a file is asked of the account it was made in, whichever is first', async () => {
    const asked: unknown[] = [];
    let id = 0;
    const base = await upstream((req, res) => {
      asked.push([req.method, req.headers['x-api-key']]);
      req.resume();
      id += 1;
      const body = gzipSync(JSON.stringify({ type: 'file', id: `file_${id}` }));
      res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      req.on('end', () => res.end(body));
    });
    const { keyUrl, seen } = await proxyTo(['a', 'b'].map((name) => ({ name, secret: name, baseUrl: base })));
    await send(`${keyUrl}/v1/files`, { headers: { 'accept-encoding': 'gzip' } }, 'content');
    await seen.nextRecord();
    expect([...seen.resources]).toEqual([['file_1', 'id-a']]);
    seen.resources.set('file_9', 'id-b');
    await send(`${keyUrl}/v1/files/file_9/content`);
    await send(`${keyUrl}/v1/messages`, {}, JSON.stringify({ model: 'm', container: { id: 'file_9' } }));
    const message = JSON.stringify({ model: 'm', messages: [{ content: [{ file_id: 'file_9' }] }] });
    await send(`${keyUrl}/v1/messages`, { headers: { 'anthropic-beta': 'files-api-2025-04-14' } }, message);
    expect(asked).toEqual([
      ['POST', 'a'],
      ['GET', 'b'],
      ['POST', 'b'],
      ['POST', 'b'],
    ]);
    const record = await seen.nextRecord();
    expect(record.trace.candidates[0]).toMatchObject({ accountName: 'b', reasonCode: 'pinned' });
  });
});

test('a thread that the provider keeps is continued on the account that began it', async () => {
  const { simulator, accounts } = await simulated();
  const { keyUrl, seen } = await proxyTo(accounts);
  const headers = { ...HEADERS.headers, 'anthropic-beta': 'threads-2026-09-01' };
  const first = await send(`${keyUrl}/v1/messages`, { headers }, REQUEST);
  const { id } = JSON.parse(first.body.toString()) as { id: string };
  await seen.nextRecord();
  expect([...seen.resources]).toEqual([[id, 'id-first']]);
  seen.resources.set(id, 'id-second');
  const next = JSON.stringify({ ...JSON.parse(REQUEST), previous_message_id: id });
  await send(`${keyUrl}/v1/messages`, { headers }, next);
  await send(`${keyUrl}/v1/messages`, HEADERS, REQUEST);
  expect(simulator.requests.map(({ account }) => account)).toEqual(['first', 'second', 'first']);
});

test('a start-up quota probe binds no session', async () => {
  const { simulator, accounts } = await simulated();
  const { keyUrl, seen } = await proxyTo(accounts);
  const probe = { model: 'claude-sonnet-5-5', max_tokens: 1, messages: [{ role: 'user', content: 'quota' }] };
  await send(`${keyUrl}/v1/messages?beta=true`, HEADERS, JSON.stringify(probe));
  await send(`${keyUrl}/v1/messages`, HEADERS, JSON.stringify({ ...probe, max_tokens: 2 }));
  expect(seen.chosen.map((request) => request.bind)).toEqual([false, true]);
  expect(simulator.requests.length).toBe(2);
});
