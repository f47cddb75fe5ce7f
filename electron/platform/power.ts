import { networkInterfaces } from 'node:os';
import { app, BaseWindow, net, powerMonitor } from 'electron';

/** How often to look at the network, ms. Electron tells main processes no such event. */
const NETWORK_POLL_MS = 5000;

/** Calls back when the computer wakes up or is on another network: sockets are dead then, and tokens may have ended. */
export function onResume(listener: () => void): void {
  powerMonitor.on('resume', listener);
  powerMonitor.on('unlock-screen', listener);
  let network = networkNow();
  setInterval(() => {
    const before = network;
    network = networkNow();
    if (network !== before && network !== OFFLINE) listener();
  }, NETWORK_POLL_MS).unref();
}

const OFFLINE = 'offline';

/** Addresses that an interface gives itself: they come and go with containers, and lead nowhere. */
const LINK_LOCAL = /^(?:fe80:|169\.254\.)/i;

/** The addresses of this computer, which another Wi-Fi or a VPN changes without ever being offline. */
function networkNow(): string {
  if (!net.isOnline()) return OFFLINE;
  return Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address))
    .map(({ cidr, address }) => cidr ?? address)
    .sort()
    .join(' ');
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
