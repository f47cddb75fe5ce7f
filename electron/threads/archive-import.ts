import type { CallHandlers } from '../../shared/thread-rpc.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { RetentionRules } from '../core/recording/retention.ts';
import type { ArchiveCalls, ArchiveEvents } from '../core/thread-contract.ts';
import type { ArchiveStore } from '../store/archive/archive-store.ts';
import { importFloor } from '../store/archive/import-floor.ts';
import { type HistoryCounts, importHistory } from '../store/archive/import-history.ts';
import { deleteSource } from '../store/import/delete-source.ts';
import { copySource, leftoverCopies, removeCopy, requireCopy } from '../store/import/source-copy.ts';
import { openSource, type SourceDatabase, settleCopy } from '../store/import/source-database.ts';
import { countRows } from '../store/import/source-rows.ts';
import { surveySource } from '../store/import/source-survey.ts';

/** At most four progress messages per second. */
const PROGRESS_EVERY_MS = 250;

type ImportCallName = Extract<keyof ArchiveCalls, `import.${string}`>;

/** What imports need of the archive. */
export type ArchiveImportDeps = {
  dataDir: string;
  clock: Clock;
  log: Logger;
  /** Throws AppError `thread_down` while the request log is not open. */
  onStore<T>(work: (store: ArchiveStore) => T): T;
  /** Rules of the moment; null until they are known. */
  rules(): RetentionRules | null;
  /** Told how many rows were written, so that the bounds hold during an import too. */
  onWritten(rows: number): void;
  onProgress(progress: ArchiveEvents['imported']): void;
};

/** The archive's part of imports. */
export type ArchiveImport = {
  readonly calls: Pick<CallHandlers<ArchiveCalls>, ImportCallName>;
  /** Removes copies that an earlier run left behind, in the background. */
  clean(): void;
  /** Ends a running import after its batch. */
  stop(): void;
};

/** See {@link ArchiveImport}. */
export function createArchiveImport(deps: ArchiveImportDeps): ArchiveImport {
  /** The import that runs; cancelled by taking it away. */
  let running: object | null = null;
  const stop = (): void => {
    running = null;
  };
  return {
    calls: {
      'import.open': ({ path }) => openCopy(deps, path),
      async 'import.history'(given) {
        if (running)
          throw new AppError('conflict', 'An import is running already. Wait for it, or cancel it.');
        const own = {};
        running = own;
        try {
          return await takeHistory(deps, given, () => running === own);
        } finally {
          if (running === own) running = null;
        }
      },
      'import.cancel'() {
        stop();
        return null;
      },
      async 'import.close'({ copy }) {
        await removeCopy(deps.dataDir, copy);
        return null;
      },
      async 'import.deleteSource'({ path }) {
        await deleteSource(deps.dataDir, path);
        return null;
      },
    },
    clean: () => clean(deps),
    stop,
  };
}

async function openCopy(
  { dataDir, clock, onStore, rules }: ArchiveImportDeps,
  path: string,
): Promise<ArchiveCalls['import.open']['answer']> {
  const floor = onStore(importFloor);
  const { copy, changedAt } = await copySource(dataDir, path);
  try {
    settleCopy(copy);
    const survey = await withSource(copy, (source) =>
      surveySource(source, { now: clock.now(), changedAt, floor, retention: rules() }),
    );
    return { copy, ...survey };
  } catch (error) {
    await removeCopy(dataDir, copy).catch(() => undefined);
    throw error;
  }
}

async function takeHistory(
  deps: ArchiveImportDeps,
  { copy, accountIds }: ArchiveCalls['import.history']['argument'],
  mayGoOn: () => boolean,
): Promise<ArchiveCalls['import.history']['answer']> {
  requireCopy(deps.dataDir, copy);
  const result = await withSource(copy, async (source) => {
    const total = await countRows(source, 'requests');
    const progress = createProgress(deps, total);
    const outcome = await importHistory({
      source,
      accountIds,
      floor: deps.onStore(importFloor),
      mayGoOn,
      write(records) {
        const written = deps.onStore((store) => store.write(records));
        deps.onWritten(written.length);
        return written;
      },
      onBatch: progress.note,
    });
    progress.last(outcome);
    return outcome;
  });
  deps.log.info('import_ended', { ...result });
  const { added, known, broken, cancelled } = result;
  return { requestsAdded: added, requestsKnown: known, requestsBroken: broken, cancelled };
}

async function withSource<T>(copy: string, work: (source: SourceDatabase) => Promise<T>): Promise<T> {
  const source = openSource(copy);
  try {
    return await work(source);
  } finally {
    source.close();
  }
}

function createProgress({ clock, onProgress }: ArchiveImportDeps, total: number) {
  let sentAt = Number.NEGATIVE_INFINITY;
  const send = ({ added, known, broken }: HistoryCounts): void => {
    sentAt = clock.monotonic();
    onProgress({ done: added + known + broken, total });
  };
  return {
    note(counts: HistoryCounts): void {
      if (clock.monotonic() - sentAt >= PROGRESS_EVERY_MS) send(counts);
    },
    last: send,
  };
}

function clean({ dataDir, log }: ArchiveImportDeps): void {
  const remove = async (): Promise<void> => {
    for (const copy of leftoverCopies(dataDir)) await removeCopy(dataDir, copy);
  };
  remove().catch((error: unknown) => log.warn('import_copy_left', { reason: String(error) }));
}
