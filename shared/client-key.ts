import { z } from 'zod';
import { EXHAUSTION_WAYS } from './settings.ts';

/** A local key's label. */
export const clientKeyNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the key a name.')
  .max(60)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'Use visible characters only.');

/** A local key's secret: URL-safe, since it may be part of a path (`/k/<key>`). */
export const clientKeySecretSchema = z
  .string()
  .min(16, 'A client key needs at least 16 characters.')
  .max(200)
  .regex(/^[A-Za-z0-9._~-]+$/, 'Use letters, digits and . _ ~ - only.');

/** A local key as the window sees it; the secret itself is stored hashed (and sealed, for copying). */
export const clientKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Last four characters. */
  hint: z.string().max(4),
  /** Whether the app can copy the key (or an address that holds it) to the clipboard. */
  copyable: z.boolean(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** What its requests get when no account can serve; null = as the setting says. */
  exhaustion: z.enum(EXHAUSTION_WAYS).nullable(),
});

/** See {@link clientKeyViewSchema}. */
export type ClientKeyView = z.infer<typeof clientKeyViewSchema>;
