import { constants, readdirSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { randomId } from '../../core/ids.ts';
import { eraseFile } from './erase-file.ts';
import { toImportError, unreadable } from './import-errors.ts';
import { foreignDatabase } from './source-files.ts';

/** Folder of one copy, inside the data folder. */
const FOLDER = /^import-[0-9a-f-]{36}$/;

const COPY_NAME = 'copy.db';

/** Tries to get database and log of one moment, while the old program may be writing. */
const TRIES = 3;

/** A copy of ours, and when the original was last changed. */
export type SourceCopy = {
  /** The copied database; its sidecars lie beside it. */
  readonly copy: string;
  /** UTC ms of the last change of the original or its log. */
  readonly changedAt: number;
};

/**
 * Copies a database with its log files into a folder that only its owner can open. The original is read as a file and
 * never opened by SQLite, so nothing of it changes. On file systems that can, the copy shares its blocks.
 * @throws AppError `import_unreadable`, `data_dir_unusable`
 */
export async function copySource(dataDir: string, path: string): Promise<SourceCopy> {
  const source = await foreignDatabase(dataDir, path);
  const folder = join(dataDir, `import-${randomId()}`);
  const copy = join(folder, COPY_NAME);
  try {
    await mkdir(folder, { mode: 0o700 });
    return { copy, changedAt: await copyUndisturbed(source, copy) };
  } catch (error) {
    await removeFolder(folder).catch(() => undefined);
    throw toImportError(error);
  }
}

/** What SQLite needs beside a database that keeps a write-ahead log. */
const COPIED = ['-wal', '-shm'] as const;

/** Copies until nothing changed meanwhile; a database and a log of different moments would not fit. */
async function copyUndisturbed(source: string, copy: string): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = await stateOf(source);
    await copyFamily(source, copy);
    if ((await stateOf(source)).mark === before.mark) return before.changedAt;
  }
  throw unreadable('That database keeps changing. Stop the program that uses it and try again.');
}

async function copyFamily(source: string, copy: string): Promise<void> {
  await refuseJournal(source);
  await copyPrivate(source, copy);
  for (const suffix of COPIED) {
    await eraseFile(copy + suffix);
    await copyPrivate(source + suffix, copy + suffix).catch((error: NodeJS.ErrnoException) => {
      // SQLite builds the index of the log anew, so it may be missing, also when a running program holds it.
      if (error.code !== 'ENOENT' && suffix !== '-shm') throw error;
    });
  }
}

/**
 * SECURITY: a rollback journal is never taken along. It can name another file, which SQLite deletes when it rolls back
 * (SQLite file format, section 3). Both programs keep a write-ahead log instead, so a journal is no ordinary case.
 */
async function refuseJournal(source: string): Promise<void> {
  const journal = await stat(`${source}-journal`).catch(() => null);
  if (journal === null || journal.size === 0) return;
  throw unreadable(
    'The old program was interrupted in the middle of a change. Start it, stop it again, and then import.',
  );
}

async function copyPrivate(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, 0o600);
}

async function stateOf(source: string): Promise<{ mark: string; changedAt: number }> {
  const files = [source, `${source}-wal`, `${source}-journal`];
  const stats = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => null)));
  const mark = stats.map((one) => (one ? `${one.size}@${one.mtimeNs}` : '-')).join(' ');
  return { mark, changedAt: Math.max(...stats.map((one) => Number(one?.mtimeMs ?? 0))) };
}

/**
 * Overwrites and removes a copy. One that is gone already is fine.
 * @throws AppError `invalid_input` for any path that is not a copy of ours
 */
export async function removeCopy(dataDir: string, copy: string): Promise<void> {
  requireCopy(dataDir, copy);
  await removeFolder(dirname(copy));
}

/** @throws AppError `invalid_input` for any path that is not a copy of ours */
export function requireCopy(dataDir: string, copy: string): void {
  const name = basename(dirname(copy));
  if (FOLDER.test(name) && copy === join(dataDir, name, COPY_NAME)) return;
  throw new AppError('invalid_input', 'That is not a copy made for an import.');
}

/** Copies that an earlier run of the app left behind. */
export function leftoverCopies(dataDir: string): string[] {
  const names = readdirSync(dataDir).filter((name) => FOLDER.test(name));
  return names.map((name) => join(dataDir, name, COPY_NAME));
}

/** A link in the place of the folder is not followed. */
async function removeFolder(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null) return;
  if (!stats.isDirectory()) return eraseFile(folder);
  for (const name of await readdir(folder)) await eraseFile(join(folder, name));
  await rmdir(folder);
}
