import { app } from 'electron';
import type { AppState } from '../../shared/app-state.ts';
import { pushChannel } from '../../shared/ipc/channels.ts';
import type { PushPayload } from '../../shared/ipc/contract.ts';
import type { RequestRow } from '../../shared/request-record.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import { createPushEvents } from '../ipc/push-events.ts';
import { setApplicationMenu } from '../platform/application-menu.ts';
import { copyText } from '../platform/clipboard.ts';
import { createDashboard, type Dashboard } from '../platform/dashboard-window.ts';
import type { AppLogger } from '../platform/logger.ts';
import { setStartAtLogin } from '../platform/login-item.ts';
import { createNotifier } from '../platform/notifier.ts';
import { openSignInPage } from '../platform/open-external.ts';
import { onResume, onSessionEnd } from '../platform/power.ts';
import { openSignInWindow } from '../platform/sign-in-window.ts';
import { applyTheme, isBarDark, isDark, onThemeChange } from '../platform/theme.ts';
import { createTray, type TrayControl } from '../platform/tray/tray-controller.ts';
import { hasTrayHost } from '../platform/tray/tray-host.ts';
import { trayMenu } from '../platform/tray/tray-menu.ts';
import type { CommandLine } from './command-line.ts';
import { pageAddresses, preparePage } from './page-side.ts';
import type { Paths } from './paths.ts';
import { wishesOf } from './second-instance.ts';
import { createSignInFlow, type SignInFlow } from './sign-in-flow.ts';
import { offerTestHook } from './test-hook.ts';
import type { Threads } from './threads.ts';
import { createTrayCommands } from './tray-commands.ts';
import type { WayOut } from './way-out.ts';

/** Everything a person sees: window, tray, notifications. */
export type WindowSide = {
  /** Joins it to the threads; it opens when Electron is ready. */
  attach(threads: Threads, wayOut: WayOut): void;
  recorded(rows: readonly RequestRow[]): void;
  /** Lets the window go and takes the tray icon away. */
  close(): void;
};

/** Brings the dashboard to the front, at a certain page where one is named. */
type Show = (target?: PushPayload<'navigate'>) => void;

/** What it needs. */
export type WindowSideDeps = { line: CommandLine; paths: Paths; log: AppLogger; state: AppStateHolder };

/** Longest wait for the settings before the window opens anyway, ms. */
const SETTINGS_WAIT_MS = 1500;

/** See {@link WindowSide}. */
export function openWindowSide(deps: WindowSideDeps): WindowSide {
  const { paths, state } = deps;
  const page = pageAddresses();
  let tray: TrayControl | null = null;
  let signIn: SignInFlow | null = null;
  const dashboard = createDashboard({
    preload: paths.preload,
    url: page.url,
    icon: paths.appIcon,
    hideOnClose: () => state.current().about.tray,
    placeFile: paths.placeFile,
    dark: isDark,
  });
  const push = createPushEvents((name, payload) => {
    const window = dashboard.window();
    if (window && !window.isDestroyed()) window.webContents.send(pushChannel(name), payload);
  });
  const show: Show = (target) => {
    dashboard.show();
    if (target) push.navigate(target);
  };
  state.onChange((slices) => push.state(slices));

  return {
    attach(threads, { quit, quitAtOnce, startAgain }) {
      const settled = settingsOrTime(state);
      const trayHost = hasTrayHost();
      followSettings(state, threads, deps.log);
      const flow = signInWith(deps, threads, dashboard, show);
      signIn = flow;
      void app.whenReady().then(async () => {
        preparePage({ ...deps, page, threads, dashboard, signIn: flow, quit });
        setApplicationMenu();
        tray = openTray(deps, threads, show, flow, quit);
        onSessionEnd({ quit, quitAtOnce, windowless: tray !== null });
        app.on('second-instance', (_event, _argv, _folder, other) => {
          const wishes = wishesOf(other);
          if (wishes.restoreClients) restoreClients(threads, deps.log);
          else if (!startAgain(wishes.window) && wishes.window) show();
        });
        app.on('activate', () => show());
        app.on('window-all-closed', () => !state.current().about.tray && quit());
        announceTray(state, tray !== null && (await trayHost));
        await settled;
        if (deps.line.window && state.current().settings.openWindowAtStart) show();
      });
    },
    recorded: push.recorded,
    close() {
      signIn?.close();
      dashboard.allowClose();
      tray?.destroy();
      tray = null;
    },
  };
}

function restoreClients(threads: Threads, log: AppLogger): void {
  threads
    .engine()
    .call('clients.restore', { actor: 'app' })
    .catch(() => log.warn('restore_clients_failed'));
}

function signInWith(deps: WindowSideDeps, threads: Threads, dashboard: Dashboard, show: Show): SignInFlow {
  return createSignInFlow({
    engine: threads.engine,
    openWindow: (page) =>
      openSignInWindow({
        ...page,
        title: 'Sign in',
        // A window that belongs to a hidden one would be hidden with it.
        parent: dashboard.window()?.isVisible() ? dashboard.window() : null,
        icon: deps.paths.appIcon,
        dark: isDark(),
      }),
    openBrowser: openSignInPage,
    showAccounts: () => show({ page: 'accounts' }),
    state: deps.state,
    log: deps.log,
  });
}

/** Resolves when the engine has told the settings; whether to open the window is one of them. */
function settingsOrTime(state: AppStateHolder): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, SETTINGS_WAIT_MS);
    state.onChange((slices) => slices.settings && resolve());
  });
}

function openTray(
  deps: WindowSideDeps,
  threads: Threads,
  show: Show,
  signIn: SignInFlow,
  quit: () => void,
): TrayControl | null {
  const { state, log } = deps;
  const onCommand = createTrayCommands({
    engine: threads.engine,
    state: state.current,
    show,
    signIn,
    copyText,
    quit,
    log,
  });
  offerTestHook({
    killThread: threads.kill,
    trayMenu: () => trayMenu(state.current(), Date.now()),
    trayCommand: onCommand,
  });
  const notifier = createNotifier({
    onClick: ({ page, accountId: id }) => show(id === undefined ? { page } : { page, id }),
    onSignIn: (accountId) => onCommand(`sign-in:${accountId}`),
    memoryFile: deps.paths.noticesFile,
  });
  const tray = createTray({ iconFolder: deps.paths.trayIcons, dark: isBarDark, onCommand });
  const refresh = (): void => {
    tray?.update(state.current());
    notifier.update(state.current());
  };
  state.onChange(refresh);
  onThemeChange(refresh);
  refresh();
  onResume(() => {
    threads
      .engine()
      .call('power.resumed', undefined)
      .catch(() => undefined);
  });
  return tray;
}

/** Some desktops have no place for tray icons; the window then says so, once. */
function announceTray(state: AppStateHolder, shown: boolean): void {
  state.setTray(shown);
  if (shown) return;
  state.addEvent({
    level: 'info',
    code: 'no_tray',
    message: 'This desktop shows no tray icons. The window works the same; closing it ends the app.',
  });
}

/** Settings that act outside the engine. */
function followSettings(state: AppStateHolder, threads: Threads, log: AppLogger): void {
  let before: Partial<AppState['settings']> = {};
  state.onChange(({ settings }) => {
    if (!settings) return;
    const changed = (key: keyof AppState['settings']): boolean => before[key] !== settings[key];
    if (changed('logLevel')) log.setLevel(settings.logLevel);
    if (changed('theme')) applyTheme(settings.theme);
    if (changed('startAtLogin')) setStartAtLogin(settings.startAtLogin);
    if (changed('requestRetentionDays') || changed('maxArchiveBytes')) {
      const { requestRetentionDays, maxArchiveBytes } = settings;
      void threads
        .archive()
        .call('configure', { requestRetentionDays, maxArchiveBytes })
        .catch(() => undefined);
    }
    before = settings;
  });
}
