import type { Verdict } from '../limit-ports.ts';
import { evidenceOf, type Rule } from './verdicts.ts';

/** Rest of a login that is refused even when fresh, ms: keeps requests from refreshing it over and over. */
const REFUSED_TWICE_MS = 5 * 60_000;

/** Said where a login as such is not accepted, which no refresh changes. */
const NO_LOGINS_HERE = /oauth authentication is (?:currently )?not (?:supported|allowed)/i;

/** Said of a login that was not given the permission that a call needs. */
const SCOPE_MISSING = /scope requirement/i;

/** A 403 that is about the token, not about a permission. */
const REVOKED = /token has been revoked|token (?:has|is) expired|invalid bearer token/i;

/**
 * The provider refused our credential. The client must not see that raw: Claude Code would drop its own login over
 * it. A login is refreshed once; the pool marks what stays refused.
 */
export const refusedCredential: Rule = (answer, context) => {
  const message = answer.error?.message ?? '';
  const scopeMissing = SCOPE_MISSING.test(message);
  const ofToken = REVOKED.test(message) || NO_LOGINS_HERE.test(message) || scopeMissing;
  if (answer.status !== 401 && !(answer.status === 403 && ofToken)) return null;
  if (context.account.kind === 'api-key') {
    return next('auth_refused', `The provider refused its key (${answer.status})`);
  }
  if (NO_LOGINS_HERE.test(message)) {
    return next('oauth_not_supported', 'The provider takes no login for this kind of request');
  }
  if (scopeMissing && context.inference === false) {
    return next('scope_missing', 'Its login was not given the permission for this kind of call');
  }
  if (!context.refreshedHere) {
    return {
      scope: 'account',
      action: 'refresh-credential',
      code: 'auth_refused',
      reason: `The provider refused its login (${answer.status})`,
      hideFromClient: true,
    };
  }
  return {
    ...next('auth_refused', 'The provider refused its login even after a refresh'),
    cooldown: {
      bucket: '*',
      until: context.now + REFUSED_TWICE_MS,
      evidence: evidenceOf(answer, []),
      attention: true,
    },
  };
};

function next(code: string, reason: string): Verdict {
  return { scope: 'account', action: 'next-account', code, reason, hideFromClient: true };
}
