import { z } from 'zod';
import type { PortLike } from '../../../shared/thread-rpc.ts';
import type { ArchiveInbound } from '../thread-contract.ts';

/** The engine's end of the channel to the archive: a `MessagePort`. */
export type RecorderPort = PortLike & { close?(): void };

/** Sends batches to whichever archive thread is attached and remembers them until they are acknowledged. */
export type BatchSender = {
  attach(port: RecorderPort | null): void;
  /** Whether another batch may go out now. */
  ready(): boolean;
  /** `records`: each as JSON. */
  send(records: readonly string[]): void;
  /** Records sent and not acknowledged. */
  unacknowledged(): number;
};

type Batch = Extract<ArchiveInbound, { type: 'records' }>;

/** So the archive always has one batch to write while the next is on its way, and no more than that. */
const MAX_UNACKNOWLEDGED = 2;

const acknowledgementSchema = z.object({ type: z.literal('written'), batch: z.number() });

/** See {@link BatchSender}. `onAcknowledged` is called after each batch that was written. */
export function createBatchSender(onAcknowledged: () => void): BatchSender {
  let open: Batch[] = [];
  let port: RecorderPort | null = null;
  let batches = 0;
  return {
    ready: () => port !== null && open.length < MAX_UNACKNOWLEDGED,
    unacknowledged: () => open.reduce((sum, batch) => sum + batch.count, 0),
    send(records) {
      batches += 1;
      const json = `[${records.join(',')}]`;
      const batch: Batch = { type: 'records', batch: batches, count: records.length, json };
      open.push(batch);
      port?.postMessage(batch);
    },
    attach(next) {
      port?.close?.();
      port = next;
      next?.on('message', (message) => {
        const parsed = acknowledgementSchema.safeParse(message);
        if (!parsed.success || port !== next) return;
        open = open.filter((batch) => batch.batch !== parsed.data.batch);
        onAcknowledged();
      });
      for (const batch of open) next?.postMessage(batch);
    },
  };
}
