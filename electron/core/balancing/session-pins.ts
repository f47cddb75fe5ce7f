import type { Clock } from '../clock.ts';
import type { Logger } from '../ports.ts';
import type { SessionPins } from '../routing-ports.ts';
import type { PinStore } from '../store-ports.ts';

/** Most pins kept; people set them by hand. */
const MAX_PINS = 1000;

/** See {@link SessionPins}. A file that cannot be written costs the pin after a restart, not now. */
export function createSessionPins(deps: {
  store: PinStore;
  clock: Clock;
  log: Logger;
}): SessionPins & { forget(accountId: string): void } {
  const { store, clock, log } = deps;
  const guarded = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      log.warn('pins_not_saved');
      return otherwise;
    }
  };
  const rows = guarded(() => store.list(), []);
  const pins = new Map(rows.map(({ sessionId, accountId }) => [sessionId, accountId]));

  return {
    pinnedTo: (sessionId) => pins.get(sessionId) ?? null,
    sessions: () => pins.keys(),
    pin(sessionId, accountId) {
      pins.delete(sessionId);
      pins.set(sessionId, accountId);
      for (const oldest of pins.keys()) {
        if (pins.size <= MAX_PINS) break;
        pins.delete(oldest);
      }
      guarded(() => {
        store.put(sessionId, accountId, clock.now());
        store.prune(MAX_PINS);
      }, undefined);
    },
    release(sessionId) {
      if (pins.delete(sessionId)) guarded(() => store.remove(sessionId), undefined);
    },
    forget(accountId) {
      // The rows go with the account's own.
      for (const [sessionId, pinned] of pins) if (pinned === accountId) pins.delete(sessionId);
    },
  };
}
