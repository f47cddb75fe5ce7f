import { join } from 'node:path';
import { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { type PortLike, serveThread } from '../../shared/thread-rpc.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, toErrorView } from '../core/errors.ts';
import type { RetentionRules } from '../core/recording/retention.ts';
import type { ArchiveCalls, ArchiveEvents, ArchiveInit, ArchiveRawMessage } from '../core/thread-contract.ts';
import type { ArchiveStore } from '../store/archive/archive-store.ts';
import { toStoreError } from '../store/archive/sqlite-failure.ts';
import { createArchiveImport } from './archive-import.ts';
import { type RunningArchive, runArchive } from './archive-run.ts';
import { createThreadLogger } from './thread-log.ts';

/** Name of the request log in the data folder. */
const ARCHIVE_FILE = 'archive.db';

const rawMessageSchema = z.object({
  type: z.literal('engine-port' satisfies ArchiveRawMessage['type']),
  port: z.instanceof(MessagePort),
});

/**
 * Answers {@link ArchiveCalls} on `port` and takes the engine's port as a raw message. The call `start` opens the
 * file (and fails with `database_newer` where it must), `shutdown` closes it.
 */
export function serveArchive(port: PortLike, init: ArchiveInit, clock: Clock): void {
  let archive: RunningArchive | null = null;
  /** Arrived before the start. Messages of the engine wait inside it meanwhile. */
  let earlyPort: MessagePort | null = null;
  let rules: RetentionRules | null = null;
  const log = createThreadLogger((line) => send('log', line), 'info');

  const start = (): null => {
    if (!archive) imports.clean();
    archive ??= runArchive({ file: join(init.dataDir, ARCHIVE_FILE), clock, log, send });
    if (earlyPort) archive.inbox.connect(earlyPort);
    if (rules) archive.retention.configure(rules);
    earlyPort = null;
    return null;
  };
  const onStore = <T>(work: (store: ArchiveStore) => T): T => {
    if (!archive) throw new AppError('thread_down', 'The request log is not open. Restart the app.');
    const { file } = archive;
    return withStoreErrors(() => file.run(work));
  };

  const imports = createArchiveImport({
    dataDir: init.dataDir,
    clock,
    log,
    onStore,
    rules: () => rules,
    onWritten: (rows) => archive?.retention.grown(rows),
    onProgress: (progress) => send('imported', progress),
  });
  const send = serveThread<ArchiveCalls, ArchiveEvents>(
    port,
    {
      start: () => withStoreErrors(start),
      list: ({ filter, cursor, limit }) => onStore((store) => store.list(filter, cursor, limit)),
      get: ({ id }) => onStore((store) => store.get(id)),
      totals: ({ from, to }) => onStore((store) => store.totals(from, to)),
      hourly: ({ from, to }) => onStore((store) => store.hourly(from, to)),
      sessions: ({ since }) => onStore((store) => store.sessions(since)),
      storage: () => onStore((store) => store.storage()),
      ...imports.calls,
      configure(next) {
        rules = next;
        archive?.retention.configure(next);
        return null;
      },
      shutdown() {
        imports.stop();
        archive?.close();
        archive = null;
        return null;
      },
    },
    (error) => {
      if (!(error instanceof AppError)) log.error('archive_call_failed', { reason: String(error) });
      return toErrorView(error);
    },
  );

  port.on('message', (raw) => {
    const message = rawMessageSchema.safeParse(raw);
    if (!message.success) return;
    if (archive) archive.inbox.connect(message.data.port);
    else earlyPort = message.data.port;
  });
}

function withStoreErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error);
  }
}
