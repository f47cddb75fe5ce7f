import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ensureLocalRuntime,
  LOCAL_ELECTRON_VERSION,
  localRuntimeFits,
  localRuntimeFolder,
} from './local-runtime.mjs';
import { downloadElectron } from './official-electron.mjs';
import { ROOT } from './places.mjs';
import { say } from './say.mjs';

/**
 * @typedef {object} FoundElectron
 * @property {string} folder the distribution; what ELECTRON_OVERRIDE_DIST_PATH takes
 * @property {string} executable
 * @property {boolean} isLocal whether it is the local runtime, which needs its own better-sqlite3
 */

/**
 * The Electron to run the application with. In this order: one already in node_modules, the official download,
 * the local runtime.
 * @returns {Promise<FoundElectron>}
 * @throws {Error} when there is none and none can be had
 */
export async function findElectron() {
  const installed = installedElectron();
  if (installed) return installed;
  const reason = await downloadElectron();
  const downloaded = installedElectron();
  if (downloaded) return downloaded;
  if (!localRuntimeFits) {
    throw new Error(
      `Electron could not be downloaded (${reason}). Go online, or set ELECTRON_MIRROR, and try again.`,
    );
  }
  const folder = await ensureLocalRuntime();
  say(`Electron's download is out of reach; using the local runtime, Electron ${LOCAL_ELECTRON_VERSION}`);
  return { folder, executable: path.join(folder, 'electron'), isLocal: true };
}

/**
 * What `findElectron` would come to without fetching anything; the official kind when there is nothing yet.
 * @returns {{ isLocal: boolean }}
 */
export function electronInUse() {
  return installedElectron() ?? { isLocal: localRuntimeFits && existsSync(localRuntimeFolder()) };
}

/** @returns {FoundElectron | undefined} */
function installedElectron() {
  const folder = path.join(ROOT, 'node_modules/electron/dist');
  const executable = path.join(folder, executableName());
  if (!existsSync(executable) || readVersion(folder) !== packageVersion()) return undefined;
  return { folder, executable, isLocal: false };
}

function executableName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} folder */
function readVersion(folder) {
  try {
    return readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  } catch {
    return undefined;
  }
}

function packageVersion() {
  return JSON.parse(readFileSync(path.join(ROOT, 'node_modules/electron/package.json'), 'utf8')).version;
}
