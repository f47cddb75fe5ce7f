import { request } from 'node:http';
import { CONNECTION_TEST_CLIENT } from '../../../shared/clients.ts';
import type { Clock } from '../clock.ts';

/** Longest answer that is read, bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** An answer of the proxy. */
export type Answer = { readonly status: number; readonly body: string };

/** What is asked. */
export type Question = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string };

/**
 * One request to 127.0.0.1, straight: no proxy of the environment, no connection of others.
 * @throws Error whose message says why in words, also when there is no answer within `boundMs`
 */
export function ask(port: number, question: Question, clock: Clock, boundMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, path, body } = question;
    const headers = {
      'anthropic-version': '2023-06-01',
      'user-agent': CONNECTION_TEST_CLIENT,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const req = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    const late = clock.after(boundMs, () => req.destroy(new Error('There was no answer in time.')));
    const fail = (error: Error): void => {
      late.cancel();
      reject(new Error(wordsOf(error), { cause: error }));
    };
    req.on('error', fail);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      let size = 0;
      res.on('error', fail);
      res.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) req.destroy(new Error('The answer was far too long.'));
        else chunks.push(chunk);
      });
      res.on('end', () => {
        late.cancel();
        resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    req.end(body);
  });
}

function wordsOf(error: Error): string {
  const code = 'code' in error ? error.code : null;
  if (code === 'ECONNREFUSED') return 'Nothing listens there.';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The connection was closed without an answer.';
  if (typeof code === 'string' && code.startsWith('HPE_')) return 'What answers there does not speak HTTP.';
  return error.message;
}
