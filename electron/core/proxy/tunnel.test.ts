import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { MESSAGE, proxyTo, send } from './testing-http.ts';

/** A system proxy that notes what it is asked and then does as told. */
async function systemProxy(
  grant: boolean,
): Promise<{ address: string; asked: string[]; firstBytes: number[] }> {
  const asked: string[] = [];
  const firstBytes: number[] = [];
  const server = createServer();
  server.on('connect', (req, socket) => {
    asked.push(`${req.url} ${req.headers['proxy-authorization'] ?? 'no authorization'}`);
    socket.on('error', () => undefined);
    if (!grant) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.once('data', (bytes: Buffer) => {
      firstBytes.push(bytes[0] ?? -1);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, firstBytes };
}

const TLS_HANDSHAKE = 0x16;

test('https accounts are reached through the system’s proxy, which sees host and port only', async () => {
  const { address, asked, firstBytes } = await systemProxy(true);
  const { keyUrl } = await proxyTo('https://provider.invalid/base', {
    settings: { retryAttempts: 0 },
    deps: { systemProxy: () => `http://me:p%40ss@${address}` },
  });
  const answer = await send(`${keyUrl}/v1/messages`, {}, MESSAGE);
  expect(answer.status).toBe(502);
  expect(asked).toEqual([`provider.invalid:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  expect(firstBytes).toEqual([TLS_HANDSHAKE]);
});

test('a proxy that refuses is a failure to connect', async () => {
  const { address, asked } = await systemProxy(false);
  const { keyUrl, seen } = await proxyTo('https://provider.invalid', {
    settings: { retryAttempts: 0 },
    deps: { systemProxy: () => `http://${address}` },
  });
  expect((await send(`${keyUrl}/v1/messages`, {}, MESSAGE)).status).toBe(502);
  expect(asked).toEqual(['provider.invalid:443 no authorization']);
  expect(await seen.nextRecord()).toMatchObject({ errorCode: 'upstream_unreachable', attempts: 1 });
});
