import { beforeAll, describe, expect, test } from 'vitest';
import { STRATEGIES } from '../../../shared/settings.ts';
import type { Step } from './conversation-cost.ts';
import { ACCOUNTS, type Day } from './day.ts';
import { runDays, tableInDocs, tableOf } from './day-table.ts';
import type { Wall } from './wall-watch.ts';

let days: Day[] = [];

beforeAll(async () => {
  days = await runDays();
}, 240_000);

const dayOf = (strategy: string): Day => {
  const day = days.find((one) => one.strategy === strategy);
  if (day === undefined) throw new Error(`no day with ${strategy}`);
  return day;
};

const moves = (day: Day): Step[] => day.sessions.flat().filter(({ moved }) => moved);
const lost = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + step.lost, 0);

test('the table in docs/balancing.md is what the code gives; npm run scenarios writes it', () => {
  expect(tableInDocs()).toBe(tableOf(days));
});

test('a strategy that uses up the week that ends first leaves less of it than the default does', () => {
  const unused = (strategy: string): number =>
    dayOf(strategy).walls.resets.find(({ window }) => window === '7d')?.unused ?? Number.NaN;
  expect(unused('drain-soonest')).toBeLessThan(unused('session'));
});

describe.each(STRATEGIES)('a day of eight sessions over four accounts with %s', (strategy) => {
  test('meets walls of every kind, and every session works', () => {
    const { walls, sessions } = dayOf(strategy);
    expect(walls.walls.filter(({ window }) => window === '5h').length).toBeGreaterThanOrEqual(2);
    expect(sessions).toHaveLength(8);
    expect(Math.min(...sessions.map(({ length }) => length))).toBeGreaterThan(20);
  });

  test('shows no client an error while any account can serve', () => {
    const { log, walls } = dayOf(strategy);
    const failed = log.filter(({ reply }) => reply.status >= 400);
    const needless = failed.filter(({ turn, sentAt, answeredAt }) =>
      ACCOUNTS.some((account) => !walls.walled(account, turn.model, sentAt, answeredAt)),
    );
    expect(needless).toEqual([]);
  });

  test('moves a session only when its account is at a wall, and never more often than that', () => {
    const { sessions, walls } = dayOf(strategy);
    for (const steps of sessions) {
      steps.forEach(({ moved, asked }, at) => {
        const left = steps[at - 1]?.account ?? '';
        const atWall = walls.walled(left, asked.turn.model, asked.sentAt, asked.answeredAt);
        if (moved) expect(atWall, `${asked.turn.session} left ${left} without need`).toBe(true);
      });
    }
  });

  test('loses warm tokens with a move and never without one', () => {
    const day = dayOf(strategy);
    const stays = day.sessions.flat().filter(({ moved }) => !moved);
    expect(lost(stays)).toBe(0);
    for (const { lost: tokens, warm } of moves(day)) expect(tokens).toBeLessThanOrEqual(warm);
  });

  test('could have been served without a move by somebody who knew the day before', () => {
    const { perfect, sessions } = dayOf(strategy);
    expect(perfect?.size).toBe(sessions.length);
  });

  test('tells every move in the trace of its request, with no less than was lost', () => {
    const day = dayOf(strategy);
    for (const { asked, account, lost: tokens } of moves(day)) {
      const record = day.records.find(
        ({ sessionId, model, startedAt }) =>
          sessionId === asked.turn.session && model === asked.turn.model && startedAt === asked.sentAt,
      );
      expect(record?.trace.move?.toAccountName).toBe(account);
      expect(record?.trace.move?.cacheTokens).toBeGreaterThanOrEqual(tokens);
    }
  });

  test('benches nobody without evidence, before its wall, or for longer than it stands', () => {
    const { rests, walls } = dayOf(strategy);
    expect(rests.length).toBeGreaterThan(0);
    for (const { account, evidence, startedAt, until } of rests) {
      expect(evidence[0]).toBe('status 429');
      expect(evidence.some((line) => line.startsWith('anthropic-ratelimit-unified-'))).toBe(true);
      const wall = walls.walls.find((one) => one.account === account && isEndOf(one, until));
      expect(wall?.from, `${account} rests until ${until} without a wall`).toBeLessThanOrEqual(startedAt);
    }
  });
});

/** Headers tell whole seconds. */
function isEndOf(wall: Wall, until: number | null): boolean {
  return until !== null && until >= wall.until && until <= wall.until + 1000;
}
