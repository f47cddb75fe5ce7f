import { afterEach, describe, expect, test } from 'vitest';
import { answered, HOUR, MINUTE, question, roomFor, server, subscription } from './questions.ts';
import { MORNING, type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** Later than everything that is written in batches, ms. */
const WRITTEN_MS = 10_000;

const RESET_AT = MORNING + 3 * HOUR;

/** `walled` is at its wall, `moved` had to leave it, `pinned` is pinned to the last account, `new` came afterwards. */
async function middayStage(): Promise<void> {
  stage = await startStage({
    accounts: [
      subscription('north', { '5h': roomFor(3, RESET_AT) }),
      subscription('south'),
      subscription('east'),
    ],
  });
  await answered(stage, question('moved'));
  stage.rooms.pins.pin('pinned', stage.idOf('east'));
  await answered(stage, question('pinned'));
  for (let n = 0; n < 3; n += 1) await answered(stage, question('moved'));
  await answered(stage, question('new'));
  await stage.run(WRITTEN_MS);
}

const restOfNorth = () => stage.rooms.limits.cooldowns(stage.idOf('north'), stage.clock.now());

describe.each(['quit', 'crash'] as const)(
  'an engine that starts again after a %s in the middle of the day',
  (end) => {
    test('keeps where sessions are, with their warm cache', async () => {
      await middayStage();
      await stage.restart(end);
      for (const [session, account] of [
        ['moved', 'south'],
        ['new', 'south'],
        ['pinned', 'east'],
      ] as const) {
        const reply = await answered(stage, question(session));
        expect([session, server(reply)]).toEqual([session, account]);
        expect(reply.cacheRead).toBe(27_000);
      }
    });

    test('tells and marks a move of a session that it knew before, whose cache nobody can price', async () => {
      const turn = question('s', { model: 'claude-sonnet-5-5' });
      stage = await startStage({
        accounts: [subscription('north', { '5h': roomFor(1) }), subscription('south')],
      });
      expect(server(await answered(stage, turn))).toBe('north');
      await stage.run(WRITTEN_MS);
      await stage.restart(end);
      expect(server(await answered(stage, turn))).toBe('south');
      await stage.run(WRITTEN_MS);
      expect(stage.records.at(-1)?.trace.move).toMatchObject({
        ...{ fromAccountName: 'north', toAccountName: 'south', reason: expect.stringContaining('window') },
        ...{ cacheTokens: null, costNanoUsd: null, accountBound: true },
      });
      expect(stage.rooms.board.live()[0]?.moves).toHaveLength(1);
    });

    test('keeps cooldowns with their evidence, and sends nothing to who rests', async () => {
      await middayStage();
      const before = restOfNorth();
      expect(before).toHaveLength(1);
      await stage.restart(end);
      expect(restOfNorth()).toEqual(before);
      const sent = stage.pace.arrivals.length;
      for (let n = 0; n < 5; n += 1) await answered(stage, question(`after-${n}`));
      expect(stage.pace.arrivals.slice(sent).map(({ account }) => account)).not.toContain('north');
    });

    test('frees an account at the end of its window, not before and not much later', async () => {
      await middayStage();
      await stage.restart(end);
      await stage.run(RESET_AT - stage.clock.now() - 1);
      expect(restOfNorth()).toHaveLength(1);
      // A rest ends up to two seconds late, so that sessions do not come back in step.
      await stage.run(2002);
      expect(restOfNorth()).toEqual([]);
    });

    test('keeps pins that the user takes back', async () => {
      await middayStage();
      await stage.restart(end);
      stage.rooms.pins.release('pinned');
      stage.rooms.balancer.release('pinned');
      await stage.run(MINUTE);
      await stage.restart(end);
      expect(stage.rooms.pins.pinnedTo('pinned')).toBeNull();
    });
  },
);
