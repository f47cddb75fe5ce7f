import type { AccountView } from '../../../shared/account.ts';

/** Prefix of the buckets that stand for a single model. */
const MODEL_PREFIX = 'model:';

/** Follows a model's name where only requests for the long context are meant. */
const LONG_CONTEXT = '[1m]';

/** A window for the one model that is known to be counted by it: `7d_new/claude-opus-4-8`. */
const WINDOW_OF_MODEL = /^([^/:]+)\/(.+)$/;

/** What a cooldown covers, in words: "whole account", "5-hour window", "model claude-opus-4-8". */
export function cooldownScope(account: Pick<AccountView, 'readings'>, bucket: string): string {
  if (bucket === '*') return 'whole account';
  if (bucket.startsWith(MODEL_PREFIX)) return modelName(bucket.slice(MODEL_PREFIX.length));
  const [, window, model] = WINDOW_OF_MODEL.exec(bucket) ?? [];
  if (window !== undefined && model !== undefined) return `${windowName(account, window)}, model ${model}`;
  return windowName(account, bucket);
}

function modelName(asked: string): string {
  return asked.endsWith(LONG_CONTEXT)
    ? `model ${asked.slice(0, -LONG_CONTEXT.length)} with long context`
    : `model ${asked}`;
}

function windowName({ readings }: Pick<AccountView, 'readings'>, bucket: string): string {
  return readings.find((reading) => reading.bucket === bucket)?.label ?? bucket.replaceAll(/[_-]+/g, ' ');
}
