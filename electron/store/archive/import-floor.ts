import { HOUR_MS, hourOf } from '../../core/recording/rollup.ts';
import type { ArchiveStore } from './archive-store.ts';

/**
 * The time up to which rows were removed while their sums stayed, UTC ms; 0 when none were. An old request from before
 * may have been imported, counted and removed already, so importing it again could count it twice. Rows are removed
 * oldest first, which is why sums without rows tell where the removal has come to.
 */
export function importFloor(store: Pick<ArchiveStore, 'storage' | 'hourly' | 'totals'>): number {
  const { oldestRequestAt: oldest } = store.storage();
  if (oldest !== null && hasRemovedRows(store, oldest)) return oldest;
  const until = oldest === null ? Number.MAX_SAFE_INTEGER : hourOf(oldest);
  const last = store.hourly(0, until).hours.at(-1);
  return last ? last.start + HOUR_MS : 0;
}

/** Whether the hour of the oldest row has sums of more rows than are there. */
function hasRemovedRows(store: Pick<ArchiveStore, 'hourly' | 'totals'>, oldest: number): boolean {
  const hour = hourOf(oldest);
  const summed = store.hourly(hour, hour + HOUR_MS).hours[0]?.totals.requests ?? 0;
  return summed > store.totals(oldest, hour + HOUR_MS).all.requests;
}
