import { describe, expect, test } from 'vitest';
import { MESSAGE, proxyTo, send, upstream } from './testing-http.ts';
import { ok, refusal, routedProxy, spent, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const MODEL = 'claude-sonnet-5-5';
const post = (keyUrl: string, headers = {}, model = MODEL) =>
  send(`${keyUrl}/v1/messages`, { headers }, Buffer.from(JSON.stringify({ model, messages: [] })));
const session = { 'x-claude-code-session-id': 'session-1' };

describe('headers in which a client talks to us', () => {
  test('attack: none of them reaches the provider, whoever’s credential is used', async () => {
    const headers = {
      'x-ccflare-key': 'client-key-for-tests-0123456789',
      'X-CCFlare-Account': 'work',
      'x-ccflare-project': 'secret project',
      'x-ccflare-anything': 'else',
      authorization: 'Bearer own-login',
    };
    const reached: string[][] = [];
    const base = await upstream((req, res) => {
      reached.push(req.rawHeaders);
      req.resume();
      res.end('{}');
    });
    const { url } = await proxyTo(base, { deps: { defaultBaseUrl: base } });
    expect((await send(`${url}/v1/messages`, { headers }, MESSAGE)).status).toBe(200);
    expect((await send(`${url}/api/other`, { headers }, MESSAGE)).status).toBe(200);
    expect(reached.length).toBe(2);
    expect(reached.flat().filter((text) => /ccflare|secret project/i.test(text))).toEqual([]);
  });

  test.each([
    ['by name', 'B'],
    ['by its name in letters that headers have no place for', 'Büro'],
    ['by id', 'id-b'],
  ])('a request goes to the account it names %s, or nowhere', async (_name, wanted) => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b', 'Büro']);
    const secret = wanted === 'Büro' ? 'Büro' : 'b';
    const name = Buffer.from(wanted).toString('latin1');
    expect((await post(proxy.keyUrl, { 'x-ccflare-account': name })).status).toBe(200);
    expect(await proxy.seen.nextRecord()).toMatchObject({ accountName: secret, attempts: 1 });
    expect(provider.count('a')).toBe(0);
    if (secret !== 'b') return;
    provider.scripts.set('b', spentUntil(clock.now() + 50_000));
    const refused = await post(proxy.keyUrl, { 'x-ccflare-account': wanted });
    expect([refused.status, refused.headers['retry-after'], provider.count('a')]).toEqual([429, '50', 0]);
  });

  test('an account that there is none of is said in plain words, and nothing is sent', async () => {
    const { proxy, provider } = await routedProxy(['a']);
    const answer = await post(proxy.keyUrl, { 'x-ccflare-account': 'nobody-special' });
    expect([answer.status, answer.headers['x-should-retry']]).toEqual([400, 'false']);
    const { error } = JSON.parse(answer.body.toString());
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringContaining('No account'),
    });
    expect(error.message).not.toContain('nobody-special');
    expect(provider.received).toEqual([]);
    expect(await proxy.seen.nextRecord()).toMatchObject({
      terminal: 'refused',
      errorCode: 'unknown_account',
    });
  });

  test('an empty one asks for nothing', async () => {
    const { proxy } = await routedProxy(['a']);
    expect((await post(proxy.keyUrl, { 'x-ccflare-account': ' ', 'x-ccflare-project': '' })).status).toBe(
      200,
    );
    expect((await proxy.seen.nextRecord()).project).toBeNull();
  });

  test.each([
    ['a name', '  web shop ', 'web shop'],
    ['100 characters', 'p'.repeat(100), 'p'.repeat(100)],
    ['101 characters', 'p'.repeat(101), null],
    ['letters that headers have no place for', 'Größe 世界', 'Größe 世界'],
    ['percent-encoding, which stays as it is', 'a%20b', 'a%20b'],
    ['characters that turn the text around', 'abc\u202edef', null],
    ['a tab inside', 'a\tb', null],
  ])('the project of a request: %s', async (_name, sent, kept) => {
    const { proxy } = await routedProxy(['a']);
    const value = Buffer.from(sent).toString('latin1');
    await post(proxy.keyUrl, { 'x-ccflare-project': value, ...session });
    expect((await proxy.seen.nextRecord()).project).toBe(kept);
  });
});

describe('a wish about the limits of an account', () => {
  const slow = { ...session, 'Anthropic-Usage-Limit': 'slow' };

  async function boundToA(settings = {}) {
    const set = await routedProxy(['a', 'b', 'c'], { settings });
    await post(set.proxy.keyUrl, session);
    const heard = () =>
      set.provider.received.slice(1).map((one) => [one.secret, one.headers['anthropic-usage-limit']]);
    return { ...set, heard };
  }

  test('reaches the account of the session', async () => {
    const { proxy, heard } = await boundToA();
    await post(proxy.keyUrl, slow);
    expect(heard()).toEqual([['a', 'slow']]);
  });

  test('reaches no other one while that rests, also where the other comes first', async () => {
    const { proxy, provider, clock, heard } = await boundToA();
    provider.scripts.set('a', spentUntil(clock.now() + 60_000));
    await post(proxy.keyUrl, { 'x-claude-code-session-id': 'another' });
    await post(proxy.keyUrl, slow);
    expect(heard().at(-1)).toEqual(['b', undefined]);
  });

  test('reaches it also where it comes second', async () => {
    const { proxy, provider, clock, heard } = await boundToA({
      modelRoutes: [{ model: '*', accountId: 'id-b' }],
    });
    provider.received.length = 0;
    await post(proxy.keyUrl, { ...session, 'x-ccflare-account': 'a' });
    provider.scripts.set('b', spentUntil(clock.now() + 60_000));
    await post(proxy.keyUrl, slow);
    expect(heard()).toEqual([
      ['b', undefined],
      ['a', 'slow'],
    ]);
  });

  test('of a session nobody knows reaches the first account, but not in the place of one that rests', async () => {
    const { proxy, rooms, provider, clock, heard } = await boundToA();
    await post(proxy.keyUrl, { ...slow, 'x-claude-code-session-id': 'another' });
    provider.scripts.set('a', spentUntil(clock.now() + 60_000));
    await post(proxy.keyUrl, { 'x-claude-code-session-id': 'third' });
    rooms.balancer.release('another');
    await post(proxy.keyUrl, { ...slow, 'x-claude-code-session-id': 'another' });
    expect([heard()[0], heard().at(-1)]).toEqual([
      ['a', 'slow'],
      ['b', undefined],
    ]);
  });
});

describe('the board of sessions', () => {
  test('knows who is under way, also when it fails or its session shows late', async () => {
    const { proxy, provider, rooms } = await routedProxy(['a']);
    const inFlight = () => rooms.board.live().map(({ sessionId, inFlight }) => [sessionId, inFlight]);
    let seen: unknown = null;
    provider.scripts.set('a', (res) => {
      seen = inFlight();
      ok()(res);
    });
    await post(proxy.keyUrl, { ...session, 'x-ccflare-project': 'shop' });
    await proxy.seen.nextRecord();
    expect([seen, inFlight()]).toEqual([[['session-1', 1]], [['session-1', 0]]]);
    expect(rooms.board.live()[0]?.project).toBe('shop');

    provider.scripts.set('a', refusal(400, 'invalid_request_error'));
    await post(proxy.keyUrl, session);
    await proxy.seen.nextRecord();
    expect(inFlight()).toEqual([['session-1', 0]]);

    // The session stands at the end of a body that is passed on before it is read to its end.
    provider.scripts.set('a', ok());
    const late = JSON.stringify({
      model: MODEL,
      messages: ['x'.repeat(400_000)],
      metadata: { user_id: JSON.stringify({ session_id: 'session-2' }) },
    });
    await send(`${proxy.keyUrl}/v1/messages`, {}, late);
    expect((await proxy.seen.nextRecord()).sessionId).toBe('session-2');
    expect(inFlight()).toContainEqual(['session-2', 0]);
  });

  const warm = ok();
  async function warmSession(model = MODEL) {
    const set = await routedProxy(['a', 'b']);
    set.provider.scripts.set('a', (res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{"usage":{"input_tokens":5,"cache_read_input_tokens":30000,"output_tokens":5}}');
    });
    await post(set.proxy.keyUrl, session, model);
    expect((await set.proxy.seen.nextRecord()).trace.move).toBeNull();
    set.provider.scripts.set('b', warm);
    return set;
  }

  test('a session that leaves a spent account: the trace tells the move, why, and what it lost', async () => {
    const { proxy, provider, rooms, clock } = await warmSession();
    provider.scripts.set('a', spentUntil(clock.now() + 60_000));
    expect((await post(proxy.keyUrl, session)).status).toBe(200);
    const record = await proxy.seen.nextRecord();
    expect(record.trace.move).toMatchObject({
      fromAccountName: 'a',
      toAccountName: 'b',
      reason: expect.stringContaining('window spent'),
      cacheTokens: expect.any(Number),
      accountBound: true,
    });
    expect(record.trace.move?.cacheTokens).toBeGreaterThan(30_000 - 1);
    expect(rooms.board.live()[0]?.moves).toEqual([record.trace.move]);
    expect(proxy.seen.events.filter(({ code }) => code === 'session_moved')).toMatchObject([
      { message: expect.stringContaining('30k cached tokens are written again'), accountId: 'id-b' },
    ]);
    await post(proxy.keyUrl, session);
    expect((await proxy.seen.nextRecord()).trace.move).toBeNull();
  });

  test('a session whose account rests already moves with the reason of that rest', async () => {
    const { proxy, provider, clock } = await warmSession();
    provider.scripts.set('a', spentUntil(clock.now() + 60_000));
    await post(proxy.keyUrl, { 'x-claude-code-session-id': 'another' });
    await proxy.seen.nextRecord();
    await post(proxy.keyUrl, session);
    const { trace } = await proxy.seen.nextRecord();
    expect(trace.attempts.length).toBe(1);
    expect(trace.move).toMatchObject({ fromAccountName: 'a', reason: '5-hour window spent.' });
  });

  test('other models move without an event; one that goes back and forth tells it once a minute', async () => {
    const quiet = await warmSession('claude-opus-5-5');
    quiet.provider.scripts.set('a', spentUntil(quiet.clock.now() + 60_000));
    await post(quiet.proxy.keyUrl, session, 'claude-opus-5-5');
    expect((await quiet.proxy.seen.nextRecord()).trace.move?.accountBound).toBe(false);
    expect(quiet.proxy.seen.events.map(({ code }) => code)).not.toContain('session_moved');

    const { proxy, clock } = await warmSession();
    for (const name of ['b', 'a', 'b', 'a']) {
      await post(proxy.keyUrl, { ...session, 'x-ccflare-account': name });
      expect((await proxy.seen.nextRecord()).trace.move?.toAccountName).toBe(name);
    }
    const told = () => proxy.seen.events.filter(({ code }) => code === 'session_moved').length;
    expect(told()).toBe(1);
    clock.advance(61_000);
    await post(proxy.keyUrl, { ...session, 'x-ccflare-account': 'b' });
    await proxy.seen.nextRecord();
    expect(told()).toBe(2);
  });

  test('a start-up probe and a count of tokens move nothing', async () => {
    const { proxy } = await warmSession();
    const probe = { model: MODEL, max_tokens: 1, messages: [{ role: 'user', content: 'quota' }] };
    const headers = { ...session, 'x-ccflare-account': 'b' };
    await send(`${proxy.keyUrl}/v1/messages`, { headers }, JSON.stringify(probe));
    await send(`${proxy.keyUrl}/v1/messages/count_tokens`, { headers }, MESSAGE);
    await until(() => proxy.seen.records.length === 3);
    expect(proxy.seen.records.map(({ trace }) => trace.move)).toEqual([null, null, null]);
  });
});

describe('money of the month', () => {
  const overage = (resetAt: number) =>
    ok(spent('5h', resetAt, { 'anthropic-ratelimit-unified-overage-in-use': 'true' }));

  async function withMoney(settings = {}) {
    const noted: unknown[] = [];
    let sum = 0;
    const set = await routedProxy(['a', { name: 'key', kind: 'api-key' }], {
      settings,
      deps: {
        price: () => 3e9,
        spend: {
          note(id, cost, paid) {
            noted.push([id, cost, paid]);
            if (paid) sum += cost;
          },
          spent: () => 0,
          overage: () => sum,
          flush: () => undefined,
        },
      },
    });
    const ask = async (account: string) => {
      await post(set.proxy.keyUrl, { 'x-ccflare-account': account });
      return set.proxy.seen.nextRecord();
    };
    return { ...set, noted, ask };
  }

  test('API keys: all of it; subscriptions: only what is paid as overage', async () => {
    const { provider, noted, ask, clock } = await withMoney();
    await ask('a');
    await ask('key');
    provider.scripts.set('a', overage(clock.now() + 60_000));
    await ask('a');
    provider.scripts.set('key', refusal(400, 'invalid_request_error'));
    await ask('key');
    expect(noted).toEqual([
      ['id-key', 3e9, false],
      ['id-a', 3e9, true],
    ]);
  });

  test('an account that serves paid overage is left, unless that is allowed, up to the cap', async () => {
    const left = await withMoney();
    left.provider.scripts.set('a', overage(left.clock.now() + 60_000));
    await left.ask('a');
    expect(left.rooms.limits.blocking('id-a', MODEL, left.clock.now())?.reasonCode).toBe('overage_in_use');

    const { provider, noted, ask, clock, rooms } = await withMoney({ allowOverage: true, overageCapUsd: 6 });
    provider.scripts.set('a', overage(clock.now() + 60_000));
    for (const _ of [1, 2]) {
      await ask('a');
      expect(rooms.limits.blocking('id-a', MODEL, clock.now())).toBeNull();
    }
    await ask('a');
    expect(rooms.limits.blocking('id-a', MODEL, clock.now())?.reasonCode).toBe('overage_in_use');
    expect(noted.length).toBe(2);
  });
});

describe('an overloaded provider', () => {
  const overloaded = refusal(529, 'overloaded_error');
  const hop = { settings: { retryAttempts: 0 } };

  test('one other account is asked, nobody is benched, and no ramp begins', async () => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b', 'c'], hop);
    const switched: string[] = [];
    rooms.gate.switchedTo = (id) => void switched.push(id);
    provider.scripts.set('a', overloaded);
    expect((await post(proxy.keyUrl)).status).toBe(200);
    expect([provider.count('a'), provider.count('b'), switched]).toEqual([1, 1, []]);
    expect(rooms.limits.cooldowns('id-a', clock.now())).toEqual([]);
  });

  test('which is overloaded there, too: its answer goes back as it is, and a third account is not asked', async () => {
    const { proxy, provider } = await routedProxy(['a', 'b', 'c'], hop);
    provider.scripts.set('a', overloaded).set('b', refusal(503, 'api_error'));
    const answer = await post(proxy.keyUrl);
    expect([answer.status, provider.count('c')]).toEqual([503, 0]);
    expect(answer.body.toString()).toContain('theirs: api_error');
  });

  test.each([
    ['has spent its window', (now: number) => spentUntil(now + 60_000)],
    ['is refused', () => refusal(401, 'authentication_error')],
  ])('and the other account %s: the provider’s answer about itself goes back', async (_name, other) => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b'], hop);
    provider.scripts.set('a', overloaded).set('b', other(clock.now())).set('b-fresh', other(clock.now()));
    const answer = await post(proxy.keyUrl);
    expect([answer.status, answer.body.toString()]).toEqual([
      529,
      expect.stringContaining('theirs: overloaded'),
    ]);
    expect(await proxy.seen.nextRecord()).toMatchObject({ accountName: 'a', errorCode: 'overloaded_error' });
  });

  test('and nobody is left to ask: its answer goes back, as when the hop is switched off', async () => {
    for (const settings of [{ retryAttempts: 0 }, { retryAttempts: 0, overloadHop: false }]) {
      const { proxy, provider } = await routedProxy(settings.overloadHop === false ? ['a', 'b'] : ['a'], {
        settings,
      });
      provider.scripts.set('a', overloaded);
      expect((await post(proxy.keyUrl)).status).toBe(529);
      expect(provider.count('b')).toBe(0);
    }
  });
});
