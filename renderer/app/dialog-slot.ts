import { useSyncExternalStore } from 'react';

/** Dialogs that can be asked for from anywhere; one at a time. */
export type DialogRequest =
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'vault' }
  | { kind: 'add-account' }
  | { kind: 'create-key' }
  | { kind: 'import' }
  | { kind: 'claude-code'; action: 'apply' | 'restore' }
  | { kind: 'rename-account' | 'account-priority' | 'account-base-url'; accountId: string }
  | { kind: 'replace-key' | 'remove-account'; accountId: string };

let current: DialogRequest | null = null;
const listeners = new Set<() => void>();

function set(next: DialogRequest | null): void {
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens a dialog in place of the one that may be open. */
export function openDialog(request: DialogRequest): void {
  set(request);
}

/** Closes whatever is open. */
export function closeDialog(): void {
  set(null);
}

/** The dialog that is asked for. */
export function useDialogRequest(): DialogRequest | null {
  return useSyncExternalStore(subscribe, () => current);
}
