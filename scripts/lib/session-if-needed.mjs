import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { startDesktopSession } from './desktop-session.mjs';
import { say } from './say.mjs';

/**
 * What this terminal lacks for a desktop application. A screen without a bus gets a bus and a keychain only.
 * @returns {{ display: boolean, secrets: boolean }}
 */
export function missingDesktop() {
  const { DISPLAY, WAYLAND_DISPLAY, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = process.env;
  if (process.platform !== 'linux') return { display: false, secrets: false };
  const display = !DISPLAY && !WAYLAND_DISPLAY;
  const hasBus =
    Boolean(DBUS_SESSION_BUS_ADDRESS) || existsSync(path.join(XDG_RUNTIME_DIR ?? '/nowhere', 'bus'));
  return { display, secrets: display || !hasBus };
}

/**
 * The person's own desktop where there is one, else one of ours.
 * @returns {Promise<import('./desktop-session.mjs').DesktopSession>}
 */
export async function sessionIfNeeded() {
  const { display, secrets } = missingDesktop();
  if (!secrets) return { env: {}, electronArgs: [], stop: async () => {} };
  const keyringFolder = keptKeyring();
  const session = await startDesktopSession({ keyringFolder, display });
  const what = display
    ? `no display: running on virtual display ${session.env.DISPLAY}`
    : 'no session bus: using one';
  say(`${what} with a keychain of its own in ${keyringFolder}`);
  return session;
}

/** In the data folder, not the cache: what is sealed with it must open again after the cache was emptied. */
function keptKeyring() {
  const data = process.env.XDG_DATA_HOME || path.join(homedir(), '.local/share');
  return path.join(data, 'ccflare-desktop/headless-keyring');
}
