import type { Clock } from '../clock.ts';

/** A drop is reported at most this often, ms. */
const REPORT_EVERY_MS = 1_000;

/**
 * Counts dropped records and reports them together, so that an overload does not also flood the log. `report`
 * gets the number since the last report and the total.
 */
export function createDropCounter(clock: Clock, report: (count: number, total: number) => void) {
  let total = 0;
  let reported = 0;
  let pending = false;
  return {
    total: (): number => total,
    add(): void {
      total += 1;
      if (pending) return;
      pending = true;
      clock.after(REPORT_EVERY_MS, () => {
        pending = false;
        const count = total - reported;
        reported = total;
        report(count, total);
      });
    },
  };
}
