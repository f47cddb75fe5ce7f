import type { CcflareBridge } from '../shared/ipc/channels.ts';

declare global {
  interface Window {
    /** Put there by the preload; the page's only way out. */
    readonly ccflare: CcflareBridge;
  }
}
