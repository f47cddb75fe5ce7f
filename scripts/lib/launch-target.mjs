import { chownSync, mkdtempSync } from 'node:fs';
import path from 'node:path';

/**
 * The Electron and the application that end-to-end tests and benches launch:
 * `_electron.launch({ ...electron, args: [appFolder, ...] })`.
 * @returns {import('./launch-target.d.mts').LaunchTarget}
 * @throws {Error} outside of `npm test` and `npm run bench`
 */
export function launchTarget() {
  // Playwright passes --no-sandbox unless it is told not to.
  const electron = /** @type {const} */ ({
    executablePath: required('CCFLARE_ELECTRON'),
    chromiumSandbox: true,
  });
  return { electron, appFolder: required('CCFLARE_APP') };
}

/**
 * A new empty folder that the launched application may write to, whoever it runs as. Gone after the run.
 * @param {string} label start of its name
 */
export function newUserFolder(label) {
  const folder = mkdtempSync(path.join(required('CCFLARE_USER_FOLDERS'), `${label}-`));
  const { CCFLARE_USER_UID: uid, CCFLARE_USER_GID: gid } = process.env;
  if (uid && gid) chownSync(folder, Number(uid), Number(gid));
  return folder;
}

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through npm test or npm run bench`);
  return value;
}
