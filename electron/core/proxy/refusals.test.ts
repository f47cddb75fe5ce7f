import { describe, expect, test } from 'vitest';
import { MESSAGE, send } from './testing-http.ts';
import { ok, routedProxy, type Script } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const post = (keyUrl: string, body: string = MESSAGE, headers = {}) =>
  send(`${keyUrl}/v1/messages`, { headers }, body);

const asking = (model: string): string => JSON.stringify({ model, max_tokens: 10, messages: [] });

/** The provider's refusal in its own words. */
function saying(status: number, type: string, message: string, headers: Record<string, string> = {}): Script {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };
}

describe('a 403 about our own credential never reaches the client, whose login it would end', () => {
  const forbidden = (message: string) => saying(403, 'permission_error', message);
  test.each([
    'OAuth token does not meet scope requirement user:inference',
    'OAuth authentication is currently not allowed for this organization.',
  ])('%s', async (message) => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b']);
    // Also with the token that a renewal brings.
    for (const token of ['a', 'a-fresh']) provider.scripts.set(token, forbidden(message));
    expect((await post(proxy.keyUrl)).status).toBe(200);
    expect(rooms.limits.needsAttention('id-a', clock.now())).toBe(true);
    for (const token of ['b', 'b-fresh']) provider.scripts.set(token, forbidden(message));
    const answer = await post(proxy.keyUrl);
    expect([401, 403]).not.toContain(answer.status);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(answer.body.toString()).not.toContain('OAuth');
  });

  test('a file that the login may not read leaves it to its messages', async () => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a']);
    provider.scripts.set('a', forbidden('OAuth token does not meet scope requirement user:file_upload'));
    const answer = await send(`${proxy.keyUrl}/v1/files`, { method: 'GET' });
    expect(answer.status).toBe(503);
    expect(rooms.limits.cooldowns('id-a', clock.now())).toEqual([]);
    provider.scripts.set('a', ok());
    expect((await post(proxy.keyUrl)).status).toBe(200);
  });
});

test.each(['allowed', 'allowed_warning'])(
  'paid overage is left after one answer, also with status %s',
  async (status) => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b']);
    const prefix = 'anthropic-ratelimit-unified';
    const headers = {
      [`${prefix}-status`]: status,
      [`${prefix}-overage-in-use`]: 'true',
      [`${prefix}-5h-status`]: 'rejected',
      [`${prefix}-5h-reset`]: String(Math.floor(clock.now() / 1000) + 7200),
    };
    provider.scripts.set('a', ok(headers));
    for (let i = 0; i < 4; i += 1) {
      await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'session-1' });
    }
    expect([provider.count('a'), provider.count('b')]).toEqual([1, 3]);
  },
);

test('a spent week that nobody knows leaves the account to other models', async () => {
  const { proxy, provider, clock } = await routedProxy(['a', 'b']);
  const prefix = 'anthropic-ratelimit-unified';
  const headers = {
    [`${prefix}-status`]: 'rejected',
    [`${prefix}-5h-status`]: 'allowed',
    [`${prefix}-7d-status`]: 'allowed',
    [`${prefix}-7d_haiku-status`]: 'rejected',
    [`${prefix}-7d_haiku-utilization`]: '1',
    [`${prefix}-7d_haiku-reset`]: String(Math.floor(clock.now() / 1000) + 120 * 3600),
  };
  provider.scripts.set('a', saying(429, 'rate_limit_error', 'too much', headers));
  expect((await post(proxy.keyUrl, asking('claude-haiku-5-5'))).status).toBe(200);
  provider.scripts.set('a', ok());
  await post(proxy.keyUrl, asking('claude-haiku-5-5'));
  expect([provider.count('a'), provider.count('b')]).toEqual([1, 2]);
  await post(proxy.keyUrl, asking('claude-opus-5-5'));
  expect([provider.count('a'), provider.count('b')]).toEqual([2, 2]);
});

test('a 429 whose windows are all open goes to the client as it is, and the session stays', async () => {
  const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b']);
  const prefix = 'anthropic-ratelimit-unified';
  const headers = {
    [`${prefix}-5h-status`]: 'allowed',
    [`${prefix}-5h-utilization`]: '0.2',
    [`${prefix}-7d-status`]: 'allowed',
    'x-should-retry': 'true',
  };
  provider.scripts.set('a', saying(429, 'rate_limit_error', 'their words', headers));
  const answer = await post(proxy.keyUrl);
  expect([answer.status, answer.headers['x-should-retry']]).toEqual([429, 'true']);
  expect(answer.body.toString()).toContain('their words');
  expect([provider.count('b'), rooms.limits.cooldowns('id-a', clock.now())]).toEqual([0, []]);
});

describe('a rate limit of token counting', () => {
  const count = (keyUrl: string) => send(`${keyUrl}/v1/messages/count_tokens`, {}, MESSAGE);
  const limited = saying(429, 'rate_limit_error', 'their words', { 'retry-after': '45' });

  test('leaves the account to the messages of its sessions', async () => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b']);
    provider.scripts.set('a', limited);
    expect((await count(proxy.keyUrl)).status).toBe(200);
    expect([provider.count('a'), provider.count('b')]).toEqual([1, 1]);
    expect(rooms.limits.cooldowns('id-a', clock.now())).toEqual([]);
    provider.scripts.set('a', ok());
    await post(proxy.keyUrl);
    expect([provider.count('a'), provider.count('b')]).toEqual([2, 1]);
  });

  test('is not taken for that of messages, though both go by the same name', async () => {
    const { proxy, provider, rooms } = await routedProxy(['a']);
    const headers = {
      'anthropic-ratelimit-requests-limit': '100',
      'anthropic-ratelimit-requests-remaining': '3',
      'anthropic-ratelimit-unified-5h-status': 'allowed',
    };
    const read = (): string[] => rooms.limits.readings('id-a').map(({ bucket }) => bucket);
    provider.scripts.set('a', ok(headers));
    await count(proxy.keyUrl);
    expect(read()).toEqual(['5h']);
    await post(proxy.keyUrl);
    expect(read()).toEqual(['5h', 'requests']);
  });

  test('is told in the words of the provider when every account has it', async () => {
    const { proxy, provider } = await routedProxy(['a', 'b']);
    for (const name of ['a', 'b']) provider.scripts.set(name, limited);
    const answer = await count(proxy.keyUrl);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '45']);
    expect(answer.body.toString()).toContain('their words');
    expect([provider.count('a'), provider.count('b')]).toEqual([1, 1]);
  });
});

describe('an account without credits for the long context', () => {
  const long = { 'anthropic-beta': 'claude-code-20250219, context-1m-2025-08-07' };
  const refused = saying(429, 'rate_limit_error', 'Usage credits required for 1M context');

  /** A session without it, and one with it that was refused. */
  async function refusedOnce() {
    const set = await routedProxy(['a', 'b']);
    const { proxy, provider } = set;
    await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'plain' });
    provider.scripts.set('a', refused);
    const answer = await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'long', ...long });
    expect([answer.status, provider.count('a'), provider.count('b')]).toEqual([200, 2, 1]);
    provider.scripts.set('a', ok());
    return set;
  }

  test('keeps the sessions that do without it', async () => {
    const { proxy, provider } = await refusedOnce();
    await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'plain' });
    expect([provider.count('a'), provider.count('b')]).toEqual([3, 1]);
    await until(() => proxy.seen.records.length === 3);
    expect(proxy.seen.records.map(({ trace }) => trace.move)).toEqual([null, null, null]);
  });

  test('is not asked for it again for a while', async () => {
    const { proxy, provider, rooms, clock } = await refusedOnce();
    await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'other', ...long });
    expect([provider.count('a'), provider.count('b')]).toEqual([2, 2]);
    const [rest] = rooms.limits.cooldowns('id-a', clock.now());
    expect(rest?.bucket).toBe('model:claude-sonnet-5-5[1m]');
    // What was served without it says nothing about it.
    rooms.limits.tryNow('id-a', '*', clock.now());
    await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'plain' });
    expect(rooms.limits.cooldowns('id-a', clock.now())).toMatchObject([{ probing: true }]);
    clock.advance(5 * 60_000 + 6000);
    await post(proxy.keyUrl, MESSAGE, { 'x-claude-code-session-id': 'third', ...long });
    expect([provider.count('a'), provider.count('b')]).toEqual([4, 2]);
  });
});
