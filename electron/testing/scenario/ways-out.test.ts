import { afterEach, expect, test } from 'vitest';
import type { SettingsPatch } from '../../../shared/settings.ts';
import { answered, HOUR, MINUTE, question, roomFor, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const FIRST_BACK = MORNING + 2 * HOUR;

/** Two subscriptions at their walls, of which the first is back at eight, and an API key unless `withKey` is false. */
async function spentStage(settings: SettingsPatch = {}, withKey = true): Promise<void> {
  stage = await startStage({
    accounts: [
      subscription('north', { '5h': roomFor(1, FIRST_BACK) }),
      subscription('south', { '5h': roomFor(0, FIRST_BACK + HOUR) }),
      { name: 'key', kind: 'api-key', secret: 'sk-ant-api03-scenario-reserve', organizationId: 'org-key' },
    ],
  });
  stage.rooms.settings.patch({
    fallbackAccountId: stage.idOf('key'),
    fallbackConsent: true,
    exhaustion: 'fallback',
    ...settings,
  });
  if (!withKey) stage.rooms.accounts.setPaused({ id: stage.idOf('key'), paused: true }, 'app');
  expect(server(await answered(stage, question('s')))).toBe('north');
}

const arrivedAt = (since: number): string[] => stage.pace.arrivals.slice(since).map(({ account }) => account);

test('the account set aside serves only while nobody else can, and its guests go home', async () => {
  await spentStage();
  for (let n = 0; n < 5; n += 1) expect(server(await answered(stage, question('s')))).toBe('key');
  await stage.run(FIRST_BACK - stage.clock.now() + 2001);
  expect(server(await answered(stage, question('s')))).toBe('north');
});

test('the account set aside is no supply in the forecast of the pool', async () => {
  await spentStage();
  const { rooms, clock } = stage;
  const [north, , key] = ['north', 'south', 'key'].map((name) => rooms.accounts.pool.get(stage.idOf(name)));
  if (north === undefined || key === undefined) throw new Error('no such account');
  for (let n = 0; n < 15; n += 1) {
    const reading = { bucket: '7d', label: 'week', utilisation: 0.5 + n / 100, limit: null, remaining: null };
    const resetAt = MORNING + 100 * HOUR;
    const rest = { status: 'allowed', resetAt, observedAt: clock.now(), source: 'header' } as const;
    rooms.limits.learn(north.id, [{ ...reading, ...rest }], clock.now());
    await stage.run(10 * MINUTE);
  }
  const alone = rooms.forecasts.ofPool([north], clock.now());
  expect(alone.hoursLeft).toBeGreaterThan(0);
  expect(rooms.forecasts.ofPool([north, key], clock.now())).toEqual(alone);
  rooms.settings.patch({ fallbackConsent: false });
  const beside = rooms.forecasts.ofPool([north, key], clock.now());
  expect(beside).toMatchObject({ hoursLeft: alone.hoursLeft, atLeast: true });
  expect(beside.words).toContain('not counting 1 API key');
});

test('its cap is kept: what was spent and what the request may cost decide', async () => {
  await spentStage({ fallbackCapUsd: 1.2 });
  const served: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    served.push(server(await answered(stage, question('s', { promptTokens: 30_000, cache: null }))));
  }
  const paid = served.filter((one) => one === 'key').length;
  // 30,000 tokens of Opus 5.5 at $4 a million are 12 cents; an answer of 32,000 tokens at $20 may be 64 cents.
  expect(paid).toBe(5);
  expect(served.slice(paid)).toEqual(Array.from({ length: 7 }, () => '429'));
});

test('without consent nothing is set aside: the key is an account like the others, and keeps whom it serves', async () => {
  await spentStage({ fallbackConsent: false, exhaustion: 'fail' });
  expect(server(await answered(stage, question('s')))).toBe('key');
  await stage.run(FIRST_BACK - stage.clock.now() + 2001);
  expect(server(await answered(stage, question('s')))).toBe('key');
});

test.each(['fail', 'hold'] as const)(
  'nothing falls back (%s), so nothing is set aside for it',
  async (exhaustion) => {
    await spentStage({ exhaustion });
    expect(server(await answered(stage, question('s')))).toBe('key');
  },
);

test('one client key falls back: the account is set aside for its requests alone', async () => {
  await spentStage({ exhaustion: 'fail' });
  const { clientKeys } = stage.rooms;
  const [key] = clientKeys.views();
  if (key === undefined) throw new Error('no client key');
  clientKeys.setExhaustion(key.id, 'fallback', 'app');
  clientKeys.provision('other', 'another-client-key-0123456789');
  const other = { authorization: 'Bearer another-client-key-0123456789' };
  expect(server(await answered(stage, question('s', { headers: other })))).toBe('429');
  expect(server(await answered(stage, question('s')))).toBe('key');
  clientKeys.revoke(key.id, 'app');
  expect(server(await answered(stage, question('s', { headers: other })))).toBe('key');
});

test('an error names the earliest return in retry-after, and says that trying at once is no use', async () => {
  await spentStage({ exhaustion: 'fail' }, false);
  const reply = await answered(stage, question('s'));
  expect(reply.status).toBe(429);
  expect(reply.shouldRetry).toBe('false');
  const back = stage.clock.now() + (reply.retryAfterMs ?? 0);
  expect(back).toBeGreaterThanOrEqual(FIRST_BACK);
  expect(back - FIRST_BACK).toBeLessThanOrEqual(5000);
});

test('a held request sends nothing while it waits, and is served when the first account is back', async () => {
  await spentStage({ exhaustion: 'hold', holdSeconds: 900 }, false);
  // Both refusals are known from here on.
  await answered(stage, question('s'));
  await stage.run(FIRST_BACK - stage.clock.now() - 10 * MINUTE);
  const before = stage.pace.arrivals.length;
  const reply = stage.ask(question('s'));
  await stage.run(9 * MINUTE);
  expect(arrivedAt(before)).toEqual([]);
  await stage.finish();
  expect(server(await reply)).toBe('north');
  expect(arrivedAt(before)).toEqual(['north']);
});

test('forty held requests come back one by one, not as a herd', async () => {
  await spentStage({ exhaustion: 'hold', holdSeconds: 900 }, false);
  await answered(stage, question('s'));
  stage.simulator.account('north').setWindow('5h', { ...roomFor(0, FIRST_BACK) });
  await stage.run(FIRST_BACK - stage.clock.now() - 5 * MINUTE);
  const before = stage.pace.arrivals.length;
  const replies = Array.from({ length: 40 }, (_, n) => stage.ask(question(`held-${n}`)));
  await stage.finish();
  expect(new Set((await Promise.all(replies)).map(server))).toEqual(new Set(['north']));
  const came = stage.pace.arrivals.slice(before).map(({ at }) => at);
  const first = came[0] ?? 0;
  expect(came.filter((at) => at < first + 4000)).toEqual([first]);
  expect(came.filter((at) => at < first + 4000 + 1000).length).toBeLessThanOrEqual(1 + 4);
});
