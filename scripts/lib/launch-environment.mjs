import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDesktopSession } from './desktop-session.mjs';
import { isRoot, ROOT } from './places.mjs';
import { readableApp, readableElectron } from './readable-copies.mjs';
import { requireSandbox } from './sandbox.mjs';
import { ensureUser, giveTo } from './unprivileged-user.mjs';

const USER = 'ccflare-e2e';

/**
 * @typedef {object} LaunchEnvironment
 * @property {Record<string, string>} env variables that `launch-target.mjs` reads
 * @property {() => Promise<void>} stop
 */

/**
 * Everything a test needs to launch the application with Chromium's sandbox on, in a desktop and keychain that
 * are thrown away afterwards. Started by root, the application runs as a user made for it, since root has no
 * sandbox; it then runs from a copy, as the checkout may lie where that user cannot look.
 * @param {import('./find-electron.mjs').FoundElectron} electron
 * @returns {Promise<LaunchEnvironment>}
 */
export async function startLaunchEnvironment(electron) {
  const user = isRoot ? await ensureUser(USER) : undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'ccflare-launch-'));
  await chmod(folder, 0o755);
  const home = await ownFolder(user, folder, 'home');
  const userFolders = await ownFolder(user, folder, 'users');
  const session = await privateSession(user, await ownFolder(user, folder, 'keyring'));
  const stop = async () => {
    await session.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const found = user ? await readableElectron(electron, user) : electron;
    const appFolder = user ? await readableApp(path.join(folder, 'app')) : ROOT;
    await requireSandbox(found.folder);
    const launch = { executable: found.executable, folder, home, user, session };
    const executablePath = process.platform === 'linux' ? await writeLauncher(launch) : found.executable;
    const ids = user ? { CCFLARE_USER_UID: `${user.uid}`, CCFLARE_USER_GID: `${user.gid}` } : {};
    const env = {
      CCFLARE_ELECTRON: executablePath,
      CCFLARE_APP: appFolder,
      CCFLARE_USER_FOLDERS: userFolders,
    };
    return { env: { ...env, ...ids }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} user
 * @param {string} parent
 * @param {string} name
 */
async function ownFolder(user, parent, name) {
  const folder = path.join(parent, name);
  await mkdir(folder, { mode: 0o700 });
  await giveTo(user, folder);
  return folder;
}

/**
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} user
 * @param {string} keyringFolder
 */
function privateSession(user, keyringFolder) {
  if (process.platform === 'linux') {
    return startDesktopSession(user ? { keyringFolder, user } : { keyringFolder });
  }
  return { env: {}, electronArgs: [], stop: async () => {} };
}

/**
 * A script that stands for Electron: Playwright starts it, it becomes Electron, in the session and as the user.
 * @param {object} launch
 * @param {string} launch.executable
 * @param {string} launch.folder
 * @param {string} launch.home
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} launch.user
 * @param {import('./desktop-session.mjs').DesktopSession} launch.session
 */
async function writeLauncher({ executable, folder, home, user, session }) {
  const identity = user
    ? ['setpriv', '--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups']
    : [];
  const foreign = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'WAYLAND_DISPLAY'];
  const variables = Object.entries(session.env).map(([name, value]) => `${name}=${value}`);
  const command = [...identity, 'env', ...foreign.flatMap((name) => ['-u', name]), ...variables];
  const file = path.join(folder, 'electron');
  const lines = [
    '#!/bin/sh',
    `cd ${quoted(home)} || exit 1`,
    `export HOME="\${CCFLARE_LAUNCH_HOME:-${home}}"`,
    `exec ${[...command, executable, ...session.electronArgs].map(quoted).join(' ')} "$@"`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}

/** @param {string} word */
function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
