import { readFileSync, writeFileSync } from 'node:fs';
import { app, BrowserWindow, screen } from 'electron';
import { SMALLEST_SIZE, STANDARD_SIZE, usablePlace } from './window-place.ts';

/** What the dashboard window needs to know. */
export type DashboardDeps = {
  preload: string;
  url: string;
  icon: string;
  /** Whether closing hides it, since a tray icon brings it back. */
  hideOnClose: () => boolean;
  /** File that remembers the place. */
  placeFile: string;
  dark: () => boolean;
};

/** The one window. */
export type Dashboard = {
  /** Brings it to the front, making it first where needed. */
  show(): void;
  window(): BrowserWindow | null;
  /** From now on closing really closes. */
  allowClose(): void;
};

/** See {@link Dashboard}. */
export function createDashboard(deps: DashboardDeps): Dashboard {
  let window: BrowserWindow | null = null;
  let mayClose = false;

  function open(): BrowserWindow {
    const opened = new BrowserWindow(options(deps));
    opened.once('ready-to-show', () => opened.show());
    opened.on('close', (event) => {
      savePlace(opened, deps.placeFile);
      if (mayClose || !deps.hideOnClose()) return;
      event.preventDefault();
      opened.hide();
    });
    opened.on('closed', () => {
      window = null;
    });
    opened.setMenuBarVisibility(false);
    void opened.loadURL(deps.url).catch(() => undefined);
    return opened;
  }

  return {
    show() {
      if (window === null) {
        window = open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    window: () => window,
    allowClose() {
      mayClose = true;
    },
  };
}

function options(deps: DashboardDeps): Electron.BrowserWindowConstructorOptions {
  return {
    ...STANDARD_SIZE,
    ...readPlace(deps.placeFile),
    minWidth: SMALLEST_SIZE.width,
    minHeight: SMALLEST_SIZE.height,
    show: false,
    title: 'ccflare',
    autoHideMenuBar: true,
    backgroundColor: deps.dark() ? '#16171a' : '#ffffff',
    ...(process.platform === 'linux' ? { icon: deps.icon } : {}),
    // SECURITY: Electron security checklist, rules 2 to 4.
    webPreferences: {
      preload: deps.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}

function readPlace(file: string): Partial<Electron.Rectangle> {
  try {
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    return usablePlace(readFileSync(file, 'utf8'), areas) ?? {};
  } catch {
    return {};
  }
}

function savePlace(window: BrowserWindow, file: string): void {
  try {
    writeFileSync(file, JSON.stringify(window.getNormalBounds()), { mode: 0o600 });
  } catch {
    // A place that cannot be remembered is no reason to keep the window open.
  }
}
