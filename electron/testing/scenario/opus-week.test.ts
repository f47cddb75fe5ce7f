import { afterEach, expect, test } from 'vitest';
import { answered, HOUR, question, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const RESET_AT = MORNING + 50 * HOUR;

async function stageWithOpusWeek(requests: number): Promise<void> {
  const week = { utilization: 1 - requests / 100 + 1e-6, resetAt: RESET_AT, burnPerRequest: 0.01 };
  stage = await startStage({
    accounts: [subscription('north', { '7d_opus': week }), subscription('south')],
    settings: { strategy: 'priority' },
  });
}

const opus = (session: string) => question(session, { model: 'claude-opus-5-5' });
const sonnet = (session: string) => question(session, { model: 'claude-sonnet-5-5' });

test('a spent Opus week sends Opus elsewhere and leaves the other models of the same session where they are', async () => {
  await stageWithOpusWeek(1);
  await answered(stage, sonnet('s'));
  expect(server(await answered(stage, opus('s')))).toBe('north');
  expect(server(await answered(stage, opus('s')))).toBe('south');
  const reply = await answered(stage, sonnet('s'));
  expect(server(reply)).toBe('north');
  expect(reply.cacheRead).toBe(27_000);
});

test('its rest names the window, the model and the end, and the account goes on to take new sessions', async () => {
  await stageWithOpusWeek(0);
  await answered(stage, opus('s'));
  const rests = stage.rooms.limits.cooldowns(stage.idOf('north'), stage.clock.now());
  expect(rests).toMatchObject([{ bucket: '7d_opus', until: RESET_AT, reason: 'Opus week spent.' }]);
  expect(rests[0]?.evidence).toContain('anthropic-ratelimit-unified-7d_opus-status: rejected');
  expect(server(await answered(stage, sonnet('another')))).toBe('north');
});

test('no second Opus request meets the spent week, and none waits for it', async () => {
  await stageWithOpusWeek(0);
  await answered(stage, opus('first'));
  const before = stage.pace.arrivals.length;
  const replies = Array.from({ length: 8 }, (_, n) => stage.ask(opus(`s-${n}`)));
  await stage.finish();
  expect(new Set((await Promise.all(replies)).map(server))).toEqual(new Set(['south']));
  expect(stage.pace.arrivals.slice(before).map(({ account }) => account)).not.toContain('north');
});
