import { afterEach, expect, test } from 'vitest';
import { failures } from '../../simulator/simulator.ts';
import { answered, HOUR, MINUTE, question, server, subscription } from './questions.ts';
import { type SeenRest, watchRests } from './rest-watch.ts';
import { type Stage, startStage } from './stage.ts';
import { type Asked, startWorker } from './worker.ts';

let stage: Stage;
let rests: readonly SeenRest[];
afterEach(() => stage.close());

const ACCOUNTS = ['one', 'two', 'three'];

/** Six sessions that work from six in the morning on; what they are answered. */
async function sixAtWork(): Promise<Asked[]> {
  stage = await startStage({
    accounts: ACCOUNTS.map((name) => subscription(name)),
    settings: { strategy: 'round-robin' },
  });
  rests = watchRests(stage);
  const log: Asked[] = [];
  for (let n = 1; n <= 6; n += 1) {
    const plan = { session: `session-${n}`, model: 'claude-sonnet-5-5', helper: null, cache: '1h' } as const;
    startWorker(stage, { ...plan, hours: [[6, 7]], pause: [5, 30] }, n, (asked) => log.push(asked));
  }
  return log;
}

/** Which accounts served each session, without repeats. */
function homes(log: readonly Asked[]): string[][] {
  const sessions = [...new Set(log.map(({ turn }) => turn.session))].sort();
  return sessions.map((session) => {
    const own = log.filter(({ turn, reply }) => turn.session === session && reply.status < 400);
    return [...new Set(own.map(({ reply }) => server(reply)))];
  });
}

test('five minutes in which the whole provider is overloaded bench nobody and move no session', async () => {
  const log = await sixAtWork();
  await stage.run(20 * MINUTE);
  const before = stage.pace.arrivals.length;
  const from = stage.clock.now();
  stage.pace.trouble = () => failures.overloaded529();
  await stage.run(5 * MINUTE);
  const during = stage.pace.arrivals.length - before;
  const until = stage.clock.now();
  stage.pace.trouble = null;
  await stage.run(45 * MINUTE);
  await stage.finish();
  const failed = log.filter(({ reply }) => reply.status >= 400);
  expect(failed.length).toBeGreaterThan(0);
  // The provider's own answer, and only from requests that met the storm.
  expect(new Set(failed.map(({ reply }) => reply.status))).toEqual(new Set([529]));
  expect(failed.every(({ sentAt, answeredAt }) => sentAt < until && answeredAt > from)).toBe(true);
  // One try, one in place, one elsewhere: a storm is not answered with a storm.
  expect(during).toBeLessThanOrEqual(3 * (failed.length + 6));
  expect(rests).toEqual([]);
  expect(homes(log).map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('an overload that one account alone meets is seen by no client and benches nobody', async () => {
  const log = await sixAtWork();
  await stage.run(20 * MINUTE);
  stage.pace.trouble = ({ account }) => (account === 'two' ? failures.overloaded529() : null);
  await stage.run(5 * MINUTE);
  stage.pace.trouble = null;
  await stage.run(HOUR);
  await stage.finish();
  expect(log.filter(({ reply }) => reply.status >= 400)).toEqual([]);
  expect(rests).toEqual([]);
});

test('a session that was helped out of an overload goes home', async () => {
  stage = await startStage({ accounts: [subscription('home'), subscription('away')] });
  expect(server(await answered(stage, question('guest')))).toBe('home');
  stage.pace.trouble = ({ account }) => (account === 'home' ? failures.overloaded529() : null);
  expect(server(await answered(stage, question('guest')))).toBe('away');
  stage.pace.trouble = null;
  await stage.run(MINUTE);
  expect(server(await answered(stage, question('guest')))).toBe('home');
});
