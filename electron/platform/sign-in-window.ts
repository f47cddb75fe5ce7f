import { randomUUID } from 'node:crypto';
import { app, BrowserWindow, type Session, session } from 'electron';
import type { SignInTicket } from '../core/thread-contract.ts';
import { decideNavigation, decidePart, popupWords, stopWords, windowTitle } from './sign-in-policy.ts';
import { leaveToOwnGuard } from './web-contents-guard.ts';

/** What the sign-in window needs. */
export type SignInWindowDeps = {
  ticket: SignInTicket;
  /** Begins the title; the page's real host follows. */
  title: string;
  parent: BrowserWindow | null;
  icon: string;
  dark: boolean;
  /** The provider came back; `url` holds its answer and was not loaded. Called once at most, and then nothing else. */
  onRedirect: (url: string) => void;
  /** Ended without an answer: null when the user closed it, otherwise why, as part of a sentence. Called once at most. */
  onClosed: (reason: string | null) => void;
};

/** An open sign-in window. */
export type SignInWindow = {
  focus(): void;
  /** Closes it without calling back. */
  close(): void;
};

/** Whatever ends the window goes through `end`, which lets only the first through. */
type Attempt = { deps: SignInWindowDeps; window: BrowserWindow; end: (tell: () => void) => void };

/** Wide and high enough for every login page, device-independent pixels. */
const SIZE = { width: 560, height: 760, minWidth: 400, minHeight: 480 };

/** The engine gives a late sign-in up by itself, in better words; the window goes by itself where it cannot, ms. */
const GRACE_MS = 2000;

/** Chromium's code for a load that was replaced or stopped by the page itself. */
const ABORTED = -3;

/**
 * Shows the provider's sign-in page in a window with a session of its own, kept in memory and emptied at the end.
 * What it may load is decided in sign-in-policy.ts.
 */
export function openSignInWindow(deps: SignInWindowDeps): SignInWindow {
  const own = session.fromPartition(`sign-in-${randomUUID()}`);
  const window = new BrowserWindow(options(deps, own));
  leaveToOwnGuard(window.webContents);
  let over = false;
  function end(tell: () => void): void {
    if (over) return;
    over = true;
    clearTimeout(expiry);
    tell();
    // Later: Chromium does not survive a window that goes in the middle of its own navigation.
    setImmediate(() => {
      if (!window.isDestroyed()) window.destroy();
      void forget(own);
    });
  }
  const late = 'its time was over';
  const expiry = setTimeout(
    () => end(() => deps.onClosed(late)),
    Math.max(deps.ticket.expiresAt - Date.now(), 0) + GRACE_MS,
  );
  const attempt = { deps, window, end };
  guardSession(own, attempt);
  guardContents(attempt);
  watch(attempt);
  window.setMenuBarVisibility(false);
  void window.loadURL(deps.ticket.url).catch(() => undefined);
  return {
    focus: () => window.isDestroyed() || window.focus(),
    close: () => end(() => undefined),
  };
}

function options(deps: SignInWindowDeps, own: Session): Electron.BrowserWindowConstructorOptions {
  return {
    ...SIZE,
    ...(deps.parent ? { parent: deps.parent } : {}),
    title: deps.title,
    fullscreenable: false,
    autoHideMenuBar: true,
    backgroundColor: deps.dark ? '#16171a' : '#ffffff',
    ...(process.platform === 'linux' ? { icon: deps.icon } : {}),
    // SECURITY: a page from the web, so nothing of ours is in it (Electron security checklist, rules 2 to 6).
    webPreferences: {
      session: own,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      safeDialogs: true,
      devTools: !app.isPackaged,
    },
  };
}

/** Whether the main frame may go there. The provider's answer and a stopped page end the attempt. */
function mayGo({ deps, end }: Attempt, address: string): boolean {
  const decision = decideNavigation(address, deps.ticket);
  if (decision === 'redirect') end(() => deps.onRedirect(address));
  const words = decision === 'stop' ? stopWords(address) : null;
  if (words !== null) end(() => deps.onClosed(words));
  return decision === 'load';
}

function guardSession(own: Session, attempt: Attempt): void {
  // SECURITY: no permission is ever granted, fullscreen included: it would hide the address (rule 5).
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setSpellCheckerEnabled(false);
  own.on('will-download', (event) => event.preventDefault());
  own.webRequest.onBeforeRequest(({ url, resourceType }, answer) => {
    if (resourceType === 'mainFrame') {
      answer({ cancel: !mayGo(attempt, url) });
      return;
    }
    const kind = resourceType === 'subFrame' ? 'frame' : 'part';
    answer({ cancel: decidePart(url, kind, attempt.deps.ticket) === 'stop' });
  });
}

function guardContents(attempt: Attempt): void {
  const { deps, window, end } = attempt;
  const contents = window.webContents;
  const judge = (event: { url: string; isMainFrame: boolean; preventDefault: () => void }): void => {
    const loads = event.isMainFrame
      ? mayGo(attempt, event.url)
      : decidePart(event.url, 'frame', deps.ticket) === 'load';
    if (!loads) event.preventDefault();
  };
  contents.on('will-navigate', judge);
  contents.on('will-redirect', judge);
  contents.on('will-frame-navigate', judge);
  // A page can take on an address without going there; the redirect counts all the same.
  contents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
    if (isMainFrame) mayGo(attempt, url);
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const words = popupWords(url);
    if (words !== null) end(() => deps.onClosed(words));
    return { action: 'deny' };
  });
  // The page can neither move its window out of sight, nor keep it open, nor get a certificate of the user's.
  contents.on('content-bounds-updated', (event) => event.preventDefault());
  contents.on('will-prevent-unload', (event) => event.preventDefault());
  contents.on('select-client-certificate', (event, _url, _certificates, choose) => {
    event.preventDefault();
    Reflect.apply(choose, undefined, []);
  });
}

/** Title, failures and the user's own closing. */
function watch({ deps, window, end }: Attempt): void {
  const contents = window.webContents;
  window.on('page-title-updated', (event) => event.preventDefault());
  contents.on('did-navigate', (_event, url) => window.setTitle(windowTitle(deps.title, url)));
  contents.on('did-fail-load', (_event, code, name, url, isMainFrame) => {
    if (!isMainFrame || code === ABORTED) return;
    const host = URL.canParse(url) ? new URL(url).host : '';
    end(() => deps.onClosed(`${host || 'the page'} could not be loaded, ${name || code}`));
  });
  contents.on('render-process-gone', () => end(() => deps.onClosed('the page stopped working')));
  window.on('closed', () => end(() => deps.onClosed(null)));
}

/** Cookies, storage, cache and connections of the attempt. */
async function forget(own: Session): Promise<void> {
  await Promise.allSettled([
    own.clearStorageData(),
    own.clearCache(),
    own.clearAuthCache(),
    own.closeAllConnections(),
  ]);
}
