import type { Clock, Timer } from '../clock.ts';
import type { RequestBody } from './request-body.ts';

/** How often stalled bodies are looked for, ms; one timer for all of them. */
const EVERY_MS = 1000;

/** A running request whose client may still be sending its body. */
export type Sweepable = {
  readonly body: Pick<RequestBody, 'idle'>;
  /** The client stopped sending. May be told more than once. */
  bodyStalled(): void;
};

/** Ends requests whose client has stopped sending its body. */
export type Sweep = {
  /** A request began: looks at the running ones from time to time, until there are none. */
  arm(): void;
};

/** See {@link Sweep}. `idleMs` is read at each look. */
export function createSweep(deps: {
  clock: Clock;
  running: Iterable<Sweepable> & { readonly size: number };
  idleMs: () => number;
}): Sweep {
  const { clock, running, idleMs } = deps;
  let timer: Timer | null = null;

  function look(): void {
    timer = null;
    const now = clock.monotonic();
    const limit = idleMs();
    for (const request of running) if (request.body.idle(now, limit)) request.bodyStalled();
    arm();
  }

  function arm(): void {
    if (timer === null && running.size > 0) timer = clock.after(EVERY_MS, look);
  }

  return { arm };
}
