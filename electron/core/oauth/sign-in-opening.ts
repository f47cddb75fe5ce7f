import type { Settings } from '../../../shared/settings.ts';
import type { SignInMode } from '../../../shared/sign-in.ts';
import { AppError } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { SignInAccounts, Vault } from '../ports.ts';
import type { OauthSessionRow } from '../store-ports.ts';
import type { SignInTicket } from '../thread-contract.ts';
import { authorizeUrl } from './authorize-url.ts';
import { randomText } from './pkce.ts';
import { type Attempt, KIND_OF, type Target } from './sign-in-attempt.ts';

/** Place of a verifier, as bound into its ciphertext. */
const VERIFIER_COLUMN = 'oauth_sessions.verifier';

/**
 * The account that signs in again.
 * @throws AppError `not_found`; `conflict` when the mode cannot give what the account lives on
 */
export function targetOf(accounts: SignInAccounts, mode: SignInMode, accountId: string): Target {
  const { name, kind, identity } = accounts.existing(accountId);
  if (kind === KIND_OF[mode]) return { id: accountId, name, identity };
  const words =
    kind === 'oauth'
      ? `The account "${name}" is a subscription. Sign in with the subscription, not the console.`
      : `The account "${name}" uses an API key. Sign in with the console, or enter a new key.`;
  throw new AppError('conflict', words);
}

/** What a sign-in is begun with. `listener`: where the system's browser comes back to; null for the other ways. */
export type Beginning = Pick<Attempt, 'mode' | 'way' | 'actor' | 'target' | 'listener'>;

/**
 * A sign-in with a fresh verifier, sealed in its session, and a state of its own; and the page to open.
 * @throws AppError `vault_locked`
 */
export function openSignIn(
  deps: { vault: Vault; settings: Settings; now: number },
  given: Beginning,
): { attempt: Attempt; row: OauthSessionRow; ticket: SignInTicket } {
  const { settings, now, vault } = deps;
  const { mode, way, target } = given;
  const id = randomId();
  const [verifier, state] = [randomText(), randomText()];
  const redirectUri = given.listener?.redirectUri ?? settings.oauthRedirectUrl;
  const accountId = target?.id ?? null;
  const expiresAt = now + settings.signInTimeoutMs;
  const sealed = vault.seal(verifier, id, VERIFIER_COLUMN);
  const url = authorizeUrl({ ...pageOf(settings, mode), redirectUri, verifier, state });
  return {
    attempt: {
      ...{ ...given, id, redirectUri, startedAt: now, expiresAt, phase: 'waiting', accountId },
      ...{ identity: null, suggestedName: null, duplicateOf: null, error: null, login: null, timer: null },
    },
    row: { id, mode, state, verifier: sealed, redirectUri, accountId, createdAt: now, expiresAt },
    ticket: { id, way, url, redirectUri, expiresAt },
  };
}

function pageOf(settings: Settings, mode: SignInMode) {
  const { oauthClientId: clientId } = settings;
  return mode === 'console'
    ? { clientId, page: settings.oauthConsoleAuthorizeUrl, scope: settings.oauthConsoleScopes }
    : { clientId, page: settings.oauthAuthorizeUrl, scope: settings.oauthScopes };
}

/** @throws AppError `vault_locked`, `secret_unreadable` */
export function openVerifier(vault: Vault, row: OauthSessionRow): string {
  return vault.open(row.verifier, row.id, VERIFIER_COLUMN);
}
