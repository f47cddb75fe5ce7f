import { challengeOf } from './pkce.ts';

/**
 * Address of the page where a person signs in. `code=true` makes the hosted redirect page show the code, which the
 * other ways do no harm with. The verifier stays here; its challenge goes out.
 */
export function authorizeUrl(given: {
  page: string;
  clientId: string;
  redirectUri: string;
  /** Words separated by spaces. */
  scope: string;
  verifier: string;
  state: string;
}): string {
  const url = new URL(given.page);
  url.search = new URLSearchParams({
    code: 'true',
    client_id: given.clientId,
    response_type: 'code',
    redirect_uri: given.redirectUri,
    scope: given.scope,
    code_challenge: challengeOf(given.verifier),
    code_challenge_method: 'S256',
    state: given.state,
  }).toString();
  return url.href;
}
