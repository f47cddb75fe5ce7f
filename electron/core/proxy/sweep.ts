import type { Clock, Timer } from '../clock.ts';
import type { RequestBody } from './request-body.ts';

/** How often stalled bodies are looked for, ms; one timer for all of them. */
const EVERY_MS = 1000;

/** Ends requests whose client has stopped sending its body. */
export type Sweep = {
  watch(body: RequestBody, stalled: () => void): void;
  forget(body: RequestBody): void;
};

/** See {@link Sweep}. `idleMs` is read at each look. */
export function createSweep(clock: Clock, idleMs: () => number): Sweep {
  const watched = new Map<RequestBody, () => void>();
  let timer: Timer | null = null;

  function look(): void {
    timer = null;
    const now = clock.monotonic();
    const limit = idleMs();
    for (const [body, stalled] of [...watched]) {
      if (body.complete) watched.delete(body);
      else if (body.idle(now, limit)) {
        watched.delete(body);
        stalled();
      }
    }
    arm();
  }

  function arm(): void {
    if (timer === null && watched.size > 0) timer = clock.after(EVERY_MS, look);
  }

  return {
    watch(body, stalled) {
      watched.set(body, stalled);
      arm();
    },
    forget(body) {
      if (watched.size > 0) watched.delete(body);
    },
  };
}
