import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startKeyring } from './keyring.mjs';
import { startSessionBus } from './session-bus.mjs';
import { giveTo } from './unprivileged-user.mjs';
import { startDisplay } from './virtual-display.mjs';

/**
 * @typedef {object} DesktopSession
 * @property {Record<string, string>} env what a program needs in its environment to live in the session
 * @property {string[]} electronArgs switches Electron needs to use the session's keychain
 * @property {() => Promise<void>} stop ends every process of the session and removes its temporary folder
 */

/**
 * A desktop without a screen: a virtual display and, with a bus of its own, an unlocked keychain whose content
 * outlives the session. Linux only.
 * @param {object} options
 * @param {string} options.keyringFolder where the keychain and its password are kept
 * @param {boolean} [options.display] also start a display (default true); false keeps the one there is
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser} [options.user] whom the session is for; default: us
 * @returns {Promise<DesktopSession>}
 */
export async function startDesktopSession({ keyringFolder, display = true, user }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'ccflare-session-'));
  const runtimeFolder = path.join(folder, 'run');
  await mkdir(runtimeFolder, { mode: 0o700 });
  await giveTo(user, folder, runtimeFolder);
  /** @type {Array<() => Promise<void>>} */
  const stops = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [screen, secrets] = await Promise.allSettled([
      display ? startDisplay({ folder, user, stops }) : {},
      startSecrets({ runtimeFolder, keyringFolder, user, stops }),
    ]);
    if (screen.status === 'rejected') throw screen.reason;
    if (secrets.status === 'rejected') throw secrets.reason;
    const env = { ...screen.value, ...secrets.value };
    // A virtual display has no GPU; Chromium would start its GPU process three times before it believes that.
    const drawing = display ? ['--disable-gpu'] : [];
    return { env, electronArgs: ['--password-store=gnome-libsecret', ...drawing], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {object} options
 * @param {string} options.runtimeFolder
 * @param {string} options.keyringFolder
 * @param {import('./unprivileged-user.mjs').UnprivilegedUser | undefined} options.user
 * @param {Array<() => Promise<void>>} options.stops
 */
async function startSecrets({ runtimeFolder, keyringFolder, user, stops }) {
  const env = await startSessionBus({ runtimeFolder, user, stops });
  await startKeyring({ env, keyringFolder, user, stops });
  return env;
}
