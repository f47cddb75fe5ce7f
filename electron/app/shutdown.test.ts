import { describe, expect, it } from 'vitest';
import { createShutdown } from './shutdown.ts';

function shutdown(deadlineMs: number, ...steps: (() => Promise<void> | void)[]) {
  const warned: string[] = [];
  const run = createShutdown({
    steps: steps.map((step, index) => ({ name: `step-${index}`, run: step })),
    deadlineMs: () => deadlineMs,
    log: {
      debug: () => {},
      info: () => {},
      warn: (_event, fields) => warned.push(`${fields?.step} ${fields?.outcome}`),
      error: () => {},
    },
  });
  return { run, warned };
}

describe('shutdown', () => {
  it('runs every step once, in order, however often it is asked', async () => {
    const order: number[] = [];
    const { run } = shutdown(
      1000,
      () => void order.push(1),
      () => Promise.resolve().then(() => void order.push(2)),
    );
    await Promise.all([run(), run()]);
    await run();
    expect(order).toEqual([1, 2]);
  });

  it('goes on when a step fails or hangs', async () => {
    let last = false;
    const { run, warned } = shutdown(
      60,
      () => Promise.reject(new Error('no')),
      () => new Promise<void>(() => {}),
      () => {
        last = true;
      },
    );
    await run();
    expect(last).toBe(true);
    expect(warned).toEqual(['step-0 failed', 'step-1 late']);
  });
});
