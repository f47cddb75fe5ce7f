import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Answer, send } from './testing-http.ts';
import { accountsAt, ok, refusal, routedProxy, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const FILES = { 'anthropic-beta': 'claude-code-20250219,files-api-2025-04-14' };
const MODEL = 'claude-sonnet-5-5';
const messageOf = (answer: Answer): string => JSON.parse(answer.body.toString()).error.message;
const file = (id: string) => ({ type: 'document', source: { type: 'file', file_id: id } });

/** A question of a session that comes with so much text before what it names. */
function question(kilobytes: number, named: object = file('file_b'), top: object = {}): string {
  const text = { type: 'text', text: 'x'.repeat(kilobytes * 1024) };
  return JSON.stringify({
    model: MODEL,
    metadata: { user_id: JSON.stringify({ session_id: 'session-1' }) },
    messages: [{ role: 'user', content: [text, named] }],
    ...top,
  });
}

/** Two accounts; `file_b` and what else is told lives on the second. */
async function filedProxy(settings = {}, names = ['a', 'b']) {
  const set = await routedProxy(names, { settings });
  set.proxy.seen.resources.set('file_b', 'id-b');
  const ask = (body: string, headers: http.OutgoingHttpHeaders = FILES, path = '/v1/messages') =>
    send(`${set.proxy.keyUrl}${path}`, { headers }, body);
  const counts = () => names.map((name) => set.provider.count(name));
  return { ...set, ask, counts };
}

describe('what a request names decides where it goes, however late it stands', () => {
  test.each([10, 300, 3000])('a file after %i KB', async (kilobytes) => {
    const { proxy, ask, counts } = await filedProxy();
    expect((await ask(question(kilobytes))).status).toBe(200);
    expect(counts()).toEqual([0, 1]);
    expect((await proxy.seen.nextRecord()).trace.candidates[0]).toMatchObject({ reasonCode: 'pinned' });
    expect(proxy.proxy.replayBytes()).toBe(0);
  });

  test.each([
    ['container', 'code-execution-2025-08-25', { container: { id: 'file_b' } }],
    ['container with skills', 'skills-2025-10-02', { container: 'file_b' }],
    ['thread', 'threads-2026-09-01', { previous_message_id: 'file_b' }],
  ])('a %s after 300 KB', async (_what, beta, top) => {
    const { ask, counts } = await filedProxy();
    expect((await ask(question(300, {}, top), { 'anthropic-beta': beta })).status).toBe(200);
    expect(counts()).toEqual([0, 1]);
  });

  test('a file whose name is cut anywhere, spaces and all', async () => {
    const { proxy, counts } = await filedProxy();
    const body = question(200).replace('"file_id":"file_b"', '"file_id" :\n "file_b"');
    const at = body.indexOf('"file_id"');
    for (let cut = at - 1; cut < at + 24; cut += 1) {
      expect(await inParts(`${proxy.keyUrl}/v1/messages`, [body.slice(0, cut), body.slice(cut)])).toBe(200);
    }
    expect(counts()).toEqual([0, 25]);
  });

  test('a file that comes after others nobody knows', async () => {
    const { ask, counts } = await filedProxy();
    const content = [...Array.from({ length: 20 }, (_, n) => file(`file_${n}`)), file('file_b')];
    await ask(question(1, { content }));
    expect(counts()).toEqual([0, 1]);
  });

  test('a file of a count of tokens, or of a batch', async () => {
    const { ask, counts } = await filedProxy();
    await ask(question(300), FILES, '/v1/messages/count_tokens');
    await ask(
      JSON.stringify({ requests: [{ params: JSON.parse(question(300)) }] }),
      FILES,
      '/v1/messages/batches',
    );
    expect(counts()).toEqual([0, 2]);
  });

  test('words about a file are none', async () => {
    const { ask, counts } = await filedProxy();
    await ask(question(1, { type: 'text', text: '{"file_id":"file_b"}' }));
    expect(counts()).toEqual([1, 0]);
  });

  test('attack: a body too large to be kept is not waited for', async () => {
    const { proxy, ask, counts } = await filedProxy({ replayBufferBytes: 200_000 });
    expect((await ask(question(3000))).status).toBe(200);
    expect(counts()).toEqual([1, 0]);
    expect(proxy.proxy.replayBytes()).toBe(0);
  });

  test('attack: thousands of files do not cost thousands of look-ups', async () => {
    const { proxy, ask } = await filedProxy();
    let looked = 0;
    const { get } = proxy.seen.resources;
    proxy.seen.resources.get = function (this: Map<string, string>, id) {
      looked += 1;
      return get.call(this, id);
    };
    await ask(question(1, { content: Array.from({ length: 5000 }, (_, n) => file(`file_${n}`)) }));
    expect(looked).toBeLessThanOrEqual(100);
  });
});

test('files that code has made are asked of the account where it ran', async () => {
  const { proxy, provider, ask, counts } = await filedProxy();
  const made = (id: string) => `{"type":"code_execution_output","file_id":"${id}"}`;
  provider.scripts.set('b', (res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(`{"container":{"id":"container_1"},"content":[${made('file_1')},${made('file_2')}]}`);
  });
  const headers = { 'anthropic-beta': 'code-execution-2025-08-25', 'x-ccflare-account': 'b' };
  await ask(question(1, {}), headers);
  await proxy.seen.nextRecord();
  for (const id of ['file_1', 'file_2']) await send(`${proxy.keyUrl}/v1/files/${id}/content`);
  expect(counts()).toEqual([0, 3]);
});

describe('what a request names lives on an account that cannot serve it', () => {
  test('since it is at its wall: no other is asked, and the error tells when it is back', async () => {
    const { provider, clock, ask, counts } = await filedProxy();
    provider.scripts.set('b', spentUntil(clock.now() + 7_200_000));
    for (const _ of [1, 2]) {
      const answer = await ask(question(1));
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7200']);
      expect(messageOf(answer)).toBe('Only "b" can serve this request, and it is back in 2 h.');
    }
    expect(counts()).toEqual([0, 1]);
    expect((await ask(question(1, {}))).status).toBe(200);
    expect(counts()).toEqual([1, 1]);
  });

  test('since it is at its wall: the request is held until it is back', async () => {
    const { proxy, provider, clock, ask, counts } = await filedProxy({ exhaustion: 'hold' });
    provider.scripts.set('b', spentUntil(clock.now() + 20_000));
    const answer = ask(question(1));
    await until(() => proxy.proxy.held() === 1);
    provider.scripts.set('b', ok());
    clock.advance(20_000);
    expect((await answer).status).toBe(200);
    expect(counts()).toEqual([0, 2]);
  });

  test('since it is at its wall: the account that costs money has not got it either', async () => {
    const settings = { exhaustion: 'fallback', fallbackAccountId: 'id-a', fallbackConsent: true };
    const { provider, clock, ask, counts } = await filedProxy(settings);
    provider.scripts.set('b', spentUntil(clock.now() + 7_200_000));
    expect((await ask(question(1))).status).toBe(429);
    expect(counts()).toEqual([0, 1]);
  });

  test('but costs money: it pays for what it holds', async () => {
    const settings = { exhaustion: 'fallback', fallbackAccountId: 'id-b', fallbackConsent: true };
    const { ask, counts } = await filedProxy(settings);
    expect((await ask(question(1))).status).toBe(200);
    expect(counts()).toEqual([0, 1]);
  });

  test('since the user paused it: the error says so, and no other is asked', async () => {
    const { proxy, provider, ask, counts } = await filedProxy();
    const [a, b] = accountsAt(provider, ['a', 'b']);
    if (a === undefined || b === undefined) throw new Error('no accounts');
    proxy.setAccounts([a, { ...b, paused: true }]);
    const answer = await ask(question(1));
    expect([answer.status, answer.headers['x-should-retry']]).toEqual([503, 'false']);
    expect(messageOf(answer)).toBe('Only "b" can serve this request: Paused by you.');
    expect(counts()).toEqual([0, 0]);
  });

  test('since it has no credit left: the error says so, the first time and later', async () => {
    const { provider, ask, counts } = await filedProxy();
    provider.scripts.set('b', refusal(402, 'billing_error'));
    for (const _ of [1, 2]) {
      const answer = await ask(question(1));
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, undefined]);
      expect(messageOf(answer)).toContain('Only "b" can serve this request: The provider cannot bill');
    }
    expect(counts()).toEqual([0, 1]);
  });

  test('since its plan lacks the model: its own words go back', async () => {
    const { provider, ask, counts } = await filedProxy();
    provider.scripts.set('b', refusal(403, 'permission_error'));
    for (const _ of [1, 2]) expect((await ask(question(1))).status).toBe(403);
    expect(counts()).toEqual([0, 2]);
  });

  test('since it is gone: the others are asked, and the provider says what it knows of the file', async () => {
    const { proxy, provider, ask, counts } = await filedProxy();
    proxy.setAccounts(accountsAt(provider, ['a']));
    provider.scripts.set('a', refusal(404, 'not_found_error'));
    expect((await ask(question(1))).status).toBe(404);
    expect(counts()).toEqual([1, 0]);
  });

  test('but the request itself asks for another: that is what the client wants', async () => {
    const { ask, counts } = await filedProxy();
    expect((await ask(question(1), { ...FILES, 'x-ccflare-account': 'a' })).status).toBe(200);
    expect(counts()).toEqual([1, 0]);
  });

  test('a file itself is asked of no other account, whose answer would be that there is none', async () => {
    const { provider, clock, proxy, counts } = await filedProxy();
    provider.scripts.set('b', spentUntil(clock.now() + 7_200_000));
    for (const tried of [1, 2]) {
      expect((await send(`${proxy.keyUrl}/v1/files/file_b/content`)).status).toBe(429);
      expect(counts()).toEqual([0, tried]);
    }
  });
});

/** Sends a body in parts, each in a packet of its own. */
function inParts(url: string, parts: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = http.request(url, { method: 'POST', agent: false, headers: FILES }, (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode ?? 0));
    });
    req.on('error', reject);
    const [first = '', ...rest] = parts;
    req.write(first, () => setImmediate(() => req.end(rest.join(''))));
  });
}
