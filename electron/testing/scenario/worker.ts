import { createRandom, type Random } from '../../simulator/random.ts';
import type { Reply, Turn } from './claude-client.ts';
import type { Stage } from './stage.ts';

const HOUR_MS = 3_600_000;

/** A coding session: when somebody works in it, and what it asks. */
export type WorkPlan = {
  readonly session: string;
  readonly model: string;
  /** Small model that is asked beside some of the questions; null = none. */
  readonly helper: string | null;
  /** Hours of the day, UTC, between which questions begin. */
  readonly hours: readonly (readonly [from: number, to: number])[];
  /** Pause between an answer and the next question, seconds. */
  readonly pause: readonly [least: number, most: number];
  readonly cache: '5m' | '1h';
};

/** A question that was asked, and everything about its answer. Times are UTC ms. */
export type Asked = {
  readonly turn: Turn;
  /** Of the session's own conversation, as opposed to a helper's errand. */
  readonly main: boolean;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly reply: Reply;
};

/** The prompt begins with so many tokens, grows with each question and is compacted above the last number. */
const START_TOKENS = 22_000;
const GROWTH = [900, 3200] as const;
const COMPACT_ABOVE = 150_000;

/** How long answers take, ms. */
const ANSWER_MS = [6000, 40_000] as const;
const HELPER_ANSWER_MS = [1200, 3000] as const;

/** Every so many questions a helper is asked beside, on average. */
const HELPER_EVERY = 4;

/** A client that was told no without a time tries again after this, ms. */
const TRY_AGAIN_MS = 30_000;

/** Works through a plan on its own while the stage lets time pass; `log` hears of every answer. */
export function startWorker(stage: Stage, plan: WorkPlan, seed: number, log: (asked: Asked) => void): void {
  const random = createRandom(seed);
  const { clock } = stage;
  const pass = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const midnight = Math.floor(clock.now() / (24 * HOUR_MS)) * 24 * HOUR_MS;
  let promptTokens = START_TOKENS;

  async function ask(turn: Turn, main: boolean): Promise<void> {
    for (;;) {
      const sentAt = clock.now();
      const reply = await stage.ask(turn);
      log({ turn, main, sentAt, answeredAt: clock.now(), reply });
      if (reply.status < 400) return;
      await pass(reply.retryAfterMs ?? TRY_AGAIN_MS);
    }
  }

  async function question(): Promise<void> {
    const helper = helperTurn(plan, random);
    promptTokens = promptTokens > COMPACT_ABOVE ? START_TOKENS : promptTokens + random.integer(...GROWTH);
    const main = { ...plan, promptTokens, answerMs: random.integer(...ANSWER_MS) };
    await Promise.all([ask(main, true), helper === null ? null : ask(helper, false)]);
  }

  async function work(): Promise<void> {
    for (const [from, to] of plan.hours) {
      await pass(Math.max(0, midnight + from * HOUR_MS - clock.now()));
      while (clock.now() < midnight + to * HOUR_MS) {
        await pass(random.integer(plan.pause[0] * 1000, plan.pause[1] * 1000));
        await question();
      }
    }
  }
  void work();
}

function helperTurn({ session, helper }: WorkPlan, random: Random): Turn | null {
  const wanted = random.integer(1, HELPER_EVERY) === 1;
  const answerMs = random.integer(...HELPER_ANSWER_MS);
  if (helper === null || !wanted) return null;
  return { session, model: helper, promptTokens: 1400, cache: null, answerMs, stream: false };
}
