import { AppError } from '../../core/errors.ts';

/**
 * What an error of the database means for the caller.
 * `damaged`: the file is not a sound database. `record`: this data cannot be stored, other data can.
 * `storage`: disk full, read-only, busy, input/output error: the same call may work later.
 */
export type FailureKind = 'damaged' | 'record' | 'storage';

/** Sorts a thrown value by SQLite's result code (https://www.sqlite.org/rescode.html). */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof AppError && error.code === 'database_damaged') return 'damaged';
  const code = sqliteCode(error);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'damaged';
  if (/^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code)) return 'record';
  return code === '' && (error instanceof TypeError || error instanceof RangeError) ? 'record' : 'storage';
}

/** SQLite's name of the error, e.g. `SQLITE_FULL`; empty for errors that are not SQLite's. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : '';
}

/** Turns an error of SQLite into one with a sentence that says what to do; others stay as they are. */
export function toStoreError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === '') return error;
  if (failureKind(error) === 'damaged') {
    return new AppError(
      'database_damaged',
      'The request log is damaged. Restart the app to begin a new one.',
      error,
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError(
      'database_busy',
      'Another program holds the request log. Close it and try again.',
      error,
    );
  }
  if (/^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|PERM)/.test(code)) {
    return new AppError(
      'data_dir_unusable',
      'The request log cannot be read or written. Check free space and permissions of the data folder.',
      error,
    );
  }
  return error;
}
