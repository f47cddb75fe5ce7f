import type { SimulatedAccountState } from './account-state.ts';
import { decodedBody, type Exchange, header, jsonBody } from './exchange.ts';
import { type JsonObject, numberOf, textOf } from './json.ts';
import { sendJson } from './respond.ts';

/** `POST /v1/oauth/token`: the refresh_token and authorization_code grants (RFC 6749, JSON or form body). */
export function issueToken(exchange: Exchange): void {
  const fields = tokenFields(exchange);
  const grantType = textOf(fields, 'grant_type');
  if (!text(fields, 'client_id')) oauthError(exchange, 'invalid_request', 'client_id is required');
  else if (grantType === 'refresh_token') refresh(exchange, fields);
  else if (grantType === 'authorization_code') redeemCode(exchange, fields);
  else oauthError(exchange, 'unsupported_grant_type', 'Unsupported grant_type');
}

function tokenFields(exchange: Exchange): JsonObject {
  if ((header(exchange, 'content-type') ?? '').includes('x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(decodedBody(exchange).toString('utf8')));
  }
  return jsonBody(exchange) ?? {};
}

/** The account whose refresh token a token request carries, for scripts to match on. */
export function refreshingAccount(exchange: Exchange): SimulatedAccountState | null {
  return exchange.world.accounts.withRefreshToken(text(tokenFields(exchange), 'refresh_token'));
}

const text = (fields: JsonObject, name: string): string => textOf(fields, name) ?? '';

function refresh(exchange: Exchange, fields: JsonObject): void {
  const account = exchange.world.accounts.withRefreshToken(text(fields, 'refresh_token'));
  if (!account || account.revoked || account.refreshToken === undefined) {
    oauthError(exchange, 'invalid_grant', 'Refresh token not found or invalid');
    return;
  }
  account.refreshes++;
  grant(exchange, account, account.rotatesRefreshToken);
}

function redeemCode(exchange: Exchange, fields: JsonObject): void {
  const claim = {
    code: text(fields, 'code'),
    clientId: text(fields, 'client_id'),
    redirectUri: text(fields, 'redirect_uri'),
    state: text(fields, 'state'),
    verifier: text(fields, 'code_verifier'),
  };
  const redeemed = exchange.world.codes.redeem(claim, exchange.world.clock.now());
  if (!redeemed) {
    oauthError(exchange, 'invalid_grant', 'Invalid authorization code');
    return;
  }
  if (redeemed.scopes) redeemed.account.scopes = redeemed.scopes;
  const asked = numberOf(fields, 'expires_in');
  if (asked !== undefined) redeemed.account.expiresInSeconds = asked;
  grant(exchange, redeemed.account, true);
}

/** Gives out a new access token and, when asked, a new refresh token in place of the old one. */
function grant(exchange: Exchange, account: SimulatedAccountState, rotate: boolean): void {
  const { newId, clock } = exchange.world;
  const expiresIn = account.expiresInSeconds;
  account.setSecret(newId('sk-ant-oat01-sim-'), clock.now() + expiresIn * 1000);
  if (rotate) account.setRefreshToken(newId('sk-ant-ort01-sim-'));
  exchange.account = account;
  sendJson(exchange, 200, {
    token_type: 'Bearer',
    access_token: account.secret,
    expires_in: expiresIn,
    ...(rotate ? { refresh_token: account.refreshToken } : {}),
    scope: account.scopes.join(' '),
    organization: { uuid: account.organizationId, name: account.organizationName },
    account: { uuid: account.accountId, email_address: account.email },
  });
}

function oauthError(exchange: Exchange, error: string, description: string): void {
  sendJson(exchange, 400, { error, error_description: description });
}
