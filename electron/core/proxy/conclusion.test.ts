import { describe, expect, test } from 'vitest';
import { type Answer, MESSAGE, send } from './testing-http.ts';
import { ok, refusal, routedProxy, type Script, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const post = (keyUrl: string, headers = {}) => send(`${keyUrl}/v1/messages`, { headers }, MESSAGE);
const messageOf = (answer: Answer): string => JSON.parse(answer.body.toString()).error.message;

/** An error of the provider in its own words. */
function says(status: number, type: string, message: string, headers: Record<string, string> = {}): Script {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify({ type: 'error', error: { type, message } }));
  };
}

const lacksOpus = says(403, 'permission_error', 'Your plan does not include this model.');
const unknownModel = says(404, 'not_found_error', 'model: claude-sonnet-5-5');
const wantsCredits = says(429, 'rate_limit_error', 'Usage credits are required for 1M context.', {
  'x-should-retry': 'false',
});
const unpaid = says(400, 'invalid_request_error', 'Your credit balance is too low to access the API.');
const unbilled = says(402, 'billing_error', 'There is a problem with your billing.');

const REFUSALS: [string, Script, number][] = [
  ['may not use the model', lacksOpus, 403],
  ['does not know the model', unknownModel, 404],
  ['has no credits for the long context', wantsCredits, 429],
];

describe.each(REFUSALS)('one account %s', (_what, lacks, status) => {
  test('and another is at its wall: the account set aside serves, every time', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b', { name: 'paid', kind: 'api-key' }], {
      settings: { exhaustion: 'fallback', fallbackAccountId: 'id-paid', fallbackConsent: true },
    });
    provider.scripts.set('a', spentUntil(clock.now() + 3_600_000)).set('b', lacks);
    for (const paid of [1, 2, 3]) {
      expect((await post(proxy.keyUrl)).status).toBe(200);
      expect(provider.count('paid')).toBe(paid);
    }
  });

  test('and another is at its wall: the request is held until that is back', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b'], { settings: { exhaustion: 'hold' } });
    provider.scripts.set('a', spentUntil(clock.now() + 20_000)).set('b', lacks);
    const answer = post(proxy.keyUrl);
    await until(() => proxy.proxy.held() === 1);
    provider.scripts.set('a', ok());
    clock.advance(20_000);
    expect((await answer).status).toBe(200);
    expect(provider.count('a')).toBe(2);
  });

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('and another is at its wall (%s first): the error tells when that is back', async (...names) => {
    const { proxy, provider, clock } = await routedProxy(names);
    provider.scripts.set('a', spentUntil(clock.now() + 7_200_000)).set('b', lacks);
    for (const _ of [1, 2]) {
      const answer = await post(proxy.keyUrl);
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7200']);
      expect(messageOf(answer)).toContain('back in 2 h');
    }
  });

  test('as does a second one, and a third is at its wall: the error tells when that is back', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b', 'c']);
    provider.scripts
      .set('a', spentUntil(clock.now() + 7_200_000))
      .set('b', lacks)
      .set('c', lacks);
    const answer = await post(proxy.keyUrl);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7200']);
  });

  test('and so do all: the provider’s own words go back, the first time and later', async () => {
    for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      const { proxy, provider } = await routedProxy(names);
      for (const name of names) provider.scripts.set(name, lacks);
      for (const _ of [1, 2, 3]) {
        const answer = await post(proxy.keyUrl);
        expect([answer.status, answer.headers['retry-after']]).toEqual([status, undefined]);
        expect(messageOf(answer)).toMatch(/^Your plan does|^model: claude|^Usage credits are required/);
        expect(answer.headers['x-should-retry']).toBe(status === 429 ? 'false' : undefined);
      }
    }
  });

  test('and another needs its owner: the account set aside serves', async () => {
    const { proxy, provider } = await routedProxy(['a', 'b', { name: 'paid', kind: 'api-key' }], {
      settings: { exhaustion: 'fallback', fallbackAccountId: 'id-paid', fallbackConsent: true },
    });
    provider.scripts.set('a', unpaid).set('b', lacks);
    for (const _ of [1, 2]) expect((await post(proxy.keyUrl)).status).toBe(200);
    expect(provider.count('paid')).toBe(2);
  });
});

describe.each<[string, Script, RegExp]>([
  ['has no credit left', unpaid, /"a": Its credit balance is too low\.$/],
  ['cannot be billed', unbilled, /"a": The provider cannot bill this account\.$/],
])('an account %s, which no time changes', (_what, refuses, words) => {
  test('no return is made up, and every answer says the same', async () => {
    const { proxy, provider } = await routedProxy(['a']);
    provider.scripts.set('a', refuses);
    for (const _ of [1, 2, 3]) {
      const answer = await post(proxy.keyUrl);
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, undefined]);
      expect([answer.headers['x-should-retry'], messageOf(answer)]).toEqual([
        'false',
        expect.stringMatching(words),
      ]);
    }
    expect(provider.count('a')).toBe(1);
  });

  test('the return of another is told, the first time and later', async () => {
    const { proxy, provider, clock } = await routedProxy(['a', 'b']);
    provider.scripts.set('a', refuses).set('b', spentUntil(clock.now() + 7_200_000));
    for (const _ of [1, 2]) {
      const answer = await post(proxy.keyUrl);
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7200']);
    }
  });

  test('requests are held from the first on', async () => {
    const { proxy, provider, rooms } = await routedProxy(['a'], { settings: { exhaustion: 'hold' } });
    provider.scripts.set('a', refuses);
    const answers = [post(proxy.keyUrl)];
    await until(() => proxy.proxy.held() === 1);
    answers.push(post(proxy.keyUrl));
    await until(() => proxy.proxy.held() === 2);
    provider.scripts.set('a', ok());
    rooms.limits.clear('id-a', '*');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a limit whose end the provider does not state', () => {
  const endless = refusal(429, 'rate_limit_error', {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-5h-status': 'rejected',
  });

  test('is no known return: the error says when it is asked again, the first time and later', async () => {
    const { proxy, provider } = await routedProxy(['a']);
    provider.scripts.set('a', endless);
    for (const _ of [1, 2]) {
      const answer = await post(proxy.keyUrl);
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '300']);
      expect(messageOf(answer)).toBe(
        'No account can serve this request now, and nobody knows when one is back. "a" is asked again in 5 min.',
      );
    }
  });

  test('is shown as a guess', async () => {
    const { proxy, provider, rooms, clock } = await routedProxy(['a', 'b']);
    provider.scripts.set('a', endless).set('b', spentUntil(clock.now() + 7_200_000));
    await post(proxy.keyUrl);
    const guessed = (id: string) => rooms.limits.cooldowns(id, clock.now()).map((rest) => rest.guessed);
    expect([guessed('id-a'), guessed('id-b')]).toEqual([[true], [false]]);
  });
});
