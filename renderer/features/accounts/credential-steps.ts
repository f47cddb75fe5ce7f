import { ClipboardPaste, KeyRound, LogIn, type LucideIcon } from 'lucide-react';
import type { AccountView } from '../../../shared/account.ts';
import type { DialogRequest } from '../../app/dialog-slot.ts';

/** A way to give an account a new credential in place. */
export type CredentialStep = { label: string; icon: LucideIcon; request: DialogRequest };

/** What renews an account's key or login; the usual way first. */
export function credentialSteps({ id, kind, token, email }: AccountView): CredentialStep[] {
  const accountId = id;
  if (kind === 'api-key') {
    const replace: CredentialStep = {
      label: 'Replace key',
      icon: KeyRound,
      request: { kind: 'replace-key', accountId },
    };
    // Only a console login tells whose key it is, and can make another one.
    if (email === null) return [replace];
    return [
      replace,
      { label: 'Sign in for a new key', icon: LogIn, request: { kind: 'sign-in', accountId } },
    ];
  }
  const signIn: CredentialStep = {
    label: 'Sign in again',
    icon: LogIn,
    request: { kind: 'sign-in', accountId },
  };
  if (token === null || token.renewable) return [signIn];
  return [
    { label: 'Paste a new token', icon: ClipboardPaste, request: { kind: 'replace-token', accountId } },
    signIn,
  ];
}
