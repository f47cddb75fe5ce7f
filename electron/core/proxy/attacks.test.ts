import type http from 'node:http';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TestProxy } from './testing.ts';
import { type Answer, MESSAGE, proxyTo, send, upstream } from './testing-http.ts';
import { CLIENT_KEY, until } from './testing-seen.ts';

/** An upstream that must not be reached; counts what reaches it all the same. */
async function untouched(): Promise<{ base: string; reached: http.IncomingHttpHeaders[] }> {
  const reached: http.IncomingHttpHeaders[] = [];
  const base = await upstream((req, res) => {
    reached.push(req.headers);
    req.resume();
    req.on('end', () => res.end('{}'));
  });
  return { base, reached };
}

/** Writes bytes to the port and reads until the connection ends or `stop` likes what is there. */
function raw(port: number, bytes: string, stop: (text: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    onTestFinished(() => void socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (stop(text)) socket.end();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(text) : reject(error),
    );
  });
}

const withKey = { 'x-api-key': CLIENT_KEY };

function expectRefusal(answer: Answer, status: number, type: string): void {
  expect(answer.status).toBe(status);
  const body = JSON.parse(answer.body.toString());
  expect(body).toEqual({
    type: 'error',
    error: { type, message: expect.any(String) },
    request_id: answer.headers['request-id'],
  });
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
}

describe('attack: the request comes from somewhere else', () => {
  test.each([
    ['a foreign Host (DNS rebinding)', { host: 'evil.example' }],
    ['a foreign Host with our port', { host: 'evil.example:PORT' }],
    ['our name with another port', { host: '127.0.0.1:1' }],
    ['our name without its port', { host: 'localhost' }],
    ['an Origin', { origin: 'https://evil.example' }],
    ['an Origin of null', { origin: 'null' }],
    ['our own address as Origin', { origin: 'http://127.0.0.1:PORT' }],
    ['cross-site fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['same-origin fetch metadata', { 'sec-fetch-site': 'same-origin' }],
  ])('%s', async (_name, headers) => {
    const { base, reached } = await untouched();
    const { url, port, seen } = await proxyTo(base);
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]),
    );
    const answer = await send(`${url}/v1/messages`, { headers: { ...withKey, ...filled } }, MESSAGE);
    expectRefusal(answer, 403, 'permission_error');
    expect(reached).toEqual([]);
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'refused', status: 403 });
  });

  test.each(['127.0.0.1:PORT', 'localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])(
    'is fine as %s',
    async (host) => {
      const { base } = await untouched();
      const { url, port } = await proxyTo(base);
      const headers = { ...withKey, host: host.replace('PORT', String(port)), 'sec-fetch-site': 'none' };
      expect((await send(`${url}/v1/messages`, { headers }, MESSAGE)).status).toBe(200);
    },
  );

  test('a preflight gets no permission', async () => {
    const { base } = await untouched();
    const { url } = await proxyTo(base);
    const answer = await send(`${url}/v1/messages`, { method: 'OPTIONS', headers: withKey });
    expectRefusal(answer, 405, 'invalid_request_error');
  });
});

describe('attack: no key, a wrong key, a stolen look', () => {
  test.each([
    ['none', {}],
    ['an empty one', { 'x-api-key': '' }],
    ['a wrong one', { 'x-api-key': 'wrong-key-wrong-key-wrong' }],
    ['a wrong Bearer', { authorization: 'Bearer wrong-key-wrong-key' }],
    ['the right one as Basic', { authorization: `Basic ${CLIENT_KEY}` }],
    ['a wrong x-ccflare-key beside the right x-api-key', { 'x-ccflare-key': 'wrong', ...withKey }],
    ['half of it', { 'x-api-key': CLIENT_KEY.slice(0, -1) }],
  ])('%s', async (_name, headers) => {
    const { base, reached } = await untouched();
    const { url } = await proxyTo(base);
    expectRefusal(await send(`${url}/v1/messages`, { headers }, MESSAGE), 401, 'authentication_error');
    expect(reached).toEqual([]);
  });

  test.each([
    ['x-api-key', '', withKey],
    ['Bearer', '', { authorization: `Bearer ${CLIENT_KEY}` }],
    ['x-ccflare-key', '', { 'x-ccflare-key': CLIENT_KEY, authorization: 'Bearer own' }],
    ['the path', `/k/${CLIENT_KEY}`, { authorization: 'Bearer own', 'x-api-key': 'own' }],
    ['two headers at once', '', { ...withKey, authorization: `Bearer ${CLIENT_KEY}` }],
  ])(
    'the key as %s is let in and neither it nor the client’s own goes upstream',
    async (_name, prefix, headers) => {
      const { base, reached } = await untouched();
      const { url, seen } = await proxyTo(base);
      expect((await send(`${url}${prefix}/v1/messages`, { headers }, MESSAGE)).status).toBe(200);
      expect(reached[0]).toMatchObject({ 'x-api-key': 'sk-upstream' });
      expect(reached[0]?.authorization).toBeUndefined();
      expect(JSON.stringify([reached, await seen.nextRecord(), seen.audits])).not.toContain(CLIENT_KEY);
    },
  );

  test('guessing keys is slowed down', async () => {
    const { base } = await untouched();
    let left = 2;
    const { url } = await proxyTo(base, {
      deps: { authLimiter: { allow: () => ({ ok: left-- > 0, retryAfterMs: 30_000 }) } },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await send(`${url}/v1/messages`, {}, MESSAGE)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await send(`${url}/v1/messages`, { headers: withKey }, MESSAGE)).status).toBe(200);
  });

  test('a client over its rate is told when to come back', async () => {
    const { base } = await untouched();
    const { url } = await proxyTo(base, {
      deps: { clientLimiter: { allow: () => ({ ok: false, retryAfterMs: 1200 }) } },
    });
    const answer = await send(`${url}/v1/messages`, { headers: withKey }, MESSAGE);
    expectRefusal(answer, 429, 'rate_limit_error');
    expect(answer.headers['retry-after']).toBe('2');
  });

  test('a key in a wrong place of the path is kept out of the log', async () => {
    const { base } = await untouched();
    const { url, seen } = await proxyTo(base);
    for (const path of [
      `/K/${CLIENT_KEY}/v1/messages`,
      `//k/${CLIENT_KEY}`,
      `/v1/k/${CLIENT_KEY}`,
      `/%6b/${CLIENT_KEY}`,
    ]) {
      await send(`${url}${path}`, { headers: withKey }, MESSAGE);
    }
    expect(seen.records.length).toBe(4);
    expect(JSON.stringify(seen.records)).not.toContain(CLIENT_KEY);
  });
});

describe('attack: an account’s credential is led to another place', () => {
  test.each([
    '/v1/organizations/me',
    '/v1/oauth/token',
    '/api/oauth/profile',
    '/V1/messages',
    '/v1/messages/',
    '/v1/messagesx',
    '/v1/filesystem',
    '/',
  ])('%s gets 404 without a credential of the client’s own', async (path) => {
    const { base, reached } = await untouched();
    const { url } = await proxyTo(base, { deps: { defaultBaseUrl: base } });
    expectRefusal(await send(`${url}${path}`, { headers: withKey }, '{}'), 404, 'not_found_error');
    expect(reached).toEqual([]);
  });

  test('with one, exactly that one goes there, and never a key of ours', async () => {
    const { base, reached } = await untouched();
    const { url, keyUrl } = await proxyTo(base, { deps: { defaultBaseUrl: base } });
    await send(`${keyUrl}/api/oauth/profile`, { headers: { authorization: 'Bearer own-login' } });
    await send(`${url}/api/oauth/profile`, { headers: { authorization: 'Bearer own-login', ...withKey } });
    await send(`${keyUrl}/api/x`, { headers: { authorization: 'Bearer own-login', ...withKey } });
    expect(reached.map((headers) => [headers.authorization, headers['x-api-key']])).toEqual(
      Array.from({ length: 3 }, () => ['Bearer own-login', undefined]),
    );
  });

  test.each([
    '/v1/messages/../organizations',
    '/v1/./messages',
    '/v1/messages/..',
    '/v1/messages/%2e%2e/organizations',
    '/v1/messages%2f..%2forganizations',
    '/v1//messages',
    '//evil.example/v1/messages',
    '/v1/messages%00',
    '/v1/messages%0d%0aX-Injected:1',
    '/v1\\messages',
    '/v1/%6dessages',
    '/v1/messages;x=1',
    '/v1/messages%252e',
    '/v1/messages%zz',
    'http://127.0.0.1/v1/messages',
    'http://evil.example/v1/messages',
    '*',
  ])('the target %j is refused', async (path) => {
    const { base, reached } = await untouched();
    const { port } = await proxyTo(base);
    const text = await raw(
      port,
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${CLIENT_KEY}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(reached).toEqual([]);
  });

  test('a target beyond any use is refused', async () => {
    const { base } = await untouched();
    const { url } = await proxyTo(base);
    const answer = await send(`${url}/v1/messages?x=${'a'.repeat(3000)}`, { headers: withKey }, MESSAGE);
    expectRefusal(answer, 414, 'invalid_request_error');
  });
});

describe('attack: one request read as two', () => {
  const head = (port: number, lines: string[]): string =>
    `${['POST /v1/messages HTTP/1.1', `host: 127.0.0.1:${port}`, `x-api-key: ${CLIENT_KEY}`, ...lines].join('\r\n')}\r\n\r\n`;
  test.each([
    [
      'a length beside a coding',
      ['content-length: 4', 'transfer-encoding: chunked'],
      '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
    ],
    ['two lengths', ['content-length: 2', 'content-length: 3'], '{}'],
    ['a coding before chunked', ['transfer-encoding: gzip, chunked'], '0\r\n\r\n'],
    ['a coding after chunked', ['transfer-encoding: chunked, identity'], '0\r\n\r\n'],
    ['two codings', ['transfer-encoding: chunked', 'transfer-encoding: chunked'], '0\r\n\r\n'],
    ['a coding in disguise', ['transfer-encoding: xchunked'], '0\r\n\r\n'],
    ['two Hosts', ['host: evil.example', 'content-length: 2'], '{}'],
    ['two keys', ['x-api-key: another', 'content-length: 2'], '{}'],
    ['a folded line', ['x-a: b', ' c: d', 'content-length: 2'], '{}'],
    ['a bare line feed', ['x-a: b\nx-b: c', 'content-length: 2'], '{}'],
    ['a negative length', ['content-length: -1'], ''],
    ['a length with a plus', ['content-length: +2'], '{}'],
  ])('%s', async (_name, lines, body) => {
    const { base, reached } = await untouched();
    const { port } = await proxyTo(base);
    const text = await raw(port, head(port, lines) + body, (seen) => seen.includes('request_id'));
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"type":"error"');
    expect(reached).toEqual([]);
  });

  test('HTTP/1.0 and nonsense are refused', async () => {
    const { base } = await untouched();
    const { port } = await proxyTo(base);
    const old = `GET /health HTTP/1.0\r\nhost: 127.0.0.1:${port}\r\n\r\n`;
    expect(await raw(port, old)).toMatch(/^HTTP\/1\.1 505 /);
    expect(await raw(port, '\x16\x03\x01 hello')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('attack: the connection is used for something else', () => {
  test.each([
    ['CONNECT', (port: number) => `CONNECT evil.example:443 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`],
    [
      'WebSocket',
      (port: number) =>
        `GET /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    ],
    [
      'HTTP/2',
      (port: number) =>
        `GET /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`,
    ],
  ])('%s', async (_name, bytes) => {
    const { base, reached } = await untouched();
    const { port, seen } = await proxyTo(base);
    expect(await raw(port, bytes(port))).toMatch(/^HTTP\/1\.1 400 /);
    expect(reached).toEqual([]);
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'refused', errorCode: 'upgrade_refused' });
  });

  test('TRACE and unknown methods', async () => {
    const { base } = await untouched();
    const { url } = await proxyTo(base);
    for (const method of ['TRACE', 'PUT', 'PATCH', 'PROPFIND']) {
      const answer = await send(`${url}/v1/messages`, { method, headers: withKey });
      expectRefusal(answer, 405, 'invalid_request_error');
    }
  });
});

describe('attack: too much, or too slow', () => {
  test('a head over its bound', async () => {
    const { base } = await untouched();
    const { port } = await proxyTo(base, { settings: { maxHeaderBytes: 4096 } });
    const text = await raw(
      port,
      `GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx: ${'a'.repeat(9000)}\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a hundred and more header fields', async () => {
    const { base } = await untouched();
    const { url } = await proxyTo(base);
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, '1']));
    expectRefusal(await send(`${url}/health`, { headers }), 431, 'invalid_request_error');
  });

  test('a body over its bound, announced: refused before it is sent', async () => {
    const { base, reached } = await untouched();
    const { port } = await proxyTo(base, { settings: { maxMessageBodyBytes: 1000 } });
    const text = await raw(
      port,
      `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${CLIENT_KEY}\r\ncontent-length: 1001\r\n\r\n`,
      (seen) => seen.includes('request_id'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"type":"request_too_large"');
    expect(reached).toEqual([]);
  });

  test('a body over its bound, chunked: refused as soon as it is', async () => {
    const { base, reached } = await untouched();
    const { url, proxy } = await proxyTo(base, { settings: { maxMessageBodyBytes: 100_000 } });
    const headers = { ...withKey, 'transfer-encoding': 'chunked' };
    const answer = await send(`${url}/v1/messages`, { headers }, Buffer.alloc(150_000, 'x'), true);
    expectRefusal(answer, 413, 'request_too_large');
    expect(reached).toEqual([]);
    expect(proxy.replayBytes()).toBe(0);
  });

  test('slow-loris: a head that never ends, and one that never begins', async () => {
    const { base } = await untouched();
    const { port } = await proxyTo(base, { settings: { clientHeadTimeoutMs: 300 } });
    const answers = await Promise.all([
      raw(port, `GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-a: `),
      raw(port, ''),
    ]);
    for (const text of answers) expect(text).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('slow-loris: a body that stops', async () => {
    const { base } = await untouched();
    const { port, proxy } = await proxyTo(base, { settings: { clientBodyIdleTimeoutMs: 200 } });
    const text = await raw(
      port,
      `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${CLIENT_KEY}\r\ncontent-length: 100\r\n\r\n{"model`,
      (seen) => seen.includes('request_id'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    await until(() => proxy.inFlight() === 0 && proxy.replayBytes() === 0);
  });

  test('connections beyond the bound are closed', async () => {
    const { base } = await untouched();
    const { port } = await proxyTo(base, { settings: { maxConnections: 8 } });
    const sockets = await Promise.all(Array.from({ length: 12 }, () => connected(port)));
    await until(() => sockets.filter((socket) => socket.closed).length === 4);
  });
});

function connected(port: number): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => undefined);
    socket.resume();
    onTestFinished(() => void socket.destroy());
  });
}

describe('answered here', () => {
  const probe = async (proxy: TestProxy, method: string, path: string) => {
    const answer = await send(`${proxy.url}${path}`, { method });
    return [answer.status, answer.body.toString()];
  };

  test('health and the warm-up probes of clients need no key and tell nothing', async () => {
    const { base, reached } = await untouched();
    const proxy = await proxyTo(base);
    expect(await probe(proxy, 'GET', '/health')).toEqual([200, '{"status":"ok"}']);
    expect(await probe(proxy, 'HEAD', '/health')).toEqual([200, '']);
    expect(await probe(proxy, 'HEAD', '/')).toEqual([200, '']);
    expect(await probe(proxy, 'HEAD', '/api/hello')).toEqual([200, '']);
    expect(await probe(proxy, 'HEAD', `/k/${CLIENT_KEY}`)).toEqual([200, '']);
    expect(reached).toEqual([]);
  });

  test('no key at all is needed when that is switched off', async () => {
    const { base, reached } = await untouched();
    const { url } = await proxyTo(base, { settings: { requireClientKey: false } });
    expect((await send(`${url}/v1/messages`, { headers: { 'x-api-key': 'own' } }, MESSAGE)).status).toBe(200);
    expect(reached[0]?.['x-api-key']).toBe('sk-upstream');
  });
});
