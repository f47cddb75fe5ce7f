import { describe, expect, test } from 'vitest';
import type { ProxyDeps } from './server.ts';
import { leavable } from './testing-client.ts';
import { type Answer, MESSAGE, send } from './testing-http.ts';
import { accountsAt, keeper, ok, refusal, routedProxy, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const post = (keyUrl: string, headers = {}) => send(`${keyUrl}/v1/messages`, { headers }, MESSAGE);
const messageOf = (answer: Answer): string => JSON.parse(answer.body.toString()).error.message;

describe('a request is held', () => {
  /** One account that rests for so long; the next requests find nobody. */
  async function resting(ms: number, settings = {}) {
    const set = await routedProxy(['a'], { settings: { exhaustion: 'hold', holdSeconds: 60, ...settings } });
    set.provider.scripts.set('a', spentUntil(set.clock.now() + ms));
    return set;
  }

  test('in silence until the account is back, and then served', async () => {
    const { proxy, provider, clock } = await resting(20_000);
    const counts: number[] = [];
    proxy.proxy.onInFlightChange(() => counts.push(proxy.proxy.held()));
    const client = leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => proxy.proxy.held() === 1);
    provider.scripts.set('a', ok());
    clock.advance(19_000);
    expect([client.received(), client.ended(), proxy.proxy.held(), provider.count('a')]).toEqual([
      '',
      'no',
      1,
      1,
    ]);
    clock.advance(1000);
    await until(() => client.ended() === 'complete');
    const record = await proxy.seen.nextRecord();
    expect(record).toMatchObject({ status: 200, terminal: 'complete', attempts: 2, firstByteMs: 20_000 });
    expect(record.trace).toMatchObject({
      heldMs: 20_000,
      conclusion: '"a" answered. It had waited 20 s for an account to come back.',
    });
    expect([counts.includes(1), counts.at(-1), proxy.proxy.held()]).toEqual([true, 0, 0]);
  });

  test('also when everybody rested before it came', async () => {
    const { proxy, provider, clock } = await resting(20_000);
    leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => proxy.proxy.held() === 1);
    leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => proxy.proxy.held() === 2);
    expect(provider.count('a')).toBe(1);
    provider.scripts.set('a', ok());
    clock.advance(20_000);
    await until(() => proxy.seen.records.length === 2);
    expect(proxy.seen.records.map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each<[string, (set: Awaited<ReturnType<typeof resting>>) => void]>([
    ['the rest is ended by hand', ({ rooms }) => rooms.limits.clear('id-a', '*')],
    ['the rest is tried before its end', ({ rooms, clock }) => rooms.limits.tryNow('id-a', '*', clock.now())],
    [
      'an account is added',
      ({ proxy, provider, clock }) => {
        proxy.setAccounts(accountsAt(provider, ['a', 'b']));
        clock.advance(1000);
      },
    ],
  ])('and goes on at once when %s', async (_name, act) => {
    const set = await resting(30_000);
    const answer = post(set.proxy.keyUrl);
    await until(() => set.proxy.proxy.held() === 1);
    set.provider.scripts.set('a', ok());
    act(set);
    expect((await answer).status).toBe(200);
  });

  test('also while nobody knows when the account is back', async () => {
    const { proxy, provider, rooms, clock } = await resting(0);
    const cooldown = { bucket: '*', until: null, evidence: [], attention: true };
    const verdict = {
      scope: 'account',
      action: 'next-account',
      code: 'access_disabled',
      reason: 'off',
    } as const;
    rooms.limits.rest('id-a', { ...verdict, cooldown }, clock.now());
    provider.scripts.set('a', ok());
    const answer = post(proxy.keyUrl);
    await until(() => proxy.proxy.held() === 1);
    clock.advance(59_000);
    expect(proxy.proxy.held()).toBe(1);
    rooms.limits.clear('id-a', '*');
    expect((await answer).status).toBe(200);
  });

  test('in several rounds, but no longer than allowed in all; then the usual error', async () => {
    const { proxy, provider, clock } = await resting(20_000, { holdSeconds: 50 });
    const answer = post(proxy.keyUrl);
    for (const round of [1, 2]) {
      await until(() => proxy.proxy.held() === 1 && provider.count('a') === round);
      provider.scripts.set('a', spentUntil(clock.now() + 40_000));
      clock.advance(20_000);
    }
    // Back again in 20 s, with 10 s of the bound left: not worth a wait.
    const { status, headers } = await answer;
    expect([status, headers['retry-after'], provider.count('a')]).toEqual([429, '20', 3]);
    expect(await proxy.seen.nextRecord()).toMatchObject({
      errorCode: 'pool_exhausted',
      durationMs: 40_000,
      trace: { heldMs: 40_000 },
    });
  });

  test('and fails with words about it when the time is over', async () => {
    const { proxy, rooms, clock } = await resting(0);
    const cooldown = { bucket: '*', until: null, evidence: [] };
    const verdict = { scope: 'account', action: 'next-account', code: 'billing', reason: 'unpaid' } as const;
    rooms.limits.rest('id-a', { ...verdict, cooldown }, clock.now());
    const answer = post(proxy.keyUrl);
    await until(() => proxy.proxy.held() === 1);
    clock.advance(60_000);
    expect(messageOf(await answer)).toContain('held for 1 min');
    expect(await proxy.seen.nextRecord()).toMatchObject({ errorCode: 'pool_down', status: 503 });
  });

  test('not at all when the account comes back later than that, and the error says so', async () => {
    const { proxy, clock } = await resting(61_000);
    const answer = await post(proxy.keyUrl);
    expect([answer.status, answer.headers['retry-after'], clock.monotonic()]).toEqual([429, '61', 0]);
    expect(messageOf(answer)).toContain('longer than requests are held (1 min)');
  });

  test('not when its body is too large to be sent again', async () => {
    const { proxy } = await resting(20_000, { replayBufferBytes: 10 });
    const answer = await post(proxy.keyUrl);
    expect([answer.status, proxy.proxy.held()]).toEqual([429, 0]);
  });

  test('and let go at once when its client leaves', async () => {
    const { proxy, provider, clock } = await resting(20_000);
    const client = leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => proxy.proxy.held() === 1);
    clock.advance(5000);
    client.leave();
    expect(await proxy.seen.nextRecord()).toMatchObject({
      terminal: 'client-closed',
      trace: { heldMs: 5000 },
    });
    expect([proxy.proxy.held(), proxy.proxy.replayBytes()]).toEqual([0, 0]);
    clock.advance(60_000);
    expect(provider.count('a')).toBe(1);
  });

  test('and told when the proxy stops, which does not wait for it', async () => {
    const { proxy, clock } = await resting(20_000);
    const answer = post(proxy.keyUrl);
    await until(() => proxy.proxy.held() === 1);
    const drained = proxy.proxy.drain(60_000);
    expect((await answer).status).toBe(503);
    await drained;
    expect([proxy.proxy.held(), clock.monotonic()]).toEqual([0, 0]);
    expect(await proxy.seen.nextRecord()).toMatchObject({ terminal: 'failed', errorCode: 'stopping' });
  });

  test('attack: more than 256 at once; the rest fails at once', async () => {
    const { proxy, provider, clock } = await resting(20_000);
    const clients = Array.from({ length: 260 }, () => post(proxy.keyUrl));
    await until(() => proxy.proxy.held() === 256 && proxy.seen.records.length === 4);
    expect(new Set(proxy.seen.records.map(({ errorCode }) => errorCode))).toEqual(
      new Set(['pool_exhausted']),
    );
    provider.scripts.set('a', ok());
    await until(() => {
      clock.advance(1000);
      return proxy.seen.records.length === 260;
    });
    const good = (await Promise.all(clients)).filter(({ status }) => status === 200);
    expect([good.length, proxy.proxy.held()]).toEqual([256, 0]);
  }, 20_000);

  test.each([
    ['hold', 'fail', 1],
    ['fail', 'hold', 0],
  ] as const)(
    'because the client key says %s, whatever the setting (%s) says',
    async (own, setting, held) => {
      const identify = () => ({ keyId: 'key-1', keyName: 'tests', exhaustion: own });
      const { proxy, provider, clock } = await routedProxy(['a'], {
        settings: { exhaustion: setting },
        deps: { keyring: { identify, touched: () => undefined } },
      });
      provider.scripts.set('a', spentUntil(clock.now() + 20_000));
      leavable(`${proxy.keyUrl}/v1/messages`);
      await until(() => proxy.proxy.held() === held && proxy.seen.records.length === 1 - held);
    },
  );
});

describe('the account that costs money', () => {
  async function withFallback(settings = {}, deps: Pick<Partial<ProxyDeps>, 'price' | 'keyring'> = {}) {
    const set = await routedProxy(['a', { name: 'paid', kind: 'api-key' }], {
      settings: {
        exhaustion: 'fallback',
        fallbackAccountId: 'id-paid',
        fallbackConsent: true,
        fallbackCapUsd: 10,
        ...settings,
      },
      deps: { price: () => 4e9, ...deps },
    });
    set.provider.scripts.set('a', spentUntil(set.clock.now() + 3_600_000));
    return set;
  }
  const session = { 'x-claude-code-session-id': 'session-1' };

  test('steps in when nobody else can serve, up to its cap, and is told of once', async () => {
    const { proxy, provider, rooms, clock } = await withFallback();
    for (const paid of [1, 2]) {
      expect((await post(proxy.keyUrl, session)).status).toBe(200);
      expect(provider.count('paid')).toBe(paid);
      await until(() => proxy.seen.records.length === paid);
    }
    expect(proxy.seen.records[0]).toMatchObject({ accountName: 'paid', attempts: 2, costNanoUsd: 4e9 });
    expect(proxy.seen.records[1]?.trace.candidates).toMatchObject([
      { accountName: 'paid', decision: 'chosen', reasonCode: 'paid_fallback' },
      { accountName: 'a', decision: 'skipped', reasonCode: 'quota_rejected' },
    ]);
    expect(proxy.seen.events.filter(({ code }) => code === 'paid_fallback_used').length).toBe(1);

    const refused = await post(proxy.keyUrl, session);
    expect([refused.status, refused.headers['retry-after'], provider.count('paid')]).toEqual([
      429,
      '3600',
      2,
    ]);
    expect(messageOf(refused)).toContain(
      'may cost up to $4.00, and $2.00 of the cap of $10.00 for this month is left',
    );
    // Its sessions go home as soon as they can.
    expect([...rooms.balancer.bindings()]).toEqual([]);
    rooms.limits.clear('id-a', '*');
    provider.scripts.set('a', ok());
    expect((await post(proxy.keyUrl, session)).status).toBe(200);
    expect(provider.count('a')).toBe(2);
    expect(clock.monotonic()).toBe(0);
  });

  test.each([
    ['consent', { fallbackConsent: false }, {}],
    ['a request that may leave its account', {}, { 'x-ccflare-account': 'a' }],
  ] as const)('does not step in without %s', async (_name, settings, headers) => {
    const { proxy, provider, rooms, clock } = await withFallback({ ...settings });
    if ('fallbackConsent' in settings) rooms.limits.rest('id-paid', restsToo(clock.now()), clock.now());
    expect((await post(proxy.keyUrl, headers)).status).toBe(429);
    expect(provider.count('paid')).toBe(0);
  });

  const restsToo = (now: number) => ({
    scope: 'account' as const,
    action: 'next-account' as const,
    code: 'burst_limited',
    reason: 'busy',
    cooldown: { bucket: '*', until: now + 1000, evidence: [] },
  });

  test.each(['fail', 'hold'] as const)(
    'is none where nothing falls back (%s): it serves like the others',
    async (exhaustion) => {
      const { proxy, provider } = await withFallback({ exhaustion });
      for (const _ of [1, 2]) expect((await post(proxy.keyUrl, session)).status).toBe(200);
      expect([provider.count('a'), provider.count('paid')]).toEqual([1, 2]);
      expect((await proxy.seen.nextRecord()).trace.candidates.map(({ reasonCode }) => reasonCode)).toEqual([
        'least_used',
        'fallback',
      ]);
    },
  );

  test.each(['fail', 'hold', 'fallback'] as const)(
    'pays when it is all there is, whatever the client key says (%s)',
    async (exhaustion) => {
      const identify = () => ({ keyId: 'key-1', keyName: 'tests', exhaustion });
      const { proxy, provider } = await routedProxy([{ name: 'paid', kind: 'api-key' }], {
        settings: {
          exhaustion: 'fallback',
          fallbackAccountId: 'id-paid',
          fallbackConsent: true,
          fallbackCapUsd: 10,
        },
        deps: { price: () => 6e9, keyring: { identify, touched: () => undefined } },
      });
      expect((await post(proxy.keyUrl)).status).toBe(200);
      await proxy.seen.nextRecord();
      expect(provider.count('paid')).toBe(1);
    },
  );

  test('is withheld from a client key that is not to pay, while there are others', async () => {
    const identify = () => ({ keyId: 'key-1', keyName: 'tests', exhaustion: 'fail' as const });
    const { proxy, provider } = await withFallback({}, { keyring: { identify, touched: () => undefined } });
    for (const _ of [1, 2]) expect((await post(proxy.keyUrl)).status).toBe(429);
    expect(provider.count('paid')).toBe(0);
  });

  test('is not given a model without a price, since no cap could hold', async () => {
    const { proxy, provider } = await withFallback({}, { price: () => null });
    const answer = await post(proxy.keyUrl);
    expect([answer.status, provider.count('paid')]).toEqual([429, 0]);
    expect(messageOf(answer)).toContain('no price is known for claude-sonnet-5-5');
  });

  test('attack: an endpoint that answers under a name without price does not get past the cap', async () => {
    const price = (model: string | null) => (model === 'claude-sonnet-5-5' ? 10e9 : null);
    const { proxy, provider } = await withFallback({}, { price });
    expect((await post(proxy.keyUrl)).status).toBe(200);
    await until(() => proxy.seen.records.length === 1);
    expect(proxy.seen.records[0]?.costNanoUsd).toBeNull();
    expect([(await post(proxy.keyUrl)).status, provider.count('paid')]).toEqual([429, 1]);
  });

  test('is not given batches, whose cost nobody knows', async () => {
    const { proxy, provider } = await withFallback();
    const answer = await send(`${proxy.keyUrl}/v1/messages/batches`, {}, '{"requests":[]}');
    expect([answer.status, provider.count('paid')]).toEqual([429, 0]);
    expect(messageOf(answer)).toContain(
      '"paid" does not step in: nobody knows beforehand what this call costs.',
    );
  });

  test('is asked for the list of models, which costs nothing', async () => {
    const { proxy, provider } = await withFallback({ fallbackCapUsd: 0 });
    await post(proxy.keyUrl);
    expect((await send(`${proxy.keyUrl}/v1/models`)).status).toBe(200);
    expect(provider.count('paid')).toBe(1);
  });

  test('is not asked again when it refuses, too: the error tells when the first is back', async () => {
    const { proxy, provider } = await withFallback();
    provider.scripts.set('paid', refusal(429, 'rate_limit_error', { 'retry-after': '600' }));
    const answer = await post(proxy.keyUrl);
    expect([answer.status, answer.headers['retry-after'], provider.count('paid')]).toEqual([429, '600', 1]);
  });

  test('is not asked when the provider cannot be reached', async () => {
    const { proxy, provider } = await withFallback({ retryAttempts: 0 });
    provider.scripts.set('a', (res) => res.socket?.destroy());
    expect((await post(proxy.keyUrl)).status).toBe(502);
    expect(provider.count('paid')).toBe(0);
  });
});

describe('the answer when nobody can serve', () => {
  const unified = ({ headers }: Answer) => [
    headers['anthropic-ratelimit-unified-status'],
    headers['anthropic-ratelimit-unified-representative-claim'],
    headers['anthropic-ratelimit-unified-reset'],
  ];

  test('names the window of the subscription that is back first, when all have spent theirs', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b']);
    const back = clock.now() + 7_200_000;
    provider.scripts.set('a', spentUntil(clock.now() + 90_000_000, '7d')).set('b', spentUntil(back, '5h'));
    for (const tried of [2, 2]) {
      const answer = await post(proxy.keyUrl);
      expect(unified(answer)).toEqual(['rejected', 'five_hour', String(back / 1000)]);
      expect([answer.headers['retry-after'], answer.headers['x-should-retry']]).toEqual(['7200', 'false']);
      expect(messageOf(answer)).toBe('No account can serve this request now. The first one is back in 2 h.');
      expect(provider.received.length).toBe(tried);
    }
  });

  test.each([
    ['an API key is among them', { name: 'b', kind: 'api-key' } as const, 60, '60'],
    ['one of them rests for a burst', 'b', 30, '30'],
  ])('names none when %s', async (_name, other, seconds, retryAfter) => {
    const { proxy, provider, clock } = await routedProxy(['a', other], { settings: { retryAttempts: 0 } });
    provider.scripts.set('a', spentUntil(clock.now() + 7_200_000));
    provider.scripts.set('b', refusal(429, 'rate_limit_error', { 'retry-after': String(seconds) }));
    const answer = await post(proxy.keyUrl);
    expect([answer.status, answer.headers['retry-after'], ...unified(answer)]).toEqual([
      429,
      retryAfter,
      undefined,
      undefined,
      undefined,
    ]);
    expect(answer.headers['x-should-retry']).toBeUndefined();
  });

  test('leaves accounts out of it that could not serve anyway', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', { name: 'paid', kind: 'api-key' }], {
      settings: {
        exhaustion: 'fallback',
        fallbackAccountId: 'id-paid',
        fallbackConsent: true,
        fallbackCapUsd: 0,
      },
    });
    provider.scripts.set('a', spentUntil(clock.now() + 7_200_000));
    expect(unified(await post(proxy.keyUrl))[1]).toBe('five_hour');
  });
});

test('a held request waits for its place like the others: a herd is probed by one', async () => {
  const { proxy, provider, clock } = await routedProxy(['a'], { settings: { exhaustion: 'hold' } });
  provider.scripts.set('a', spentUntil(clock.now() + 20_000));
  const answers = Array.from({ length: 6 }, () => post(proxy.keyUrl));
  await until(() => proxy.proxy.held() === 6);
  const sent = provider.count('a');
  const kept = keeper();
  provider.scripts.set('a', kept.script);
  clock.advance(20_000);
  await until(() => kept.kept.length === 1);
  expect([proxy.proxy.held(), proxy.seen.inFlightByAccount.get('id-a')]).toEqual([0, 1]);
  kept.letGo();
  await until(() => {
    clock.advance(250);
    return proxy.seen.records.length === 6;
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(provider.count('a')).toBe(sent + 6);
});
