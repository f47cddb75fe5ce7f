import type { Rooms } from '../../threads/engine-rooms.ts';
import type { ScenarioClock } from './scenario-clock.ts';
import type { UpstreamPace } from './upstream-pace.ts';

/** Turns of the event loop, and real ms, without any news after which requests are taken to wait for time to pass. */
const QUIET_TURNS = 25;
const QUIET_MS = 3;

/** Real time after which something is stuck, ms. */
const STUCK_MS = 10_000;

/** Time that passes only when everything which needs none has happened. */
export type Settling = {
  watch<T>(request: Promise<T>): Promise<T>;
  run(ms: number): Promise<void>;
  finish(): Promise<void>;
  onStep(listener: () => void): void;
};

/** See {@link Settling}. */
export function createSettling(deps: {
  clock: ScenarioClock;
  pace: UpstreamPace;
  rooms: () => Rooms;
}): Settling {
  const { clock, pace, rooms } = deps;
  const listeners: (() => void)[] = [];
  let open = 0;

  /** Every open request is at the provider or waits inside the proxy; none is on its way between the two. */
  function atRest(): boolean {
    const { proxy, accounts } = rooms();
    if (proxy.inFlight() !== open) return false;
    const atProvider = accounts.pool.all().reduce((sum, { id }) => sum + accounts.pool.inFlight(id), 0);
    return atProvider === pace.running();
  }

  async function settle(): Promise<void> {
    const began = performance.now();
    let quietSince = began;
    let turns = 0;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = performance.now();
      if (!atRest()) {
        turns = 0;
        quietSince = now;
        if (now - began > STUCK_MS) throw new Error(`stuck with ${open} open, ${pace.running()} running`);
        continue;
      }
      // Nobody waits inside the proxy, so there is nothing that could still be on its way.
      if (open === pace.running()) return;
      turns += 1;
      if (turns >= QUIET_TURNS && now - quietSince >= QUIET_MS) return;
    }
  }

  async function step(): Promise<void> {
    await settle();
    for (const listener of listeners) listener();
  }

  return {
    async watch(request) {
      open += 1;
      try {
        return await request;
      } finally {
        open -= 1;
      }
    },
    async run(ms) {
      const end = clock.monotonic() + ms;
      for (;;) {
        await step();
        const next = clock.untilNext();
        const left = end - clock.monotonic();
        if (next === null || next > left) {
          clock.advance(left);
          await step();
          return;
        }
        clock.advance(next);
      }
    },
    async finish() {
      for (await step(); open > 0; await step()) clock.advance(clock.untilNext() ?? 0);
    },
    onStep: (listener) => void listeners.push(listener),
  };
}
