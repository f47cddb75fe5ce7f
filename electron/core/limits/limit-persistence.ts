import type { LimitReading } from '../../../shared/account.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../ports.ts';
import type { CooldownRow, LimitStore } from '../store-ports.ts';
import type { AccountLimits } from './account-limits.ts';

/** Readings of an account go to disk at most this often, ms; rests and changed states at once. */
const SAVE_EVERY_MS = 5000;

/** Writes through to the store. A failure is logged and costs the copy on disk only, never a request. */
export type LimitPersistence = {
  load(): { cooldowns: CooldownRow[]; readings: { accountId: string; reading: LimitReading }[] };
  putCooldown(row: CooldownRow): void;
  removeCooldown(accountId: string, bucket: string): void;
  removeAccount(accountId: string): void;
  /** Saves the account's readings now or, unless `atOnce`, when its turn comes. */
  saveReadings(accountId: string, limits: AccountLimits, atOnce: boolean): void;
  /** Writes what waits. */
  flush(): void;
};

/** See {@link LimitPersistence}. */
export function createLimitPersistence(deps: {
  store: LimitStore;
  clock: Clock;
  log: Logger;
}): LimitPersistence {
  const { store, clock, log } = deps;
  const waiting = new Map<string, AccountLimits>();
  let timer: Timer | null = null;

  const guarded = <T>(what: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      log.warn('limits_not_saved', { what, error: error instanceof Error ? error.message : 'unknown' });
      return otherwise;
    }
  };
  const save = (accountId: string, limits: AccountLimits): void => {
    waiting.delete(accountId);
    if (!limits.unsaved) return;
    limits.unsaved = false;
    limits.savedAt = clock.monotonic();
    guarded('readings', () => store.putReadings(accountId, [...limits.readings.values()]), undefined);
  };
  const flush = (): void => {
    timer?.cancel();
    timer = null;
    for (const [accountId, limits] of [...waiting]) save(accountId, limits);
  };

  return {
    load: () => ({
      cooldowns: guarded('load', () => store.cooldowns(), []),
      readings: guarded('load', () => store.readings(), []),
    }),
    putCooldown: (row) => guarded('cooldown', () => store.putCooldown(row), undefined),
    removeCooldown: (accountId, bucket) =>
      guarded('cooldown', () => store.removeCooldown(accountId, bucket), undefined),
    removeAccount(accountId) {
      waiting.delete(accountId);
      guarded('account', () => store.removeAccount(accountId), undefined);
    },
    saveReadings(accountId, limits, atOnce) {
      if (atOnce || clock.monotonic() - limits.savedAt >= SAVE_EVERY_MS) {
        save(accountId, limits);
        return;
      }
      waiting.set(accountId, limits);
      timer ??= clock.after(SAVE_EVERY_MS, flush);
    },
    flush,
  };
}
