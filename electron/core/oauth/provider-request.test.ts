import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createProviderRequest, readRetryAfter } from './provider-request.ts';

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers'] };

async function provider(respond: (res: ServerResponse) => void): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((req, res) => {
    seen.push({ method: req.method, url: req.url, headers: req.headers });
    respond(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** An HTTP proxy that grants or refuses every tunnel and notes what it was asked for. */
async function systemProxy(grants: boolean): Promise<{ address: string; asked: (string | undefined)[] }> {
  const asked: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (req, socket) => {
    asked.push(req.url);
    socket.on('error', () => undefined);
    if (!grants) socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    else {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.once('data', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const get = (url: string, timeoutMs = 5000) =>
  createProviderRequest()({ method: 'GET', url, headers: { authorization: 'Bearer t' }, timeoutMs });

test('an answer comes with status, fields and parsed body, and the app says who it is', async () => {
  const { url, seen } = await provider((res) => {
    res.writeHead(429, { 'content-type': 'application/json', 'Retry-After': '7' });
    res.end('{"a":1}');
  });
  const answer = await get(`${url}/path?q=1`);
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  expect([answer.status, answer.headers.get('Retry-After'), answer.body]).toEqual([429, '7', { a: 1 }]);
  expect(answer.headers.get('constructor')).toBeUndefined();
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: '/path?q=1',
    headers: { 'user-agent': 'ccflare-desktop', authorization: 'Bearer t', accept: 'application/json' },
  });
});

test('a redirect is not followed, so that the secret goes nowhere else', async () => {
  const other = await provider((res) => void res.end('{}'));
  const { url } = await provider((res) => void res.writeHead(302, { location: other.url }).end());
  expect(await get(url)).toMatchObject({ kind: 'answer', status: 302, body: undefined });
  expect(other.seen).toEqual([]);
});

test.each([
  ['not JSON', '<html>'],
  ['larger than 64 KiB', JSON.stringify('x'.repeat(70_000))],
])('a body that is %s is no body', async (_name, body) => {
  const { url } = await provider((res) => void res.end(body));
  expect(await get(url)).toMatchObject({ kind: 'answer', status: 200, body: undefined });
});

test('a body without end is cut off', async () => {
  const { url } = await provider((res) => {
    const more = (): void => void (res.destroyed || res.write('x'.repeat(16_384), more));
    more();
  });
  expect(await get(url)).toMatchObject({ kind: 'answer', body: undefined });
});

test.each([
  ['never answers', () => undefined],
  ['stops in the middle', (res: ServerResponse) => void res.write('{')],
])('a provider that %s is given up', async (_name, respond) => {
  const { url } = await provider(respond);
  expect(await get(url, 100)).toEqual({ kind: 'timeout' });
});

test.each([
  ['breaks off', (res: ServerResponse) => void res.socket?.destroy()],
  [
    'breaks off in the middle',
    (res: ServerResponse) => {
      res.writeHead(200, { 'content-length': '10' });
      res.write('{', () => res.socket?.destroy());
    },
  ],
])('a provider that %s was not reached', async (_name, respond) => {
  const { url } = await provider(respond);
  expect(await get(url)).toEqual({ kind: 'unreachable' });
});

test.each(['http://127.0.0.1:1/', 'no address', 'ftp://127.0.0.1/'])(
  'nobody at %s is an answer too',
  async (url) => {
    expect(await get(url)).toEqual({ kind: 'unreachable' });
  },
);

test('a secret that cannot be a header is refused without throwing', async () => {
  const { url, seen } = await provider((res) => void res.end('{}'));
  const call = { method: 'GET', url, headers: { authorization: 'Bearer a\r\nb: c' } } as const;
  expect(await createProviderRequest()(call)).toEqual({ kind: 'unreachable' });
  expect(seen).toEqual([]);
});

test('https goes through the system’s proxy, http of this computer does not', async () => {
  const { address, asked } = await systemProxy(true);
  const request = createProviderRequest({ systemProxy: () => address });
  const call = { method: 'GET', url: 'https://provider.invalid/x', headers: {} } as const;
  expect(await request(call)).toEqual({ kind: 'unreachable' });
  expect(asked).toEqual(['provider.invalid:443']);
  const { url } = await provider((res) => void res.end('{}'));
  expect(await request({ ...call, url })).toMatchObject({ kind: 'answer', status: 200 });
  expect(asked).toHaveLength(1);
});

test('a proxy that becomes known while the direct way fails is used', async () => {
  const { address, asked } = await systemProxy(false);
  let known: string | null = null;
  const systemProxyOf = (): string | null => {
    const now = known;
    known = address;
    return now;
  };
  const request = createProviderRequest({ systemProxy: systemProxyOf });
  const url = 'https://127.0.0.1:1/token';
  expect(await request({ method: 'POST', url, headers: {}, body: '{}' })).toEqual({ kind: 'unreachable' });
  expect(asked).toEqual(['127.0.0.1:1']);
});

test('a pause is read from seconds or a date, and bounded', () => {
  expect(readRetryAfter('120')).toBe(120_000);
  expect(readRetryAfter('999999')).toBe(3_600_000);
  expect(readRetryAfter('Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  expect(readRetryAfter('soon')).toBeNull();
  expect(readRetryAfter(undefined)).toBeNull();
});
