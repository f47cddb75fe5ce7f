import type { LimitReading } from '../../../shared/account.ts';
import { bucketCovers, isPartOfPlan, isPlanWindow } from '../limits/buckets.ts';

/** How much of the windows that govern a model an account has used. */
export type WindowUse = {
  /** Of the fullest window, 0..1 and above; null when no window says. */
  readonly share: number | null;
  /** Plain words for that window; empty when none says. */
  readonly label: string;
  /** UTC ms at which the week that governs the model starts anew; null when nobody said. */
  readonly weekEndsAt: number | null;
};

type Known = { readonly readings: readonly LimitReading[]; readonly use: WindowUse; readonly until: number };

const UNKNOWN: WindowUse = { share: null, label: '', weekEndsAt: null };

/** Names of models remembered. */
const MAX_MODELS = 20;

/**
 * Answers the use of an account's windows for a model. Lists of readings are replaced, never changed, so an answer
 * holds until the list is another or the first of its windows is over: choosing among many accounts stays cheap.
 */
export function createWindowUse(): (
  accountId: string,
  readings: readonly LimitReading[],
  model: string | null,
  now: number,
) => WindowUse {
  const byModel = new Map<string | null, Map<string, Known>>();
  return (accountId, readings, model, now) => {
    if (readings.length === 0) return UNKNOWN;
    let known = byModel.get(model);
    if (known === undefined) {
      if (byModel.size >= MAX_MODELS) byModel.clear();
      known = new Map();
      byModel.set(model, known);
    }
    const before = known.get(accountId);
    if (before !== undefined && before.readings === readings && now < before.until) return before.use;
    const fresh = lookAt(readings, model, now);
    known.set(accountId, fresh);
    return fresh.use;
  };
}

function lookAt(readings: readonly LimitReading[], model: string | null, now: number): Known {
  let share: number | null = null;
  let label = '';
  let weekEndsAt: number | null = null;
  let until = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    const { bucket, resetAt, utilisation } = reading;
    if (!governs(reading, model) || (resetAt !== null && resetAt <= now)) continue;
    if (resetAt !== null) until = Math.min(until, resetAt);
    // A week of the model's own ends with it; the account's week otherwise.
    if (bucket.startsWith('7d') && resetAt !== null) {
      weekEndsAt = bucket === '7d' ? (weekEndsAt ?? resetAt) : resetAt;
    }
    if (utilisation === null || utilisation <= (share ?? -1)) continue;
    share = utilisation;
    label = reading.label;
  }
  return { readings, use: { share, label, weekEndsAt }, until };
}

/** Windows that run full; buckets of an API key refill all the time, and overage is no window of the plan. */
function governs({ bucket, limit }: LimitReading, model: string | null): boolean {
  if (limit !== null || !isPlanWindow(bucket)) return false;
  if (bucket === '5h' || bucket === '7d') return true;
  if (model === null) return false;
  // Nobody knows what it counts; its name says so where it is that of the models.
  if (isPartOfPlan(bucket)) return model.toLowerCase().includes(bucket.slice('7d_'.length));
  return bucketCovers(bucket, model);
}
