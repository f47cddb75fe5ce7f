import { app } from 'electron';
import type { Logger } from '../core/thread-contract.ts';

/** Errors nobody caught are written down (redacted by the logger) and end the app, since its state is unknown. */
export function watchCrashes(log: Logger): void {
  const crashed = (kind: string) => (error: unknown) => {
    log.error(kind, { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.stderr.write('ccflare: ended by an unexpected error. The log file has the detail.\n');
    app.exit(1);
  };
  // Whoever started the app may have closed its end of these; that is no crash.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', crashed('uncaught_exception'));
  process.on('unhandledRejection', crashed('unhandled_rejection'));
  app.on('render-process-gone', (_event, contents, details) => {
    log.error('page_gone', { reason: details.reason });
    const unexpected = details.reason !== 'clean-exit' && details.reason !== 'killed';
    // A window may close itself over it.
    if (unexpected && !contents.isDestroyed()) contents.reload();
  });
}
