import { afterEach, expect, test } from 'vitest';
import type { SettingsPatch } from '../../../shared/settings.ts';
import { answered, HOUR, question, roomFor, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const RESET = MORNING + 2 * HOUR;
// 10,000 tokens of Opus 5.5 at $4 a million, and at most 32,000 at $20.
const ask = () => answered(stage, question('s', { promptTokens: 10_000, cache: null }));

/** A subscription whose 5-hour window has room for one request; what comes after is paid overage. */
async function paidStage(settings: SettingsPatch = {}): Promise<void> {
  const windows = { '5h': roomFor(1, RESET), overage: { status: 'allowed', utilization: 0 } } as const;
  stage = await startStage({ accounts: [subscription('north', windows)], settings });
  expect(server(await ask())).toBe('north');
}

const resting = () => stage.rooms.limits.cooldowns(stage.idOf('north'), stage.clock.now());

test('an account that was left for paid overage serves again as soon as that is allowed', async () => {
  await paidStage();
  expect([server(await ask()), server(await ask())]).toEqual(['north', '429']);
  stage.rooms.settings.patch({ allowOverage: true, overageCapUsd: 100 });
  for (let n = 0; n < 3; n += 1) expect(server(await ask())).toBe('north');
  expect(resting()).toEqual([]);
});

test('a request that is held goes on when paid overage is allowed', async () => {
  await paidStage({ exhaustion: 'hold', holdSeconds: 900 });
  await ask();
  await stage.run(RESET - stage.clock.now() - 10 * 60_000);
  const reply = stage.ask(question('s'));
  await stage.run(1000);
  expect(stage.rooms.proxy.held()).toBe(1);
  stage.rooms.settings.patch({ allowOverage: true, overageCapUsd: 100 });
  await stage.run(10_000);
  expect([server(await reply), stage.clock.now() < RESET]).toEqual(['north', true]);
});
