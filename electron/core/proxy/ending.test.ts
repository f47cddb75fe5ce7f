import type http from 'node:http';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { leavable } from './testing-client.ts';
import { proxyTo, upstream } from './testing-http.ts';
import { CLIENT_KEY, until } from './testing-seen.ts';

describe('the client leaves', () => {
  const phases: [string, http.RequestListener, string][] = [
    ['before the head', () => undefined, ''],
    [
      'in the middle of a stream',
      (_req, res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write('data: 1\n\n');
      },
      'data: 1\n\n',
    ],
    [
      'in the middle of a held plain answer',
      (_req, res) => {
        res.writeHead(200, { 'content-length': '1000' });
        res.write('{"id":');
      },
      '{"id":',
    ],
  ];
  test.each(phases)(
    '%s: the provider notices at once, and no account is blamed',
    async (_name, listener, part) => {
      let arrived = false;
      let closedAt = 0;
      const base = await upstream((req, res) => {
        arrived = true;
        res.on('close', () => {
          closedAt = performance.now();
        });
        listener(req, res);
      });
      const { keyUrl, seen, proxy } = await proxyTo(base);
      const client = leavable(`${keyUrl}/v1/messages`);
      await until(() => arrived && client.received() === part);
      expect(proxy.inFlight()).toBe(1);
      client.leave();
      await until(() => closedAt > 0);
      const record = await seen.nextRecord();
      expect(record).toMatchObject({
        terminal: 'client-closed',
        errorCode: 'client_closed',
        status: part === '' ? null : 200,
        responseBytes: part.length,
      });
      expect(seen.rested).toEqual([]);
      expect([proxy.inFlight(), proxy.replayBytes(), seen.inFlightByAccount.get('id-work')]).toEqual([
        0, 0, 0,
      ]);
    },
  );

  test('while it still sends its body', async () => {
    let closed = false;
    const base = await upstream((req) => {
      req.resume();
      req.on('close', () => {
        closed = true;
      });
    });
    const { port, seen, proxy } = await proxyTo(base);
    const socket = net.connect(port, '127.0.0.1');
    socket.write(
      `POST /v1/files HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${CLIENT_KEY}\r\ncontent-length: 100000\r\n\r\nabc`,
    );
    await until(() => proxy.replayBytes() === 3);
    socket.destroy();
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'client-closed', requestBytes: 3 });
    await until(() => closed && proxy.replayBytes() === 0);
  });

  test('while a retry waits: nothing is sent any more', async () => {
    let requests = 0;
    const base = await upstream((req, res) => {
      requests += 1;
      req.resume();
      res.statusCode = 529;
      res.end('{}');
    });
    const classify = () =>
      ({ scope: 'upstream', action: 'retry-here', code: 'overloaded', reason: 'wait', waitMs: 60 }) as const;
    const clock = createFakeClock();
    const { keyUrl, seen } = await proxyTo(base, { deps: { classify, clock } });
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => requests === 1 && seen.inFlightByAccount.get('id-work') === 0);
    client.leave();
    await seen.nextRecord();
    clock.advance(60_000);
    const next = leavable(`${keyUrl}/v1/messages`);
    await until(() => requests === 2 && seen.inFlightByAccount.get('id-work') === 0);
    next.leave();
    expect(await seen.nextRecord()).toMatchObject({ attempts: 1, terminal: 'client-closed' });
    expect(requests).toBe(2);
  });

  test('hundreds at once, in every phase: nothing stays behind', async () => {
    let arrived = 0;
    const base = await upstream((req, res) => {
      req.resume();
      arrived += 1;
      if (arrived % 3 === 0) return;
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => res.write('data: more\n\n'), 5);
      res.on('close', () => clearInterval(timer));
    });
    const { keyUrl, seen, proxy } = await proxyTo(base);
    const body = JSON.stringify({ model: 'm', messages: ['x'.repeat(20_000)] });
    const clients = Array.from({ length: 300 }, () => leavable(`${keyUrl}/v1/messages`, body));
    await until(() => arrived === 300);
    for (const client of clients) client.leave();
    await until(() => seen.records.length === 300);
    expect([proxy.inFlight(), proxy.replayBytes(), seen.inFlightByAccount.get('id-work')]).toEqual([0, 0, 0]);
    expect(new Set(seen.records.map((record) => record.terminal))).toEqual(new Set(['client-closed']));
  });
});

describe('the provider breaks off', () => {
  test.each([
    ['a chunked answer', {}],
    ['an answer with a length', { 'content-length': '100' }],
  ])('%s: the client gets what there was, and no end', async (_name, headers) => {
    let requests = 0;
    const base = await upstream((_req, res) => {
      requests += 1;
      res.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
      res.write('data: half', () => res.socket?.destroy());
    });
    const { keyUrl, seen } = await proxyTo(base);
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => client.ended() !== 'no');
    expect([client.ended(), client.received(), requests]).toEqual(['broken', 'data: half', 1]);
    expect(await seen.nextRecord()).toMatchObject({
      terminal: 'truncated',
      status: 200,
      errorCode: 'upstream_truncated',
      responseBytes: 10,
    });
  });

  test('silence inside an answer is a break', async () => {
    const base = await upstream((_req, res) => {
      res.writeHead(200);
      res.write('data: half');
    });
    const { keyUrl, seen } = await proxyTo(base, { settings: { responseIdleTimeoutMs: 100 } });
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => client.ended() !== 'no');
    expect(client.ended()).toBe('broken');
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'truncated' });
  });

  test('no head in time: told as such', async () => {
    const base = await upstream((req) => void req.resume());
    const { keyUrl, seen } = await proxyTo(base, {
      settings: { responseHeadTimeoutMs: 100, retryAttempts: 0 },
    });
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => client.ended() !== 'no');
    expect(client.received()).toContain('timeout_error');
    expect(await seen.nextRecord()).toMatchObject({ status: 504, errorCode: 'upstream_timeout' });
  });
});

test('a client that does not read stops the provider, and memory does not grow', async () => {
  let sent = 0;
  let full = false;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const base = await upstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const more = (): void => {
      sent += chunk.length;
      while (res.write(chunk)) sent += chunk.length;
      full = true;
      res.once('drain', more);
    };
    more();
  });
  const { port, seen } = await proxyTo(base);
  const socket = net.connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-api-key: ${CLIENT_KEY}\r\ncontent-length: 2\r\n\r\n{}`,
  );
  await until(() => full);
  let before = -1;
  // It has stopped once nothing more went out for a while.
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  socket.resume();
  await until(() => sent > before + 8 * 1024 * 1024);
  socket.destroy();
  expect(await seen.nextRecord()).toMatchObject({ terminal: 'client-closed' });
});

describe('drain', () => {
  test('lets a running answer end, then the port is free, and it can listen again', async () => {
    let finish = (): void => undefined;
    const base = await upstream((_req, res) => {
      res.write('data: 1\n\n');
      finish = () => res.end('data: 2\n\n');
    });
    const { keyUrl, seen, proxy, port } = await proxyTo(base);
    const changes: number[] = [];
    proxy.onInFlightChange(() => changes.push(proxy.inFlight()));
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => client.received() !== '');
    const drained = proxy.drain(5000);
    finish();
    await drained;
    await until(() => client.ended() !== 'no');
    expect([client.ended(), client.received()]).toEqual(['complete', 'data: 1\n\ndata: 2\n\n']);
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'complete' });
    expect(changes).toEqual([1, 0]);
    expect(await proxy.listen(port)).toBe(port);
  });

  test('breaks off what is not done by its deadline', async () => {
    const base = await upstream((_req, res) => void res.write('data: 1\n\n'));
    const { keyUrl, seen, proxy } = await proxyTo(base);
    const client = leavable(`${keyUrl}/v1/messages`);
    await until(() => client.received() !== '');
    await proxy.drain(30);
    await until(() => client.ended() !== 'no');
    expect(client.ended()).toBe('broken');
    expect(await seen.nextRecord()).toMatchObject({ terminal: 'truncated', errorCode: 'stopping' });
  });

  test('a port that is taken is told with the way out', async () => {
    const first = await proxyTo([]);
    const second = await proxyTo([]);
    await second.close();
    await expect(second.proxy.listen(first.port)).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('--port'),
    });
  });
});

test('dropped pooled connections do not disturb a running answer', async () => {
  const sockets = new Set<unknown>();
  let finish = (): void => undefined;
  const base = await upstream((req, res) => {
    sockets.add(req.socket);
    req.resume();
    res.write('1');
    finish = () => res.end('2');
  });
  const { keyUrl, proxy } = await proxyTo(base);
  const client = leavable(`${keyUrl}/v1/messages`);
  await until(() => client.received() === '1');
  proxy.dropPooledSockets();
  finish();
  await until(() => client.ended() === 'complete');
  const next = leavable(`${keyUrl}/v1/messages`);
  await until(() => next.received() === '1');
  expect(sockets.size).toBe(2);
});
