import { decideAccount, type OldAccount, type OldLogin } from './account-kind.ts';
import { flagOf, numberOf, textOf } from './old-values.ts';
import { accountTable, quoted, type SourceDatabase, withImportErrors } from './source-database.ts';
import { selectList } from './source-rows.ts';

/** Accounts that are read; nobody has more. */
const MAX_ACCOUNTS = 500;

/** Longest token that is read, characters; one that is cut is refused later. */
const MAX_SECRET = 20_000;

const WANTED = {
  id: 200,
  name: 200,
  provider: 60,
  api_key: MAX_SECRET,
  refresh_token: MAX_SECRET,
  access_token: MAX_SECRET,
  expires_at: 'number',
  paused: 'number',
  priority: 'number',
  custom_endpoint: 600,
  pause_reason: 40,
  requires_reauth: 'number',
  model_mappings: 20,
} as const;

type Row = { readonly [column in keyof typeof WANTED]: unknown };

/** An account of the old program. */
export type SourceAccount = {
  readonly sourceId: string;
  /** As it was; empty when it had none. */
  readonly name: string;
  /** Lower is preferred; null in ccflare, which takes them in order. */
  readonly priority: number | null;
  readonly paused: boolean;
  readonly kind: 'api-key' | 'oauth' | null;
  /** Its secret in clear; null when it cannot come. */
  readonly login: OldLogin | null;
  readonly skipped: string | null;
  readonly note: string | null;
};

/**
 * The accounts in the old program's order; empty when there is no usable table.
 * @throws AppError `import_unreadable` when the table is damaged
 */
export function readSourceAccounts(source: SourceDatabase): SourceAccount[] {
  const table = accountTable(source);
  if (!table) return [];
  return withImportErrors(() =>
    source.db
      .prepare<[], Row>(
        `SELECT ${selectList(table, WANTED)} FROM ${quoted('accounts')}
         ORDER BY ${table.rowNumber} LIMIT ${MAX_ACCOUNTS}`,
      )
      .all()
      .flatMap((row) => accountOf(row) ?? []),
  );
}

function accountOf(row: Row): SourceAccount | null {
  const sourceId = textOf(row.id, 200);
  if (sourceId === null) return null;
  const old = oldAccount(row);
  const { login, skipped, notes } = decideAccount(old);
  const paused = flagOf(row.paused) ?? false;
  const more = paused ? pauseNote(textOf(row.pause_reason, 40)) : [];
  return {
    sourceId,
    name: textOf(row.name, 200) ?? '',
    priority: numberOf(row.priority),
    paused,
    kind: login?.kind ?? null,
    login,
    skipped,
    note: [...notes, ...more].join(' ') || null,
  };
}

function oldAccount(row: Row): OldAccount {
  return {
    provider: (textOf(row.provider, 40) ?? 'anthropic').toLowerCase(),
    apiKey: textOf(row.api_key, MAX_SECRET),
    refreshToken: textOf(row.refresh_token, MAX_SECRET),
    accessToken: textOf(row.access_token, MAX_SECRET),
    expiresAt: numberOf(row.expires_at),
    endpoint: textOf(row.custom_endpoint, 600),
    needsSignIn: flagOf(row.requires_reauth) ?? false,
    hasModelNames: (textOf(row.model_mappings, 20) ?? '{}') !== '{}',
  };
}

/** A pause that the old program made by itself is kept: ending it is for the user. */
function pauseNote(reason: string | null): string[] {
  if (reason === null || reason === 'manual') return [];
  return ['The old program had paused it by itself; it comes paused.'];
}
