/** One error that the proxy itself can answer with. */
export type OwnError = {
  readonly status: number;
  /** `error.type` as the Claude API names it (API errors reference), so that SDKs raise the class they know. */
  readonly type: string;
  /** Default sentence; never holds anything the client sent. */
  readonly message: string;
  /** Value of `x-should-retry`, which SDKs obey before the status; null leaves it to them. */
  readonly retry: boolean | null;
};

const refused = (status: number, type: string, message: string): OwnError => ({
  status,
  type,
  message,
  retry: false,
});

/**
 * Every error the proxy makes, by the code that the request log keeps. All are answered in the shape of the Claude
 * API. Statuses follow the API where it has one for the case, else RFC 9110.
 */
export const OWN_ERRORS = {
  // The guard
  foreign_host: refused(403, 'permission_error', 'This address is only served under its own name and port.'),
  browser_request: refused(403, 'permission_error', 'Requests from web pages are not accepted.'),
  missing_key: refused(
    401,
    'authentication_error',
    'A ccflare client key is needed: in the address as /k/<key>, in x-api-key, as a Bearer token or in x-ccflare-key.',
  ),
  wrong_key: refused(401, 'authentication_error', 'This ccflare client key is not known or was revoked.'),
  too_many_failures: refused(429, 'rate_limit_error', 'Too many requests with a wrong client key.'),
  client_rate_limited: {
    status: 429,
    type: 'rate_limit_error',
    message: 'This client key is over its requests per minute. The limit is a setting of ccflare.',
    retry: true,
  },
  method_not_allowed: refused(405, 'invalid_request_error', 'This method is not accepted.'),
  bad_path: refused(400, 'invalid_request_error', 'The request target has a form that is not accepted.'),
  path_too_long: refused(414, 'invalid_request_error', 'The request target is too long.'),
  too_many_headers: refused(431, 'invalid_request_error', 'The request has too many header fields.'),
  headers_too_large: refused(431, 'invalid_request_error', 'The request head is too large.'),
  bad_framing: refused(400, 'invalid_request_error', 'The length of the request body is not clear.'),
  bad_request: refused(400, 'invalid_request_error', 'This is not a valid HTTP/1.1 request.'),
  http_version: refused(505, 'invalid_request_error', 'Only HTTP/1.1 is accepted.'),
  expectation_failed: refused(417, 'invalid_request_error', 'Only "expect: 100-continue" is understood.'),
  upgrade_refused: refused(400, 'invalid_request_error', 'Connections cannot be upgraded or tunnelled.'),
  not_found: refused(404, 'not_found_error', 'Not found.'),

  // The request's body
  body_too_large: refused(413, 'request_too_large', 'Request exceeds the maximum size.'),
  head_timeout: refused(408, 'timeout_error', 'The request head took too long to arrive.'),
  body_timeout: refused(408, 'timeout_error', 'The request body took too long to arrive.'),

  // Accounts
  pool_exhausted: {
    status: 429,
    type: 'rate_limit_error',
    message: 'No account can serve this request now.',
    retry: null,
  },
  pool_down: refused(503, 'api_error', 'No account can serve this request, and none is known to come back.'),
  unknown_account: refused(
    400,
    'invalid_request_error',
    'No account of ccflare has the name or id that the header x-ccflare-account asks for.',
  ),
  no_accounts: refused(503, 'api_error', 'No account has been added to ccflare yet.'),
  account_refused: refused(503, 'api_error', 'The provider refused the account.'),

  // The way to the provider
  upstream_unreachable: {
    status: 502,
    type: 'api_error',
    message: 'The provider could not be reached.',
    retry: null,
  },
  upstream_timeout: {
    status: 504,
    type: 'timeout_error',
    message: 'The provider did not answer in time.',
    retry: null,
  },
  proxy_loop: refused(502, 'api_error', 'The address of the account is this proxy itself.'),

  // The app
  stopping: { status: 503, type: 'api_error', message: 'ccflare is being switched off.', retry: null },
  internal: { status: 500, type: 'api_error', message: 'Something went wrong inside ccflare.', retry: null },
} as const satisfies Record<string, OwnError>;

/** See {@link OWN_ERRORS}. */
export type OwnErrorCode = keyof typeof OWN_ERRORS;
