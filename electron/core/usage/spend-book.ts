import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../ports.ts';
import type { SpendBook } from '../routing-ports.ts';
import type { SpendRow, SpendStore } from '../store-ports.ts';

/** Sums are written at most this often, ms. */
const WRITE_EVERY_MS = 5000;

type Sums = { spent: number; overage: number };

/**
 * See {@link SpendBook}. A month is the calendar month of the computer's time zone, as bills and people count. What a
 * crash loses is at most the last seconds before it.
 */
export function createSpendBook(deps: { store: SpendStore; clock: Clock; log: Logger }): SpendBook {
  const { store, clock, log } = deps;
  let month = '';
  let sums = new Map<string, Sums>();
  const unsaved = new Set<string>();
  let timer: Timer | null = null;

  /** Turns the page when the month is another. */
  function open(now: number): void {
    const current = monthOf(now);
    if (current === month) return;
    if (month !== '') flush();
    month = current;
    sums = load(store, current, log);
    unsaved.clear();
  }

  function flush(): void {
    timer?.cancel();
    timer = null;
    if (unsaved.size === 0) return;
    const rows = [...unsaved].map((accountId): SpendRow => {
      const { spent = 0, overage = 0 } = sums.get(accountId) ?? {};
      return { accountId, month, spentNanoUsd: spent, overageNanoUsd: overage };
    });
    try {
      store.put(rows);
      unsaved.clear();
    } catch {
      // The sums stay marked and go with the next ones.
      log.warn('spend_not_saved');
    }
  }

  return {
    note(accountId, costNanoUsd, overage, at) {
      open(at);
      const known = sums.get(accountId) ?? { spent: 0, overage: 0 };
      known.spent += costNanoUsd;
      if (overage) known.overage += costNanoUsd;
      sums.set(accountId, known);
      unsaved.add(accountId);
      timer ??= clock.after(WRITE_EVERY_MS, flush);
    },
    spent(accountId, now) {
      open(now);
      return sums.get(accountId)?.spent ?? 0;
    },
    overage(accountId, now) {
      open(now);
      return sums.get(accountId)?.overage ?? 0;
    },
    flush,
  };
}

/**
 * Remembered, since it is asked for on the way of every request: for the rest of an hour at most, and not beyond the
 * borders of the month, which lie inside an hour of UTC in many zones.
 */
const HOUR_MS = 3_600_000;
let lastMonth = { month: '', from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };

function monthOf(now: number): string {
  if (now >= lastMonth.from && now < lastMonth.to) return lastMonth.month;
  const date = new Date(now);
  const [year, month] = [date.getFullYear(), date.getMonth()];
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  lastMonth = {
    month: `${year}-${String(month + 1).padStart(2, '0')}`,
    from: Math.max(hour, new Date(year, month, 1).getTime()),
    to: Math.min(hour + HOUR_MS, new Date(year, month + 1, 1).getTime()),
  };
  return lastMonth.month;
}

function load(store: SpendStore, month: string, log: Logger): Map<string, Sums> {
  try {
    return new Map(
      store
        .list(month)
        .map((row) => [row.accountId, { spent: row.spentNanoUsd, overage: row.overageNanoUsd }]),
    );
  } catch {
    log.warn('spend_not_read');
    return new Map();
  }
}
