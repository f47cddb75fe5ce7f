import type { IncomingMessage } from 'node:http';
import type { AccountPool, Identity } from './account-pool.ts';
import { type Exchange, header } from './exchange.ts';
import { badRequest, sendError } from './respond.ts';

/** The beta value without which the API refuses OAuth tokens. */
const OAUTH_BETA = 'oauth-2025-04-20';

function bearerOf(req: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
}

function apiKeyOf(req: IncomingMessage): string | undefined {
  const key = req.headers['x-api-key'];
  return Array.isArray(key) ? key[0] : key;
}

/** Whose credential the request carries, before any rule about how it must be carried. */
export function identify(req: IncomingMessage, accounts: AccountPool, now: number): Identity {
  const secret = apiKeyOf(req) ?? bearerOf(req);
  return secret === undefined ? { account: null, state: 'unknown' } : accounts.identify(secret, now);
}

/** True when the request may go on; otherwise the API's refusal has been sent. */
export function authenticated(exchange: Exchange): boolean {
  const { req, world } = exchange;
  const apiKey = apiKeyOf(req);
  if (apiKey !== undefined && req.headers.authorization !== undefined) {
    badRequest(exchange, 'Send either `x-api-key` or `authorization`, not both.');
    return false;
  }
  if (apiKey === undefined && bearerOf(req) === undefined)
    return refuse(exchange, 'x-api-key header is required');
  const { account, state } = identify(req, world.accounts, world.clock.now());
  if (!account) return refuse(exchange, apiKey === undefined ? 'Invalid bearer token' : 'invalid x-api-key');
  if (account.kind === 'api-key') return state === 'valid' || refuse(exchange, 'invalid x-api-key');
  if (apiKey !== undefined) return refuse(exchange, 'invalid x-api-key');
  return oauthAccepted(exchange, state);
}

function oauthAccepted(exchange: Exchange, state: Identity['state']): boolean {
  const betas = (header(exchange, 'anthropic-beta') ?? '').split(',').map((beta) => beta.trim());
  if (!betas.includes(OAUTH_BETA))
    return refuse(exchange, 'OAuth authentication is currently not supported.');
  if (state === 'revoked') {
    const message = 'OAuth token has been revoked. Please obtain a new token.';
    sendError(exchange, 403, { type: 'permission_error', message });
    return false;
  }
  if (state === 'valid') return true;
  return refuse(
    exchange,
    'OAuth token has expired. Please obtain a new token or refresh your existing token.',
  );
}

function refuse(exchange: Exchange, message: string): false {
  sendError(exchange, 401, { type: 'authentication_error', message });
  return false;
}

/** True for a login; API keys have no profile and no plan, and are told so. */
export function isLogin(exchange: Exchange): boolean {
  return exchange.account?.kind === 'oauth' || refuse(exchange, 'Invalid bearer token');
}

/** True when the mandatory version header is there; otherwise the refusal has been sent. */
export function versioned(exchange: Exchange): boolean {
  if (header(exchange, 'anthropic-version')) return true;
  badRequest(exchange, 'anthropic-version: header is required');
  return false;
}
