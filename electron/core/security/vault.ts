import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Sealed, Vault } from '../ports.ts';

/** Bytes of a data key. */
export const DATA_KEY_BYTES = 32;

/** The data keys that are at hand: new secrets are sealed with the current one, older ones still open theirs. */
export type DataKeys = {
  readonly currentId: string;
  /** Key id to 32 bytes. */
  readonly byId: ReadonlyMap<string, Uint8Array>;
};

/** A vault that starts locked and opens once its keys have been fetched. */
export type OpenableVault = Vault & { load(keys: DataKeys): void };

/** First byte of every ciphertext, so that the format can change one day. */
const FORMAT = 1;

/** Random nonce, bytes; 96 bits is what GCM is made for (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * Seals secrets with AES-256-GCM: `format | nonce | ciphertext | tag`. Format, key id, row and column are the
 * associated data, so a ciphertext that is copied to another row, column or key does not open. With random nonces
 * one key is good for 2^32 secrets; an app that seals one per minute needs 8,000 years for them.
 */
export function createVault(): OpenableVault {
  let keys: DataKeys | null = null;
  return {
    ready: () => keys !== null,
    load(next) {
      if (!next.byId.has(next.currentId)) throw new Error('the current data key is missing');
      keys = next;
    },
    seal(plain, row, column) {
      const { currentId, byId } = unlocked(keys);
      const key = byId.get(currentId);
      if (key === undefined) throw locked();
      return { keyId: currentId, bytes: encrypt(key, plain, placeOf(currentId, row, column)) };
    },
    open(sealed, row, column) {
      const key = unlocked(keys).byId.get(sealed.keyId);
      if (key === undefined) throw unreadable();
      return decrypt(key, sealed, placeOf(sealed.keyId, row, column));
    },
  };
}

function encrypt(key: Uint8Array, plain: string, place: Buffer): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(place);
  const sealed = [cipher.update(plain, 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.from([FORMAT]), nonce, ...sealed, cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, { bytes }: Sealed, place: Buffer): string {
  if (bytes[0] !== FORMAT || bytes.length < 1 + NONCE_BYTES + TAG_BYTES) throw unreadable();
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const end = bytes.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(place);
    decipher.setAuthTag(bytes.subarray(end));
    const plain = [decipher.update(bytes.subarray(1 + NONCE_BYTES, end)), decipher.final()];
    return Buffer.concat(plain).toString('utf8');
  } catch (error) {
    throw unreadable(error);
  }
}

/** JSON keeps the parts apart, so that no two places have the same bytes. */
function placeOf(keyId: string, row: string, column: string): Buffer {
  return Buffer.from(JSON.stringify(['ccflare', FORMAT, keyId, row, column]));
}

function unlocked(keys: DataKeys | null): DataKeys {
  if (keys === null) throw locked();
  return keys;
}

function locked(): AppError {
  return new AppError('vault_locked', 'The stored secrets are locked. Unlock them first.');
}

function unreadable(cause?: unknown): AppError {
  return new AppError('secret_unreadable', 'A stored secret cannot be read. Enter it again.', cause);
}
