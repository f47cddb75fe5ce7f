import { afterEach, expect, test } from 'vitest';
import { failures, type SimulatorAccount } from '../../simulator/simulator.ts';
import { question, server } from './questions.ts';
import { type Stage, startStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const ANSWER_MS = 1000;
const STATED_MS = 5000;
/** The earliest and the latest time at which the account is asked again: the stated end, and its jitter. */
const BACK = ANSWER_MS + STATED_MS;
const JITTER_MS = 1000;

const key = (name: string): SimulatorAccount => ({
  name,
  kind: 'api-key',
  secret: `sk-ant-api03-scenario-${name}`,
  organizationId: `org-${name}`,
});

const crowd = (size: number, name: string, path = {}) =>
  Array.from({ length: size }, (_, n) =>
    stage.ask(question(`${name}-${n}`, { answerMs: ANSWER_MS, ...path })),
  );

/** ms after `since` at which messages reached an account. */
const arrivals = (account: string, since: number): number[] =>
  stage.pace.arrivals.filter((one) => one.account === account).map(({ at }) => at - since);

/** 64 requests of which every one is told to come back in five seconds, and 64 more a second later. */
async function shortLimit(stillLimited: (at: number) => boolean) {
  stage = await startStage({ accounts: [key('one'), key('two')] });
  const began = stage.clock.monotonic();
  stage.pace.trouble = ({ account, at }) =>
    account === 'one' && stillLimited(at - began) ? failures.apiKeyBurst(STATED_MS / 1000) : null;
  const replies = crowd(64, 'first');
  await stage.run(ANSWER_MS + 1000);
  replies.push(...crowd(64, 'later'));
  await stage.finish();
  return { began, replies: await Promise.all(replies) };
}

test('a limit of seconds: nobody comes before its end, and then one first and the others in a ramp; no session moves', async () => {
  const { began, replies } = await shortLimit((at) => at < BACK);
  expect(new Set(replies.map(server))).toEqual(new Set(['one']));
  const at = arrivals('one', began);
  expect(at.filter((ms) => ms <= ANSWER_MS)).toHaveLength(64);
  const again = at.slice(64);
  expect(again).toHaveLength(128);
  expect(again[0]).toBeGreaterThanOrEqual(BACK);
  expect(again[0]).toBeLessThanOrEqual(BACK + JITTER_MS);
  // The second waits for the answer to the first; from then on it is a ramp.
  const ramp = again.slice(1).map((ms) => ms - (again[0] ?? 0) - ANSWER_MS);
  for (const [n, ms] of ramp.entries()) {
    const left = ramp.filter((one) => one + ANSWER_MS <= ms).length;
    expect(n + 1 - left).toBeLessThanOrEqual(1 + Math.floor(ms / 250));
  }
});

test('a limit of seconds that is not over when it should be: one request finds that out, and the others go elsewhere in a ramp', async () => {
  const { began, replies } = await shortLimit(() => true);
  expect(new Set(replies.map(server))).toEqual(new Set(['two']));
  expect(arrivals('one', began)).toHaveLength(65);
  const onTwo = arrivals('two', began);
  expect(onTwo).toHaveLength(128);
  const first = onTwo[0] ?? 0;
  expect(onTwo.filter((at) => at - first < 1000).length).toBeLessThanOrEqual(8);
});
