import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { call, events, json, prompt, withKey, withToken } from './testing/request.ts';

const KEY = 'sk-ant-api03-test';
let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({
    accounts: [
      { name: 'key', kind: 'api-key', secret: KEY },
      { name: 'plan', kind: 'oauth', secret: 'sk-ant-oat01-test' },
    ],
  });
});

afterEach(() => simulator.close());

const post = (body: object, headers: Record<string, string> = {}) =>
  call(`${simulator.url}/v1/messages?beta=true`, { headers: { ...withKey(KEY), ...headers }, body });

const sdk = () => new Anthropic({ apiKey: KEY, baseURL: simulator.url, maxRetries: 0 });

test('the official SDK gets a plain message', async () => {
  const message = await sdk().messages.create({
    model: 'claude-opus-5-5',
    max_tokens: 300,
    messages: [{ role: 'user', content: 'hello' }],
  });
  expect(message.model).toBe('claude-opus-5-5');
  expect(message.content[0]).toMatchObject({ type: 'text' });
  expect(message.usage.output_tokens).toBeGreaterThan(0);
  expect(message._request_id).toMatch(/^req_/);
});

test('the official SDK gets a streamed message with thinking, text, tool use and an unknown event', async () => {
  const stream = sdk().messages.stream(
    { model: 'claude-sonnet-5-5', max_tokens: 300, messages: [{ role: 'user', content: 'hello' }] },
    { headers: { 'x-sim-blocks': 'thinking,text,tool_use,unknown_event' } },
  );
  const message = await stream.finalMessage();
  expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text', 'tool_use']);
  expect(message.content[2]).toMatchObject({ input: { path: 'docs/café/README.md', lines: [1, 20] } });
  expect(message.stop_reason).toBe('tool_use');
});

test('events come in the order of the streaming reference', async () => {
  const answer = await post(prompt({ stream: true }), {
    'x-sim-events': '3',
    'x-sim-blocks': 'text,unknown_event',
  });
  expect(answer.headers['content-type']).toContain('text/event-stream');
  expect(events(answer).map((event) => event.name)).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'sim_progress',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  for (const { name, data } of events(answer)) expect(data.type).toBe(name);
});

test('usage is split over message_start and message_delta as the API does', async () => {
  const list = events(await post(prompt({ stream: true })));
  const start = list[0]?.data as { message: { usage: Record<string, unknown> } };
  const delta = list.at(-2)?.data as { usage: Record<string, unknown> };
  expect(start.message.usage).toMatchObject({ service_tier: 'standard', output_tokens: 1 });
  expect(start.message.usage).toHaveProperty('cache_creation.ephemeral_1h_input_tokens');
  expect(delta.usage).toMatchObject({ server_tool_use: { web_search_requests: 0 } });
  expect(delta.usage).not.toHaveProperty('cache_creation');
  expect(delta.usage).not.toHaveProperty('service_tier');
});

test('a cached prompt is written once and read afterwards, per account', async () => {
  const body = prompt({
    system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  });
  const headers = { 'x-claude-code-session-id': 's1', 'x-sim-input-tokens': '1000' };
  const usage = async (more: Record<string, string>) =>
    json<{ usage: Record<string, unknown> }>(await post(body, { ...headers, ...more })).usage;
  expect(await usage({})).toMatchObject({
    input_tokens: 100,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 900 },
  });
  expect(await usage({})).toMatchObject({ cache_read_input_tokens: 900, cache_creation_input_tokens: 0 });
  const other = await call(`${simulator.url}/v1/messages`, {
    headers: { ...withToken('sk-ant-oat01-test'), ...headers },
    body,
  });
  expect(json(other).usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 900 });
});

test('max_tokens bounds the answer and names the stop reason', async () => {
  expect(json(await post(prompt({ max_tokens: 1 })))).toMatchObject({
    stop_reason: 'max_tokens',
    usage: { output_tokens: 1 },
  });
});

test('text has characters of two, three and four bytes', async () => {
  const answer = await post(prompt(), { 'x-sim-events': '12' });
  expect(answer.body.toString('utf8')).toMatch(/é.*日|日.*é/s);
  expect(answer.body.toString('utf8')).toContain('🚀');
});

test('a plain answer has exactly the bytes asked for', async () => {
  expect((await post(prompt(), { 'x-sim-bytes': '50000' })).body.length).toBe(50_000);
});

test('the hash in the answer is that of the received body', async () => {
  const body = Buffer.from(JSON.stringify(prompt(), null, 3));
  const answer = await call(`${simulator.url}/v1/messages`, { headers: withKey(KEY), body });
  expect(answer.headers['x-sim-body-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
  expect(simulator.requests[0]?.body.equals(body)).toBe(true);
});

test.each([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
] as const)('%s is used when asked for and accepted, plain and streamed', async (encoding, decode) => {
  for (const stream of [false, true]) {
    const headers = { 'accept-encoding': `${encoding}, identity`, 'x-sim-encoding': encoding };
    const answer = await post(prompt({ stream }), headers);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(decode(answer.body).toString('utf8')).toContain(
      stream ? 'event: message_stop' : '"type":"message"',
    );
  }
  expect((await post(prompt(), { 'x-sim-encoding': encoding })).headers['content-encoding']).toBeUndefined();
});

test('the same seed gives the same bytes', async () => {
  const run = async () => {
    const other = await startSimulator({
      seed: 7,
      accounts: [{ name: 'key', kind: 'api-key', secret: KEY }],
    });
    const answers = [];
    for (let count = 0; count < 3; count++) {
      answers.push(
        await call(`${other.url}/v1/messages`, { headers: withKey(KEY), body: prompt({ stream: true }) }),
      );
    }
    await other.close();
    return answers.map((answer) => answer.body.toString('utf8'));
  };
  expect(await run()).toEqual(await run());
});

test.each([
  ['no credential', {}, 401, 'authentication_error'],
  ['an unknown key', { 'x-api-key': 'sk-ant-api03-other' }, 401, 'authentication_error'],
  [
    'an unknown token',
    { authorization: 'Bearer other', 'anthropic-beta': 'oauth-2025-04-20' },
    401,
    'authentication_error',
  ],
  ['an access token as key', { 'x-api-key': 'sk-ant-oat01-test' }, 401, 'authentication_error'],
  ['both credentials', { 'x-api-key': KEY, authorization: `Bearer ${KEY}` }, 400, 'invalid_request_error'],
])('%s is refused', async (_name, credential, status, type) => {
  const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...credential };
  const answer = await call(`${simulator.url}/v1/messages`, { headers, body: prompt() });
  expect(answer.status).toBe(status);
  expect(json(answer)).toMatchObject({
    type: 'error',
    error: { type },
    request_id: answer.headers['request-id'],
  });
});

test('an access token without the OAuth beta is refused', async () => {
  const headers = { ...withToken('sk-ant-oat01-test'), 'anthropic-beta': 'claude-code-20250219' };
  const answer = await call(`${simulator.url}/v1/messages`, { headers, body: prompt() });
  expect(answer.status).toBe(401);
  expect(answer.body.toString()).toContain('OAuth authentication is currently not supported.');
});

test('a missing version is refused', async () => {
  const { 'anthropic-version': _, ...headers } = withKey(KEY);
  expect((await call(`${simulator.url}/v1/messages`, { headers, body: prompt() })).status).toBe(400);
});

test.each([
  ['{', 'JSON'],
  [{ max_tokens: 1 }, 'model'],
  [prompt({ messages: [] }), 'messages'],
])('a broken body is refused: %o', async (body, part) => {
  const answer = await call(`${simulator.url}/v1/messages`, { headers: withKey(KEY), body });
  expect(answer.status).toBe(400);
  expect(answer.body.toString()).toContain(part);
});

test('answers name the organization, and tokens are counted', async () => {
  const answer = await call(`${simulator.url}/v1/messages/count_tokens`, {
    headers: withKey(KEY),
    body: prompt(),
  });
  expect(answer.headers['anthropic-organization-id']).toBe(simulator.account('key').organizationId);
  expect(json<{ input_tokens: number }>(answer).input_tokens).toBeGreaterThan(10);
});

test('probes are answered without a credential', async () => {
  for (const path of ['/', '/api/hello']) {
    expect((await call(simulator.url + path, { method: 'HEAD' })).status).toBe(200);
  }
  expect((await call(`${simulator.url}/nothing`)).status).toBe(404);
});

test('requests are recorded with account, headers and bytes sent', async () => {
  const next = simulator.nextRequest((request) => request.url.startsWith('/v1/messages'));
  const answer = await post(prompt());
  const request = await next;
  await request.closed;
  expect(request).toMatchObject({ method: 'POST', account: 'key', aborted: false, status: 200 });
  expect(request.bytesSent).toBeGreaterThan(answer.body.length);
});
