import type { Behaviour, ResponseHeaders } from './behaviour.ts';

const INVALID_GRANT = 'Refresh token not found or invalid';

/** The token endpoint's own form of an error (RFC 6749 section 5.2), which is not the API's envelope. */
const refused = (status: number, body: object, headers: ResponseHeaders = {}): Behaviour => ({
  kind: 'respond',
  status,
  headers,
  body,
});

/** What the endpoints of a login answer when they fail: token endpoint, profile, usage page, key creation. */
export const oauthFailures = {
  // The token endpoint: definitive.
  tokenInvalidGrant: (): Behaviour =>
    refused(400, { error: 'invalid_grant', error_description: INVALID_GRANT }),
  /** The same in the other form that has been seen. */
  tokenInvalidGrantObject: (): Behaviour =>
    refused(400, { error: { type: 'invalid_grant', message: INVALID_GRANT } }),
  tokenInvalidClient: (): Behaviour =>
    refused(401, { error: 'invalid_client', error_description: 'Unknown client' }),

  // The token endpoint: for a while.
  tokenRateLimited: (retryAfterSeconds = 7): Behaviour =>
    refused(429, { error: 'rate_limited' }, { 'retry-after': String(retryAfterSeconds) }),
  tokenServerError: (status = 500): Behaviour => refused(status, { error: 'server_error' }),
  tokenSlow: (delayMs: number): Behaviour => ({ kind: 'slow', delayMs }),
  tokenGarbage: (): Behaviour => ({ kind: 'garbage' }),
  /** A good answer without the token that it is about. */
  tokenMissing: (): Behaviour => refused(200, { token_type: 'Bearer', expires_in: 28_800 }),

  // Profile, usage page and key creation.
  scopeMissing: (scope = 'user:profile'): Behaviour => ({
    kind: 'error',
    status: 403,
    error: { type: 'permission_error', message: `OAuth token does not meet scope requirement: ${scope}` },
  }),
  /** The usage page is limited on its own, without the headers of other limits. */
  usageRateLimited: (retryAfterSeconds = 600): Behaviour => ({
    kind: 'error',
    status: 429,
    error: { type: 'rate_limit_error', message: 'Rate limited. Please try again later.' },
    headers: { 'retry-after': String(retryAfterSeconds) },
  }),
};
