import { rename } from 'node:fs/promises';
import { randomId } from '../../core/ids.ts';
import { eraseFile } from './erase-file.ts';
import { toImportError } from './import-errors.ts';
import { foreignDatabase, SIDECARS } from './source-files.ts';

/**
 * Overwrites an old database and its log files with zeros and removes them; the log files first, so that a failure
 * on the way leaves a database that can be found again. Refuses what is no SQLite database, and the app's own.
 * @throws AppError `import_unreadable`, `conflict` while another program holds it
 */
export async function deleteSource(dataDir: string, path: string): Promise<void> {
  const source = await foreignDatabase(dataDir, path);
  try {
    await requireMovable(source);
    for (const suffix of SIDECARS) await eraseFile(source + suffix);
    await eraseFile(source);
    // Where the path was a link, it would now point nowhere.
    if (path !== source) await eraseFile(path);
  } catch (error) {
    throw toImportError(error);
  }
}

/** Windows lets nobody move or remove a file that a program holds, but it lets them overwrite it. */
async function requireMovable(file: string): Promise<void> {
  const aside = `${file}.${randomId()}`;
  await rename(file, aside);
  await rename(aside, file);
}
