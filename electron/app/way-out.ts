import { app } from 'electron';
import type { Logger } from '../core/thread-contract.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import { createShutdown } from './shutdown.ts';
import type { Threads } from './threads.ts';
import type { WindowSide } from './window-side.ts';

/** Time beyond the drain deadline for putting client settings back, writing out and closing, ms. */
const CLOSING_MS = 6000;

/** Longest stay in the event that tells of the end of the session, ms: Windows gives it 5 s. */
const SESSION_END_MS = 4000;

/** See {@link createWayOut}. */
export type WayOut = {
  quit: () => void;
  /** Returns when the engine has ended: for an event after which the system ends the app. */
  quitAtOnce: () => void;
  /** The same as `quit`, with the exit code of a failure. */
  fail: () => void;
  /**
   * For a start while the app ends, which may take as long as a login is being renewed: it comes up again once it has
   * ended. False when it does not end.
   */
  startAgain: (window: boolean) => boolean;
};

/** All ways to end lead through the same steps. */
export function createWayOut(deps: {
  threads: Threads;
  windowSide: WindowSide;
  state: AppStateHolder;
  log: Logger;
  cleanUp: () => void;
}): WayOut {
  const drainMs = (): number => deps.state.current().settings.drainDeadlineMs;
  let exitCode = 0;
  let leaving = false;
  /** A login that was being renewed when the user quit would be lost with its new tokens. */
  let renewalMs = 0;
  let held = false;
  let again: Electron.RelaunchOptions | null = null;
  const shutDown = createShutdown({
    steps: [
      { name: 'window', run: () => deps.windowSide.close() },
      { name: 'engine', run: endEngine },
      { name: 'archive', run: async () => void (await deps.threads.archive().call('shutdown', undefined)) },
      { name: 'threads', run: () => deps.threads.stop() },
      // The last words, since the log may lie in the folder that goes.
      { name: 'log', run: () => deps.log.info('ended', { exitCode }) },
      { name: 'folder', run: deps.cleanUp },
    ],
    deadlineMs: () => drainMs() + renewalMs + CLOSING_MS,
    log: deps.log,
  });

  async function endEngine(): Promise<void> {
    const engine = deps.threads.engine();
    engine.on('renewalAwaited', ({ ms }) => {
      renewalMs = ms;
    });
    await engine.call('shutdown', { deadlineMs: drainMs() });
  }

  function leave(code: number): void {
    if (!leaving) exitCode = code;
    leaving = true;
    void shutDown().then(() => {
      if (again !== null) app.relaunch(again);
      app.exit(exitCode);
    });
  }

  /** Nothing that this thread awaits can go on in such an event, so it sleeps until the engine wakes it. */
  function quitAtOnce(): void {
    if (!held && deps.state.current().threads.engine.phase === 'running') {
      held = true;
      const ended = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      void deps.threads
        .engine()
        .call('shutdown', { deadlineMs: 0, ended })
        .catch(() => undefined);
      Atomics.wait(new Int32Array(ended), 0, 0, SESSION_END_MS);
    }
    leave(0);
  }

  function startAgain(window: boolean): boolean {
    if (leaving) again ??= relaunchOptions(window);
    return leaving;
  }

  app.on('before-quit', (event) => {
    event.preventDefault();
    leave(0);
  });
  const onSignal = (): void => {
    // A second signal means: now.
    if (leaving) app.exit(exitCode);
    else leave(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return { quit: () => leave(0), quitAtOnce, fail: () => leave(1), startAgain };
}

/**
 * As it was started, but with a window where one is wanted, and without the provision file, which is applied already
 * and may be gone. So is an AppImage's own folder by then.
 */
function relaunchOptions(window: boolean): Electron.RelaunchOptions {
  const args = process.argv
    .slice(1)
    .filter((argument, at, all) => !/^--provision(=|$)/.test(argument) && all[at - 1] !== '--provision')
    .filter((argument) => !window || argument !== '--no-window');
  return { args, execPath: process.env.APPIMAGE ?? process.execPath };
}
