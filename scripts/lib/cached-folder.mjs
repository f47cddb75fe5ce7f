import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cacheFolder } from './places.mjs';

/**
 * A folder of the cache that is either complete or absent: built beside its place, then renamed into it. Two
 * runs at once build it once.
 * @param {string} name file name that holds every version the content depends on
 * @param {(folder: string) => Promise<void>} build fills an empty folder
 * @returns {Promise<string>} the complete folder
 */
export async function cachedFolder(name, build) {
  const place = path.join(cacheFolder(), name);
  if (existsSync(place)) return place;
  await mkdir(cacheFolder(), { recursive: true });
  await withLock(`${place}.lock`, async () => {
    if (existsSync(place)) return;
    const draft = await mkdtemp(`${place}.building-`);
    try {
      await build(draft);
      await chmod(draft, 0o755);
      await rename(draft, place);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
  return place;
}
