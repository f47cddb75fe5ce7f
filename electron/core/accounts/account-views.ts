import type { AccountView } from '../../../shared/account.ts';
import type { AccountBook } from './account-book.ts';
import type { UseNotes } from './use-notes.ts';

/** What this room knows of an account for its view. */
export type AccountDetail = Pick<
  AccountView,
  | 'credentialHint'
  | 'token'
  | 'email'
  | 'organizationName'
  | 'organizationId'
  | 'plan'
  | 'consented'
  | 'headerStyle'
  | 'modelMap'
  | 'lastUsedAt'
  | 'createdAt'
>;

/** No field of it can hold a secret. @throws AppError `not_found` */
export function accountDetail(book: AccountBook, notes: UseNotes, id: string): AccountDetail {
  const row = book.existing(id);
  const { expiresAt, lastRefreshAt, lastRefreshError } = row;
  const { email, organizationId, organizationName, plan } = notes.owner(id);
  const renewable = row.refreshToken !== null;
  return {
    credentialHint: row.credentialHint,
    token: row.kind === 'oauth' ? { expiresAt, lastRefreshAt, lastRefreshError, renewable } : null,
    email,
    organizationId,
    organizationName,
    plan,
    consented: row.consentAt !== null,
    headerStyle: row.headerStyle,
    modelMap: row.modelMap,
    lastUsedAt: notes.lastUsedAt(id),
    createdAt: row.createdAt,
  };
}
