import { z } from 'zod';
import type { Sealed } from '../core/ports.ts';
import { damaged } from './sqlite-error.ts';

/** Base name of the engine's database. */
export const ENGINE_FILE = 'ccflare.db';

/** Bytes of a BLOB column. */
export const blob = z.instanceof(Uint8Array);

/** SQLite has no booleans. */
export const flag = z.literal([0, 1]).transform((value) => value === 1);

/** A column of JSON text. */
export function jsonOf<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/**
 * Parses a row as it comes from the file. A row that does not fit is not guessed at.
 * @throws AppError `database_damaged`.
 */
export function parseRow<T>(schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (!parsed.success) throw damaged(ENGINE_FILE, parsed.error);
  return parsed.data;
}

/** Joins the two columns of a sealed secret. */
export function sealedFrom(bytes: Uint8Array | null, keyId: string | null): Sealed | null {
  return bytes === null || keyId === null ? null : { keyId, bytes };
}
