import type { Settings } from '../../../shared/settings.ts';

const DAY_MS = 86_400_000;

/** Pruning by size goes this far below the bound, so that it does not run again at the next batch. */
const SHRINK_TO = 0.9;

/** The settings that say how long and how much is kept. */
export type RetentionRules = Pick<Settings, 'requestRetentionDays' | 'maxArchiveBytes'>;

/** What a run of retention has to reach. */
export type RetentionPlan = {
  /** Rows that started before this go, UTC ms. */
  readonly removeBefore: number;
  /** Oldest rows go until no more than this is in use, bytes; null when the size is within its bound. */
  readonly shrinkToBytes: number | null;
};

/** Decides what must go. `usedBytes` counts pages that hold something, not free pages of the file. */
export function planRetention(rules: RetentionRules, usedBytes: number, now: number): RetentionPlan {
  return {
    removeBefore: now - rules.requestRetentionDays * DAY_MS,
    shrinkToBytes: usedBytes > rules.maxArchiveBytes ? Math.floor(rules.maxArchiveBytes * SHRINK_TO) : null,
  };
}
