import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { homedir } from 'node:os';

/** SQLite's files beside the database; it gives new ones the mode of the database itself. */
const COMPANIONS = ['-wal', '-shm'];

/**
 * Makes the folder where it is missing, and closes it to other users. A folder that is not the app's alone (shared
 * ones with the sticky bit, other people's, the user's home) keeps its mode.
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32' || folder === homedir()) return;
  const { mode, uid } = statSync(folder);
  const sticky = (mode & 0o1000) !== 0;
  if ((mode & 0o077) !== 0 && !sticky && uid === process.getuid?.()) chmodSync(folder, 0o700);
}

/** Makes the database file before SQLite does, so that there is no moment at which others can open it. */
export function makePrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  for (const companion of COMPANIONS) {
    if (existsSync(file + companion)) chmodSync(file + companion, 0o600);
  }
}
