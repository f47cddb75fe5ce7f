import { readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureLocalBetterSqlite3 } from './local-better-sqlite3.mjs';
import { withLock } from './lock.mjs';
import { NODE_24, ROOT } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';
import { sourcesHash } from './sources-hash.mjs';

const OUT = path.join(ROOT, 'out');
const STAMP = path.join(OUT, '.sources');

/** Builds main, preload and page into out/. */
export async function buildApp() {
  await withLock(path.join(ROOT, '.cache/build.lock'), build);
}

/** Builds unless out/ comes from the very sources in the checkout. */
export async function buildAppWhenChanged() {
  if (isCurrent()) return;
  await withLock(path.join(ROOT, '.cache/build.lock'), async () => {
    if (!isCurrent()) await build();
  });
}

/** Marks out/ as of unknown origin, so that the next start builds. */
export async function forgetBuild() {
  await rm(STAMP, { force: true });
}

/**
 * Lets the built application find the better-sqlite3 that its Electron can load. The product's own needs nothing;
 * for the local runtime a link shadows it.
 * @param {{ isLocal: boolean }} electron
 */
export async function linkNativeModules({ isLocal }) {
  const link = path.join(OUT, 'node_modules/better-sqlite3');
  if (!isLocal) return rm(path.join(OUT, 'node_modules'), { recursive: true, force: true });
  const target = await ensureLocalBetterSqlite3();
  await rm(link, { recursive: true, force: true });
  await mkdir(path.dirname(link), { recursive: true });
  await symlink(target, link);
}

function isCurrent() {
  try {
    return readFileSync(STAMP, 'utf8') === sourcesHash(ROOT);
  } catch {
    return false;
  }
}

async function build() {
  say('building ...');
  const hash = sourcesHash(ROOT);
  await forgetBuild();
  const cli = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
  await run(NODE_24, [cli, 'build', '--logLevel', 'warn'], { cwd: ROOT, quiet: true });
  await writeFile(STAMP, hash);
}
