import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { createAppState } from '../ipc/app-state.ts';
import { registerAppScheme } from '../platform/app-protocol.ts';
import { answerKeychain } from '../platform/keychain.ts';
import { type AppLogger, createLogger } from '../platform/logger.ts';
import { resolveSystemProxy } from '../platform/resolve-proxy.ts';
import { aboutThisRun } from './about.ts';
import { type CommandLine, HELP, parseCommandLine } from './command-line.ts';
import { watchCrashes } from './crash-handlers.ts';
import { reportFirstStart } from './first-start.ts';
import { type Paths, resolvePaths } from './paths.ts';
import { restoreClientsAndExit } from './restore-clients.ts';
import { createThreads, type Threads, type ThreadsDeps } from './threads.ts';
import { createWayOut } from './way-out.ts';
import { openWindowSide } from './window-side.ts';

/** The start of the app, in order. `base` is the folder of the built main process. */
export function startUp(base: URL): void {
  const line = readCommandLine();
  if (line === null) return;
  const paths = preparePaths(base, line);
  if (paths === null) return;
  if (!isFirst(line)) return;
  const log = createLogger({
    file: paths.logFile,
    toStderr: process.env.ELECTRON_RENDERER_URL !== undefined,
  });
  watchCrashes(log);
  // SECURITY: every renderer is sandboxed (Electron security checklist, rule 4).
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();
  if (line.task === 'serve') serve(base, line, paths, log);
  else restore(base, line, paths, log);
}

/**
 * One app per data folder. The running one is told what this start was for; it owns the set-up of the clients, so
 * that a wish to restore them is carried out there, and this start has succeeded by asking.
 */
function isFirst({ window, task }: CommandLine): boolean {
  const restoreClients = task === 'restore-clients';
  if (app.requestSingleInstanceLock({ window, restoreClients })) return true;
  if (restoreClients) {
    process.stdout.write('ccflare: the running app was asked to put the client settings back.\n');
    app.exit(0);
  } else {
    refuse(`already running with this data folder${window ? '; its window was shown' : ''}.`);
  }
  return false;
}

function restore(base: URL, line: CommandLine, paths: Paths, log: AppLogger): void {
  app.dock?.hide();
  const threads: Threads = createThreads({
    ...threadBasics(base, line, paths, log),
    state: createAppState(aboutThisRun(paths, line.demo)),
    onListening: () => undefined,
    onRecorded: () => undefined,
    onFirstStart: (outcome) => void restoreClientsAndExit(outcome, () => threads),
  });
  threads.start();
}

/** What the threads need whatever they are started for. */
function threadBasics(
  base: URL,
  line: CommandLine,
  paths: Paths,
  log: AppLogger,
): Pick<ThreadsDeps, 'base' | 'init' | 'log' | 'answerKeychain' | 'resolveProxy'> {
  const init = {
    dataDir: paths.dataDir,
    appVersion: app.getVersion(),
    portOverride: line.port,
    demo: line.demo,
    provisionFile: line.provision,
    task: line.task,
  };
  return { base, init, log, answerKeychain, resolveProxy: resolveSystemProxy };
}

function serve(base: URL, line: CommandLine, paths: Paths, log: AppLogger): void {
  const state = createAppState(aboutThisRun(paths, line.demo));
  const windowSide = openWindowSide({ line, paths, log, state });
  const threads = createThreads({
    ...threadBasics(base, line, paths, log),
    state,
    onListening: announcePort(),
    onRecorded: (rows) => windowSide.recorded(rows),
    onFirstStart: (outcome) =>
      reportFirstStart(outcome, { line, log, state, threads: () => threads, quit: wayOut.fail }),
  });
  const wayOut = createWayOut({ threads, windowSide, state, log, cleanUp: () => cleanUp(paths) });
  // Before Electron is ready: the engine starts while Chromium still does.
  threads.start();
  windowSide.attach(threads, wayOut);
}

/** Tells whoever started the app where the proxy is: once, and again when it moved. */
function announcePort(): (port: number) => void {
  let last: number | null = null;
  return (port) => {
    if (port !== last) process.stdout.write(`ccflare: proxy listening on http://127.0.0.1:${port}\n`);
    last = port;
  };
}

function readCommandLine(): CommandLine | null {
  const parsed = parseCommandLine(process.argv.slice(1), { cwd: process.cwd() });
  if (!parsed.ok) {
    refuse(parsed.message);
    return null;
  }
  if (parsed.value.print === null) return parsed.value;
  process.stdout.write(parsed.value.print === 'help' ? HELP : `ccflare ${app.getVersion()}\n`);
  app.exit(0);
  return null;
}

function preparePaths(base: URL, line: CommandLine): Paths | null {
  app.setName('ccflare');
  // Windows files notifications under this name; it is the one in electron-builder.yml.
  app.setAppUserModelId('dev.ccflare.desktop');
  const main = fileURLToPath(base);
  const resources = app.isPackaged
    ? path.join(process.resourcesPath, 'app.asar.unpacked', 'resources')
    : path.join(main, '..', '..', 'resources');
  try {
    const { dataDir, demo } = line;
    const paths = resolvePaths({ main, appData: app.getPath('appData'), resources, dataDir, demo });
    // Chromium's own files stay apart from ours, and the single-instance lock follows the data folder.
    app.setPath('userData', path.join(paths.dataDir, 'chromium'));
    return paths;
  } catch {
    refuse(
      `the data folder cannot be used: ${line.dataDir ?? 'application data'}. Choose another with --data-dir.`,
    );
    return null;
  }
}

function refuse(message: string): void {
  process.stderr.write(`ccflare: ${message}\n`);
  app.exit(1);
}

function cleanUp(paths: Paths): void {
  if (paths.temporary) rmSync(paths.dataDir, { recursive: true, force: true });
}
