import { z } from 'zod';
import { accountKindSchema, HEADER_STYLES, modelMapSchema } from '../../shared/account.ts';
import type { Sealed } from '../core/ports.ts';
import type { AccountRow } from '../core/store-ports.ts';
import { blob, flag, jsonOf, parseRow, sealedFrom } from './rows.ts';

/** Columns that hold a field as it is. */
const PLAIN = {
  id: 'id',
  name: 'name',
  kind: 'kind',
  baseUrl: 'base_url',
  tokenUrl: 'token_url',
  priority: 'priority',
  expiresAt: 'expires_at',
  credentialHint: 'credential_hint',
  credentialState: 'credential_state',
  credentialWords: 'credential_words',
  provisionedMark: 'provisioned_mark',
  lastRefreshAt: 'last_refresh_at',
  lastRefreshError: 'last_refresh_error',
  organizationId: 'organization_id',
  providerAccountId: 'provider_account_id',
  email: 'email',
  organizationName: 'organization_name',
  plan: 'plan',
  consentAt: 'consent_at',
  headerStyle: 'header_style',
  createdAt: 'created_at',
  lastUsedAt: 'last_used_at',
} as const satisfies Partial<Record<keyof AccountRow, string>>;

/** Fields that take two columns: ciphertext and key id. */
const SEALED = {
  apiKey: 'api_key',
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
} as const satisfies Partial<Record<keyof AccountRow, string>>;

/** A value that better-sqlite3 binds. */
export type Bindable = string | number | Uint8Array | null;

/** Columns and values of the given fields, in the order of the tables above. Fields left out stay out. */
export function accountColumns(change: Partial<AccountRow>): Map<string, Bindable> {
  const columns = new Map<string, Bindable>();
  for (const field of keysOf(PLAIN)) {
    const value = change[field];
    if (value !== undefined) columns.set(PLAIN[field], value);
  }
  if (change.paused !== undefined) columns.set('paused', change.paused ? 1 : 0);
  if (change.modelMap !== undefined) columns.set('model_map', JSON.stringify(change.modelMap));
  for (const field of keysOf(SEALED)) {
    const value: Sealed | null | undefined = change[field];
    if (value === undefined) continue;
    columns.set(SEALED[field], value?.bytes ?? null);
    columns.set(`${SEALED[field]}_key`, value?.keyId ?? null);
  }
  return columns;
}

function keysOf<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

const rowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: accountKindSchema,
    base_url: z.string(),
    token_url: z.string().nullable(),
    priority: z.number(),
    paused: flag,
    api_key: blob.nullable(),
    api_key_key: z.string().nullable(),
    access_token: blob.nullable(),
    access_token_key: z.string().nullable(),
    refresh_token: blob.nullable(),
    refresh_token_key: z.string().nullable(),
    expires_at: z.number().nullable(),
    credential_hint: z.string().nullable(),
    credential_state: z.enum(['ok', 'refused', 'sign-in-needed']),
    credential_words: z.string().nullable(),
    provisioned_mark: blob.nullable(),
    last_refresh_at: z.number().nullable(),
    last_refresh_error: z.string().nullable(),
    organization_id: z.string().nullable(),
    provider_account_id: z.string().nullable(),
    email: z.string().nullable(),
    organization_name: z.string().nullable(),
    plan: z.string().nullable(),
    consent_at: z.number().nullable(),
    header_style: z.enum(HEADER_STYLES),
    model_map: jsonOf(modelMapSchema),
    created_at: z.number(),
    last_used_at: z.number().nullable(),
  })
  .transform(
    (row): AccountRow => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      baseUrl: row.base_url,
      tokenUrl: row.token_url,
      priority: row.priority,
      paused: row.paused,
      apiKey: sealedFrom(row.api_key, row.api_key_key),
      accessToken: sealedFrom(row.access_token, row.access_token_key),
      refreshToken: sealedFrom(row.refresh_token, row.refresh_token_key),
      expiresAt: row.expires_at,
      credentialHint: row.credential_hint,
      credentialState: row.credential_state,
      credentialWords: row.credential_words,
      provisionedMark: row.provisioned_mark,
      lastRefreshAt: row.last_refresh_at,
      lastRefreshError: row.last_refresh_error,
      organizationId: row.organization_id,
      providerAccountId: row.provider_account_id,
      email: row.email,
      organizationName: row.organization_name,
      plan: row.plan,
      consentAt: row.consent_at,
      headerStyle: row.header_style,
      modelMap: row.model_map,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }),
  );

/** @throws AppError `database_damaged` for a row that is not one of ours. */
export function accountFrom(row: unknown): AccountRow {
  return parseRow(rowSchema, row);
}
