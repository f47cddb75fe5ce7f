import type { Logger } from '../core/thread-contract.ts';

/** One step of the way out. */
export type ClosingStep = { name: string; run: () => Promise<void> | void };

/**
 * Carries out the steps in order, once, however often it is asked. A step that fails or hangs does not keep the
 * later ones from running; when the deadline has passed the rest is skipped and the app ends anyway.
 */
export function createShutdown(deps: {
  steps: readonly ClosingStep[];
  /** ms for all steps together, asked when the way out begins. */
  deadlineMs: () => number;
  log: Logger;
}): () => Promise<void> {
  let running: Promise<void> | null = null;
  async function run(): Promise<void> {
    const end = Date.now() + deps.deadlineMs();
    for (const step of deps.steps) {
      const outcome = await within(step, Math.max(end - Date.now(), 50));
      if (outcome !== 'done') deps.log.warn('shutdown_step', { step: step.name, outcome });
    }
  }
  return () => {
    running ??= run();
    return running;
  };
}

async function within(step: ClosingStep, ms: number): Promise<'done' | 'failed' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  const work = Promise.resolve()
    .then(step.run)
    .then(
      () => 'done' as const,
      () => 'failed' as const,
    );
  const outcome = await Promise.race([work, late]);
  clearTimeout(timer);
  return outcome;
}
