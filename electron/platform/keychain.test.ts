import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerKeychain } from './keychain.ts';

/** A keychain that turns bytes around; each test changes what it needs. */
const { safeStorage, standard } = vi.hoisted(() => {
  const turned = (text: string) => Buffer.from(text).reverse();
  const standard = {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptString: turned,
    decryptString: (bytes: Buffer) => Buffer.from(bytes).reverse().toString(),
    encryptStringAsync: undefined as unknown,
    decryptStringAsync: undefined as unknown,
  };
  return { standard, safeStorage: { ...standard } };
});
vi.mock('electron', () => ({ app: { whenReady: () => Promise.resolve() }, safeStorage }));

const key = new Uint8Array(32).fill(200);
const platform = process.platform;

beforeEach(() => {
  Object.assign(safeStorage, standard);
  Object.defineProperty(process, 'platform', { value: 'linux' });
});
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  vi.useRealTimers();
});

async function roundTrip(): Promise<Uint8Array> {
  const wrapped = await answerKeychain({ seq: 1, type: 'wrap', key });
  if (!wrapped.ok) throw new Error(wrapped.reason);
  const { bytes, backend } = wrapped;
  const opened = await answerKeychain({ seq: 2, type: 'unwrap', wrapped: bytes, backend });
  if (!opened.ok) throw new Error(opened.reason);
  return opened.bytes;
}

describe('keychain', () => {
  it('gives back the key it wrapped, and names itself', async () => {
    expect(Buffer.from(await roundTrip())).toEqual(Buffer.from(key));
    expect(await answerKeychain({ seq: 1, type: 'wrap', key })).toMatchObject({ backend: 'gnome_libsecret' });
  });

  it('takes the calls that do not block where they exist', async () => {
    Object.assign(safeStorage, {
      encryptStringAsync: (text: string) => Promise.resolve(standard.encryptString(text)),
      decryptStringAsync: (bytes: Buffer) => Promise.resolve({ result: standard.decryptString(bytes) }),
      encryptString: undefined,
      decryptString: undefined,
    });
    expect(Buffer.from(await roundTrip())).toEqual(Buffer.from(key));
  });

  it.each([
    ['nothing to encrypt with', { isEncryptionAvailable: () => false }],
    ['a fixed password', { getSelectedStorageBackend: () => 'basic_text' }],
    ['an unknown backend', { getSelectedStorageBackend: () => 'unknown' }],
  ])('%s is no keychain', async (_, change) => {
    Object.assign(safeStorage, change);
    expect(await answerKeychain({ seq: 3, type: 'wrap', key })).toMatchObject({ ok: false, absent: true });
  });

  it('a ciphertext it cannot open is a refusal, told in words', async () => {
    Object.assign(safeStorage, {
      decryptString: () => {
        throw new Error('secret detail');
      },
    });
    const reply = await answerKeychain({ seq: 4, type: 'unwrap', wrapped: key, backend: 'kwallet5' });
    expect(reply).toMatchObject({ seq: 4, ok: false, absent: false });
    expect(JSON.stringify(reply)).not.toContain('secret detail');
  });

  it('one that never answers is given up', async () => {
    vi.useFakeTimers();
    Object.assign(safeStorage, { encryptStringAsync: () => new Promise(() => {}) });
    const reply = answerKeychain({ seq: 5, type: 'wrap', key });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await reply).toMatchObject({ ok: false, absent: false });
  });
});
