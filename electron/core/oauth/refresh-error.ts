import { redact } from '../../../shared/redact.ts';
import { parseTokenError } from './token-answer.ts';

/** Why no new token could be had. */
export class RefreshError extends Error {
  /** True: trying again cannot help, the user must sign in again. */
  readonly definitive: boolean;
  /** Wait before the next try that the provider asked for, ms; null when it asked for none. */
  readonly retryAfterMs: number | null;

  constructor(message: string, definitive: boolean, retryAfterMs: number | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RefreshError';
    this.definitive = definitive;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Codes after which the refresh token is of no use (RFC 6749 section 5.2, and the API's own names). Others, and
 * refusals without a known code, may come from a gateway on the way and prove nothing about the token.
 */
const DEFINITIVE = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'authentication_error',
]);

/** Longest wait that is taken over from `retry-after`, ms. */
const MAX_WAIT_MS = 60 * 60_000;

/** Judges an error answer of the token endpoint. Words of the provider are redacted and cut. */
export function refreshErrorOf(status: number, retryAfter: string | undefined, text: string): RefreshError {
  const { code, words } = parseTokenError(text);
  const definitive = status >= 400 && status < 500 && status !== 429 && DEFINITIVE.has(code);
  const said = redact(words || code).slice(0, 200);
  const detail = said === '' ? `status ${status}` : `status ${status}: ${said}`;
  const message = definitive
    ? `The provider refused to renew the login (${detail}).`
    : `The provider could not renew the login now (${detail}).`;
  return new RefreshError(message, definitive, waitOf(retryAfter));
}

/** `retry-after` in seconds; dates are not used by the provider. */
function waitOf(value: string | undefined): number | null {
  if (value === undefined || !/^\d{1,6}(\.\d+)?$/.test(value)) return null;
  return Math.min(Number(value) * 1000, MAX_WAIT_MS);
}
