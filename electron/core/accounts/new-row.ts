import {
  DEFAULT_BASE_URL,
  DEFAULT_PRIORITY,
  type HeaderStyle,
  type ModelMap,
} from '../../../shared/account.ts';
import type { AccountRow } from '../store-ports.ts';

/** What an account is made from. Fields left out get the provider's address and the priority of their kind. */
export type NewAccount = {
  name: string;
  baseUrl?: string | undefined;
  priority?: number | undefined;
  headerStyle?: HeaderStyle | undefined;
  modelMap?: ModelMap | undefined;
};

/** A row without secrets and history. */
export function newRow(given: NewAccount & Pick<AccountRow, 'id' | 'kind' | 'createdAt'>): AccountRow {
  return {
    id: given.id,
    name: given.name,
    kind: given.kind,
    baseUrl: withoutSlash(given.baseUrl ?? DEFAULT_BASE_URL),
    priority: given.priority ?? DEFAULT_PRIORITY[given.kind],
    paused: false,
    createdAt: given.createdAt,
    headerStyle: given.headerStyle ?? 'x-api-key',
    modelMap: given.modelMap ?? {},
    tokenUrl: null,
    apiKey: null,
    accessToken: null,
    refreshToken: null,
    expiresAt: null,
    credentialHint: null,
    credentialState: 'ok',
    credentialWords: null,
    provisionedMark: null,
    lastRefreshAt: null,
    lastRefreshError: null,
    organizationId: null,
    providerAccountId: null,
    email: null,
    organizationName: null,
    plan: null,
    consentAt: null,
    lastUsedAt: null,
  };
}

/** Addresses are kept without trailing slashes, since paths are appended to them. */
export function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
