import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

const POLL_MS = 250;
/** A lock file without a readable owner is given this long before it counts as left behind. */
const ORPHAN_MS = 10_000;

/**
 * Runs `work` while no other process holds the same lock file. A lock whose owner has ended is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  await mkdir(path.dirname(file), { recursive: true });
  let told = false;
  while (!(await claim(file))) {
    if (await isAbandoned(file)) await rm(file, { force: true });
    else {
      if (!told) say(`waiting for another run that holds ${file}`);
      told = true;
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function claim(file) {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
async function isAbandoned(file) {
  try {
    const pid = Number(await readFile(file, 'utf8'));
    if (pid > 0) return !isAlive(pid);
    return Date.now() - (await stat(file)).mtimeMs > ORPHAN_MS;
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
