import { ENGINE_SLICES, type EngineState } from '../../shared/app-state.ts';
import type { Clock, Timer } from '../core/clock.ts';

/** Name of a slice that the engine owns. */
export type EngineSlice = (typeof ENGINE_SLICES)[number];

/** Shortest time between two pushes, ms: people cannot read faster and the hot path must not pay for more. */
const PUSH_EVERY_MS = 250;

/**
 * Collects which slices changed and pushes them together. The first change after a quiet time goes out at
 * once; a slice is read only when it is sent, so that marking costs nothing.
 */
export function createStatePublisher(deps: {
  clock: Clock;
  read: { [S in EngineSlice]: () => EngineState[S] };
  push: (slices: Partial<EngineState>) => void;
}) {
  const dirty = new Set<EngineSlice>();
  let timer: Timer | null = null;
  let lastPush = Number.NEGATIVE_INFINITY;

  function send(): void {
    timer = null;
    if (dirty.size === 0) return;
    lastPush = deps.clock.monotonic();
    const slices: Partial<EngineState> = {};
    for (const slice of dirty) Object.assign(slices, { [slice]: deps.read[slice]() });
    dirty.clear();
    deps.push(slices);
  }

  return {
    /** Notes that a slice changed. */
    mark(...slices: EngineSlice[]): void {
      for (const slice of slices) dirty.add(slice);
      const wait = lastPush + PUSH_EVERY_MS - deps.clock.monotonic();
      timer ??= deps.clock.after(Math.max(wait, 0), send);
    },
    /** Everything, for the first look. */
    snapshot(): EngineState {
      const all: Partial<EngineState> = {};
      for (const slice of ENGINE_SLICES) Object.assign(all, { [slice]: deps.read[slice]() });
      return all as EngineState;
    },
    /** Sends what is waiting; used at shutdown. */
    flush(): void {
      timer?.cancel();
      send();
    },
  };
}

/** See {@link createStatePublisher}. */
export type StatePublisher = ReturnType<typeof createStatePublisher>;
