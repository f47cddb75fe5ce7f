import type { Behaviour, ErrorDetail, ResponseHeaders } from './behaviour.ts';
import { oauthFailures } from './oauth-failures.ts';
import { admitUnified } from './unified-limits.ts';
import type { SimulatedWindows, UnifiedWindowName } from './windows.ts';

const HOUR_MS = 3_600_000;

const failure = (status: number, error: ErrorDetail, headers: ResponseHeaders = {}): Behaviour => ({
  kind: 'error',
  status,
  error,
  headers,
});

const invalid = (message: string, details?: Record<string, unknown>): Behaviour =>
  failure(400, { type: 'invalid_request_error', message, ...(details ? { details } : {}) });

const denied = (status: 401 | 403, message: string): Behaviour =>
  failure(status, { type: status === 401 ? 'authentication_error' : 'permission_error', message });

const limited = (message: string, headers: ResponseHeaders, details?: Record<string, unknown>): Behaviour =>
  failure(429, { type: 'rate_limit_error', message, ...(details ? { details } : {}) }, headers);

const broken = (type: string, message: string): Behaviour => ({
  kind: 'stream-error',
  error: { type, message },
});

const RATE_LIMITED = "This request would exceed your account's rate limit. Please try again later.";

/** Headers of a subscription with two quiet windows, of which the named ones are full until `resetAt`. */
function unified(full: UnifiedWindowName[], resetAt: number, model: string): Record<string, string> {
  const windows: SimulatedWindows = {
    '5h': { utilization: 0.31, resetAt: resetAt - HOUR_MS },
    '7d': { utilization: 0.42, resetAt: resetAt - HOUR_MS },
  };
  for (const name of full) windows[name] = { utilization: 1, resetAt };
  return admitUnified(windows, model).headers;
}

/** When a limit ends: `resetAt` in UTC ms. Default: two hours from the computer's now. */
export type UntilReset = { resetAt?: number };

const inTwoHours = (): number => Date.now() + 2 * HOUR_MS;
const secondsUntil = (resetAt: number, now: number): string =>
  String(Math.max(1, Math.ceil((resetAt - now) / 1000)));

const MODEL_OF = {
  '7d_opus': 'claude-opus-5-5',
  '7d_sonnet': 'claude-sonnet-5-5',
  '7d_oi': 'claude-fable-5-2',
};

/**
 * Every failure that a client of the Claude API has to tell apart, with the status, headers and wording that the API
 * uses (API errors and rate-limit references; Claude Code error reference). Grouped by what a proxy should do about it.
 */
export const failures = {
  // The network: nothing of an answer arrives.
  connectionReset: (): Behaviour => ({ kind: 'reset' }),
  headersNeverCome: (): Behaviour => ({ kind: 'hold' }),

  // The request itself: every account would say the same.
  invalidRequest: (message = 'messages.0.content: Field required'): Behaviour => invalid(message),
  pathNotFound: (): Behaviour => failure(404, { type: 'not_found_error', message: 'Not found' }),
  conflict: (): Behaviour =>
    failure(409, { type: 'conflict_error', message: 'The resource is being changed.' }),
  requestTooLarge: (): Behaviour =>
    failure(413, { type: 'request_too_large', message: 'Request exceeds the maximum size' }),
  unprocessable: (): Behaviour =>
    failure(422, { type: 'invalid_request_error', message: 'The request could not be processed.' }),
  thinkingSignatureInvalid: (): Behaviour =>
    invalid(
      'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
    ),

  // The account: money.
  creditBalanceTooLow: (): Behaviour =>
    invalid(
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    ),
  workspaceUsageLimit: (regainOn = '2026-12-01 at 00:00 UTC'): Behaviour =>
    invalid(
      `You have reached your specified workspace API usage limits. You will regain access on ${regainOn}.`,
    ),
  enforcedSpendLimit: (): Behaviour =>
    limited(
      'This organization has reached its monthly spend limit.',
      { 'x-should-retry': 'false' },
      { error_code: 'enforced_spend_limit_reached' },
    ),
  billingError: (): Behaviour =>
    failure(402, { type: 'billing_error', message: 'There is an issue with billing for this account.' }),
  linkedOrganizationUnpaid: (): Behaviour =>
    failure(402, {
      type: 'billing_error',
      message: 'The linked organization cannot be billed.',
      details: { error_code: 'linked_organization_payment_required' },
    }),

  // The account: switched off, or its terms.
  organizationDisabled: (): Behaviour => invalid('This organization has been disabled.'),
  organizationOnHold: (): Behaviour =>
    invalid('This organization is on hold.', { error_code: 'organization_on_hold' }),
  organizationForbidden: (): Behaviour => denied(403, 'Your organization has been disabled.'),
  apiKeyAuthDisabled: (): Behaviour =>
    denied(403, 'API key authentication is disabled for this organization.'),
  subscriptionAccessDisabled: (): Behaviour =>
    denied(403, 'Your organization has disabled subscription access. Ask your administrator.'),
  oauthNotAllowed: (): Behaviour =>
    denied(403, 'OAuth authentication is currently not allowed for this organization.'),
  thirdPartyExtraUsage: (): Behaviour =>
    invalid('Third-party apps now draw from your extra usage, not your plan limits. Add more to keep going.'),
  outOfExtraUsage: (): Behaviour => invalid("You're out of extra usage. Add more to keep going."),

  // The account: its credential.
  invalidApiKey: (): Behaviour => denied(401, 'invalid x-api-key'),
  invalidCredentials: (): Behaviour => denied(401, 'Invalid authentication credentials'),
  oauthTokenExpired: (): Behaviour =>
    denied(401, 'OAuth token has expired. Please obtain a new token or refresh your existing token.'),
  oauthTokenRevoked: (): Behaviour => denied(403, 'OAuth token has been revoked. Please obtain a new token.'),
  oauthScopeMissing: (): Behaviour =>
    denied(403, 'OAuth token does not meet scope requirement user:inference'),
  oauthNotSupported: (): Behaviour => denied(401, 'OAuth authentication is currently not supported.'),

  // 429 that is no quota signal: not one rate-limit header.
  bare429: (): Behaviour => limited('Error', { 'x-should-retry': 'true' }),

  // The account together with a model or a beta.
  longContextCredits: (): Behaviour => limited('Usage credits required for 1M context', {}),
  overageOutOfCredits: (): Behaviour =>
    limited('Extra usage is required for this request.', {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-representative-claim': 'overage',
      'anthropic-ratelimit-unified-overage-status': 'rejected',
      'anthropic-ratelimit-unified-overage-disabled-reason': 'out_of_credits',
    }),
  modelWindowRejected: (
    window: keyof typeof MODEL_OF = '7d_opus',
    { resetAt = inTwoHours() }: UntilReset = {},
  ) => limited(RATE_LIMITED, unified([window], resetAt, MODEL_OF[window])),
  modelPermission: (model = 'claude-opus-5-5'): Behaviour =>
    denied(403, `Your plan does not include access to the model ${model}.`),
  modelNotFound: (model = 'claude-opus-5-5'): Behaviour =>
    failure(404, { type: 'not_found_error', message: `model: ${model}` }),

  // The account: a window or a rate is full.
  windowRejected: (window: '5h' | '7d' = '5h', { resetAt = inTwoHours() }: UntilReset = {}): Behaviour =>
    limited(RATE_LIMITED, unified([window], resetAt, 'claude-sonnet-5-5')),
  bothWindowsRejected: (resetAt = inTwoHours(), laterResetAt = resetAt + 24 * HOUR_MS): Behaviour =>
    limited(RATE_LIMITED, {
      ...unified(['5h', '7d'], resetAt, 'claude-sonnet-5-5'),
      'anthropic-ratelimit-unified-reset': String(Math.ceil(laterResetAt / 1000)),
      'anthropic-ratelimit-unified-representative-claim': 'seven_day',
      'anthropic-ratelimit-unified-7d-reset': String(Math.ceil(laterResetAt / 1000)),
    }),
  apiKeyBurst: (retryAfterSeconds = 5): Behaviour =>
    limited('This request would exceed your organization’s rate limit of requests per minute.', {
      'retry-after': String(retryAfterSeconds),
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
    }),
  apiKeyLongLimit: ({ resetAt = inTwoHours() }: UntilReset = {}, now = Date.now()): Behaviour =>
    limited('This request would exceed your organization’s rate limit of input tokens per minute.', {
      'retry-after': secondsUntil(resetAt, now),
      'anthropic-ratelimit-input-tokens-limit': '2000000',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': new Date(resetAt).toISOString(),
    }),

  // The provider as a whole.
  apiError500: (): Behaviour => failure(500, { type: 'api_error', message: 'Internal server error' }),
  unavailable503: (): Behaviour => failure(503, { type: 'api_error', message: 'Service unavailable' }),
  timeout504: (): Behaviour => failure(504, { type: 'timeout_error', message: 'Request timed out' }),
  overloaded529: (): Behaviour => failure(529, { type: 'overloaded_error', message: 'Overloaded' }),

  // 200 that still says something about the account.
  overageInUse: ({ resetAt = inTwoHours() }: UntilReset = {}): Behaviour => ({
    kind: 'normal',
    headers: {
      ...unified(['5h'], resetAt, 'claude-sonnet-5-5'),
      'anthropic-ratelimit-unified-representative-claim': 'overage',
      'anthropic-ratelimit-unified-overage-status': 'allowed',
      'anthropic-ratelimit-unified-overage-in-use': 'true',
    },
  }),
  overageRejectedButAllowed: ({ resetAt = inTwoHours() }: UntilReset = {}): Behaviour => ({
    kind: 'normal',
    headers: {
      ...unified([], resetAt, 'claude-sonnet-5-5'),
      'anthropic-ratelimit-unified-overage-status': 'rejected',
      'anthropic-ratelimit-unified-overage-disabled-reason': 'org_level_disabled',
    },
  }),

  // 200, then an error event in the stream.
  streamRateLimited: (): Behaviour => broken('rate_limit_error', RATE_LIMITED),
  streamOverloaded: (): Behaviour => broken('overloaded_error', 'Overloaded'),
  streamApiError: (): Behaviour => broken('api_error', 'Internal server error'),

  // For a client that leaves while the answer is still coming.
  endlessStream: (intervalMs = 10): Behaviour => ({ kind: 'endless-stream', intervalMs }),

  // The endpoints of a login.
  ...oauthFailures,
};
