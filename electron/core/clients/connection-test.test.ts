import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestProxy, type TestProxy } from '../proxy/testing.ts';
import { upstream } from '../proxy/testing-http.ts';
import { CLIENT_KEY } from '../proxy/testing-seen.ts';
import { createTestWorld, type TestWorld } from './testing.ts';

let world: TestWorld;
const open: { close(): unknown }[] = [];
beforeEach(() => {
  world = createTestWorld();
  world.now.key = CLIENT_KEY;
  world.now.ownKeys = new Set([CLIENT_KEY]);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  world.remove();
});

async function proxyWith(accounts: { name: string; secret: string; baseUrl: string }[]): Promise<TestProxy> {
  const proxy = await startTestProxy({ accounts });
  open.push(proxy);
  world.now.port = proxy.port;
  return proxy;
}

/** A provider that lists one model and counts its tokens only. */
const provider = (asked: string[] = []): Promise<string> =>
  upstream((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += String(chunk);
    });
    req.on('end', () => {
      asked.push(`${req.method} ${req.url} ${body}`);
      res.setHeader('content-type', 'application/json');
      res.end(req.method === 'GET' ? '{"data":[{"id":"listed-model"}]}' : '{"input_tokens":8}');
    });
  });

/** Something that listens on a port of its own. */
async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => server.close() });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const outcomes = async () => {
  const { ok, steps } = await world.start().test();
  return {
    ok,
    list: steps.map(({ outcome }) => outcome),
    failed: steps.find((step) => step.outcome === 'failed'),
  };
};

describe('the connection test', () => {
  test('goes the whole way, free of charge, with a model that the provider lists', async () => {
    const asked: string[] = [];
    await proxyWith([{ name: 'one', secret: 'sk-upstream', baseUrl: await provider(asked) }]);
    const result = await world.start().test();
    expect(result.ok).toBe(true);
    expect(result.steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain('GET /v1/models');
    expect(asked[1]).toMatch(/^POST \/v1\/messages\/count_tokens .*"listed-model"/);
    expect(JSON.stringify(result)).not.toContain(CLIENT_KEY);
  });

  test('also looks whether Claude Code is pointed here, when that is wanted', async () => {
    await proxyWith([{ name: 'one', secret: 'sk-upstream', baseUrl: await provider() }]);
    await world.start().apply({ hints: false }, 'dashboard');
    expect(await outcomes()).toMatchObject({ ok: true, list: ['ok', 'ok', 'ok', 'ok', 'ok'] });
    world.write('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example"}}');
    const { ok, failed } = await outcomes();
    expect(ok).toBe(false);
    expect(failed).toMatchObject({
      name: 'Claude Code comes here',
      detail: expect.stringContaining('Set Claude Code up'),
    });
  });

  test('fails where something else decides, and says what', async () => {
    await proxyWith([{ name: 'one', secret: 'sk-upstream', baseUrl: await provider() }]);
    await world.start().apply({ hints: false }, 'dashboard');
    world.now.env = { HTTPS_PROXY: 'http://proxy.example:3128' };
    const { ok, failed } = await outcomes();
    expect(ok).toBe(false);
    expect(failed).toMatchObject({
      name: 'Claude Code comes here',
      detail: expect.stringMatching(/HTTPS_PROXY is set.* offers a fix\.$/),
    });
    world.write('.claude/settings.json', '{ nonsense');
    expect((await outcomes()).failed?.detail).toContain('not valid JSON');
  });

  test('stops at a proxy that is off, and says what to do', async () => {
    world.now.port = null;
    const { list, failed } = await outcomes();
    expect(list).toEqual(['failed', 'not-reached', 'not-reached', 'not-reached']);
    expect(failed?.detail).toContain('Switch it on');
  });

  test('says that nothing listens', async () => {
    const server = net.createServer();
    world.now.port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { list, failed } = await outcomes();
    expect(list).toEqual(['ok', 'failed', 'not-reached', 'not-reached']);
    expect(failed?.detail).toContain('Nothing listens');
  });

  test('tells another web server from the proxy', async () => {
    world.now.port = await listen(http.createServer((_req, res) => res.writeHead(404).end('<html>')));
    const { list, failed } = await outcomes();
    expect(list).toEqual(['ok', 'failed', 'not-reached', 'not-reached']);
    expect(failed?.detail).toContain('another port');
  });

  test('tells something that does not speak HTTP', async () => {
    world.now.port = await listen(net.createServer((socket) => socket.end('220 mail\r\n')));
    expect((await outcomes()).failed?.detail).toContain('does not speak HTTP');
  });

  test('gives up on a server that never answers', async () => {
    const server = net.createServer();
    const asked = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.once('data', () => resolve()));
    });
    world.now.port = await listen(server);
    const result = outcomes();
    await asked;
    world.clock.advance(10_000);
    expect((await result).failed).toMatchObject({
      name: 'It answers',
      detail: expect.stringContaining('in time'),
    });
  });

  test('says that the key is refused', async () => {
    await proxyWith([]);
    world.now.key = 'cck_revoked-key-for-tests';
    const { list, failed } = await outcomes();
    expect(list).toEqual(['ok', 'ok', 'failed', 'not-reached']);
    expect(failed?.detail).toContain('not known or was revoked');
    expect(JSON.stringify(failed)).not.toContain(world.now.key);
  });

  test('says that the vault is locked', async () => {
    await proxyWith([]);
    world.now.locked = true;
    const { list, failed } = await outcomes();
    expect(list).toEqual(['ok', 'ok', 'failed', 'not-reached']);
    expect(failed?.detail).toContain('locked');
  });

  test('explains a pool without accounts in the words of the proxy', async () => {
    await proxyWith([]);
    const { list, failed } = await outcomes();
    expect(list).toEqual(['ok', 'ok', 'ok', 'failed']);
    expect(failed?.detail).toContain('No account');
  });

  test('explains a refusal of the provider without showing a credential', async () => {
    const secret = 'sk-ant-api03-do-not-show';
    const base = await upstream((_req, res) => {
      res.writeHead(400, { 'content-type': 'application/json' });
      res.end(
        `{"type":"error","error":{"type":"invalid_request_error","message":"Credit is low for ${secret}"}}`,
      );
    });
    await proxyWith([{ name: 'one', secret, baseUrl: base }]);
    const { failed } = await outcomes();
    expect(failed?.detail).toContain('Credit is low');
    expect(failed?.detail).not.toContain(secret);
  });

  test('a provider that cannot count tokens has answered all the same', async () => {
    const base = await upstream((_req, res) => res.writeHead(404).end('{}'));
    await proxyWith([{ name: 'one', secret: 's', baseUrl: base }]);
    expect(await outcomes()).toMatchObject({ ok: true });
  });
});
