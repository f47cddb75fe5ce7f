import type { Clock, Timer } from '../core/clock.ts';
import type { Rooms } from './engine-rooms.ts';
import type { EngineSlice } from './state-publisher.ts';

/** How often old rows are looked for, ms. */
const PRUNE_EVERY_MS = 60 * 60_000;

/**
 * How often states that end by themselves are looked at, ms: a cooldown that has passed must show as passed, and a
 * clock that was set back moves what is told of its end.
 */
const LOOK_EVERY_MS = 1000;

const DAY_MS = 24 * 60 * 60_000;

/** Resource ids kept: files, batches and containers live for weeks at most. */
const MAX_RESOURCES = 20_000;

/** Work that has no request to hang on: ends of cooldowns shown, old rows removed. */
export function createHousekeeping(rooms: Rooms, clock: Clock, mark: (...slices: EngineSlice[]) => void) {
  const timers = new Set<Timer>();
  let standing = '';

  function every(ms: number, work: () => void): void {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      work();
      every(ms, work);
    });
    timers.add(timer);
  }

  function look(): void {
    const now = clock.now();
    const next = rooms.accounts.pool
      .all()
      .map(({ id }) => `${id}:${rooms.limits.cooldowns(id, now).map(({ until }) => until)}`)
      .join();
    if (next !== standing) mark('accounts', 'pool');
    standing = next;
  }

  function prune(): void {
    const { auditRetentionDays } = rooms.settings.current();
    rooms.store.audit.prune(clock.now() - auditRetentionDays * DAY_MS);
    rooms.store.resources.prune(MAX_RESOURCES);
  }

  return {
    start(): void {
      every(LOOK_EVERY_MS, look);
      every(PRUNE_EVERY_MS, prune);
    },
    stop(): void {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

/** See {@link createHousekeeping}. */
export type Housekeeping = ReturnType<typeof createHousekeeping>;
