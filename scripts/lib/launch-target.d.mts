export interface LaunchTarget {
  /** For Playwright: `_electron.launch({ ...electron, args: [appFolder, ...] })`. */
  electron: { executablePath: string; chromiumSandbox: true };
  /** The built application; the first argument Electron gets. */
  appFolder: string;
}

/** The Electron and the application that end-to-end tests and benches launch. Throws outside of such a run. */
export function launchTarget(): LaunchTarget;

/** A new empty folder that the launched application may write to, whoever it runs as. Gone after the run. */
export function newUserFolder(label: string): string;
