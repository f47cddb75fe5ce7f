import { execFile } from 'node:child_process';

/** Part of every system that has a session bus. */
const PROGRAM = 'dbus-send';

/** The bus name that a Linux panel with room for tray icons owns (freedesktop StatusNotifierItem). */
const QUESTION = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.DBus',
  '/org/freedesktop/DBus',
  'org.freedesktop.DBus.NameHasOwner',
  'string:org.kde.StatusNotifierWatcher',
];

/** Longest wait for the bus, ms. */
const ANSWER_WITHIN_MS = 2000;

/**
 * Whether the desktop shows tray icons. Linux desktops may have no place for them, and Electron does not say; a
 * window that hides on closing would then be lost. Where nobody can be asked, the answer is yes.
 */
export function hasTrayHost(): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile(PROGRAM, QUESTION, { timeout: ANSWER_WITHIN_MS }, (error, stdout) => {
      resolve(error !== null || !stdout.includes('boolean false'));
    });
  });
}
