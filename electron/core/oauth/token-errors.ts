import { z } from 'zod';

/** The two shapes an OAuth error arrives in: RFC 6749 section 5.2, and the API's own `{error: {type, message}}`. */
const errorBodySchema = z.object({
  error: z.union([z.string(), z.object({ type: z.string().optional(), message: z.string().optional() })]),
  error_description: z.string().optional(),
});

/** Codes after which the same refresh token can never work again (RFC 6749 section 5.2). */
const DEFINITIVE = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'access_denied',
]);

/** What a refusal of the token endpoint means. */
export type TokenRefusal = { readonly definitive: boolean; readonly reason: string };

/**
 * Reads a refusal. Words of the provider are bounded, and anything that looks like a token is taken out, since an
 * endpoint may repeat what it was sent.
 */
export function readTokenRefusal(status: number, body: unknown, secret: string): TokenRefusal {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { definitive: false, reason: `The token endpoint answered ${status}.` };
  const { error, error_description: description } = parsed.data;
  const code = typeof error === 'string' ? error : (error.type ?? '');
  const words = description ?? (typeof error === 'string' ? '' : (error.message ?? ''));
  const said = withoutSecrets([code, words].filter((part) => part !== '').join(': '), secret);
  const client = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return {
    definitive: client && DEFINITIVE.has(code),
    reason: `The token endpoint answered ${status}${said === '' ? '' : ` (${said})`}.`,
  };
}

function withoutSecrets(text: string, secret: string): string {
  const cleaned = text
    .replaceAll(secret, '[hidden]')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/[A-Za-z0-9_-]{24,}/g, '[hidden]');
  return cleaned.length > 200 ? `${cleaned.slice(0, 200)}...` : cleaned;
}
