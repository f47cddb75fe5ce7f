import { app, safeStorage } from 'electron';
import type { KeychainReply, KeychainRequest } from '../core/thread-contract.ts';

const NO_KEYCHAIN =
  'This system offers no keychain (on Linux: no running secret service), so the app cannot protect keys with it.';

/** A keychain that asks the user may take its time; after this the engine goes on without it, ms. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Wraps and unwraps the data key with the OS keychain. Touched once per run. Ciphertexts of Chromium's fixed
 * password (Linux backend `basic_text`) are not protection, so that backend counts as no keychain at all.
 */
export async function answerKeychain(request: KeychainRequest): Promise<KeychainReply> {
  await app.whenReady();
  const backend = backendName();
  if (backend === null) return { seq: request.seq, ok: false, reason: NO_KEYCHAIN, absent: true };
  try {
    return { seq: request.seq, ok: true, bytes: await inTime(perform(request)), backend };
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

/** Newer Electron has the same two calls without blocking the windows while the system asks the user. */
type AsyncCalls = Partial<Pick<typeof safeStorage, 'encryptStringAsync' | 'decryptStringAsync'>>;

async function perform(request: KeychainRequest): Promise<Uint8Array> {
  const later: AsyncCalls = safeStorage;
  if (request.type === 'wrap') {
    const text = Buffer.from(request.key).toString('base64');
    return later.encryptStringAsync ? await later.encryptStringAsync(text) : safeStorage.encryptString(text);
  }
  const wrapped = Buffer.from(request.wrapped);
  const text = later.decryptStringAsync
    ? (await later.decryptStringAsync(wrapped)).result
    : safeStorage.decryptString(wrapped);
  return Buffer.from(text, 'base64');
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the keychain did not answer')), ANSWER_WITHIN_MS);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Name of the OS keychain in use, null when there is none worth the name. */
function backendName(): string | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'darwin') return 'keychain';
  if (process.platform === 'win32') return 'dpapi';
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === 'basic_text' || backend === 'unknown' ? null : backend;
}
