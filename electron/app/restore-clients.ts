import { app } from 'electron';
import { ThreadCallError } from '../../shared/thread-rpc.ts';
import type { EngineClient, Threads } from './threads.ts';

/** Longest a run may take, ms: an uninstaller waits for it. */
const WITHIN_MS = 25_000;

/** Time for the engine to close its store, ms. */
const CLOSING_MS = 2000;

/** Exit code and the one line that is printed. */
export type RestoreResult = { code: 0 | 1; line: string };

/** The whole of a run with `--restore-clients`: no window, no proxy, one line, and out. `started`: of the engine. */
export async function restoreClientsAndExit(
  started: Promise<unknown>,
  threads: () => Threads,
): Promise<void> {
  const late = setTimeout(() => {
    process.stderr.write('ccflare: the client settings could not be put back in time.\n');
    app.exit(1);
  }, WITHIN_MS);
  const { code, line } = await restoreClients(started, () => threads().engine());
  clearTimeout(late);
  (code === 0 ? process.stdout : process.stderr).write(`ccflare: ${line}\n`);
  await threads()
    .engine()
    .call('shutdown', { deadlineMs: CLOSING_MS })
    .catch(() => undefined);
  await threads().stop();
  app.exit(code);
}

/** Puts the settings back where they still name this app. Never throws. */
export async function restoreClients(
  started: Promise<unknown>,
  engine: () => EngineClient,
): Promise<RestoreResult> {
  try {
    await started;
    const { phase, settingsFile, problem } = (await engine().call('clients.report', undefined)).claudeCode;
    // The engine restores as it starts; whether there was anything to do, it does not say.
    if (phase === 'off')
      return { code: 0, line: `Claude Code is not pointed at this app (${settingsFile}).` };
    if (phase === 'unreadable') return { code: 1, line: problem ?? `${settingsFile} cannot be read.` };
    await engine().call('clients.restore', { actor: 'app' });
    return { code: 0, line: `${settingsFile} is as it was before.` };
  } catch (error) {
    const words = error instanceof ThreadCallError ? error.view.message : 'the log file has the detail.';
    return { code: 1, line: `the client settings could not be put back: ${words.replaceAll('\n', ' ')}` };
  }
}
