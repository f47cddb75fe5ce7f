import { app, safeStorage } from 'electron';
import type { KeychainReply, KeychainRequest } from '../core/thread-contract.ts';

const NO_KEYCHAIN =
  'This system offers no keychain (on Linux: no running secret service), so the app cannot protect keys with it.';

/**
 * Wraps and unwraps the data key with the OS keychain. Touched once per run. Ciphertexts of Chromium's fixed
 * password (Linux backend `basic_text`) are not protection, so that backend counts as no keychain at all.
 */
export async function answerKeychain(request: KeychainRequest): Promise<KeychainReply> {
  await app.whenReady();
  const backend = backendName();
  if (backend === null) return { seq: request.seq, ok: false, reason: NO_KEYCHAIN, absent: true };
  try {
    return { seq: request.seq, ok: true, bytes: perform(request), backend };
  } catch {
    return {
      seq: request.seq,
      ok: false,
      absent: false,
      reason:
        'The keychain did not open the stored key. Unlock it, or allow access when it asks, and start again.',
    };
  }
}

function perform(request: KeychainRequest): Uint8Array {
  if (request.type === 'wrap') return safeStorage.encryptString(Buffer.from(request.key).toString('base64'));
  return Buffer.from(safeStorage.decryptString(Buffer.from(request.wrapped)), 'base64');
}

/** Name of the OS keychain in use, null when there is none worth the name. */
function backendName(): string | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'darwin') return 'keychain';
  if (process.platform === 'win32') return 'dpapi';
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === 'basic_text' || backend === 'unknown' ? null : backend;
}
