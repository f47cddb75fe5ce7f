import type { AccountKind } from '../../../shared/account.ts';
import type { Identity } from '../../../shared/sign-in.ts';
import { AppError } from '../errors.ts';
import type { AccountRow } from '../store-ports.ts';
import type { AccountBook } from './account-book.ts';

/** Whose login a row is, as far as the provider said. */
export function identityOf(row: AccountRow): Identity {
  const { providerAccountId, email, organizationId, organizationName, plan } = row;
  return { accountId: providerAccountId, email, organizationId, organizationName, plan };
}

/** The fields of a row that an identity fills; what it does not say stays as it is. */
export function identityFields(identity: Identity): Partial<AccountRow> {
  const { accountId: providerAccountId, email, organizationId, organizationName, plan } = identity;
  const said = Object.entries({ providerAccountId, email, organizationId, organizationName, plan });
  return Object.fromEntries(said.filter(([, value]) => value !== null));
}

/** The fields of a row of which nobody has said whose login it is. */
export const NOBODY = {
  providerAccountId: null,
  email: null,
  organizationId: null,
  organizationName: null,
  plan: null,
} as const;

/**
 * The account of this kind that has the same person and organisation, other than `except`. One person in two
 * organisations is two accounts. Null when the identity says too little.
 */
export function accountWith(
  book: AccountBook,
  kind: AccountKind,
  { accountId, organizationId }: Identity,
  except?: string,
): AccountRow | null {
  if (accountId === null || organizationId === null) return null;
  for (const row of book.rows()) {
    const same = row.providerAccountId === accountId && row.organizationId === organizationId;
    if (same && row.kind === kind && row.id !== except) return row;
  }
  return null;
}

/** @throws AppError `duplicate_account` when an account other than `except` is this login already */
export function requireNew(book: AccountBook, kind: AccountKind, identity: Identity, except?: string): void {
  const same = accountWith(book, kind, identity, except);
  if (same === null) return;
  const words = `The account "${same.name}" is this login already. Sign that one in again, or remove it first.`;
  throw new AppError('duplicate_account', words);
}

/** @throws AppError `other_account` when the account is known to be another person's or another organisation's */
export function requireSame(row: AccountRow, { accountId, organizationId }: Identity): void {
  const otherPerson = differs(row.providerAccountId, accountId);
  if (!otherPerson && !differs(row.organizationId, organizationId)) return;
  const whose = otherPerson ? 'another person' : 'another organisation';
  const words = `This login belongs to ${whose} than the account "${row.name}". Sign in as before, or add it as an account of its own.`;
  throw new AppError('other_account', words);
}

function differs(known: string | null, said: string | null): boolean {
  return known !== null && said !== null && known !== said;
}
