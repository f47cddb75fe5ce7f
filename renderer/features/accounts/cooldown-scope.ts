import type { AccountView } from '../../../shared/account.ts';

/** Prefix of the buckets that stand for a single model. */
const MODEL_PREFIX = 'model:';

/** What a cooldown covers, in words: "whole account", "5-hour window", "model claude-opus-4-8". */
export function cooldownScope({ readings }: Pick<AccountView, 'readings'>, bucket: string): string {
  if (bucket === '*') return 'whole account';
  if (bucket.startsWith(MODEL_PREFIX)) return `model ${bucket.slice(MODEL_PREFIX.length)}`;
  return readings.find((reading) => reading.bucket === bucket)?.label ?? bucket.replaceAll(/[_-]+/g, ' ');
}
