import { app } from 'electron';
import type { Logger } from '../core/thread-contract.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import { handleCalls } from '../ipc/handle.ts';
import { createHandlers } from '../ipc/handlers.ts';
import { APP_URL, isOwnAddress } from '../platform/app-path.ts';
import { serveApp } from '../platform/app-protocol.ts';
import { chooseDatabaseFile } from '../platform/choose-file.ts';
import { copyText } from '../platform/clipboard.ts';
import type { Dashboard } from '../platform/dashboard-window.ts';
import { openExternalLink, showFile } from '../platform/open-external.ts';
import { applySessionPolicy } from '../platform/session-policy.ts';
import { guardWebContents } from '../platform/web-contents-guard.ts';
import { createImportFlow } from './import-flow.ts';
import type { Paths } from './paths.ts';
import type { SignInFlow } from './sign-in-flow.ts';
import type { Threads } from './threads.ts';

/** Where the page is, and what counts as ours. */
export type PageAddresses = { url: string; devUrl: string | null; isOurs: (url: string) => boolean };

/** See {@link PageAddresses}. In development the page comes from a server that says where it is. */
export function pageAddresses(): PageAddresses {
  const devUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
  return {
    url: devUrl ?? APP_URL,
    devUrl,
    isOurs: (url) => isOwnAddress(url, devUrl),
  };
}

/** What the page's calls act on. */
export type PageSideDeps = {
  page: PageAddresses;
  paths: Paths;
  state: AppStateHolder;
  log: Logger;
  threads: Threads;
  dashboard: Dashboard;
  signIn: SignInFlow;
  quit: () => void;
};

/** Guards first, then the page's files, then the calls it may make. */
export function preparePage(deps: PageSideDeps): void {
  const { page, threads, dashboard } = deps;
  const isLoadable = (url: string): boolean =>
    page.isOurs(url) || (!app.isPackaged && url.startsWith('devtools:'));
  // The development server also speaks over a WebSocket and names of its own.
  applySessionPolicy(page.devUrl === null ? isLoadable : () => true);
  serveApp(deps.paths.renderer);
  guardWebContents(page.isOurs);
  handleCalls({
    handlers: createHandlers({
      engine: threads.engine,
      archive: threads.archive,
      state: deps.state.current,
      signIn: deps.signIn,
      imports: importsWith(deps),
      copyText,
      openExternal: openExternalLink,
      showLogFile: () => showFile(deps.paths.logFile),
      quit: deps.quit,
    }),
    windowId: () => dashboard.window()?.webContents.id ?? null,
    isOurs: page.isOurs,
    log: deps.log,
  });
}

function importsWith({ threads, state }: PageSideDeps): ReturnType<typeof createImportFlow> {
  return createImportFlow({
    engine: threads.engine,
    archive: threads.archive,
    state,
    chooseFile: chooseDatabaseFile,
    env: process.env,
    home: app.getPath('home'),
    platform: process.platform,
  });
}
