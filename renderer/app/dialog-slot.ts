import { useSyncExternalStore } from 'react';
import type { AddWay } from '../features/accounts/add-ways.ts';

/** Dialogs that can be asked for from anywhere; one at a time. */
export type DialogRequest =
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'vault' }
  | { kind: 'add-account'; way?: Exclude<AddWay, 'import'> }
  | { kind: 'create-key' }
  | { kind: 'import' }
  | { kind: 'claude-code'; action: 'apply' | 'restore' }
  | { kind: 'sign-in'; accountId: string | null }
  | { kind: 'rename-account' | 'account-priority' | 'account-endpoint'; accountId: string }
  | { kind: 'replace-key' | 'replace-token' | 'remove-account'; accountId: string };

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

/** Whether the open dialog holds a sign-in, or input that took work. */
function isHeld(): boolean {
  return current?.kind === 'add-account' || current?.kind === 'sign-in';
}

/** Opens a dialog in place of the one that may be open; the palette's key alone never throws work away. */
export function openDialog(request: DialogRequest): void {
  if (request.kind !== 'palette' || !isHeld()) set(request);
}

/** Opens the dialog that follows a sign-in, unless one is open that does so itself. */
export function showSignIn(accountId: string | null): void {
  if (!isHeld()) set({ kind: 'sign-in', accountId });
}

/** Closes whatever is open. */
export function closeDialog(): void {
  set(null);
}

/** The dialog that is asked for. */
export function useDialogRequest(): DialogRequest | null {
  return useSyncExternalStore(subscribe, () => current);
}
