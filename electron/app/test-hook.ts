import { app } from 'electron';
import type { Threads } from './threads.ts';

/**
 * Lets end-to-end tests end a thread as a crash would. Exists only in a checkout, and only when a test asks for it;
 * nothing else depends on it.
 */
export function offerTestHook(threads: Threads): void {
  if (app.isPackaged || process.env.CCFLARE_TEST !== '1') return;
  Object.assign(globalThis, { __ccflareTest: { killThread: threads.kill } });
}
