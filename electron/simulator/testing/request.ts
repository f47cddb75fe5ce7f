import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** A whole answer as it came over the wire. */
export type Answer = {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** False when the connection broke before the answer was complete. */
  complete: boolean;
};

type Call = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer | object;
  agent?: Agent;
};

/** Sends one request; resolves with what arrived, rejects when not even a head did. */
export function call(url: string, { method, headers, body, agent }: Call = {}): Promise<Answer> {
  const payload =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: method ?? (payload ? 'POST' : 'GET'),
      headers,
      agent: agent ?? false,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => void collect(incoming).then(resolve));
    outgoing.end(payload);
  });
}

function collect(incoming: IncomingMessage): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => {});
    incoming.once('close', () => {
      const { statusCode: status = 0, headers, complete } = incoming;
      resolve({ status, headers, body: Buffer.concat(chunks), complete });
    });
  });
}

/** Headers of a request with an API key. */
export const withKey = (key: string): Record<string, string> => ({
  'content-type': 'application/json',
  'anthropic-version': '2023-06-01',
  'x-api-key': key,
});

/** Headers of a request with an OAuth access token. */
export const withToken = (token: string): Record<string, string> => ({
  'content-type': 'application/json',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'claude-code-20250219, oauth-2025-04-20',
  authorization: `Bearer ${token}`,
});

/** A small Messages request. */
export const prompt = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 400,
  messages: [{ role: 'user', content: 'Grüße, 世界' }],
  ...fields,
});

/** The parsed JSON of an answer. */
export function json<T = Record<string, unknown>>(answer: Answer): T {
  return JSON.parse(answer.body.toString('utf8')) as T;
}

/** Name and data of every event in a streamed answer. */
export function events(answer: Answer): { name: string; data: Record<string, unknown> }[] {
  const frames = answer.body.toString('utf8').split('\n\n');
  return frames.slice(0, -1).map((frame) => {
    const [, name = '', data = ''] = /^event: (.+)\ndata: (.+)$/.exec(frame) ?? [];
    return { name, data: JSON.parse(data) as Record<string, unknown> };
  });
}
