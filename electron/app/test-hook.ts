import { app } from 'electron';
import type { TrayItem } from '../platform/tray/tray-menu.ts';

/**
 * What end-to-end tests can do that no person can: end a thread as a crash would, and use the tray menu, which no
 * driver can click. Exists only in a checkout, and only when a test asks for it; nothing else depends on it.
 */
export type TestHook = {
  killThread: (name: 'engine' | 'archive') => void;
  trayMenu: () => TrayItem[];
  trayCommand: (id: string) => void;
};

/** Offers the {@link TestHook} as `globalThis.__ccflareTest`. */
export function offerTestHook(hook: TestHook): void {
  if (app.isPackaged || process.env.CCFLARE_TEST !== '1') return;
  Object.assign(globalThis, { __ccflareTest: hook });
}
