import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';

/**
 * Writes a small file that only its owner can read, so that after a crash or power loss either the old or the new
 * content is there, never half of it.
 * @throws AppError `data_dir_unusable` when the disk refuses.
 */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${randomId()}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeWhole(temporary, text);
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new AppError(
      'data_dir_unusable',
      'The data folder cannot be written. Check that it belongs to you and has free space.',
      error,
    );
  }
}

function writeWhole(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The new name itself must reach the disk; Windows neither needs nor allows this. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
