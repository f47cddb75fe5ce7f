import { open, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { toImportError, unreadable } from './import-errors.ts';

/** First bytes of every SQLite database (https://www.sqlite.org/fileformat.html). */
const MAGIC = Buffer.from('SQLite format 3\0');

/** What SQLite keeps beside a database: write-ahead log, its index, rollback journal. */
export const SIDECARS = ['-wal', '-shm', '-journal'] as const;

/**
 * The real path of an SQLite database that is not the app's own.
 * @throws AppError `import_unreadable`
 */
export async function foreignDatabase(dataDir: string, path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if (isInside(await realpath(dataDir), real)) {
      throw unreadable('That file belongs to this app. Choose the database of the old program.');
    }
    if (!(await isDatabase(real)))
      throw unreadable('That file is not a database of ccflare or better-ccflare.');
    return real;
  } catch (error) {
    throw toImportError(error);
  }
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function isDatabase(path: string): Promise<boolean> {
  // Opening a pipe would wait for its other end.
  if (!(await stat(path)).isFile()) return false;
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return bytesRead === head.length && head.equals(MAGIC);
  } finally {
    await handle.close();
  }
}
