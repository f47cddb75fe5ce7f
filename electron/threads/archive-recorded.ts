import { type RequestRecord, type RequestRow, requestRowSchema } from '../../shared/request-record.ts';
import type { Clock, Timer } from '../core/clock.ts';

/** At most four messages per second. */
const SEND_EVERY_MS = 250;

/** Rows per message. Under more traffic than that a list shows the newest and reads the others when scrolled. */
const MAX_ROWS = 200;

/** Collects rows just written and sends them on, seldom enough that a window can follow. */
export function createRecordedFeed(clock: Clock, send: (rows: RequestRow[]) => void) {
  let collected: RequestRecord[] = [];
  let lastSent = Number.NEGATIVE_INFINITY;
  let timer: Timer | null = null;
  const flush = () => {
    timer = null;
    lastSent = clock.monotonic();
    // Parsing leaves out what only the detail view shows: trace, upstream id and stop reason.
    const rows = collected.flatMap((record) => requestRowSchema.safeParse(record).data ?? []);
    collected = [];
    if (rows.length > 0) send(rows);
  };
  return {
    add(records: readonly RequestRecord[]): void {
      if (records.length === 0) return;
      collected = [...collected, ...records].slice(-MAX_ROWS);
      timer ??= clock.after(Math.max(0, lastSent + SEND_EVERY_MS - clock.monotonic()), flush);
    },
    /** Sends what is collected and stops. */
    close(): void {
      timer?.cancel();
      flush();
    },
  };
}
