import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { StorageState } from '../../../shared/app-state.ts';
import type {
  HourlyReport,
  RequestCursor,
  RequestFilter,
  RequestPage,
  RequestRecord,
  TotalsReport,
} from '../../../shared/request-record.ts';
import type { SessionTotals } from '../../../shared/session.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../open-database.ts';
import { createHourly } from './hourly.ts';
import { ARCHIVE_MIGRATIONS } from './migrations.ts';
import { createPruning, type Pruning } from './pruning.ts';
import { createRequestDetail } from './request-detail.ts';
import { createRequestList } from './request-list.ts';
import { createRequestWriter } from './request-writer.ts';
import { createSessionTotals } from './session-totals.ts';
import { createTotals } from './totals.ts';

/** The write-ahead log is cut back to this size after a checkpoint, bytes. */
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

/** SQLite's number for `auto_vacuum = INCREMENTAL`. */
const INCREMENTAL = 2;

/** The request log over an open `archive.db`. Every call is synchronous and throws what SQLite throws. */
export type ArchiveStore = {
  /** One transaction; answers the records that were new. */
  write(records: readonly RequestRecord[]): RequestRecord[];
  list(filter: RequestFilter, cursor: RequestCursor | null, limit: number): RequestPage;
  get(id: string): RequestRecord | null;
  totals(from: number, to: number): TotalsReport;
  hourly(from: number, to: number): HourlyReport;
  sessions(since: number): SessionTotals[];
  storage(): Pick<StorageState, 'archiveBytes' | 'requestRows' | 'oldestRequestAt'>;
  readonly pruning: Pruning;
  close(): void;
};

/**
 * Opens or makes the request log.
 * @throws AppError `database_newer` when a newer version of the app wrote it, else what SQLite throws.
 */
export function openArchiveStore(file: string): ArchiveStore {
  const db = openDatabase(file);
  try {
    prepare(db);
    return storeOver(db, file);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A crash of the process loses no commit with synchronous NORMAL, only a crash of the whole computer may. */
function prepare(db: Database): void {
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  const isNew = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (isNew && db.pragma('auto_vacuum', { simple: true }) !== INCREMENTAL) {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  }
  migrate(db, ARCHIVE_MIGRATIONS);
}

function storeOver(db: Database, file: string): ArchiveStore {
  const write = createRequestWriter(db);
  const oldest = db.prepare<[], { at: number | null }>('SELECT MIN(started_at) AS at FROM requests');
  let rows = db.prepare<[], { rows: number }>('SELECT COUNT(*) AS rows FROM requests').get()?.rows ?? 0;
  return {
    write(records) {
      const written = write(records);
      rows += written.length;
      return written;
    },
    list: createRequestList(db),
    get: createRequestDetail(db),
    totals: createTotals(db),
    hourly: createHourly(db),
    sessions: createSessionTotals(db),
    storage: () => ({
      archiveBytes: ['', '-wal', '-shm'].reduce((sum, suffix) => sum + sizeOf(file + suffix), 0),
      requestRows: rows,
      oldestRequestAt: oldest.get()?.at ?? null,
    }),
    pruning: createPruning(db, (removed) => {
      rows -= removed;
    }),
    close() {
      try {
        db.pragma('optimize');
      } finally {
        db.close();
      }
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
