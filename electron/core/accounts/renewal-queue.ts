import type { Clock } from '../clock.ts';

/** Renewals at once. */
const AT_ONCE = 2;

/** Longest pause between two renewals of one lane, ms. */
const PAUSE_MS = 3000;

/** Renews many logins one after the other, so that a computer that wakes up does not ask for all of them at once. */
export function createRenewalQueue(deps: {
  clock: Clock;
  /** 0 <= r < 1. */
  random: () => number;
  /** Never rejects; does nothing for one that needs none any more. */
  renew(id: string): Promise<unknown>;
}): { add(ids: Iterable<string>): void } {
  const waiting = new Set<string>();
  let running = 0;

  function pump(): void {
    for (const id of waiting) {
      if (running >= AT_ONCE) return;
      waiting.delete(id);
      running += 1;
      void deps.renew(id).finally(() => deps.clock.after(deps.random() * PAUSE_MS, freeLane));
    }
  }
  function freeLane(): void {
    running -= 1;
    pump();
  }

  return {
    add(ids) {
      for (const id of ids) waiting.add(id);
      pump();
    },
  };
}
