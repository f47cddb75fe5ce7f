import { AppError } from '../../core/errors.ts';

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|FORMAT)/;
const NO_ROOM = /^(ENOSPC|EDQUOT|EROFS|SQLITE_FULL)/;
const IN_USE = /^(EBUSY|ETXTBSY|SQLITE_BUSY|SQLITE_LOCKED)/;
const NO_ACCESS = /^(EACCES|EPERM|ENOENT|ENOTDIR|EISDIR|ELOOP|EIO)/;

/** What is said of a file that is no database, or not one of the known programs. */
export function unreadable(words: string, cause?: unknown): AppError {
  return new AppError('import_unreadable', words, cause);
}

/** The name of an error as system or SQLite give it; empty where there is none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Turns errors of copying and reading an old database into ones that say what to do; others stay as they are. */
export function toImportError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (DAMAGED.test(code)) {
    return unreadable(
      'That database is damaged. Start the old program once to see whether it can repair it, or choose a backup of it.',
      error,
    );
  }
  if (NO_ROOM.test(code)) {
    const words = 'There is not enough free space for a copy of that database. Make room and try again.';
    return new AppError('data_dir_unusable', words, error);
  }
  if (IN_USE.test(code)) {
    return new AppError('conflict', 'Another program is using that database. Stop it and try again.', error);
  }
  if (NO_ACCESS.test(code)) {
    return unreadable('That file cannot be read or changed. Check that it exists and belongs to you.', error);
  }
  return error;
}
