import { describe, expect, test } from 'vitest';
import { leavable } from './testing-client.ts';
import { MESSAGE, send } from './testing-http.ts';
import { keeper, ok, refusal, routedProxy, type Script, spentUntil } from './testing-rooms.ts';
import { until } from './testing-seen.ts';

const crowd = (url: string, size: number) => Array.from({ length: size }, () => send(url, {}, MESSAGE));
const limited = (headers: Record<string, string>): Script => refusal(429, 'rate_limit_error', headers);
const HOUR = 3_600_000;

const sonnetWeek = (resetAt: number): Script =>
  limited({
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-5h-status': 'allowed',
    'anthropic-ratelimit-unified-7d-status': 'allowed',
    'anthropic-ratelimit-unified-7d_sonnet-status': 'rejected',
    'anthropic-ratelimit-unified-7d_sonnet-reset': String(resetAt / 1000),
  });

const emptyBucket = (resetAt: number): Script =>
  limited({
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': new Date(resetAt).toISOString(),
  });

describe('64 requests at once on an account that turns to 429, and 64 more after the first refusal', () => {
  test.each<[string, (now: number) => Script, string?]>([
    ['a spent window', (now) => spentUntil(now + HOUR)],
    ['a spent model week', (now) => sonnetWeek(now + HOUR)],
    ['a long wait', () => limited({ 'retry-after': '3600' })],
    ['a wait of seconds', () => limited({ 'retry-after': '5' })],
    ['a wait of no time at all', () => limited({ 'retry-after': '0' })],
    ['an empty bucket for an hour', (now) => emptyBucket(now + HOUR)],
    ['an empty bucket for seconds', (now) => emptyBucket(now + 5000)],
    ['a wait of seconds for counting tokens', () => limited({ 'retry-after': '5' }), '/count_tokens'],
  ])(
    '%s: no more reach it than were in flight then, and nobody sees an error',
    async (_kind, script, path = '') => {
      const { proxy, provider, clock } = await routedProxy(['a', 'b']);
      const url = `${proxy.keyUrl}/v1/messages${path}`;
      const refusing = script(clock.now());
      const first = keeper();
      provider.scripts.set('a', first.script);
      const answers = crowd(url, 64);
      await until(() => first.kept.length === 64);
      refusing(first.kept.shift() ?? expect.fail());
      await until(() => proxy.seen.inFlightByAccount.get('id-a') === 63);
      answers.push(...crowd(url, 64));
      await until(() => proxy.proxy.inFlight() + proxy.seen.records.length === 128);
      first.letGo(refusing);
      provider.scripts.set('a', ok());
      await until(() => proxy.seen.inFlightByAccount.get('id-a') === 0);
      expect(provider.count('a')).toBe(64);
      // One comes first when time goes on, and the others only after its answer.
      const kept = keeper();
      provider.scripts.set('a', kept.script);
      clock.advance(6000);
      const probed = proxy.seen.inFlightByAccount.get('id-a') ?? 0;
      expect(probed).toBeLessThanOrEqual(1);
      clock.advance(6000);
      expect(proxy.seen.inFlightByAccount.get('id-a')).toBe(probed);
      await until(() => kept.kept.length === probed);
      kept.letGo();
      await until(() => {
        clock.advance(250);
        return proxy.seen.records.length === 128;
      });
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(128).fill(200));
    },
  );
});

test('a limit of no time at all that goes on is told as a limit, not as a broken app', async () => {
  const { proxy, provider, clock } = await routedProxy(['a']);
  provider.scripts.set('a', limited({ 'retry-after': '0' }));
  const answer = send(`${proxy.keyUrl}/v1/messages`, {}, MESSAGE);
  await until(() => {
    clock.advance(1);
    return provider.count('a') === 2;
  });
  expect([(await answer).status, (await answer).headers['retry-after']]).toEqual([429, '30']);
});

test('a short limit holds for the accounts that share it, and for no others', async () => {
  const { proxy, provider, clock } = await routedProxy(['a', 'b', 'c']);
  Object.assign(proxy.pool, { sharing: (id: string) => (id === 'id-c' ? ['id-c'] : ['id-a', 'id-b']) });
  const to = (account: string) =>
    send(`${proxy.keyUrl}/v1/messages`, { headers: { 'x-ccflare-account': account } }, MESSAGE);
  provider.scripts.set('a', limited({ 'retry-after': '5' }));
  const answers = [to('a')];
  await until(() => provider.count('a') === 1 && proxy.seen.inFlightByAccount.get('id-a') === 0);
  provider.scripts.set('a', ok());
  answers.push(to('b'));
  await until(() => proxy.proxy.inFlight() === 2);
  expect((await to('c')).status).toBe(200);
  expect(provider.count('b')).toBe(0);
  clock.advance(5000);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  expect([provider.count('a'), provider.count('b')]).toEqual([2, 1]);
});

test('a short limit is told in the trace: what the account said, and how long the request waited to be let in', async () => {
  const { proxy, provider, clock } = await routedProxy(['a']);
  provider.scripts.set('a', limited({ 'retry-after': '5' }));
  const answer = send(`${proxy.keyUrl}/v1/messages`, {}, MESSAGE);
  await until(() => provider.count('a') === 1 && proxy.seen.inFlightByAccount.get('id-a') === 0);
  provider.scripts.set('a', ok());
  clock.advance(5000);
  expect((await answer).status).toBe(200);
  expect((await proxy.seen.nextRecord()).trace).toMatchObject({
    heldMs: 5000,
    conclusion: '"a" answered. It had waited 5 s to be let in.',
    attempts: [
      { status: 429, verdict: 'burst_limited', action: 'retry' },
      { status: 200, verdict: 'ok' },
    ],
  });
});

test('a probe whose client leaves, beside a stream from before the rest, makes room for the next one at once', async () => {
  const { proxy, provider, clock } = await routedProxy(['a']);
  const url = `${proxy.keyUrl}/v1/messages`;
  const early = keeper();
  provider.scripts.set('a', early.script);
  const stream = send(url, {}, MESSAGE);
  await until(() => early.kept.length === 1);
  provider.scripts.set('a', spentUntil(clock.now() + 60_000));
  expect((await send(url, {}, MESSAGE)).status).toBe(429);
  clock.advance(60_000);

  const late = keeper();
  provider.scripts.set('a', late.script);
  const probe = leavable(url);
  await until(() => late.kept.length === 1);
  const answers = crowd(url, 20);
  await until(() => proxy.proxy.inFlight() === 22);
  probe.leave();
  await until(() => late.kept.length === 2);
  expect(proxy.seen.inFlightByAccount.get('id-a')).toBe(2);
  late.letGo();
  await until(() => {
    clock.advance(250);
    return proxy.seen.records.length === 22;
  });
  early.letGo();
  expect((await Promise.all([...answers, stream])).every(({ status }) => status === 200)).toBe(true);
});

test('a probe without an answer is given up after half a minute, and the others follow in a ramp', async () => {
  const { proxy, provider, clock } = await routedProxy(['a']);
  const url = `${proxy.keyUrl}/v1/messages`;
  provider.scripts.set('a', spentUntil(clock.now() + 60_000));
  expect((await send(url, {}, MESSAGE)).status).toBe(429);
  clock.advance(60_000);
  const kept = keeper();
  provider.scripts.set('a', kept.script);
  const answers = crowd(url, 64);
  await until(() => proxy.proxy.inFlight() === 64 && kept.kept.length === 1);
  const inside = () => proxy.seen.inFlightByAccount.get('id-a');
  clock.advance(29_999);
  expect(inside()).toBe(1);
  clock.advance(1);
  expect(inside()).toBe(2);
  clock.advance(1000);
  expect(inside()).toBe(6);
  kept.letGo();
  await until(() => {
    clock.advance(250);
    return proxy.seen.records.length === 65;
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(64).fill(200));
});
