import { OAUTH_BETA, type ProviderRequest } from '../oauth/provider-request.ts';
import { readRefusal } from '../oauth/token-errors.ts';
import { withoutSlash } from './new-row.ts';

/** What the provider says to a token: `unreachable` also when it answered something that is not about the token. */
export type TokenCheck = 'ok' | 'refused' | 'unreachable';

/** A 403 comes from gateways and for missing scopes, too; only these words are about the token itself. */
const ABOUT_THE_TOKEN = /revoked|expired|invalid bearer/i;

/**
 * Asks the provider whether it accepts a login's token, with a call that costs nothing: the list of models, one
 * line of it. Never rejects.
 */
export function createTokenVerifier(deps: {
  request: ProviderRequest;
  apiUrl: () => string;
}): (accessToken: string) => Promise<TokenCheck> {
  return async (accessToken) => {
    const answer = await deps.request({
      method: 'GET',
      url: `${withoutSlash(deps.apiUrl())}/v1/models?limit=1`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        'anthropic-version': '2023-06-01',
        'anthropic-beta': OAUTH_BETA,
      },
    });
    if (answer.kind !== 'answer') return 'unreachable';
    if (answer.status === 401) return 'refused';
    if (answer.status === 403 && ABOUT_THE_TOKEN.test(readRefusal(answer.body).words)) return 'refused';
    return answer.status >= 200 && answer.status < 300 ? 'ok' : 'unreachable';
  };
}
