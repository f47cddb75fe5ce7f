import { describe, expect, test } from 'vitest';
import prices from '../../../resources/prices.json' with { type: 'json' };
import type { Settings } from '../../../shared/settings.ts';
import { parsePrices } from '../usage/load-prices.ts';
import { createPricing } from '../usage/pricing.ts';
import type { PriceUsage } from '../usage-ports.ts';
import { leavable } from './testing-client.ts';
import { type Answer, MESSAGE, send } from './testing-http.ts';
import { keeper, ok, refusal, routedProxy, type Script, spent, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const HOUR = 3_600_000;
/** A token costs a tenth of a dollar: the ordinary message at most three, the ordinary answer a dollar and a half. */
const perToken: PriceUsage = (_model, { inputTokens, outputTokens }) =>
  ((inputTokens ?? 0) + (outputTokens ?? 0)) * 1e8;
const body = (maxTokens: number, more: object = {}): string =>
  JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: maxTokens, messages: [], ...more });

const post = (keyUrl: string, text = MESSAGE, headers = {}) =>
  send(`${keyUrl}/v1/messages`, { headers }, text);
const messageOf = (answer: Answer): string => JSON.parse(answer.body.toString()).error.message;
const whole = ok();
const session = { 'x-claude-code-session-id': 'session-1' };

describe('the cap of the account set aside', () => {
  async function atTheWall(settings: Partial<Settings> = {}, fallback = {}, price = perToken) {
    const set = await routedProxy(['a', { name: 'paid', kind: 'api-key', ...fallback }], {
      settings: {
        exhaustion: 'fallback',
        fallbackAccountId: 'id-paid',
        fallbackConsent: true,
        fallbackCapUsd: 10,
        ...settings,
      },
      deps: { price },
    });
    set.provider.scripts.set('a', spentUntil(set.clock.now() + HOUR + 30_000));
    // Work has switched to it for a while, which has cost nothing.
    await send(`${set.proxy.keyUrl}/v1/messages/count_tokens`, {}, MESSAGE);
    await until(() => set.proxy.seen.records.length === 1);
    set.proxy.seen.records.length = 0;
    set.provider.received.length = 0;
    set.clock.advance(30_000);
    const kept = keeper();
    set.provider.scripts.set('paid', kept.script);
    const spentSoFar = () =>
      set.proxy.seen.records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0) / 1e9;
    return { ...set, kept, spentSoFar };
  }

  test('holds for any number of requests at once; the others hear that it may soon be otherwise', async () => {
    const { proxy, provider, kept, spentSoFar } = await atTheWall();
    const answers = Array.from({ length: 20 }, () => post(proxy.keyUrl));
    await until(() => kept.kept.length === 3 && proxy.seen.records.length === 17);
    kept.letGo(whole);
    const refused = (await Promise.all(answers)).filter(({ status }) => status === 429);
    expect(refused.length).toBe(17);
    for (const answer of refused) {
      expect([answer.headers['retry-after'], answer.headers['x-should-retry']]).toEqual(['5', undefined]);
      expect(messageOf(answer)).toContain('what requests under way may cost');
    }
    await until(() => proxy.seen.records.length === 20);
    expect([provider.count('paid'), spentSoFar()]).toEqual([3, 4.5]);
  });

  test('is never passed, and what is left for no request is said', async () => {
    const { proxy, kept, spentSoFar } = await atTheWall();
    kept.letGo(whole);
    const statuses: number[] = [];
    for (let n = 1; n <= 7; n += 1) {
      const answer = await post(proxy.keyUrl);
      statuses.push(answer.status);
      if (answer.status === 429) {
        expect(messageOf(answer)).toContain(
          '"paid" does not step in: this request may cost up to $3.00, and $2.50 of the cap of $10.00 for this month is left.',
        );
        expect([answer.headers['retry-after'], answer.headers['x-should-retry']]).toEqual(['3600', 'false']);
      }
      await until(() => proxy.seen.records.length === n);
    }
    expect([statuses, spentSoFar()]).toEqual([[200, 200, 200, 200, 200, 429, 429], 7.5]);
    // A smaller one still fits.
    expect((await post(proxy.keyUrl, body(4))).status).toBe(200);
  });

  test.each([
    ['an error', refusal(400, 'invalid_request_error')],
    ['a limit of its own', refusal(429, 'rate_limit_error')],
    ['a broken answer', (res: { socket: { destroy(): void } | null }) => res.socket?.destroy()],
  ] as const)('what was put aside for %s is free again', async (_what, script) => {
    const { proxy, provider, kept } = await atTheWall({ retryAttempts: 0 });
    provider.scripts.set('paid', script as typeof whole);
    for (let n = 1; n <= 5; n += 1) await post(proxy.keyUrl);
    provider.scripts.set('paid', kept.script);
    for (let n = 1; n <= 3; n += 1) leavable(`${proxy.keyUrl}/v1/messages`);
    await until(() => kept.kept.length === 3);
  });

  test('attack: clients that leave take nothing of it with them', async () => {
    const { proxy, kept } = await atTheWall();
    for (let round = 1; round <= 3; round += 1) {
      const clients = [1, 2, 3].map(() => leavable(`${proxy.keyUrl}/v1/messages`));
      await until(() => kept.kept.length === 3 * round);
      for (const client of clients) client.leave();
      await until(() => proxy.seen.records.length === 3 * round);
    }
  });

  test('a body tells what its prompt may cost, also one that says late how long the answer may be', async () => {
    const { proxy, provider, kept } = await atTheWall({ fallbackCapUsd: 11_000 });
    kept.letGo(whole);
    const text = 'x'.repeat(300_000);
    const long = (maxTokens: number) =>
      JSON.stringify({ model: 'claude-sonnet-5-5', messages: [text], max_tokens: maxTokens });
    const refused = await post(proxy.keyUrl, long(20_000), session);
    expect([refused.status, messageOf(refused)]).toEqual([429, expect.stringContaining('up to $12,002')]);
    expect((await post(proxy.keyUrl, long(1000), session)).status).toBe(200);
    expect(provider.count('paid')).toBe(1);
  });

  test('who sets no bound to the answer is taken to want the longest there is', async () => {
    const { proxy } = await atTheWall();
    const answer = await post(proxy.keyUrl, '{"model":"claude-sonnet-5-5","messages":[]}');
    expect(messageOf(answer)).toContain('may cost up to $12,80');
  });

  describe('at the prices of the provider', () => {
    const MILLION = 1_000_000;
    const usage = (written: object, more: object = {}): Script => {
      const text = JSON.stringify({
        model: 'claude-opus-5',
        usage: { input_tokens: 0, output_tokens: 10, ...written, ...more },
      });
      return (res) => res.writeHead(200, { 'content-type': 'application/json' }).end(text);
    };

    /** Sends five at once, each with about a hundred thousand tokens; answers what they have cost, $. */
    async function costOfFive(script: Script, request: object, settings: Partial<Settings>, fallback = {}) {
      const { proxy, provider } = await atTheWall(settings, fallback, createPricing(parsePrices(prices)));
      const kept = keeper();
      provider.scripts.set('paid', kept.script);
      const text = body(100, { ...request, system: 'x'.repeat(400_000) });
      const answers = [1, 2, 3, 4, 5].map(() => post(proxy.keyUrl, text));
      await until(() => kept.kept.length + proxy.seen.records.length === 5);
      kept.letGo(script);
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      await until(() => proxy.seen.records.length === 5);
      const cost = proxy.seen.records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0) / 1e9;
      return { cost, served: statuses.filter((status) => status === 200).length };
    }

    test('a prompt that is kept in the cache for an hour costs twice as much', async () => {
      const written = { cache_creation: { ephemeral_1h_input_tokens: MILLION / 10 } };
      // A dollar each.
      const { cost, served } = await costOfFive(
        usage(written),
        { model: 'claude-opus-5' },
        { fallbackCapUsd: 3 },
      );
      expect(served).toBeGreaterThan(0);
      expect(cost).toBeLessThanOrEqual(3);
    });

    test('fast mode has prices of its own', async () => {
      const script = usage({ input_tokens: MILLION / 10 }, { speed: 'fast' });
      const request = { model: 'claude-opus-5', speed: 'fast' };
      // A dollar each.
      const { cost, served } = await costOfFive(script, request, { fallbackCapUsd: 3 });
      expect(served).toBeGreaterThan(0);
      expect(cost).toBeLessThanOrEqual(3);
    });

    test('an account may serve a dearer model under the name of a cheap one', async () => {
      const script = usage({ input_tokens: MILLION / 10 });
      const request = { model: 'claude-haiku-4-5' };
      const fallback = { modelMap: { 'claude-haiku-4-5': 'claude-opus-5' } };
      // Half a dollar each.
      const { cost, served } = await costOfFive(script, request, { fallbackCapUsd: 1.5 }, fallback);
      expect(served).toBeGreaterThan(0);
      expect(cost).toBeLessThanOrEqual(1.5);
    });
  });

  test('counts of tokens cost nothing and pass', async () => {
    const { proxy, provider, kept } = await atTheWall({ fallbackCapUsd: 0 });
    kept.letGo(whole);
    await post(proxy.keyUrl);
    expect((await send(`${proxy.keyUrl}/v1/messages/count_tokens`, {}, MESSAGE)).status).toBe(200);
    expect(provider.count('paid')).toBe(1);
  });

  describe('while nothing falls back to it and it serves like the others', () => {
    test('holds, too: others serve in its place', async () => {
      const { proxy, provider, kept } = await atTheWall({ exhaustion: 'fail' }, {});
      kept.letGo(whole);
      for (let n = 1; n <= 6; n += 1) {
        expect((await post(proxy.keyUrl)).status).toBe(n <= 5 ? 200 : 429);
        await until(() => proxy.seen.records.length === n);
      }
      expect(provider.count('paid')).toBe(5);
      const { trace } = proxy.seen.records.at(-1) ?? {};
      expect(trace?.attempts.at(-1)).toMatchObject({ verdict: 'cap_reached', accountName: 'paid' });
      provider.scripts.set('a', ok());
    });

    test('holds for many at once; the others hear that it may soon be otherwise', async () => {
      const { proxy, kept } = await atTheWall({ exhaustion: 'fail' });
      const answers = Array.from({ length: 8 }, () => post(proxy.keyUrl));
      await until(() => kept.kept.length === 3 && proxy.seen.records.length === 5);
      kept.letGo(whole);
      const refused = (await Promise.all(answers)).filter(({ status }) => status === 429);
      expect(refused.map(({ headers }) => headers['retry-after'])).toEqual(Array(5).fill('5'));
      expect(messageOf(refused[0] as Answer)).toContain(
        '"paid" is asked again in 5 s: What requests under way',
      );
    });

    test('a batch is not sent to it, but may be cancelled there', async () => {
      const { proxy, provider, kept } = await atTheWall({ exhaustion: 'fail' });
      kept.letGo(whole);
      await post(proxy.keyUrl);
      const batches = `${proxy.keyUrl}/v1/messages/batches`;
      expect((await send(batches, {}, '{"requests":[]}')).status).toBe(429);
      expect((await send(`${batches}/batch_1/cancel`, {}, '')).status).toBe(200);
      expect(provider.count('paid')).toBe(2);
    });

    test('does not touch it without consent', async () => {
      const { proxy, kept } = await atTheWall({
        fallbackConsent: false,
        exhaustion: 'fail',
        fallbackCapUsd: 0,
      });
      kept.letGo(whole);
      expect((await post(proxy.keyUrl)).status).toBe(200);
    });
  });
});

describe('the cap of paid overage', () => {
  const paid = (resetAt: number) =>
    spent('5h', resetAt, { 'anthropic-ratelimit-unified-overage-in-use': 'true' });

  async function inOverage(settings: Partial<Settings> = {}, names = ['a']) {
    const set = await routedProxy(names, {
      settings: { allowOverage: true, overageCapUsd: 10, ...settings },
      deps: { price: perToken },
    });
    const resetAt = set.clock.now() + 2 * HOUR;
    set.provider.scripts.set('a', ok(paid(resetAt)));
    expect((await post(set.proxy.keyUrl, MESSAGE, session)).status).toBe(200);
    await set.proxy.seen.nextRecord();
    const kept = keeper();
    set.provider.scripts.set('a', kept.script);
    const rests = () => set.rooms.limits.cooldowns('id-a', set.clock.now());
    return { ...set, kept, rests, answer: ok(paid(resetAt)) };
  }

  test('holds for any number of requests at once, and benches nobody for what is only under way', async () => {
    const { proxy, kept, rests, answer } = await inOverage();
    // $1.50 is spent; two more at $3 may still go.
    const answers = Array.from({ length: 10 }, () => post(proxy.keyUrl));
    await until(() => kept.kept.length === 2 && proxy.seen.records.length === 9);
    expect(rests()).toEqual([]);
    kept.letGo(answer);
    const refused = (await Promise.all(answers)).filter(({ status }) => status === 429);
    expect(refused.map(({ headers }) => headers['retry-after'])).toEqual(Array(8).fill('5'));
    await until(() => proxy.seen.records.length === 11);
    expect((await post(proxy.keyUrl)).status).toBe(200);
  });

  test('is never passed: the account is left until its window is back', async () => {
    const { proxy, provider, rests, answer } = await inOverage();
    provider.scripts.set('a', answer);
    for (let n = 2; n <= 5; n += 1) {
      expect((await post(proxy.keyUrl)).status).toBe(200);
      await until(() => proxy.seen.records.length === n);
    }
    // $7.50 are spent, and a request may cost $3.
    const refused = await post(proxy.keyUrl);
    expect([refused.status, refused.headers['retry-after'], provider.count('a')]).toEqual([429, '7200', 5]);
    expect(rests()).toMatchObject([{ bucket: '*', reasonCode: 'overage_in_use', guessed: false }]);
    expect(rests()[0]?.reason).toContain('$2.50 of the cap of $10.00 for paid overage this month is left');
  });

  test('keeps nobody else from the account when one request is larger than what is left of it', async () => {
    const { proxy, provider, rests, answer } = await inOverage();
    provider.scripts.set('a', answer);
    const refused = await post(proxy.keyUrl, body(1000));
    expect([refused.status, refused.headers['retry-after'], rests()]).toEqual([429, '7200', []]);
    expect(messageOf(refused)).toContain('$8.50 of the cap of $10.00 for paid overage this month is left');
    expect((await post(proxy.keyUrl)).status).toBe(200);
    expect(provider.count('a')).toBe(2);
  });

  test('leaves the work to another account', async () => {
    const { proxy, provider, kept, answer } = await inOverage({}, ['a', 'b']);
    for (const _ of [1, 2]) leavable(`${proxy.keyUrl}/v1/messages`, MESSAGE, session);
    await until(() => kept.kept.length === 2);
    expect((await post(proxy.keyUrl, MESSAGE, session)).status).toBe(200);
    expect(await proxy.seen.nextRecord()).toMatchObject({
      accountName: 'b',
      trace: { attempts: [{ accountName: 'a', verdict: 'cap_pledged' }, { accountName: 'b' }] },
    });
    expect(provider.count('a')).toBe(3);
    // The session is not moved for what was only under way.
    kept.letGo(answer);
    await until(() => proxy.seen.records.length === 4);
    expect((await post(proxy.keyUrl, MESSAGE, session)).status).toBe(200);
    expect(provider.count('a')).toBe(4);
  });

  test('counts answers that turned out to be paid as overage while they are under way', async () => {
    const { proxy, provider, clock } = await routedProxy(['a'], {
      settings: { allowOverage: true, overageCapUsd: 10 },
      deps: { price: perToken },
    });
    const resetAt = clock.now() + 2 * HOUR;
    provider.scripts.set('a', (res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream', ...paid(resetAt) });
      res.write(': \n\n');
    });
    const clients = [1, 2, 3].map(() => leavable(`${proxy.keyUrl}/v1/messages`));
    await until(() => clients.every((client) => client.received() !== ''));
    expect((await post(proxy.keyUrl)).headers['retry-after']).toBe('5');
  });

  test('counts a full window as paid for, also while the provider refuses none', async () => {
    const { proxy, provider, clock } = await routedProxy(['a'], {
      settings: { allowOverage: true, overageCapUsd: 10 },
      deps: { price: perToken },
    });
    const prefix = 'anthropic-ratelimit-unified';
    const answer = ok({
      [`${prefix}-status`]: 'allowed_warning',
      [`${prefix}-overage-in-use`]: 'true',
      [`${prefix}-5h-status`]: 'allowed_warning',
      [`${prefix}-5h-utilization`]: '1.02',
      [`${prefix}-5h-reset`]: String((clock.now() + HOUR) / 1000),
    });
    provider.scripts.set('a', answer);
    expect((await post(proxy.keyUrl)).status).toBe(200);
    await proxy.seen.nextRecord();
    const kept = keeper();
    provider.scripts.set('a', kept.script);
    const answers = Array.from({ length: 10 }, () => post(proxy.keyUrl));
    await until(() => kept.kept.length + proxy.seen.records.length === 11);
    // $1.50 is spent; two more at $3 may still go.
    expect(kept.kept.length).toBe(2);
    kept.letGo(answer);
    await Promise.all(answers);
  });

  test('a try asked for by hand is made all the same', async () => {
    const { proxy, provider, rooms, clock, kept, rests } = await inOverage({ overageCapUsd: 2 });
    kept.letGo(ok());
    expect((await post(proxy.keyUrl)).status).toBe(429);
    rooms.limits.tryNow('id-a', '*', clock.now());
    expect((await post(proxy.keyUrl)).status).toBe(200);
    expect([provider.count('a'), rests()]).toEqual([2, []]);
  });
});
