import type { Logger } from '../core/thread-contract.ts';

/** One step of the way out. */
export type ClosingStep = { name: string; run: () => Promise<void> | void };

/**
 * Carries out the steps in order, once, however often it is asked. A step that fails or hangs does not keep the
 * later ones from running; when the deadline has passed the rest is skipped and the app ends anyway.
 */
export function createShutdown(deps: {
  steps: readonly ClosingStep[];
  /** ms for all steps together, counted from the start; asked again once they have passed, since it may grow. */
  deadlineMs: () => number;
  log: Logger;
}): () => Promise<void> {
  let running: Promise<void> | null = null;
  async function run(): Promise<void> {
    const start = Date.now();
    const left = (): number => start + deps.deadlineMs() - Date.now();
    for (const step of deps.steps) {
      const outcome = await within(step, left);
      if (outcome !== 'done') deps.log.warn('shutdown_step', { step: step.name, outcome });
    }
  }
  return () => {
    running ??= run();
    return running;
  };
}

async function within(step: ClosingStep, left: () => number): Promise<'done' | 'failed' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    const look = (): void => {
      if (left() <= 0) resolve('late');
      else timer = setTimeout(look, left());
    };
    timer = setTimeout(look, Math.max(left(), 50));
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
