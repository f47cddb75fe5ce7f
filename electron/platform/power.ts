import { net, powerMonitor } from 'electron';

/** How often to look whether the network is back, ms. Electron tells main processes no such event. */
const ONLINE_POLL_MS = 5000;

/** Calls back when the computer wakes up or is online again: sockets are dead then, and tokens may have ended. */
export function onResume(listener: () => void): void {
  powerMonitor.on('resume', listener);
  powerMonitor.on('unlock-screen', listener);
  let online = net.isOnline();
  setInterval(() => {
    const before = online;
    online = net.isOnline();
    if (online && !before) listener();
  }, ONLINE_POLL_MS).unref();
}

/** Calls back when the session ends, and holds it until the app has gone. Windows tells no such thing. */
export function onSessionEnd(listener: () => void): void {
  if (process.platform === 'win32') return;
  powerMonitor.on('shutdown', () => listener());
}
