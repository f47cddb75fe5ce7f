import type { Clock, Timer } from '../clock.ts';
import type { Logger, Recorder } from '../ports.ts';
import { createBatchSender, type RecorderPort } from './batch-sender.ts';
import { createDropCounter } from './drop-counter.ts';
import { createRecordQueue } from './record-queue.ts';

/** The recorder, and what the engine needs to run it. */
export type ArchiveRecorder = Recorder & {
  /**
   * Connects a (new) archive thread, or none. Batches that the one before did not acknowledge are sent again;
   * the archive ignores ids it has.
   */
  attach(port: RecorderPort | null): void;
  /**
   * Sends everything and resolves when all is acknowledged. Resolves at once when no archive was ever attached,
   * and after `deadlineMs` (3 s) in any case: what is then left shows in `depth()`.
   */
  flush(deadlineMs?: number): Promise<void>;
  /** Records not yet acknowledged. */
  depth(): number;
  readonly limit: number;
  /** Records dropped since the start, because the archive was down or behind. */
  dropped(): number;
};

/**
 * Keeps finished requests until the archive thread has them. `record` only appends to an array. Nothing ever waits
 * for the archive: when it is down or behind, up to `limit` records are kept, then the oldest are dropped and
 * counted. `onDropped` hears the number since its last call and the total.
 *
 * A record becomes JSON at once, which costs about 3 us: a batch is then only text to be joined and copied, and may be
 * large without holding the engine. Large batches are cheaper to hand over and to write.
 */
export function createRecorder(deps: {
  clock: Clock;
  log: Logger;
  onDropped: (dropped: number, total: number) => void;
  limit?: number;
  batchSize?: number;
  flushEveryMs?: number;
}): ArchiveRecorder {
  const { clock, limit = 5_000, batchSize = 200, flushEveryMs = 250 } = deps;
  const queue = createRecordQueue<string>();
  const idle = new Set<() => void>();
  let everAttached = false;
  /** What is queued should be gone already, so each acknowledgement sends more. */
  let overdue = false;
  let timer: { due: number; timer: Timer } | null = null;

  const drops = createDropCounter(clock, (count, total) => {
    deps.log.warn('records_dropped', { count, total });
    deps.onDropped(count, total);
  });
  const sender = createBatchSender(() => {
    if (overdue) pump();
    if (depth() === 0) for (const done of idle) done();
  });
  const depth = () => queue.length() + sender.unacknowledged();
  const pump = () => {
    timer?.timer.cancel();
    timer = null;
    while (sender.ready() && queue.length() > 0) sender.send(queue.take(batchSize));
    overdue = queue.length() > 0;
  };
  const pumpIn = (delayMs: number) => {
    const due = clock.monotonic() + delayMs;
    if (overdue || (timer && timer.due <= due)) return;
    timer?.timer.cancel();
    timer = { due, timer: clock.after(delayMs, pump) };
  };

  return {
    limit,
    depth,
    dropped: drops.total,
    record(record) {
      queue.push(JSON.stringify(record));
      if (depth() > limit && queue.dropOldest()) drops.add();
      // Half a batch is due: what comes until the timer fires still goes with it.
      pumpIn(queue.length() * 2 >= batchSize ? 0 : flushEveryMs);
    },
    attach(port) {
      everAttached ||= port !== null;
      sender.attach(port);
      pump();
    },
    flush(deadlineMs = 3_000) {
      if (!everAttached || depth() === 0) return Promise.resolve();
      pump();
      return until(idle, clock, deadlineMs);
    },
  };
}

/** Resolves when a member of `waiting` is called, or after `deadlineMs`. */
function until(waiting: Set<() => void>, clock: Clock, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      deadline.cancel();
      waiting.delete(done);
      resolve();
    };
    const deadline = clock.after(deadlineMs, done);
    waiting.add(done);
  });
}
