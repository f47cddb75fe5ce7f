import http from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MESSAGE, proxyTo, send, upstream } from './testing-http.ts';
import { CLIENT_KEY } from './testing-seen.ts';

describe('headers', () => {
  test('go upstream in order, case and number, with one credential in place of the client’s', async () => {
    let seen: string[] = [];
    const base = await upstream((req, res) => {
      seen = req.rawHeaders;
      res.end('{}');
    });
    const { url } = await proxyTo(base);
    await send(
      `${url}/v1/messages?beta=true`,
      {
        headers: {
          'X-Custom': ['one', 'two'],
          'Anthropic-Version': '2023-06-01',
          'x-api-key': CLIENT_KEY,
          Connection: 'keep-alive, X-Hop',
          'X-Hop': 'gone',
          TE: 'trailers',
          'Accept-Encoding': 'gzip, br;q=0.9, zstd',
        },
      },
      MESSAGE,
    );
    expect(seen.filter((_, i) => i % 2 === 0)).toEqual([
      'host',
      'connection',
      'X-Custom',
      'X-Custom',
      'Anthropic-Version',
      'Accept-Encoding',
      'x-api-key',
      'content-length',
    ]);
    expect(seen).toContain('sk-upstream');
    expect(seen[seen.indexOf('Accept-Encoding') + 1]).toBe('gzip, br;q=0.9');
    expect(seen.join()).not.toContain(CLIENT_KEY);
  });

  test('come back in order, case and number, without those of the connection', async () => {
    const base = await upstream((_req, res) => {
      res.sendDate = false;
      res.writeHead(200, [
        'Set-Cookie',
        'a=1',
        'X-One',
        '1',
        'set-cookie',
        'b=2',
        'Connection',
        'X-Private',
        'X-Private',
        'gone',
        'Content-Type',
        'application/json',
        'Content-Length',
        '2',
      ]);
      res.end('{}');
    });
    const { keyUrl } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    const own = answer.rawHeaders.indexOf('Connection');
    expect(answer.rawHeaders.slice(0, own === -1 ? undefined : own)).toEqual([
      'Set-Cookie',
      'a=1',
      'X-One',
      '1',
      'set-cookie',
      'b=2',
      'Content-Type',
      'application/json',
      'Content-Length',
      '2',
    ]);
    expect(answer.headers.date).toBeUndefined();
  });

  test('an OAuth account gets its beta appended to the client’s list, once', async () => {
    const betas: (string | string[] | undefined)[] = [];
    const base = await upstream((req, res) => {
      betas.push(req.headers['anthropic-beta'], req.headers.authorization, req.headers['x-api-key']);
      res.end('{}');
    });
    const { keyUrl } = await proxyTo([{ name: 'max', kind: 'oauth', secret: 'token', baseUrl: base }]);
    const own = { authorization: 'Bearer client-own', 'x-api-key': 'client-own' };
    await send(`${keyUrl}/v1/messages`, { headers: { ...own, 'anthropic-beta': 'a-1,b-2' } }, MESSAGE);
    await send(`${keyUrl}/v1/messages`, { headers: { 'anthropic-beta': 'a-1, oauth-2025-04-20' } }, MESSAGE);
    await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect(betas).toEqual([
      'a-1,b-2,oauth-2025-04-20',
      'Bearer token',
      undefined,
      'a-1, oauth-2025-04-20',
      'Bearer token',
      undefined,
      'oauth-2025-04-20',
      'Bearer token',
      undefined,
    ]);
  });
});

describe('bytes', () => {
  const binary = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256));
  const cases: [string, Buffer, Record<string, string>][] = [
    ['gzip', gzipSync(binary), { 'content-encoding': 'gzip', 'content-type': 'application/json' }],
    ['brotli', brotliCompressSync(binary), { 'content-encoding': 'br' }],
    ['binary', binary, { 'content-type': 'application/octet-stream' }],
    ['empty', Buffer.alloc(0), {}],
  ];

  test.each(cases)('of an answer arrive unchanged: %s', async (_name, bytes, headers) => {
    const base = await upstream((_req, res) => {
      res.writeHead(200, { ...headers, 'content-length': bytes.length });
      res.end(bytes);
    });
    const { keyUrl } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers['content-length']).toBe(String(bytes.length));
  });

  test('of a chunked answer arrive unchanged when split inside a character', async () => {
    const text = Buffer.from('data: {"text":"ünïcödé 漢字 🎉"}\n\n'.repeat(20));
    const base = await upstream(async (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let i = 0; i < text.length; i += 7) {
        res.write(text.subarray(i, i + 7));
        await new Promise((resolve) => setImmediate(resolve));
      }
      res.end();
    });
    const { keyUrl, seen } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
    expect(answer.body.equals(text)).toBe(true);
    expect(await seen.nextRecord()).toMatchObject({
      streamed: true,
      responseBytes: text.length,
      terminal: 'complete',
    });
  });

  test.each([
    ['one byte', 1],
    ['some kilobytes', 200_000],
    ['many megabytes', 9_000_000],
  ])('of a request arrive unchanged: %s, with a length and chunked', async (_name, size) => {
    const received: Buffer[] = [];
    const base = await upstream((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        received.push(Buffer.concat(chunks));
        res.end('{}');
      });
    });
    const { keyUrl, proxy } = await proxyTo(base);
    const body = Buffer.alloc(size, 'abcdefg');
    await send(`${keyUrl}/v1/messages`, {}, body);
    await send(`${keyUrl}/v1/files`, { headers: { 'transfer-encoding': 'chunked' } }, body, true);
    await send(`${keyUrl}/v1/messages`, { headers: { 'content-encoding': 'gzip' } }, gzipSync(body));
    expect(received.map((bytes) => bytes.length)).toEqual([size, size, gzipSync(body).length]);
    expect(received[0]?.equals(body) && received[1]?.equals(body)).toBe(true);
    expect(proxy.replayBytes()).toBe(0);
  });

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
    ['POST', 204],
  ])('%s answered %i has no body and ends', async (method, status) => {
    const base = await upstream((_req, res) => {
      res.writeHead(status, status === 200 ? { 'content-length': '42' } : {});
      res.end();
    });
    const { keyUrl } = await proxyTo(base);
    const answer = await send(`${keyUrl}/v1/models`, { method }, method === 'POST' ? '{}' : undefined);
    expect(answer.status).toBe(status);
    expect(answer.body.length).toBe(0);
    expect(answer.headers['content-length']).toBe(status === 200 ? '42' : undefined);
  });
});

test('the base address of an account may have a path', async () => {
  let path = '';
  const base = await upstream((req, res) => {
    path = req.url ?? '';
    res.end('{}');
  });
  const { keyUrl } = await proxyTo([{ name: 'gateway', secret: 's', baseUrl: `${base}/claude/v0` }]);
  await send(`${keyUrl}/v1/messages/count_tokens?beta=true`, {}, MESSAGE);
  expect(path).toBe('/claude/v0/v1/messages/count_tokens?beta=true');
});

test('a client that asks first whether it may send its body is told to go on', async () => {
  const base = await upstream((req, res) => {
    req.resume();
    req.on('end', () => res.end(JSON.stringify(req.headers.expect ?? 'none')));
  });
  const { keyUrl } = await proxyTo(base);
  const answer = await new Promise<string>((resolve, reject) => {
    const req = http.request(`${keyUrl}/v1/messages`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue', 'content-length': MESSAGE.length },
    });
    req.on('continue', () => req.end(MESSAGE));
    req.on('response', (res) => res.on('data', (chunk: Buffer) => resolve(chunk.toString())));
    req.on('error', reject);
    req.flushHeaders();
  });
  expect(answer).toBe('"none"');
});

test('the record says what happened, without the key', async () => {
  const base = await upstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_up' });
    res.end('{}');
  });
  const { keyUrl, seen } = await proxyTo(base);
  const body = JSON.stringify({
    messages: [],
    model: 'claude-opus-5-5',
    metadata: { user_id: JSON.stringify({ device_id: 'd', session_id: 'session-1' }) },
  });
  await send(
    `${keyUrl}/v1/messages?beta=true`,
    { headers: { 'user-agent': 'claude-cli/2.1 (external, cli)', 'x-claude-code-agent-id': 'agent-7' } },
    body,
  );
  const record = await seen.nextRecord();
  expect(record).toMatchObject({
    method: 'POST',
    path: '/v1/messages',
    status: 200,
    terminal: 'complete',
    errorCode: null,
    accountName: 'work',
    clientKeyName: 'tests',
    client: 'claude-cli/2.1 (external, cli)',
    sessionId: 'session-1',
    agentId: 'agent-7',
    model: 'claude-opus-5-5',
    attempts: 1,
    requestBytes: body.length,
    responseBytes: 2,
    upstreamRequestId: 'req_up',
    stopReason: 'read 2',
    trace: {
      strategy: 'session',
      candidates: [{ decision: 'chosen' }],
      attempts: [{ verdict: 'ok', status: 200 }],
    },
  });
  expect(record.firstByteMs).toBeLessThanOrEqual(record.durationMs);
  expect(JSON.stringify(record)).not.toContain(CLIENT_KEY);
  expect(seen.served).toEqual([
    {
      accountId: 'id-work',
      request: expect.objectContaining({ bind: true, sessionId: 'session-1', model: 'claude-opus-5-5' }),
    },
  ]);
});
