import { z } from 'zod';
import { type ErrorView, errorViewSchema } from '../errors.ts';

/** Electron keeps only the message of a thrown error, so every reply is wrapped. */
export type Envelope<T> = { ok: true; value: T } | { ok: false; error: ErrorView };

/** Parses a reply whose value has the given schema. */
export function envelopeSchema<S extends z.ZodType>(value: S) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), error: errorViewSchema }),
  ]);
}

/** A good reply. */
export function ok<T>(value: T): Envelope<T> {
  return { ok: true, value };
}

/** A bad reply. */
export function fail(error: ErrorView): Envelope<never> {
  return { ok: false, error };
}
