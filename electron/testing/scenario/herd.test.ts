import Anthropic from '@anthropic-ai/sdk';
import { afterEach, expect, test } from 'vitest';
import { accountCalls } from '../../threads/engine-accounts.ts';
import type { Engine } from '../../threads/engine-service.ts';
import { answered, HOUR, MINUTE, question, roomFor, server, subscription } from './questions.ts';
import { CLIENT_KEY, MORNING, type Stage, startStage } from './stage.ts';
import { ANSWER_MS_HEADER } from './upstream-pace.ts';

let stage: Stage;
afterEach(() => stage.close());

const BURST = 64;
const ANSWER_MS = 4000;
const WALL_AT = MORNING + 2 * HOUR;

/** Requests that the ramp lets in by then: one, and one more with every quarter of a second. */
const ramp = (ms: number): number => 1 + Math.floor(ms / 250);

/** How many requests were at an account at once, at most, in the time before its first answer was due. */
function arrivals(account: string, since: number): number[] {
  return stage.pace.arrivals
    .filter((one) => one.account === account && one.at >= since)
    .map(({ at }) => at - since);
}

function burst(model: string): Promise<string>[] {
  const client = new Anthropic({
    baseURL: stage.url,
    authToken: CLIENT_KEY,
    apiKey: null,
    maxRetries: 0,
    defaultHeaders: { [ANSWER_MS_HEADER]: String(ANSWER_MS) },
  });
  const messages = [{ role: 'user' as const, content: 'All at once.' }];
  return Array.from({ length: BURST }, (_, n) => {
    const headers = { 'x-claude-code-session-id': `burst-${n}` };
    const answer = client.messages.create({ model, max_tokens: 100, messages }, { headers }).withResponse();
    return stage.watch(
      answer.then(({ response }) => response.headers.get('anthropic-organization-id') ?? ''),
    );
  });
}

test('64 requests at the moment of a wall: no error, nothing more to the old account, no herd on the new one', async () => {
  stage = await startStage({
    accounts: [subscription('old', { '5h': roomFor(10, WALL_AT) }), subscription('new')],
  });
  const began = stage.clock.monotonic();
  const answers = burst('claude-opus-5-5');
  await stage.finish();
  const organizations = await Promise.all(answers);
  expect(organizations.filter((one) => one === 'org-old')).toHaveLength(10);
  expect(organizations.filter((one) => one === 'org-new')).toHaveLength(BURST - 10);
  // All of them were under way when the first refusal came; none follows.
  expect(arrivals('old', began).filter((at) => at > 0)).toEqual([]);
  const switched = began + ANSWER_MS;
  const onNew = arrivals('new', switched);
  expect(onNew.filter((at) => at < 1000).length).toBeLessThanOrEqual(ramp(999));
  // No answer is due for four seconds, so those that have arrived are all in flight.
  for (const at of onNew.filter((one) => one < ANSWER_MS)) {
    expect(onNew.filter((other) => other <= at).length).toBeLessThanOrEqual(ramp(at));
  }
});

test('an account that comes back gets one request, and the herd only after that has been served', async () => {
  stage = await startStage({
    accounts: [subscription('first', { '5h': roomFor(0, WALL_AT) }), subscription('second')],
    settings: { strategy: 'priority' },
  });
  expect(server(await answered(stage, question('meets the wall')))).toBe('second');
  await stage.run(2 * HOUR + 10 * MINUTE);
  const began = stage.clock.monotonic();
  const answers = burst('claude-opus-5-5');
  await stage.finish();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['org-first']));
  const onFirst = arrivals('first', began);
  expect(onFirst.filter((at) => at < ANSWER_MS)).toEqual([0]);
  const after = onFirst.slice(1).map((at) => at - ANSWER_MS);
  expect(after.filter((at) => at < 1000).length).toBeLessThanOrEqual(ramp(999));
});

test('an account that comes back after the app was restarted gets one request first, too', async () => {
  stage = await startStage({
    accounts: [subscription('first', { '5h': roomFor(0, WALL_AT) }), subscription('second')],
    settings: { strategy: 'priority' },
  });
  await answered(stage, question('meets the wall'));
  await stage.restart('quit');
  await stage.run(2 * HOUR + 10 * MINUTE);
  const began = stage.clock.monotonic();
  const answers = burst('claude-opus-5-5');
  await stage.finish();
  await Promise.all(answers);
  expect(arrivals('first', began).filter((at) => at < ANSWER_MS)).toEqual([0]);
});

test('sessions whose account you pause come to the next one in a ramp, too', async () => {
  stage = await startStage({ accounts: [subscription('old'), subscription('new')] });
  const warm = burst('claude-opus-5-5');
  await stage.finish();
  expect(new Set(await Promise.all(warm))).toEqual(new Set(['org-old']));
  stage.rooms.accounts.setPaused({ id: stage.idOf('old'), paused: true }, 'tray');
  const began = stage.clock.monotonic();
  const answers = burst('claude-opus-5-5');
  await stage.finish();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['org-new']));
  const onNew = arrivals('new', began).filter((at) => at < ANSWER_MS);
  for (const at of onNew) expect(onNew.filter((other) => other <= at).length).toBeLessThanOrEqual(ramp(at));
  // Who comes later the same way finds it at work already.
  await stage.run(MINUTE);
  const later = stage.clock.monotonic();
  const more = [question('burst-1'), question('burst-2')].map((turn) => stage.ask(turn));
  await stage.finish();
  expect((await Promise.all(more)).map(server)).toEqual(['new', 'new']);
  expect(arrivals('new', later)).toEqual([0, 0]);
});

test('who waits for an account when you pause it goes on at once', async () => {
  stage = await startStage({
    accounts: [subscription('first', { '5h': roomFor(0, MORNING + 5 * MINUTE) }), subscription('second')],
    settings: { strategy: 'priority' },
  });
  await answered(stage, question('meets the wall'));
  await stage.run(6 * MINUTE);
  const answers = ['probe', 'one', 'two'].map((session) => stage.ask(question(session)));
  await stage.run(500);
  const paused = stage.clock.monotonic();
  const engine = { rooms: stage.rooms, clock: stage.clock } as unknown as Engine;
  const { 'accounts.setPaused': setPaused } = accountCalls(() => engine);
  await setPaused({ id: stage.idOf('first'), paused: true, actor: 'tray' });
  await stage.finish();
  expect((await Promise.all(answers)).map(server)).toEqual(['first', 'second', 'second']);
  expect(arrivals('second', paused)).toEqual([0, 250]);
});

test('requests that were held come to an account that is there again in a ramp', async () => {
  stage = await startStage({
    accounts: [subscription('spent', { '5h': roomFor(0, MORNING + 5 * MINUTE) }), subscription('new')],
    settings: { exhaustion: 'hold', holdSeconds: 900 },
  });
  stage.rooms.accounts.setPaused({ id: stage.idOf('new'), paused: true }, 'tray');
  const began = stage.clock.monotonic();
  const answers = burst('claude-opus-5-5');
  await stage.run(5000);
  expect(arrivals('new', began)).toEqual([]);
  stage.rooms.accounts.setPaused({ id: stage.idOf('new'), paused: false }, 'tray');
  await stage.finish();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['org-new']));
  const since = arrivals('new', began)[0] ?? 0;
  const onNew = arrivals('new', began + since).filter((at) => at < ANSWER_MS);
  for (const at of onNew) expect(onNew.filter((other) => other <= at).length).toBeLessThanOrEqual(ramp(at));
});
