import { type AddressInfo, createServer } from 'node:net';
import { app, dialog } from 'electron';
import type { ErrorView } from '../../shared/errors.ts';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import type { Logger } from '../core/thread-contract.ts';
import type { AppStateHolder } from '../ipc/app-state.ts';
import type { CommandLine } from './command-line.ts';
import type { Threads } from './threads.ts';

/** What is needed to say how the start went. */
export type FirstStartDeps = {
  line: CommandLine;
  log: Logger;
  state: AppStateHolder;
  threads: () => Threads;
  quit: () => void;
};

/**
 * Says how the engine's start went. A start that failed is one line on stderr and ends the app; only a port that
 * cannot be had leaves a choice to someone who sees the window.
 */
export function reportFirstStart(outcome: Promise<unknown>, deps: FirstStartDeps): void {
  outcome.catch((error: unknown) => {
    const view: ErrorView =
      error instanceof ThreadCallError ? error.view : { code: 'internal', message: 'the start failed.' };
    deps.log.error('start_failed', { code: view.code, message: view.message });
    process.stderr.write(`ccflare: ${view.message.replaceAll('\n', ' ')}\n`);
    const aboutPort = view.code === 'port_in_use' || view.code === 'port_forbidden';
    if (!aboutPort || !deps.line.window || deps.line.port !== null) deps.quit();
    else void offerOtherPort(view, deps);
  });
}

async function offerOtherPort(view: ErrorView, deps: FirstStartDeps): Promise<void> {
  await app.whenReady();
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'ccflare',
    message: 'The proxy could not start',
    detail: view.message,
    buttons: ['Use another free port', 'Stay open', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 2) deps.quit();
  if (response !== 0) return;
  await deps
    .threads()
    .engine()
    .call('settings.patch', { port: await freePort(), actor: 'app' })
    .catch(() => deps.log.error('other_port_failed'));
}

/** A port that is free now. Kept as the setting, so that clients need to be told once only. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
