import { lstatSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { VaultFileEntry } from '../thread-contract.ts';
import { SCRYPT_BOUNDS, WRAPPED_LENGTH } from './passphrase.ts';
import { writePrivateFile } from './private-file.ts';

/** Larger than any vault file we write, bytes. */
const MAX_BYTES = 64 * 1024;

const base64 = z.base64().min(1).max(16_384);

/** The bounds keep a changed file from asking for gigabytes or for a derivation that protects nothing. */
const scryptSchema = z.strictObject({
  salt: base64,
  N: z
    .int()
    .min(SCRYPT_BOUNDS.N.min)
    .max(SCRYPT_BOUNDS.N.max)
    .refine((value) => Math.log2(value) % 1 === 0),
  r: z.int().min(SCRYPT_BOUNDS.r.min).max(SCRYPT_BOUNDS.r.max),
  p: z.int().min(SCRYPT_BOUNDS.p.min).max(SCRYPT_BOUNDS.p.max),
});

const entrySchema: z.ZodType<VaultFileEntry> = z.union([
  z.strictObject({
    keyId: z.string().min(1).max(64),
    mode: z.literal('keychain'),
    createdAt: z.number(),
    wrapped: base64,
    backend: z.string().min(1).max(64),
    scrypt: z.null(),
  }),
  z.strictObject({
    keyId: z.string().min(1).max(64),
    mode: z.literal('passphrase'),
    createdAt: z.number(),
    wrapped: z.base64().length(WRAPPED_LENGTH),
    backend: z.null(),
    scrypt: scryptSchema,
  }),
]);

const fileSchema = z.strictObject({
  version: z.literal(1),
  current: z.string(),
  /** One today; a list, so that a replaced key can stay beside its successor for the secrets it sealed. */
  keys: z.array(entrySchema).min(1).max(100),
});

/** The wrapped data keys as they lie on the disk. */
export type VaultFile = z.infer<typeof fileSchema>;

/**
 * Reads `vault.json`; null when there is none.
 * @throws AppError `vault_unavailable` for a file that cannot be read or was not written by this app,
 * `data_dir_unusable` when the folder cannot be looked into.
 */
export function readVaultFile(file: string): VaultFile | null {
  if (!isThere(file)) return null;
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error('too large');
    const parsed = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.keys.some((entry) => entry.keyId === parsed.current)) throw new Error('no current key');
    return parsed;
  } catch (error) {
    throw new AppError(
      'vault_unavailable',
      'vault.json in the data folder is damaged or cannot be read. It was left as it is: put back a copy of it, or move it away and enter the accounts again.',
      error,
    );
  }
}

/**
 * Writes the first `vault.json`.
 * @throws AppError `conflict` when there is one already: a new key never replaces an old one. AppError
 * `data_dir_unusable` when the disk refuses.
 */
export function createVaultFile(file: string, entry: VaultFileEntry): void {
  if (isThere(file)) {
    throw new AppError('conflict', 'There is a vault already. Restart the app to open it.');
  }
  const content: VaultFile = { version: 1, current: entry.keyId, keys: [entry] };
  writePrivateFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

/**
 * A link that leads nowhere is there, and a name that cannot be looked at is not the same as no vault.
 * @throws AppError `data_dir_unusable`
 */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new AppError(
      'data_dir_unusable',
      'The data folder cannot be read. Check that it is a folder and belongs to you.',
      error,
    );
  }
}
