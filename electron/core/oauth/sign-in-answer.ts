import { AppError } from '../errors.ts';
import type { Vault } from '../ports.ts';
import type { OauthSessionRow } from '../store-ports.ts';
import { sameText } from './pkce.ts';
import { type Redirect, readRedirect, refusalError } from './redirect.ts';
import { openVerifier } from './sign-in-opening.ts';
import type { CodeClaim } from './token-client.ts';

/**
 * What a session's code is exchanged with. The state decides before anything is sent.
 * @throws AppError `sign_in_state` for an answer to another sign-in, `sign_in_denied` or `sign_in_refused` for the
 * provider's no, `vault_locked`, `secret_unreadable`
 */
export function claimOf(vault: Vault, row: OauthSessionRow, redirect: Redirect): Omit<CodeClaim, 'tokenUrl'> {
  if (!answers(row, redirect)) throw foreignAnswer();
  if (redirect.kind === 'refused') throw refusalError(redirect);
  const { state, redirectUri } = row;
  return { code: redirect.code, state, redirectUri, verifier: openVerifier(vault, row) };
}

/** What a person pasted, when it can be an answer. @throws AppError `invalid_input` */
export function readPasted(text: string): Redirect {
  const redirect = readRedirect(text);
  if (redirect.kind === 'refused' || (redirect.kind === 'code' && redirect.state !== null)) return redirect;
  const words =
    'That is not the whole code. Copy all of it, with the part after the #, or the whole address of the page.';
  throw new AppError('invalid_input', words);
}

/** The answer that came does not belong to the sign-in that waits. */
function foreignAnswer(): AppError {
  const words =
    'The answer that came back belongs to another sign-in, so it was not used. Nothing was saved. Start again.';
  return new AppError('sign_in_state', words);
}

/** A refusal may come without a state: it can do no more than end the sign-in. */
function answers(
  row: OauthSessionRow,
  redirect: Redirect,
): redirect is Exclude<Redirect, { kind: 'unreadable' }> {
  if (redirect.kind === 'unreadable') return false;
  if (redirect.state === null) return redirect.kind === 'refused';
  return sameText(row.state, redirect.state);
}
