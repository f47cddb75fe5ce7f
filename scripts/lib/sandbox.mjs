import { chmod, chown, stat } from 'node:fs/promises';
import path from 'node:path';
import { isRoot } from './places.mjs';
import { run } from './run.mjs';

const SETUID_ROOT = 0o4755;

/**
 * Makes sure that an unprivileged user gets Chromium's sandbox with this Electron: by user namespaces, or by the
 * helper that root must own. Root sets the helper up; others are told how to.
 * @param {string} folder the Electron distribution
 */
export async function requireSandbox(folder) {
  if (process.platform !== 'linux') return;
  const helper = path.join(folder, 'chrome-sandbox');
  if (await isSetUp(helper)) return;
  if (isRoot) {
    await chown(helper, 0, 0);
    await chmod(helper, SETUID_ROOT);
  } else if (!(await hasUserNamespaces())) {
    throw new Error(
      `Chromium's sandbox needs its helper. Run: sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`,
    );
  }
}

/** @param {string} helper */
async function isSetUp(helper) {
  const { uid, mode } = await stat(helper);
  return uid === 0 && (mode & 0o7777) === SETUID_ROOT;
}

async function hasUserNamespaces() {
  try {
    await run('unshare', ['-Ur', 'true'], { quiet: true });
    return true;
  } catch {
    return false;
  }
}
