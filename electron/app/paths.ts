import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where everything is. */
export type Paths = {
  dataDir: string;
  logFile: string;
  placeFile: string;
  renderer: string;
  preload: string;
  trayIcons: string;
  appIcon: string;
  /** Set when the data folder is temporary and goes with the app. */
  temporary: boolean;
};

/**
 * Works out all paths. `main` is the folder of the built main process (`out/main`).
 * @throws when the data folder cannot be made.
 */
export function resolvePaths(options: {
  main: string;
  appData: string;
  resources: string;
  dataDir: string | null;
  demo: boolean;
}): Paths {
  const temporary = options.demo && options.dataDir === null;
  const dataDir = temporary
    ? mkdtempSync(path.join(tmpdir(), 'ccflare-demo-'))
    : (options.dataDir ?? path.join(options.appData, 'ccflare-desktop'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    dataDir,
    logFile: path.join(dataDir, 'logs', 'ccflare.log'),
    placeFile: path.join(dataDir, 'window.json'),
    renderer: path.join(options.main, '..', 'renderer'),
    preload: path.join(options.main, '..', 'preload', 'preload.cjs'),
    trayIcons: path.join(options.resources, 'tray'),
    appIcon: path.join(options.resources, 'icon.png'),
    temporary,
  };
}
