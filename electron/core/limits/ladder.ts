import type { AccountLimits } from './account-limits.ts';
import { LADDER_STEP_MS } from './verdicts.ts';

/** Longest rest without a stated end, ms. */
const LADDER_MAX_MS = 5 * 60_000;

/** After so long without a refusal the ladder begins anew, ms. */
const HEALTHY_MS = 5 * 60_000;

/** End of a rest whose end the provider did not state: 30 s, then twice as long each time, at most 5 min. UTC ms. */
export function climb(limits: AccountLimits, now: number): number {
  const { ladder } = limits;
  const steps = now - ladder.endedAt > HEALTHY_MS ? 0 : ladder.steps;
  const until = now + Math.min(LADDER_MAX_MS, LADDER_STEP_MS * 2 ** Math.min(steps, 10));
  limits.ladder = { steps: steps + 1, endedAt: until };
  return until;
}
