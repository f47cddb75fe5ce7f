import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '../core/clock.ts';
import type { Logger } from '../core/ports.ts';
import { planRetention, type RetentionRules } from '../core/recording/retention.ts';
import type { ArchiveStore } from '../store/archive/archive-store.ts';

/** The start of the app is left alone, ms. */
const FIRST_RUN_MS = 30_000;
const RUN_EVERY_MS = 3_600_000;

/** So that heavy traffic cannot outgrow the size bound between two timed runs, rows. */
const RUN_EVERY_ROWS = 20_000;

/** Runs `work` on the request log. */
type OnStore = <T>(work: (store: ArchiveStore) => T) => T;

/** Removes what is too old or too much, in the background. */
export type RetentionSchedule = {
  /** Sets the rules and runs soon. Without rules nothing is ever removed. */
  configure(rules: RetentionRules): void;
  /** Counts new rows. */
  grown(rows: number): void;
  close(): void;
};

/** See {@link RetentionSchedule}. */
export function createRetentionSchedule(deps: {
  clock: Clock;
  log: Logger;
  onStore: OnStore;
}): RetentionSchedule {
  const { clock, log, onStore } = deps;
  let rules: RetentionRules | null = null;
  let running = false;
  let again = false;
  let closed = false;
  let rowsSinceRun = 0;
  let timer: Timer | null = null;

  const runIn = (delayMs: number) => {
    timer?.cancel();
    timer = closed ? null : clock.after(delayMs, run);
  };
  const run = () => {
    if (!rules || running) {
      again = running;
      return;
    }
    running = true;
    rowsSinceRun = 0;
    void prune(onStore, rules, clock.now(), () => !closed)
      .then((removed) => removed > 0 && log.info('requests_pruned', { removed }))
      .catch((error: unknown) => log.warn('prune_failed', { reason: String(error) }))
      .finally(() => {
        running = false;
        runIn(again ? 0 : RUN_EVERY_MS);
        again = false;
      });
  };

  runIn(FIRST_RUN_MS);
  return {
    configure(next) {
      rules = next;
      run();
    },
    grown(rows) {
      rowsSinceRun += rows;
      if (rowsSinceRun >= RUN_EVERY_ROWS) run();
    },
    close() {
      closed = true;
      timer?.cancel();
    },
  };
}

/** One run in short transactions, yielding between them so that batches and calls go first. Answers removed rows. */
async function prune(
  onStore: OnStore,
  rules: RetentionRules,
  now: number,
  mayGoOn: () => boolean,
): Promise<number> {
  const plan = onStore((store) => planRetention(rules, store.pruning.usedBytes(), now));
  let removed = 0;
  const removeWhile = async (before: number, needed: () => boolean) => {
    while (mayGoOn() && needed()) {
      const count = onStore((store) => store.pruning.removeBefore(before));
      if (count === 0) return;
      removed += count;
      await setImmediate();
    }
  };
  await removeWhile(plan.removeBefore, () => true);
  const { shrinkToBytes } = plan;
  if (shrinkToBytes !== null) {
    const tooMuch = () => onStore((store) => store.pruning.usedBytes()) > shrinkToBytes;
    await removeWhile(Number.MAX_SAFE_INTEGER, tooMuch);
  }
  while (mayGoOn() && onStore((store) => store.pruning.releasePages())) await setImmediate();
  return removed;
}
