import { createHmac } from 'node:crypto';
import type { LoginTokens, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import { sealSecret } from './secret-places.ts';

/** A credential that comes from the user starts without a history, and so does one that works after all. */
export const HEALTHY = { credentialState: 'ok', credentialWords: null, lastRefreshError: null } as const;

/** The fields of a row that an API key fills. @throws AppError `vault_locked` */
export function keyFields(vault: Vault, id: string, apiKey: string): Partial<AccountRow> {
  const sealed = sealSecret(vault, apiKey, id, 'accounts.api_key');
  return { ...HEALTHY, apiKey: sealed, credentialHint: apiKey.slice(-4) };
}

/** The fields of a row that a person's login fills. @throws AppError `vault_locked` */
export function loginFields(vault: Vault, id: string, tokens: LoginTokens): Partial<AccountRow> {
  const { accessToken, refreshToken, expiresAt } = tokens;
  return {
    ...HEALTHY,
    accessToken: sealSecret(vault, accessToken, id, 'accounts.access_token'),
    refreshToken:
      refreshToken === null ? null : sealSecret(vault, refreshToken, id, 'accounts.refresh_token'),
    expiresAt,
    lastRefreshAt: null,
  };
}

/**
 * The same for a login that a file gave: it is marked, so that the file does not give it again. A person's leaves the
 * mark as it is, or the file's older one would take its place at the next start.
 * @throws AppError `vault_locked`
 */
export function givenLoginFields(vault: Vault, id: string, tokens: LoginTokens): Partial<AccountRow> {
  return { ...loginFields(vault, id, tokens), provisionedMark: markOf(id, tokens) };
}

/**
 * Recognises a login that was given from outside, without holding it: by the time it is given again its refresh
 * token may have been rotated. The account's id keeps equal tokens of two accounts from looking equal.
 */
export function markOf(id: string, { refreshToken, accessToken }: LoginTokens): Buffer {
  return createHmac('sha256', id)
    .update(refreshToken ?? accessToken)
    .digest();
}
