import { createHash } from 'node:crypto';
import http from 'node:http';

/** A measured address: where it is, how to authenticate, and which process burns its CPU. */
export type Target = { name: 'direct' | 'pass-through' | 'ours'; url: URL; key: string; pid: number };

/** Result of one request. Times in ms. */
export type Sample = { status: number; ms: number; bytes: number; sha256: string | null };

/** One agent per scenario, so that sockets are warm but not shared between scenarios. */
export const keepAlive = (sockets: number): http.Agent =>
  new http.Agent({ keepAlive: true, maxSockets: sockets, noDelay: true });

/** Options of one POST to /v1/messages. */
export type PostOptions = {
  agent: http.Agent;
  body: Buffer;
  headers?: Record<string, string>;
  hash?: boolean;
  signal?: AbortSignal;
  onChunk?: (chunk: Buffer) => void;
};

/** Sends one request and reads the whole answer. */
export function post(target: Target, options: PostOptions): Promise<Sample> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent: options.agent,
        host: target.url.hostname,
        port: target.url.port,
        path: '/v1/messages',
        method: 'POST',
        ...(options.signal ? { signal: options.signal } : {}),
        headers: {
          'content-type': 'application/json',
          'content-length': options.body.length,
          'anthropic-version': '2023-06-01',
          'x-api-key': target.key,
          ...options.headers,
        },
      },
      (response) => {
        let bytes = 0;
        const hash = options.hash ? createHash('sha256') : null;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          hash?.update(chunk);
          options.onChunk?.(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            ms: performance.now() - started,
            bytes,
            sha256: hash?.digest('hex') ?? null,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

/** A small, ordinary Messages request. */
export function smallBody(stream: boolean): Buffer {
  return Buffer.from(
    JSON.stringify({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      stream,
      metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: 'a', session_id: 'bench' }) },
      messages: [{ role: 'user', content: 'Say hello in one short sentence, please.' }],
    }),
  );
}

/** A request of about `megabytes`, as an agent with a long history sends it. */
export function largeBody(megabytes: number): Buffer {
  const text = 'The quick brown fox jumps over the lazy dog. "Quoted", with \\ and ünïcödé. '.repeat(400);
  const messages: { role: string; content: string }[] = [];
  const turns = Math.ceil((megabytes * 1024 * 1024) / Buffer.byteLength(JSON.stringify(text)));
  for (let turn = 0; turn < turns; turn += 1) {
    messages.push({ role: turn % 2 === 0 ? 'user' : 'assistant', content: text });
  }
  return Buffer.from(JSON.stringify({ messages, model: 'claude-sonnet-5-5', max_tokens: 64, stream: false }));
}
