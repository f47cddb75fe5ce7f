import { AppError } from '../core/errors.ts';

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;
const BUSY = /^SQLITE_(BUSY|LOCKED)/;
const UNUSABLE = /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|PERM|AUTH)/;
const FOLDER = /^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|ENOTDIR|EISDIR|EEXIST|ELOOP|ENAMETOOLONG|EIO|ENOENT)$/;

/**
 * Turns an error of SQLite or of the file system into one with a stable code and a sentence that says what to do;
 * others stay as they are. `name` is the file's base name. Codes: https://www.sqlite.org/rescode.html.
 */
export function toDatabaseError(error: unknown, name: string): unknown {
  const code = codeOf(error);
  if (DAMAGED.test(code)) return damaged(name, error);
  if (BUSY.test(code)) {
    return new AppError(
      'database_busy',
      `Another program holds ${name}. Close it (another copy of the app, a database viewer, a backup) and try again.`,
      error,
    );
  }
  if (UNUSABLE.test(code) || FOLDER.test(code)) {
    return new AppError(
      'data_dir_unusable',
      `${name} cannot be read or written. Check that the data folder exists, belongs to you and has free space.`,
      error,
    );
  }
  return error;
}

/** The error for a file that is no sound database; it is never deleted for the user. */
export function damaged(name: string, cause?: unknown): AppError {
  return new AppError(
    'database_damaged',
    `${name} is damaged. Put back a copy of it, or move it out of the data folder to begin with an empty one.`,
    cause,
  );
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
