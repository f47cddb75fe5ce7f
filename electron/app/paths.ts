import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where everything is. */
export type Paths = {
  dataDir: string;
  logFile: string;
  placeFile: string;
  noticesFile: string;
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
  /** Where demo folders go; the system's folder for temporary files unless a test says otherwise. */
  tmp?: string;
}): Paths {
  const temporary = options.demo && options.dataDir === null;
  const dataDir = temporary
    ? newDemoFolder(options.tmp ?? tmpdir())
    : (options.dataDir ?? path.join(options.appData, 'ccflare-desktop'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    dataDir,
    logFile: path.join(dataDir, 'logs', 'ccflare.log'),
    placeFile: path.join(dataDir, 'window.json'),
    noticesFile: path.join(dataDir, 'notices.json'),
    renderer: path.join(options.main, '..', 'renderer'),
    preload: path.join(options.main, '..', 'preload', 'preload.cjs'),
    trayIcons: path.join(options.resources, 'tray'),
    appIcon: path.join(options.resources, 'icon.png'),
    temporary,
  };
}

const DEMO_PREFIX = 'ccflare-demo-';

/**
 * A folder for one demo. Chromium writes some last files after ours are gone, so what an ended demo left behind is
 * removed by the next one; a running demo is told by its log.
 */
function newDemoFolder(tmp: string): string {
  for (const name of readdirSync(tmp).filter((entry) => entry.startsWith(DEMO_PREFIX))) {
    try {
      const folder = path.join(tmp, name);
      if (readdirSync(folder).join() === 'chromium') rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else's.
    }
  }
  return mkdtempSync(path.join(tmp, DEMO_PREFIX));
}
