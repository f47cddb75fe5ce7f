import { app, BaseWindow, net, powerMonitor } from 'electron';

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

/** How to leave when the session ends. */
export type SessionEndWays = {
  /** The system waits for the app. */
  quit: () => void;
  /** The system ends the app once this has returned. */
  quitAtOnce: () => void;
  /** The app lives on without windows. */
  windowless: boolean;
};

/**
 * Leaves when the user logs off or the computer goes down. Linux and macOS wait for an app that asks for it. Windows
 * tells windows only, hidden ones too. It ends a program that objects and shows no window on the spot, and else as
 * soon as its windows have heard it, for which they have 5 s
 * (https://learn.microsoft.com/windows/win32/shutdown/shutdown-changes-for-windows-vista).
 */
export function onSessionEnd({ quit, quitAtOnce, windowless }: SessionEndWays): void {
  if (process.platform !== 'win32') {
    powerMonitor.on('shutdown', (event?: Electron.Event) => {
      event?.preventDefault();
      quit();
    });
    return;
  }
  const hear = (window: BaseWindow): void => void window.on('session-end', quitAtOnce);
  app.on('browser-window-created', (_event, window) => hear(window));
  if (windowless) hear(new BaseWindow({ show: false }));
}
