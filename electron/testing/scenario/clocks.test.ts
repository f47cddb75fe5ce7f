import { afterEach, expect, test } from 'vitest';
import { answered, HOUR, MINUTE, question, roomFor, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** A rest ends up to two seconds late, so that sessions do not come back in step. */
const JITTER_MS = 2001;

/** `first` is at its wall until then; its session went on with `second`. */
async function withWallUntil(resetAt: number): Promise<void> {
  stage = await startStage({
    accounts: [subscription('first', { '5h': roomFor(1, resetAt) }), subscription('second')],
    settings: { strategy: 'priority' },
  });
  await answered(stage, question('s'));
  await answered(stage, question('s'));
  expect(resting()).toBe(true);
}

const resting = (): boolean =>
  stage.rooms.limits.blocking(stage.idOf('first'), 'claude-opus-5-5', stage.clock.now()) !== null;

test('three hours of sleep: what ended meanwhile is over, and the first request of the morning is served', async () => {
  await withWallUntil(MORNING + 2 * HOUR);
  stage.clock.sleep(3 * HOUR);
  expect(resting()).toBe(false);
  expect(server(await answered(stage, question('after the sleep')))).toBe('first');
  // Its cache has gone cold, but its account is the same.
  expect(server(await answered(stage, question('s')))).toBe('second');
});

test('three hours of sleep: what has not ended goes on, and ends in its time', async () => {
  const resetAt = MORNING + 4 * HOUR;
  await withWallUntil(resetAt);
  stage.clock.sleep(3 * HOUR);
  expect(resting()).toBe(true);
  expect(server(await answered(stage, question('after the sleep')))).toBe('second');
  await stage.run(resetAt - stage.providerNow() - 1);
  expect(resting()).toBe(true);
  await stage.run(JITTER_MS);
  expect(resting()).toBe(false);
});

test('a request that was under way when the computer fell asleep ends well', async () => {
  stage = await startStage({ accounts: [subscription('first'), subscription('second')] });
  const reply = stage.ask(question('s', { answerMs: 20_000 }));
  await stage.run(5000);
  stage.clock.sleep(3 * HOUR);
  await stage.finish();
  expect(server(await reply)).toBe('first');
});

test('a wall clock that is set back by an hour frees nobody early and holds nobody for hours', async () => {
  const resetAt = MORNING + 2 * HOUR;
  await withWallUntil(resetAt);
  await stage.run(10 * MINUTE);
  stage.clock.setWall(stage.clock.now() - HOUR);
  await stage.run(resetAt - stage.providerNow() - 1);
  expect(resting()).toBe(true);
  await stage.run(JITTER_MS);
  expect(resting()).toBe(false);
  expect(server(await answered(stage, question('new')))).toBe('first');
});

test('a wall clock that is set back changes nothing in what clients are told of a return', async () => {
  stage = await startStage({ accounts: [subscription('first', { '5h': roomFor(0, MORNING + 2 * HOUR) })] });
  expect((await answered(stage, question('s'))).status).toBe(429);
  await stage.run(10 * MINUTE);
  stage.clock.setWall(stage.clock.now() - 3 * HOUR);
  const left = MORNING + 2 * HOUR - stage.providerNow();
  const { status, retryAfterMs } = await answered(stage, question('s'));
  expect(status).toBe(429);
  expect(Math.abs((retryAfterMs ?? 0) - left)).toBeLessThanOrEqual(2 * JITTER_MS);
});

test.each([
  ['back by an hour', -HOUR],
  ['forward by six hours', 6 * HOUR],
])('a wall clock that is set %s keeps sessions where they are', async (_, jump) => {
  await withWallUntil(MORNING + 2 * HOUR);
  stage.simulator.account('first').setWindow('5h', roomFor(100, MORNING + 2 * HOUR));
  stage.clock.setWall(stage.clock.now() + jump);
  const reply = await answered(stage, question('s'));
  expect(server(reply)).toBe('second');
  expect(reply.cacheRead).toBeGreaterThan(0);
});

test('a wall clock that is set forward costs one refused try, and no client sees it', async () => {
  await withWallUntil(MORNING + 2 * HOUR);
  stage.clock.setWall(stage.clock.now() + 3 * HOUR);
  const before = stage.pace.arrivals.length;
  const replies = Array.from({ length: 10 }, (_, n) => stage.ask(question(`early-${n}`)));
  await stage.finish();
  expect(new Set((await Promise.all(replies)).map(server))).toEqual(new Set(['second']));
  const tried = stage.pace.arrivals.slice(before).filter(({ account }) => account === 'first');
  expect(tried).toHaveLength(1);
});
