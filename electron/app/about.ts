import { app } from 'electron';
import type { About } from '../../shared/app-state.ts';
import type { Paths } from './paths.ts';

/** What never changes while the app runs. */
export function aboutThisRun(paths: Paths, demo: boolean): About {
  return {
    version: app.getVersion(),
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    electron: process.versions.electron ?? '',
    node: process.versions.node,
    chrome: process.versions.chrome ?? '',
    dataDir: paths.dataDir,
    logFile: paths.logFile,
    demo,
    tray: false,
  };
}
