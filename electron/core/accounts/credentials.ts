import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Credential, CredentialProblem, Logger, SettingsSource, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import { openSecret } from './secret-places.ts';

/** A token with less life than this is renewed before it is used, ms. */
export const MANDATORY_MS = 30_000;

/** Spread of the early renewal, ms, so that accounts added together do not all ask at once. */
const JITTER_MS = 60_000;

/** What is known of one account's secret. */
export type Held = {
  readonly credential: Credential | null;
  readonly problem: CredentialProblem | null;
  /** UTC ms of the token's end; Infinity for API keys and for tokens whose end nobody stated. */
  readonly expiresAt: number;
  /** UTC ms from which a use of the token starts a background renewal; its end where it cannot be renewed. */
  readonly renewAt: number;
  readonly renewable: boolean;
  /** How long the token was good for when it was issued, ms, as far as that is known. */
  readonly life: number;
};

/** The opened secrets, so that no request waits for the vault. */
export type Credentials = {
  held(id: string): Held | undefined;
  /** Opens the row's secrets and keeps the result; the credential keeps its version while its value is the same. */
  take(row: AccountRow): Held;
  /** Takes over tokens that were just stored, without opening them again. */
  takeToken(row: AccountRow, accessToken: string): Held;
  /** The provider refused the token: it counts as ended until another is taken. */
  distrust(id: string): void;
  /** Sets the times of renewal anew, after the setting has changed. */
  replan(): void;
  drop(id: string): void;
};

/** See {@link Credentials}. */
export function createCredentials(deps: {
  vault: Vault;
  clock: Clock;
  log: Logger;
  settings: SettingsSource;
  random: () => number;
}): Credentials {
  const byId = new Map<string, Held>();
  let version = 0;

  function credentialFor(row: AccountRow, secret: string): Credential {
    const plain = row.kind === 'api-key' && row.headerStyle === 'x-api-key';
    const header = plain ? 'x-api-key' : 'authorization';
    const value = plain ? secret : `Bearer ${secret}`;
    const before = byId.get(row.id)?.credential;
    if (before?.header === header && before.value === value) return before;
    version += 1;
    return { header, value, version };
  }

  function keep(row: AccountRow, credential: Credential | null, problem: CredentialProblem | null): Held {
    const expiresAt = row.expiresAt ?? Number.POSITIVE_INFINITY;
    const renewable = row.refreshToken !== null;
    const life = Math.max(expiresAt - (row.lastRefreshAt ?? row.createdAt), 0);
    const renewAt = renewalTime({ expiresAt, renewable, life });
    const held = { credential, problem, expiresAt, renewable, life, renewAt };
    byId.set(row.id, held);
    return held;
  }

  /** A short-lived token is renewed in its last quarter, or each use of it would start a renewal. */
  function renewalTime({
    expiresAt,
    renewable,
    life,
  }: Pick<Held, 'expiresAt' | 'renewable' | 'life'>): number {
    if (!renewable) return expiresAt;
    const early = deps.settings.current().refreshLeadMs + deps.random() * JITTER_MS;
    return expiresAt - Math.min(early, life / 4);
  }

  function open(row: AccountRow): Held {
    const sealed = row.kind === 'api-key' ? row.apiKey : row.accessToken;
    if (sealed === null) return keep(row, null, unreadable(row));
    const column = row.kind === 'api-key' ? 'accounts.api_key' : 'accounts.access_token';
    try {
      return keep(
        row,
        credentialFor(row, openSecret(deps.vault, sealed, row.id, column)),
        statedProblem(row, deps.clock.now()),
      );
    } catch (error) {
      const locked = error instanceof AppError && error.code === 'vault_locked';
      if (!locked) deps.log.warn('account_secret_unreadable', { account: row.name });
      return keep(row, null, locked ? LOCKED : unreadable(row));
    }
  }

  return {
    held: (id) => byId.get(id),
    take: (row) => (deps.vault.ready() ? open(row) : keep(row, null, LOCKED)),
    takeToken: (row, accessToken) =>
      keep(row, credentialFor(row, accessToken), statedProblem(row, deps.clock.now())),
    distrust(id) {
      const held = byId.get(id);
      if (held === undefined) return;
      byId.set(id, { ...held, expiresAt: Number.NEGATIVE_INFINITY, renewAt: Number.NEGATIVE_INFINITY });
    },
    replan() {
      for (const [id, held] of byId) byId.set(id, { ...held, renewAt: renewalTime(held) });
    },
    drop: (id) => void byId.delete(id),
  };
}

const LOCKED: CredentialProblem = {
  definitive: true,
  reason: 'Its secret is locked. Unlock the vault to use it.',
};

function unreadable(row: AccountRow): CredentialProblem {
  const next = row.kind === 'api-key' ? 'Replace the key.' : 'Sign in again.';
  return { definitive: true, reason: `Its stored secret cannot be read on this computer. ${next}` };
}

/** What the row itself says stands between the account and its use. */
function statedProblem(row: AccountRow, now: number): CredentialProblem | null {
  if (row.credentialState === 'ok') return null;
  const words = row.credentialWords === null ? '' : ` ${row.credentialWords}`;
  if (row.kind === 'api-key') {
    return { definitive: true, reason: `The provider refused its key.${words} Replace the key.` };
  }
  if (row.refreshToken !== null) {
    return { definitive: true, reason: `Its login is no longer accepted.${words} Sign in again.` };
  }
  const ended = row.expiresAt !== null && now >= row.expiresAt;
  const said = ended
    ? 'Its long-lived token has ended.'
    : `The provider refused its long-lived token.${words}`;
  return { definitive: true, reason: `${said} Paste a new one, or sign in.` };
}
