import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Node 24 from the `node` package: what bundler, tests and benches run on, whatever Node started the script. */
export const NODE_24 = path.join(
  ROOT,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** True for the superuser of a POSIX system. */
export const isRoot = process.getuid?.() === 0;

/** Folder for large things that can be fetched or built again. Root's is readable by other users, on purpose. */
export function cacheFolder() {
  const { CCFLARE_CACHE_DIR: chosen, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (chosen) return path.resolve(chosen);
  if (process.platform === 'win32' && LOCALAPPDATA)
    return path.join(LOCALAPPDATA, 'ccflare-desktop', 'cache');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library/Caches/ccflare-desktop');
  if (isRoot) return '/var/cache/ccflare-desktop';
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'ccflare-desktop');
}

/**
 * Whether a program can be found on PATH.
 * @param {string} program
 */
export function onPath(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, program)));
}
