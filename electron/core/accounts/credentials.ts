import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Credential, CredentialProblem, Logger, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import { openSecret } from './secret-places.ts';

/** A token with less life than this is renewed before it is used, ms. */
export const MANDATORY_MS = 30_000;

/** A token that goes on being used is renewed this early, in the background, ms. */
const EARLY_MS = 5 * 60_000;

/** Spread of the early renewal, ms, so that accounts added together do not all ask at once. */
const JITTER_MS = 60_000;

/** What is known of one account's secret. */
export type Held = {
  readonly credential: Credential | null;
  readonly problem: CredentialProblem | null;
  /** UTC ms of the token's end; Infinity for API keys and for tokens whose end nobody stated. */
  readonly expiresAt: number;
  /** UTC ms from which a use of the token starts a background renewal. */
  readonly renewAt: number;
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
  drop(id: string): void;
};

/** See {@link Credentials}. */
export function createCredentials(deps: {
  vault: Vault;
  clock: Clock;
  log: Logger;
  random: () => number;
}): Credentials {
  const byId = new Map<string, Held>();
  let version = 0;

  function credentialFor(row: AccountRow, secret: string): Credential {
    const header = row.kind === 'api-key' ? 'x-api-key' : 'authorization';
    const value = row.kind === 'api-key' ? secret : `Bearer ${secret}`;
    const before = byId.get(row.id)?.credential;
    if (before?.header === header && before.value === value) return before;
    version += 1;
    return { header, value, version };
  }

  function keep(row: AccountRow, credential: Credential | null, problem: CredentialProblem | null): Held {
    const expiresAt = row.expiresAt ?? Number.POSITIVE_INFINITY;
    const early = earliness(expiresAt - deps.clock.now(), deps.random());
    const held = { credential, problem, expiresAt, renewAt: expiresAt - early };
    byId.set(row.id, held);
    return held;
  }

  function open(row: AccountRow): Held {
    const sealed = row.kind === 'api-key' ? row.apiKey : row.accessToken;
    if (sealed === null) return keep(row, null, unreadable(row));
    const column = row.kind === 'api-key' ? 'accounts.api_key' : 'accounts.access_token';
    try {
      return keep(
        row,
        credentialFor(row, openSecret(deps.vault, sealed, row.id, column)),
        statedProblem(row),
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
    takeToken: (row, accessToken) => keep(row, credentialFor(row, accessToken), statedProblem(row)),
    distrust(id) {
      const held = byId.get(id);
      if (held === undefined) return;
      byId.set(id, { ...held, expiresAt: Number.NEGATIVE_INFINITY, renewAt: Number.NEGATIVE_INFINITY });
    },
    drop: (id) => void byId.delete(id),
  };
}

const LOCKED: CredentialProblem = {
  definitive: true,
  reason: 'Its secret is locked. Unlock the vault to use it.',
};

/** A short-lived token is renewed in its last quarter, or each use of it would start a renewal. */
function earliness(life: number, random: number): number {
  return Math.min(EARLY_MS + random * JITTER_MS, Math.max(life, 0) / 4);
}

function unreadable(row: AccountRow): CredentialProblem {
  const next = row.kind === 'api-key' ? 'Replace the key.' : 'Sign in again.';
  return { definitive: true, reason: `Its stored secret cannot be read on this computer. ${next}` };
}

/** What the row itself says stands between the account and its use. */
function statedProblem(row: AccountRow): CredentialProblem | null {
  if (row.credentialState === 'ok') return null;
  const words = row.credentialWords === null ? '' : ` ${row.credentialWords}`;
  const said =
    row.credentialState === 'refused'
      ? `The provider refused its key.${words} Replace the key.`
      : `Its login is no longer accepted.${words} Sign in again.`;
  return { definitive: true, reason: said };
}
