import { powerMonitor } from 'electron';

/** Calls back when the computer wakes up: sockets are dead then, and tokens may have ended. */
export function onResume(listener: () => void): void {
  powerMonitor.on('resume', listener);
  powerMonitor.on('unlock-screen', listener);
}
