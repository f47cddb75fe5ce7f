import { z } from 'zod';
import { openSecret, type SecretColumn } from '../../core/accounts/secret-places.ts';
import { AppError } from '../../core/errors.ts';
import type { Sealed, Vault } from '../../core/ports.ts';
import type { AccountRow, SettingsStore } from '../../core/store-ports.ts';
import type { AccountsHere } from './account-plan.ts';
import type { SourceAccount } from './account-rows.ts';

/** Row of the settings table that holds the memory; no setting is called this. */
const KEY = 'import.accounts';

const memorySchema = z.record(z.string(), z.string()).catch({});

/**
 * What became of the accounts of earlier imports: id there to id here. It survives new names and renewed tokens, on
 * either side, so that a second import adds no account twice.
 */
export function createImportMemory(store: SettingsStore) {
  const read = (): Map<string, string> =>
    new Map(Object.entries(memorySchema.parse(parsed(store.list().get(KEY)))));
  return {
    read,
    put(entries: ReadonlyMap<string, string>): void {
      if (entries.size === 0) return;
      const all = Object.fromEntries([...read(), ...entries]);
      store.put(new Map([[KEY, JSON.stringify(all)]]));
    },
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Recognises accounts that are here: by memory, or because the secret itself is the same. Secrets are compared only
 * while the vault is open, and kept no longer than the answer.
 */
export function accountsHere(
  rows: readonly AccountRow[],
  memory: ReadonlyMap<string, string>,
  vault: Vault,
): AccountsHere {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const bySecret = new Map(
    rows.flatMap((row) => secretsOf(row, vault).map((secret) => [secret, row] as const)),
  );
  return {
    all: rows,
    known({ sourceId, login }) {
      const remembered = byId.get(memory.get(sourceId) ?? '');
      const same = loginSecrets(login).map((secret) => bySecret.get(secret));
      return remembered ?? same.find((row) => row !== undefined) ?? null;
    },
  };
}

function loginSecrets(login: SourceAccount['login']): string[] {
  if (login === null) return [];
  if (login.kind === 'api-key') return [login.apiKey];
  return [login.refreshToken ?? '', login.accessToken].filter((token) => token !== '');
}

function secretsOf(row: AccountRow, vault: Vault): string[] {
  if (!vault.ready()) return [];
  const places: [Sealed | null, SecretColumn][] = [
    [row.apiKey, 'accounts.api_key'],
    [row.refreshToken, 'accounts.refresh_token'],
    [row.accessToken, 'accounts.access_token'],
  ];
  return places.flatMap(([sealed, column]) => (sealed === null ? [] : opened(vault, sealed, row.id, column)));
}

/** One that cannot be read is equal to none. */
function opened(vault: Vault, sealed: Sealed, id: string, column: SecretColumn): string[] {
  try {
    const secret = openSecret(vault, sealed, id, column);
    return secret === '' ? [] : [secret];
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
