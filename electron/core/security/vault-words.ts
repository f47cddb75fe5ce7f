import type { VaultState } from '../../../shared/app-state.ts';

/** OS keychains by the name of their backend, as people know them. */
const KEYCHAINS: Record<string, string> = {
  keychain: 'the macOS keychain',
  dpapi: 'your Windows login (DPAPI)',
  gnome_libsecret: 'the GNOME keyring (Secret Service)',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

const nameOf = (backend: string | null): string =>
  (backend === null ? undefined : KEYCHAINS[backend]) ?? 'the system keychain';

/** What each way of keeping secrets protects from, and what not. Every sentence is shown to the user as it is. */
export const vaultWords = {
  opening: (): VaultState => ({
    phase: 'opening',
    mode: null,
    backend: null,
    explanation: 'The stored secrets are being opened.',
  }),

  readyKeychain: (backend: string): VaultState => ({
    phase: 'ready',
    mode: 'keychain',
    backend,
    explanation: `Secrets are encrypted, and their key is kept by ${nameOf(backend)}. A stolen disk or copied file is of no use without your login. Programs that run as you, while you are logged in, may still be able to ask for the key.`,
  }),

  readyPassphrase: (): VaultState => ({
    phase: 'ready',
    mode: 'passphrase',
    backend: null,
    explanation:
      'Secrets are encrypted with a key that only your passphrase opens. A stolen disk or copied file is as safe as the passphrase is hard to guess. It cannot be recovered: without it the accounts must be entered again.',
  }),

  readyMemory: (): VaultState => ({
    phase: 'ready',
    mode: 'memory',
    backend: null,
    explanation:
      'Secrets are encrypted with a key that exists only while the app runs. Nothing on the disk can be read by anyone, and the accounts must be entered again after each start.',
  }),

  lockedPassphrase: (words: string | null): VaultState => ({
    phase: 'locked',
    mode: 'passphrase',
    backend: null,
    explanation: `${words === null ? '' : `${words} `}Type your passphrase to unlock the stored secrets.`,
  }),

  lockedKeychain: (stored: string | null, reply: { reason: string; absent: boolean }): VaultState => ({
    phase: 'locked',
    mode: 'keychain',
    backend: stored,
    explanation: `${reply.reason} The key of your secrets is kept by ${nameOf(stored)}. ${wayOut(stored, reply.absent)} Nothing was deleted.`,
  }),

  changedKeychain: (stored: string | null, found: string): VaultState => ({
    phase: 'locked',
    mode: 'keychain',
    backend: stored,
    explanation: `The key of your secrets is kept by ${nameOf(stored)} (${stored ?? 'unknown'}), but the app was given ${nameOf(found)} (${found}), which does not hold that key. ${wayOut(stored, true)} Nothing was deleted.`,
  }),

  choiceNeeded: (reply: { reason: string; absent: boolean }): VaultState => ({
    phase: 'choice-needed',
    mode: null,
    backend: null,
    explanation: `${reply.reason} Choose a passphrase that protects the secrets, or keep them in memory only and enter the accounts again after each start. They are never written down unprotected.${reply.absent ? '' : ' To use the keychain instead, allow access and start the app again.'}`,
  }),

  failed: (words: string): VaultState => ({ phase: 'failed', mode: null, backend: null, explanation: words }),
};

function wayOut(stored: string | null, absent: boolean): string {
  if (!absent) return 'Allow access, or unlock it, and start the app again.';
  const store = linuxSwitch(stored);
  return store === null
    ? 'Log in to the desktop session in which the app was first used and start it again.'
    : `Start it (log in to your desktop session) and start the app again, if necessary with --password-store=${store}.`;
}

/** Chromium's names for its Linux stores. */
function linuxSwitch(backend: string | null): string | null {
  if (backend === 'gnome_libsecret') return 'gnome-libsecret';
  return backend?.startsWith('kwallet') ? backend : null;
}
