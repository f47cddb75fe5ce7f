import { afterEach, expect, test } from 'vitest';
import { HOUR, question, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const ANSWER_MS = 4000;
const RESET_AT = MORNING + 50 * HOUR;

const ramp = (ms: number): number => 1 + Math.floor(ms / 250);
const opus = (n: number) => question(`opus-${n}`, { model: 'claude-opus-5-5', answerMs: ANSWER_MS });
const crowd = () => Array.from({ length: 64 }, (_, n) => stage.ask(opus(n)));
const arrivals = (account: string, since: number): number[] =>
  stage.pace.arrivals
    .filter((one) => one.account === account && one.at >= since && one.model.includes('opus'))
    .map(({ at }) => at - since);

async function spentOpusWeek(): Promise<void> {
  const week = { utilization: 1, resetAt: RESET_AT, burnPerRequest: 0.0001 };
  stage = await startStage({
    accounts: [subscription('north', { '7d_opus': week }), subscription('south')],
    settings: { strategy: 'priority' },
  });
}

test('a spent Opus week: its 64 requests go on to the next account in a ramp, and another model there does not wait for them', async () => {
  await spentOpusWeek();
  const began = stage.clock.monotonic();
  const replies = crowd();
  await stage.run(ANSWER_MS + 100);
  const others = Array.from({ length: 8 }, (_, n) =>
    stage.ask(question(`sonnet-${n}`, { model: 'claude-sonnet-5-5', answerMs: 100 })),
  );
  await stage.run(100);
  // Sonnet is served at once where Opus is spent.
  expect((await Promise.all(others)).map(server)).toEqual(Array(8).fill('north'));
  await stage.finish();
  expect(new Set((await Promise.all(replies)).map(server))).toEqual(new Set(['south']));
  expect(arrivals('north', began)).toHaveLength(64);
  const onSouth = arrivals('south', began).map((at) => at - ANSWER_MS);
  // No answer is due for four seconds, so those that have arrived are all in flight.
  for (const at of onSouth.filter((one) => one < ANSWER_MS)) {
    expect(onSouth.filter((other) => other <= at).length).toBeLessThanOrEqual(ramp(at));
  }
});

test.each(['it goes on', 'it was restarted'])(
  'when the Opus week begins anew one request probes it, and the herd follows when that is served (the app: %s)',
  async (how) => {
    await spentOpusWeek();
    const first = stage.ask(opus(0));
    await stage.finish();
    expect(server(await first)).toBe('south');
    if (how === 'it was restarted') await stage.restart('quit');
    await stage.run(RESET_AT - stage.clock.now() + 5000);
    const began = stage.clock.monotonic();
    const replies = Array.from({ length: 64 }, (_, n) => stage.ask(opus(100 + n)));
    await stage.finish();
    expect(new Set((await Promise.all(replies)).map(server))).toEqual(new Set(['north']));
    const onNorth = arrivals('north', began);
    expect(onNorth.filter((at) => at < ANSWER_MS)).toEqual([0]);
    const after = onNorth.slice(1).map((at) => at - ANSWER_MS);
    expect(after.filter((at) => at < 1000).length).toBeLessThanOrEqual(ramp(999));
  },
);
