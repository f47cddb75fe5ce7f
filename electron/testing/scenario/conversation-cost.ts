import { rewriteCost } from '../../core/balancing/warm-cache.ts';
import { createPricing } from '../../core/usage/pricing.ts';
import { PRICES } from './engine-life.ts';
import type { Asked } from './worker.ts';

/** One answer of a conversation, and what its prompt could have found in the cache. */
export type Step = {
  readonly asked: Asked;
  readonly account: string;
  /** Tokens that were warm where the conversation was served last. */
  readonly warm: number;
  /** Of those, tokens that had to be written again. */
  readonly lost: number;
  /** It was served by another account than the step before. */
  readonly moved: boolean;
};

const LIFE_MS = { '5m': 5 * 60_000, '1h': 60 * 60_000 };

/** Share of a prompt that the simulator puts into its cache. */
const CACHED_SHARE = 0.9;

const price = createPricing(PRICES);

/** The answered questions of every session's own conversation, in order, with what each of them lost. */
export function stepsOf(log: readonly Asked[], accountOf: (organization: string) => string): Step[][] {
  const sessions = new Map<string, Step[]>();
  for (const asked of log) {
    const { turn, main, reply } = asked;
    if (!main || reply.status >= 400 || reply.organization === null) continue;
    const steps = sessions.get(turn.session) ?? [];
    sessions.set(turn.session, steps);
    const account = accountOf(reply.organization);
    const before = steps.at(-1);
    const warm = before === undefined ? 0 : warmAt(before.asked, asked);
    steps.push({
      asked,
      account,
      warm,
      lost: Math.max(0, warm - reply.cacheRead),
      moved: before !== undefined && before.account !== account,
    });
  }
  return [...sessions.values()];
}

function warmAt(before: Asked, now: Asked): number {
  if (now.answeredAt - before.answeredAt >= lifeOf(before)) return 0;
  return Math.floor(Math.min(before.turn.promptTokens, now.turn.promptTokens) * CACHED_SHARE);
}

/** System prompt and tools, which begin the prompts of all sessions alike, tokens. */
export const SHARED_TOKENS = 16_000;

/**
 * What would have been lost if all prompts for a model began with the same {@link SHARED_TOKENS}, as those of a coding
 * agent do, which the simulator does not know: a session that comes to an account where another one is warm finds
 * them there, and one that begins elsewhere than the others writes them once more.
 */
export function lostWithSharedPrefix(sessions: readonly (readonly Step[])[]): number {
  const steps = sessions.flat();
  const isWarm = (now: Step, here: boolean): boolean =>
    steps.some(
      (other) =>
        other.asked.turn.model === now.asked.turn.model &&
        (other.account === now.account) === here &&
        other.asked.answeredAt < now.asked.answeredAt &&
        now.asked.answeredAt - other.asked.answeredAt < lifeOf(other.asked),
    );
  let lost = 0;
  for (const own of sessions) {
    own.forEach((step, at) => {
      const comes = at === 0 || step.moved;
      const found = comes && isWarm(step, true);
      if (at === 0) lost += !found && isWarm(step, false) ? SHARED_TOKENS : 0;
      else lost += Math.max(0, step.lost - (found ? SHARED_TOKENS : 0));
    });
  }
  return lost;
}

function lifeOf({ turn: { cache } }: Asked): number {
  return cache === null ? 0 : LIFE_MS[cache];
}

/** Price of writing lost tokens again less that of reading them, US dollars. */
export function priceOfLoss({ asked, lost }: Step): number {
  const { model, cache } = asked.turn;
  const long = cache === '1h' ? 1 : 0;
  return (rewriteCost(price, model, { tokens: lost, long, at: asked.sentAt }) ?? 0) / 1e9;
}
