import type { Identity } from '../../../shared/sign-in.ts';
import { AppError } from '../errors.ts';
import { plainWords } from './plain-words.ts';
import type { Target } from './sign-in-attempt.ts';
import type { ExchangedTokens } from './token-grant.ts';

/** Leaves room for what makes a name free, within the 60 characters of an account's name. */
const MAX_NAME = 50;

/** The profile where it says something, and the token answer in its gaps. */
export function ownerOf(profile: Identity | null, owner: ExchangedTokens['owner']): Identity {
  const said = (text: string | null): string | null => plainWords(text ?? '', 200) || null;
  return {
    accountId: profile?.accountId ?? said(owner.accountId),
    email: profile?.email ?? said(owner.email),
    organizationId: profile?.organizationId ?? said(owner.organizationId),
    organizationName: profile?.organizationName ?? said(owner.organizationName),
    plan: profile?.plan ?? null,
  };
}

/** A name to begin with: the e-mail's part before the @, else the organisation, else what it is. */
export function nameFor(identity: Identity, otherwise: string): string {
  const local = identity.email?.split('@')[0] ?? '';
  const words = [local, identity.organizationName ?? '', otherwise].find((text) => text.trim() !== '');
  return Array.from((words ?? otherwise).trim())
    .slice(0, MAX_NAME)
    .join('')
    .trim();
}

/**
 * Person and organisation must both be the account's where both sides know them; the e-mail stands in for a person
 * without an id. An account of which nothing is known is taken over by whoever signs in to it.
 * @throws AppError `other_account` naming both; `sign_in_refused` when the login does not say whose it is
 */
export function requireSameOwner({ name, identity: was }: Target, is: Identity): void {
  const samePerson = same(was.accountId, is.accountId) ?? sameEmail(was.email, is.email);
  const sameOrganization = same(was.organizationId, is.organizationId);
  if (samePerson === false || sameOrganization === false) {
    const words = `The account "${name}" is ${ownerWords(was)}, but this sign-in was ${ownerWords(is)}. Nothing was changed. Sign in as ${ownerWords(was)}, or add the other one as an account of its own.`;
    throw new AppError('other_account', words);
  }
  const isKnown = was.accountId !== null || was.email !== null || was.organizationId !== null;
  if (!isKnown || samePerson !== null || sameOrganization !== null) return;
  const words = `The provider did not say whose login this is, so that of "${name}" was kept. Start again.`;
  throw new AppError('sign_in_refused', words);
}

/** Null when one side does not know. */
function same(was: string | null, is: string | null): boolean | null {
  return was === null || is === null ? null : was === is;
}

function sameEmail(was: string | null, is: string | null): boolean | null {
  return same(was?.toLowerCase() ?? null, is?.toLowerCase() ?? null);
}

function ownerWords({ email, organizationName, organizationId }: Identity): string {
  const organization = organizationName ?? organizationId;
  if (email === null) return organization ?? 'somebody unknown';
  return organization === null ? email : `${email} (${organization})`;
}
