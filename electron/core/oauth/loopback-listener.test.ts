import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openLoopbackListener } from './loopback-listener.ts';

type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; body: string };

/** Sends one request to the listener on an address of this computer. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  host = '127.0.0.1',
) {
  return new Promise<Reply>((resolve, reject) => {
    const options = { host, port, path, method, headers: { host: `localhost:${port}`, ...headers } };
    const outgoing = request({ ...options, agent: false }, (res) => {
      let body = '';
      res.on('data', (chunk) => {
        body += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function listening(believed = true) {
  const seen: string[] = [];
  const listener = await openLoopbackListener((url) => {
    seen.push(url);
    return believed;
  });
  onTestFinished(() => listener.close());
  return { seen, listener, port: Number(new URL(listener.redirectUri).port) };
}

const QUERY = '/callback?code=the-code&state=the-state';

test('the browser comes back once, and is told that it may go', async () => {
  const { seen, listener, port } = await listening();
  expect(listener.redirectUri).toBe(`http://localhost:${port}/callback`);
  const reply = await ask(port, QUERY, { 'sec-fetch-mode': 'navigate' });
  expect(seen).toEqual([`http://localhost:${port}${QUERY}`]);
  expect(reply.status).toBe(200);
  expect(reply.body).toContain('You can close this tab');
  expect(reply.headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
});

test('a refusal is shown as one', async () => {
  const { port } = await listening(false);
  const reply = await ask(port, QUERY);
  expect(reply.status).toBe(400);
  expect(reply.body).toContain('Not signed in');
});

test('attack: a second use of the listener finds nobody', async () => {
  const { seen, port } = await listening();
  await ask(port, QUERY);
  await expect(ask(port, QUERY)).rejects.toThrow('ECONNREFUSED');
  expect(seen).toHaveLength(1);
});

test('attack: a second use on a connection that was opened before', async () => {
  const { seen, port } = await listening();
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  const gone = new Promise((resolve) => socket.once('close', resolve));
  await ask(port, QUERY);
  socket.on('error', () => undefined);
  socket.write(`GET ${QUERY} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  await gone;
  expect(seen).toHaveLength(1);
  expect(received).not.toContain('Signed in');
});

test.each(['evil.example', 'evil.example:80', 'localhost', 'localhost:1'])(
  'attack: a request for the foreign host "%s", as after DNS rebinding, is refused and uses nothing up',
  async (host) => {
    const { seen, port } = await listening();
    expect((await ask(port, QUERY, { host })).status).toBe(403);
    expect(seen).toEqual([]);
    expect((await ask(port, QUERY)).status).toBe(200);
  },
);

test.each([
  ['another method', 405, QUERY, 'POST', {}],
  ['a HEAD', 405, QUERY, 'HEAD', {}],
  ['another path', 404, '/callback/x?code=a&state=b', 'GET', {}],
  ['the root', 404, '/?code=a&state=b', 'GET', {}],
  ['the icon', 404, '/favicon.ico', 'GET', {}],
  ['another site’s image', 404, QUERY, 'GET', { 'sec-fetch-mode': 'no-cors' }],
  ['another site’s script', 404, QUERY, 'GET', { 'sec-fetch-mode': 'cors' }],
] as const)('attack: %s is refused and uses nothing up', async (_name, status, path, method, headers) => {
  const { seen, port } = await listening();
  expect((await ask(port, path, headers, method)).status).toBe(status);
  expect(seen).toEqual([]);
  expect((await ask(port, QUERY)).status).toBe(200);
});

test('attack: values of the address are not repeated on any page', async () => {
  const { port } = await listening(false);
  const path = '/callback?code=<script>x</script>&error_description=<b>hello</b>';
  const pages = [await ask(port, '/x?<script>'), await ask(port, path)];
  for (const { body } of pages) expect(body).not.toMatch(/script|hello/);
});

test('attack: a head without end is cut off', async () => {
  const { seen, port } = await listening();
  const { status } = await ask(port, `/callback?code=${'x'.repeat(20_000)}`);
  expect(status).toBe(431);
  expect(seen).toEqual([]);
});

test('both loopback addresses answer where both exist, and no other', async () => {
  const { port } = await listening();
  const hasV6 = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(0, '::1', () => probe.close(() => resolve(true)));
  });
  const reply = ask(port, '/x', {}, 'GET', '::1').then(({ status }) => status);
  if (hasV6) expect(await reply).toBe(404);
  else await expect(reply).rejects.toThrow();
  await expect(ask(port, '/x', {}, 'GET', '127.0.0.2')).rejects.toThrow('ECONNREFUSED');
});

test('closed before anybody came, it is gone', async () => {
  const { seen, listener, port } = await listening();
  listener.close();
  await expect(ask(port, QUERY)).rejects.toThrow('ECONNREFUSED');
  expect(seen).toEqual([]);
});
