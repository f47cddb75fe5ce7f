import type { Clock } from '../clock.ts';
import type { CredentialResult, Logger, Sealed, Vault } from '../ports.ts';
import type { AccountRow, AccountStore } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';
import type { Credentials } from './credentials.ts';
import { sealSecret } from './secret-places.ts';

/** Tokens as they came from the endpoint, and the stored refresh token that they cost. */
export type FreshTokens = {
  readonly used: Sealed;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** UTC ms. */
  readonly expiresAt: number;
  readonly lastRefreshAt: number;
};

/**
 * Stores renewed tokens before anybody uses them. Where the disk does not take them they stay in memory until it
 * does, since the refresh token on disk may be worth nothing any more.
 */
export type TokenSaver = {
  /** Tokens that wait for the disk. */
  pending(id: string): FreshTokens | undefined;
  /**
   * Answers the credential that is stored now. `isOurs` is false when it is not of these tokens, but of what another
   * writer stored meanwhile. Null when the account is gone. Throws what vault or store threw; the tokens then wait.
   */
  save(id: string, fresh: FreshTokens): { result: CredentialResult; isOurs: boolean } | null;
  /** Takes over a row as stored. */
  adopt(row: AccountRow): CredentialResult;
  /** One more try for all that wait. */
  saveAgain(): void;
  forget(id: string): void;
};

/** See {@link TokenSaver}. */
export function createTokenSaver(deps: {
  book: AccountBook;
  credentials: Credentials;
  store: AccountStore;
  vault: Vault;
  clock: Clock;
  log: Logger;
}): TokenSaver {
  const waiting = new Map<string, FreshTokens>();

  function adopt(row: AccountRow): CredentialResult {
    const { credential, problem } = deps.credentials.take(row);
    if (credential !== null && problem === null) return { ok: true, credential };
    return { ok: false, problem: problem ?? { definitive: true, reason: 'Its secret cannot be read.' } };
  }

  function save(id: string, fresh: FreshTokens): ReturnType<TokenSaver['save']> {
    waiting.set(id, fresh);
    const next = {
      accessToken: sealSecret(deps.vault, fresh.accessToken, id, 'accounts.access_token'),
      refreshToken: sealSecret(deps.vault, fresh.refreshToken, id, 'accounts.refresh_token'),
      expiresAt: fresh.expiresAt,
      lastRefreshAt: fresh.lastRefreshAt,
    };
    const stored = deps.store.rotateTokens(id, fresh.used, next);
    waiting.delete(id);
    const row = deps.book.reload(id);
    if (row === undefined) return null;
    if (!stored) {
      deps.log.warn('token_rotation_lost', { account: row.name });
      return { result: adopt(row), isOurs: false };
    }
    const { credential } = deps.credentials.takeToken(row, fresh.accessToken);
    return { result: credential === null ? adopt(row) : { ok: true, credential }, isOurs: true };
  }

  function saveAgain(): void {
    for (const [id, fresh] of [...waiting]) {
      try {
        save(id, fresh);
      } catch {
        deps.log.error('token_not_stored', { accountId: id });
      }
    }
  }

  return {
    pending: (id) => waiting.get(id),
    save,
    adopt,
    saveAgain,
    forget: (id) => void waiting.delete(id),
  };
}
