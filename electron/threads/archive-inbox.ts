import { z } from 'zod';
import type { RequestRecord } from '../../shared/request-record.ts';
import type { PortLike } from '../../shared/thread-rpc.ts';
import type { Clock, Timer } from '../core/clock.ts';
import type { Logger } from '../core/ports.ts';
import type { ArchiveOutbound } from '../core/thread-contract.ts';
import { failureKind, sqliteCode } from '../store/archive/sqlite-failure.ts';

/** First and longest wait before writing is tried again, ms. */
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 30_000;

/** Frames are parsed; the records themselves come from our own engine and are checked by the table. */
const inboundSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('records'),
    batch: z.number(),
    json: z.string().transform(recordsIn),
  }),
  z.object({ type: z.literal('flush'), seq: z.number() }),
]);

function recordsIn(json: string, context: z.RefinementCtx): RequestRecord[] {
  try {
    const records: unknown = JSON.parse(json);
    if (Array.isArray(records)) return records;
  } catch {
    // Reported below.
  }
  context.addIssue('no list of records');
  return z.NEVER;
}

type Pending = { readonly records: RequestRecord[]; readonly reply: () => void };

/** Takes batches from the engine and writes them in order, each acknowledged after its transaction. */
export type ArchiveInbox = {
  /** Begins to listen to an engine; several may overlap for a moment while one is replaced. */
  connect(port: PortLike): void;
  /** Writes what is pending, as far as the disk allows, and stops trying. */
  close(): void;
};

/**
 * See {@link ArchiveInbox}. While the disk refuses (full, read-only), the batch stays and is tried again with
 * growing waits; the engine then sends no more than its two, so nothing piles up here.
 */
export function createArchiveInbox(deps: {
  clock: Clock;
  log: Logger;
  /** One transaction; answers the records that were new. */
  write: (records: readonly RequestRecord[]) => RequestRecord[];
  onWritten: (records: readonly RequestRecord[]) => void;
}): ArchiveInbox {
  const { clock, log } = deps;
  let pending: Pending[] = [];
  let retry: Timer | null = null;
  let failures = 0;

  const drain = () => {
    retry?.cancel();
    retry = null;
    for (let next = pending[0]; next; next = pending[0]) {
      try {
        if (next.records.length > 0) deps.onWritten(writeBatch(deps.write, log, next.records));
      } catch (error) {
        return failed(error);
      }
      if (failures > 0) log.info('archive_writes_again', { failures });
      failures = 0;
      pending = pending.slice(1);
      next.reply();
    }
  };
  const failed = (error: unknown) => {
    if (failures === 0) log.error('archive_write_failed', { reason: sqliteCode(error) || String(error) });
    retry = clock.after(Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_LONGEST_MS), drain);
    failures += 1;
  };

  return {
    connect(port) {
      const answer = (message: ArchiveOutbound) => port.postMessage(message);
      port.on('message', (raw) => {
        const parsed = inboundSchema.safeParse(raw);
        if (!parsed.success) return log.warn('archive_message_unknown');
        const message = parsed.data;
        pending.push(
          message.type === 'records'
            ? { records: message.json, reply: () => answer({ type: 'written', batch: message.batch }) }
            : { records: [], reply: () => answer({ type: 'flushed', seq: message.seq }) },
        );
        if (!retry) drain();
      });
    },
    close() {
      drain();
      retry?.cancel();
    },
  };
}

/**
 * A record that cannot be stored must not hold up the others for ever: such a batch is written one by one, and what
 * is left out is said once per batch.
 */
function writeBatch(
  write: (records: readonly RequestRecord[]) => RequestRecord[],
  log: Logger,
  records: readonly RequestRecord[],
): RequestRecord[] {
  try {
    return write(records);
  } catch (error) {
    if (failureKind(error) !== 'record') throw error;
    const { written, refused } = writeOneByOne(write, records);
    const reason = sqliteCode(error) || String(error);
    log.error('archive_records_refused', { count: refused.length, firstId: String(refused[0]?.id), reason });
    return written;
  }
}

function writeOneByOne(
  write: (records: readonly RequestRecord[]) => RequestRecord[],
  records: readonly RequestRecord[],
) {
  const written: RequestRecord[] = [];
  const refused: RequestRecord[] = [];
  for (const record of records) {
    try {
      written.push(...write([record]));
    } catch (error) {
      if (failureKind(error) !== 'record') throw error;
      refused.push(record);
    }
  }
  return { written, refused };
}
