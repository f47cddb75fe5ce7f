import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { cachedFolder } from './cached-folder.mjs';
import { ROOT } from './places.mjs';
import { run } from './run.mjs';

/**
 * An Electron outside of the checkout that the user can run.
 * @param {import('./find-electron.mjs').FoundElectron} electron
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser} user
 * @returns {Promise<import('./find-electron.mjs').FoundElectron>}
 */
export async function readableElectron(electron, user) {
  const found = electron.isLocal ? electron : await copyOf(electron);
  try {
    await run(found.executable, ['--version'], {
      uid: user.uid,
      gid: user.gid,
      cwd: '/',
      quiet: true,
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
  } catch (error) {
    throw new Error(
      `${user.name} cannot run ${found.executable}; set CCFLARE_CACHE_DIR to a folder it can read`,
      {
        cause: error,
      },
    );
  }
  return found;
}

/**
 * Copies what the built application consists of, readable for everybody.
 * @param {string} folder
 */
export async function readableApp(folder) {
  await mkdir(folder);
  const parts = ['package.json', 'out', 'resources', ...(await productPackages())];
  for (const part of parts) await copy(path.join(ROOT, part), path.join(folder, part));
  await run('chmod', ['-R', 'a+rX', folder]);
  return folder;
}

/** Packages that the built application loads, from the lockfile. */
async function productPackages() {
  const lock = JSON.parse(await readFile(path.join(ROOT, 'package-lock.json'), 'utf8'));
  /** @type {Array<[string, { dev?: boolean, devOptional?: boolean }]>} */
  const packages = Object.entries(lock.packages);
  return packages
    .filter(([place, entry]) => place && !entry.dev && !entry.devOptional)
    .map(([place]) => place);
}

/**
 * @param {string} from
 * @param {string} to
 */
function copy(from, to) {
  return cp(from, to, { recursive: true, verbatimSymlinks: true });
}

/** @param {import('./find-electron.mjs').FoundElectron} electron */
async function copyOf(electron) {
  const version = (await readFile(path.join(electron.folder, 'version'), 'utf8')).trim().replace(/^v/, '');
  const folder = await cachedFolder(`electron-${version}-copy`, async (draft) => {
    await copy(electron.folder, draft);
    await run('chmod', ['-R', 'a+rX', draft]);
  });
  return { ...electron, folder, executable: path.join(folder, path.basename(electron.executable)) };
}
