import { z } from 'zod';
import { plainWords } from './plain-words.ts';

/** The two shapes an OAuth error arrives in: RFC 6749 section 5.2, and the API's own `{error: {type, message}}`. */
const errorBodySchema = z.object({
  error: z.union([z.string(), z.object({ type: z.string().optional(), message: z.string().optional() })]),
  error_description: z.string().optional(),
});

/**
 * Codes after which the same refresh token can never work again. The others of RFC 6749 section 5.2 are about the
 * client: a wrong client id in the settings must not cost every account its login.
 */
const DEFINITIVE = new Set(['invalid_grant', 'access_denied']);

/** Longest part of the provider's words that is repeated, characters. */
const MAX_WORDS = 200;

/** What a refusal of the token endpoint means. */
export type TokenRefusal = { readonly definitive: boolean; readonly reason: string };

/** A refusal in the provider's code and words. */
export type Refusal = { readonly code: string; readonly words: string };

/** Reads an error body of either shape; empty where it says nothing. The words are as they came. */
export function readRefusal(body: unknown): Refusal {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { code: '', words: '' };
  const { error, error_description: description } = parsed.data;
  if (typeof error === 'string') return { code: error, words: description ?? '' };
  return { code: error.type ?? '', words: description ?? error.message ?? '' };
}

/**
 * One sentence about an answer that was not the hoped-for one. Words of the provider are bounded, and the given
 * secrets and anything that looks like a token are taken out, since an endpoint may repeat what it was sent.
 */
export function refusalSentence(
  who: string,
  status: number,
  body: unknown,
  secrets: readonly string[],
): string {
  const { code, words } = readRefusal(body);
  const said = withoutSecrets([code, words].filter((part) => part !== '').join(': '), secrets);
  return `${who} answered ${status}${said === '' ? '' : ` (${said})`}.`;
}

/** Reads a refusal of the token endpoint. */
export function readTokenRefusal(status: number, body: unknown, secret: string): TokenRefusal {
  const client = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return {
    definitive: client && DEFINITIVE.has(readRefusal(body).code),
    reason: refusalSentence('The token endpoint', status, body, [secret]),
  };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[hidden]');
  return plainWords(clean.replaceAll(/[A-Za-z0-9_-]{24,}/g, '[hidden]'), MAX_WORDS);
}
