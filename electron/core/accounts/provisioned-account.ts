import { AppError } from '../errors.ts';
import type { LoginTokens, Vault } from '../ports.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';
import { markOf } from './account-secrets.ts';
import type { AccountService } from './account-service.ts';
import type { NewAccount } from './new-row.ts';
import { openSecret, type SecretColumn } from './secret-places.ts';

/** An account as a provision file describes it, secrets resolved. What is left out stays as it is. */
export type ProvisionedAccount = NewAccount & { paused?: boolean | undefined } & (
    | { kind: 'api-key'; apiKey: string }
    | ({ kind: 'oauth'; tokenUrl?: string | undefined } & LoginTokens)
  );

type ProvisionDeps = { book: AccountBook; vault: Vault; service: AccountService };

/**
 * Makes the account with this name so; true when something had to be written. Tokens are taken from the file only
 * when they differ from the ones a file gave last: those in the store may have been rotated since, and are newer.
 * @throws AppError `conflict` when the name belongs to an account of the other kind, `vault_locked`
 */
export function provisionAccount(deps: ProvisionDeps, wanted: ProvisionedAccount): boolean {
  const row = deps.book.named(wanted.name);
  if (row === undefined) {
    insert(deps, wanted);
    return true;
  }
  if (row.kind !== wanted.kind) {
    const words = `The account "${row.name}" exists with the kind ${row.kind}. Rename or remove it, or change the file.`;
    throw new AppError('conflict', words);
  }
  setPlain(deps, row, wanted);
  if (!hasSecret(deps.vault, row, wanted)) replaceSecret(deps, row.id, wanted);
  return deps.book.existing(row.id) !== row;
}

function insert({ service }: ProvisionDeps, wanted: ProvisionedAccount): void {
  if (wanted.kind === 'oauth') {
    service.addOauth({ ...wanted, consent: false }, 'provision');
    return;
  }
  const { id } = service.add(wanted, 'provision');
  if (wanted.paused === true) service.setPaused({ id, paused: true }, 'provision');
}

/** The service writes and records only what differs. */
function setPlain({ service }: ProvisionDeps, row: AccountRow, wanted: ProvisionedAccount): void {
  const { id } = row;
  const { priority, paused, baseUrl = row.baseUrl, headerStyle = row.headerStyle } = wanted;
  const { modelMap = row.modelMap } = wanted;
  service.setEndpoint({ id, baseUrl, headerStyle, modelMap }, 'provision');
  if (priority !== undefined) service.setPriority({ id, priority }, 'provision');
  if (paused !== undefined) service.setPaused({ id, paused }, 'provision');
  const tokenUrl = wanted.kind === 'oauth' ? wanted.tokenUrl : undefined;
  if (tokenUrl !== undefined) service.setTokenUrl({ id, tokenUrl }, 'provision');
}

function hasSecret(vault: Vault, row: AccountRow, wanted: ProvisionedAccount): boolean {
  if (wanted.kind === 'api-key') return opened(vault, row, 'apiKey', 'accounts.api_key') === wanted.apiKey;
  const { provisionedMark: mark } = row;
  if (mark === null || !markOf(row.id, wanted).equals(mark)) return false;
  const stored =
    row.refreshToken === null
      ? opened(vault, row, 'accessToken', 'accounts.access_token')
      : opened(vault, row, 'refreshToken', 'accounts.refresh_token');
  return stored !== null;
}

/** Null for a secret that is missing or cannot be read: then the file's one takes its place. */
function opened(
  vault: Vault,
  row: AccountRow,
  field: 'apiKey' | 'accessToken' | 'refreshToken',
  column: SecretColumn,
): string | null {
  const sealed = row[field];
  if (sealed === null) return null;
  try {
    return openSecret(vault, sealed, row.id, column);
  } catch (error) {
    if (error instanceof AppError && error.code === 'secret_unreadable') return null;
    throw error;
  }
}

function replaceSecret({ service }: ProvisionDeps, id: string, wanted: ProvisionedAccount): void {
  if (wanted.kind === 'api-key') service.replaceKey({ id, apiKey: wanted.apiKey }, 'provision');
  else service.replaceTokens({ id, ...tokensOf(wanted) }, 'provision');
}

function tokensOf({ accessToken, refreshToken, expiresAt }: LoginTokens): LoginTokens {
  return { accessToken, refreshToken, expiresAt };
}
