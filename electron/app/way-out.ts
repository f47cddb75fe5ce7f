import { app } from 'electron';
import type { Logger } from '../core/thread-contract.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import { createShutdown } from './shutdown.ts';
import type { Threads } from './threads.ts';
import type { WindowSide } from './window-side.ts';

/** Time beyond the drain deadline for putting client settings back, writing out and closing, ms. */
const CLOSING_MS = 6000;

/** All ways to end lead through the same steps. */
export function createWayOut(deps: {
  threads: Threads;
  windowSide: WindowSide;
  state: AppStateHolder;
  log: Logger;
  cleanUp: () => void;
}): { quit: () => void; fail: () => void } {
  const drainMs = (): number => deps.state.current().settings.drainDeadlineMs;
  let exitCode = 0;
  let leaving = false;
  /** A login that was being renewed when the user quit would be lost with its new tokens. */
  let renewalMs = 0;
  const shutDown = createShutdown({
    steps: [
      { name: 'window', run: () => deps.windowSide.close() },
      { name: 'engine', run: endEngine },
      { name: 'archive', run: async () => void (await deps.threads.archive().call('shutdown', undefined)) },
      { name: 'threads', run: () => deps.threads.stop() },
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
      deps.log.info('ended', { exitCode });
      app.exit(exitCode);
    });
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
  return { quit: () => leave(0), fail: () => leave(1) };
}
