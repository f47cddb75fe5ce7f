import { Agent, type IncomingMessage, request } from 'node:http';
import { ANSWER_MS_HEADER } from './upstream-pace.ts';

/** One request as a coding agent makes it. */
export type Turn = {
  readonly session: string;
  readonly model: string;
  /** Tokens of the whole prompt. */
  readonly promptTokens: number;
  /** Life of what it puts into the prompt cache; null = it caches nothing. */
  readonly cache: '5m' | '1h' | null;
  /** How long the provider takes to answer, ms. */
  readonly answerMs: number;
  readonly stream?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What came back. */
export type Reply = {
  readonly status: number;
  /** Organisation that answered; null for answers of the proxy itself. */
  readonly organization: string | null;
  readonly retryAfterMs: number | null;
  readonly shouldRetry: string | null;
  readonly cacheRead: number;
  readonly body: string;
};

/** Requests of Claude Code's form over real sockets. */
export type ClaudeClient = {
  send(url: string, turn: Turn): Promise<Reply>;
  close(): void;
};

/** See {@link ClaudeClient}; `key` is the client key. */
export function createClaudeClient(key: string): ClaudeClient {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (url, turn) => send(`${url}/v1/messages?beta=true`, agent, headersOf(turn, key), bodyOf(turn)),
    close: () => agent.destroy(),
  };
}

function headersOf({ session, promptTokens, answerMs, headers }: Turn, key: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'claude-cli/2.1.78 (external, cli)',
    'x-app': 'cli',
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14',
    authorization: `Bearer ${key}`,
    'x-claude-code-session-id': session,
    'x-sim-input-tokens': String(promptTokens),
    'x-sim-events': '2',
    [ANSWER_MS_HEADER]: String(answerMs),
    ...headers,
  };
}

function bodyOf({ session, model, cache, stream = true }: Turn): string {
  const text = 'You are a coding agent in a scenario.';
  const control = cache === null ? {} : { cache_control: { type: 'ephemeral', ttl: cache } };
  return JSON.stringify({
    model,
    max_tokens: 32_000,
    stream,
    system: [{ type: 'text', text, ...control }],
    metadata: { user_id: JSON.stringify({ device_id: 'scenario', account_uuid: '', session_id: session }) },
    messages: [{ role: 'user', content: 'Go on with the task.' }],
  });
}

function send(url: string, agent: Agent, headers: Record<string, string>, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('end', () => resolve(replyOf(incoming, Buffer.concat(chunks).toString())));
      incoming.once('error', reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function replyOf(incoming: IncomingMessage, body: string): Reply {
  const header = (name: string): string | null => {
    const value = incoming.headers[name];
    return typeof value === 'string' ? value : null;
  };
  const retryAfter = header('retry-after');
  return {
    status: incoming.statusCode ?? 0,
    organization: header('anthropic-organization-id'),
    retryAfterMs: retryAfter === null ? null : Number(retryAfter) * 1000,
    shouldRetry: header('x-should-retry'),
    cacheRead: Number(/"cache_read_input_tokens":(\d+)/.exec(body)?.[1] ?? 0),
    body,
  };
}
