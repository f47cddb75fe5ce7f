import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';

/** Largest settings file or shell profile that is read, bytes. Real ones have a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Mode of files that are new: they hold a key. */
const PRIVATE = 0o600;

/** Pause before another try to replace a file that is in use, ms. */
const RENAME_PAUSE_MS = 100;

/** Content and mode of a file at one moment; null when there is no file. */
export type Snapshot = { readonly bytes: Buffer; readonly mode: number } | null;

/** An error about a file of the user's: what is wrong, in words that name no path. */
export function unreadable(reason: string, cause?: unknown): AppError {
  return new AppError('client_settings_unreadable', reason, cause);
}

/**
 * Reads a file whole.
 * @throws AppError `client_settings_unreadable` when it is too large, no plain file, or may not be read
 */
export async function readSnapshot(file: string): Promise<Snapshot> {
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw unreadable('There is something else where a plain file is expected.');
    if (facts.size > MAX_BYTES) throw tooLarge();
    const bytes = await readFile(file);
    if (bytes.length > MAX_BYTES) throw tooLarge();
    return { bytes, mode: facts.mode & 0o777 };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (isMissing(error)) return null;
    throw unreadable('The file cannot be read. Check that it belongs to you.', error);
  }
}

/**
 * Replaces a file so that after a crash either the old or the new content is there. A link stays a link: its target
 * is replaced. The mode stays; a new file is for its owner only. `before` is what the change was made from.
 * @throws AppError `client_settings_changed` when the file is not `before` any more, `client_settings_unreadable`
 * when it is read-only or cannot be written
 */
export async function replaceFile(file: string, before: Snapshot, bytes: Uint8Array): Promise<void> {
  if (before !== null && (before.mode & 0o200) === 0) {
    throw unreadable('The file is read-only. Make it writable and try again.');
  }
  try {
    const target = await behindLinks(file);
    await removeLeftovers(target);
    const temporary = `${target}.ccflare-${randomId()}.tmp`;
    try {
      await writeWhole(temporary, bytes, before?.mode ?? PRIVATE);
      await requireSame(file, before);
      await renamePatiently(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dirname(target));
  } catch (error) {
    throw writeError(error);
  }
}

/** Removes a file that is still `before`, and what a crash left beside it. @throws AppError as {@link replaceFile} */
export async function removeFile(file: string, before: Snapshot): Promise<void> {
  await requireSame(file, before);
  try {
    const target = await behindLinks(file);
    await removeLeftovers(target);
    await rm(target, { force: true });
  } catch (error) {
    throw writeError(error);
  }
}

/**
 * Writes a file of our own, folders included, readable by its owner only.
 * @throws AppError `data_dir_unusable`
 */
export async function writeOwnFile(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, await readSnapshot(file), bytes);
    await chmod(file, PRIVATE);
  } catch (error) {
    throw new AppError(
      'data_dir_unusable',
      'The data folder cannot be written. Check that it belongs to you and has free space.',
      error,
    );
  }
}

/** True when something is there, of whatever kind. */
export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The file that a chain of links ends at, also when that file does not exist yet. */
async function behindLinks(file: string): Promise<string> {
  let path = file;
  for (let hops = 0; hops < 10; hops += 1) {
    const real = await realpath(path).catch(() => null);
    if (real !== null) return real;
    const next = await readlink(path).catch(() => null);
    if (next === null) return path;
    path = resolve(dirname(path), next);
  }
  throw unreadable('The file is a link that leads nowhere.');
}

async function writeWhole(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** On Windows a scanner or editor that has the file open for a moment keeps it from being replaced. */
async function renamePatiently(from: string, to: string): Promise<void> {
  const tries = process.platform === 'win32' ? 5 : 1;
  for (let left = tries - 1; ; left -= 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await setTimeout(RENAME_PAUSE_MS);
    }
  }
}

async function requireSame(file: string, before: Snapshot): Promise<void> {
  const now = await readSnapshot(file);
  if (now === null ? before === null : before?.bytes.equals(now.bytes) === true) return;
  throw new AppError('client_settings_changed', 'Another program has just changed the file. Try again.');
}

/** What a crash left behind would hold a key. */
async function removeLeftovers(target: string): Promise<void> {
  const names = await readdir(dirname(target)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const start = `${basename(target)}.ccflare-`;
  const left = names.filter((name) => name.startsWith(start) && name.endsWith('.tmp'));
  await Promise.all(left.map((name) => rm(join(dirname(target), name), { force: true })));
}

/** The new name itself must reach the disk; Windows neither needs nor allows this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function tooLarge(): AppError {
  return unreadable('The file is larger than 1 MB, which no settings file should be.');
}

function writeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return unreadable(
    'The file cannot be written. Check that it belongs to you and that the disk has room.',
    error,
  );
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
