import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { AppError } from '../errors.ts';
import { DATA_KEY_BYTES } from './vault.ts';

/** How a key is derived from a passphrase; stored beside what it wraps. */
export type ScryptParameters = { salt: string; N: number; r: number; p: number };

/** About 130 MB and a third of a second per guess (OWASP's recommendation of 2023: N = 2^17, r = 8, p = 1). */
const STANDARD = { N: 2 ** 17, r: 8, p: 1 };

/** What a vault file may ask for: at most twice our own memory (256 MiB), at least a quarter of it. */
export const SCRYPT_BOUNDS = {
  N: { min: 2 ** 15, max: 2 ** 18 },
  r: { min: 8, max: 8 },
  p: { min: 1, max: 2 },
} as const;

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Base64 characters of a wrapped data key: nonce, 32 bytes, tag. */
export const WRAPPED_LENGTH = ((NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES) / 3) * 4;

/** Wraps a data key under a passphrase; `keyId` and the parameters are bound into the result (`nonce | text | tag`). */
export async function wrapWithPassphrase(
  key: Uint8Array,
  passphrase: string,
  keyId: string,
): Promise<{ wrapped: string; scrypt: ScryptParameters }> {
  const parameters = { salt: randomBytes(SALT_BYTES).toString('base64'), ...STANDARD };
  const wrappingKey = await derive(passphrase, parameters);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, wrappingKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bindingOf(keyId, parameters));
  const wrapped = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  wrappingKey.fill(0);
  return { wrapped: wrapped.toString('base64'), scrypt: parameters };
}

/**
 * Unwraps what {@link wrapWithPassphrase} made.
 * @throws AppError `wrong_passphrase`, which is also what a changed file looks like.
 */
export async function unwrapWithPassphrase(
  wrapped: string,
  passphrase: string,
  keyId: string,
  parameters: ScryptParameters,
): Promise<Uint8Array> {
  const bytes = Buffer.from(wrapped, 'base64');
  const wrappingKey = await derive(passphrase, parameters);
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, wrappingKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bindingOf(keyId, parameters)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch (error) {
    throw new AppError('wrong_passphrase', 'That passphrase does not open the stored secrets.', error);
  } finally {
    wrappingKey.fill(0);
  }
}

/** Runs on the thread pool, so that streams go on meanwhile. Passphrases that look the same are the same. */
function derive(passphrase: string, { salt, N, r, p }: ScryptParameters): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function bindingOf(keyId: string, { salt, N, r, p }: ScryptParameters): Buffer {
  return Buffer.from(JSON.stringify(['ccflare data key', 1, keyId, salt, N, r, p]));
}
