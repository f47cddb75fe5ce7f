import http, { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { startTestProxy, type TestOptions, type TestProxy } from './testing.ts';
import type { TestAccount } from './testing-seen.ts';

/** A node:http upstream for one test. Answers its address. */
export async function upstream(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy for one test: over one account at `target`, or over the given accounts. */
export async function proxyTo(
  target: string | TestAccount[],
  options: Partial<TestOptions> = {},
): Promise<TestProxy> {
  const accounts =
    typeof target === 'string' ? [{ name: 'work', secret: 'sk-upstream', baseUrl: target }] : target;
  const proxy = await startTestProxy({ accounts, ...options });
  onTestFinished(() => proxy.close());
  return proxy;
}

/** An answer, whole. */
export type Answer = {
  status: number;
  rawHeaders: string[];
  headers: http.IncomingHttpHeaders;
  body: Buffer;
};

/** Sends one request on a connection of its own and reads the whole answer. */
export function send(
  url: string,
  options: http.RequestOptions = {},
  body?: Buffer | string,
  chunked = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = http.request(
      url,
      { method: body === undefined ? 'GET' : 'POST', agent: false, ...options },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            rawHeaders: res.rawHeaders,
            headers: res.headers,
            body: Buffer.concat(chunks),
          }),
        );
        res.on('error', reject);
      },
    );
    req.on('error', reject);
    if (body !== undefined && !chunked) req.setHeader('content-length', Buffer.byteLength(body));
    req.end(body);
  });
}

/** An ordinary small request body. */
export const MESSAGE = JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 10, messages: [] });
