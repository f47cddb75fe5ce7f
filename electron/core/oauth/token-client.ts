import { OAUTH_BETA, type ProviderAnswer, type ProviderRequest, readRetryAfter } from './provider-request.ts';
import { readTokenRefusal, refusalSentence } from './token-errors.ts';
import { type ExchangedTokens, type RefreshedTokens, readExchanged, readRefreshed } from './token-grant.ts';

/** After a call that reached nobody (no network yet, as after waking up) the next try may come soon. */
const UNREACHED_RETRY_MS = 5_000;

const UNREADABLE = 'The token endpoint sent an answer that could not be read.';
const TIMED_OUT = 'The token endpoint did not answer in time.';
const NOT_REACHED = 'The token endpoint could not be reached.';

/** A refresh's result. `reason` is a sentence for people and never holds a token. */
export type TokenAnswer =
  | ({ readonly ok: true } & RefreshedTokens)
  | {
      readonly ok: false;
      /** True when this refresh token can never work again. */
      readonly definitive: boolean;
      readonly reason: string;
      /** What the endpoint asked for, or a short pause when it was not reached; null = the caller's choice. */
      readonly retryAfterMs: number | null;
    };

/** Renews tokens at an OAuth token endpoint. Never throws. */
export type TokenClient = { refresh(tokenUrl: string, refreshToken: string): Promise<TokenAnswer> };

/** What an authorization code is exchanged with; all of it must be what the authorize page was given. */
export type CodeClaim = {
  readonly tokenUrl: string;
  readonly code: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly verifier: string;
};

/** An exchange's result. `reason` is a sentence for people and holds neither code nor token. */
export type ExchangeAnswer =
  | ({ readonly ok: true } & ExchangedTokens)
  | {
      readonly ok: false;
      /** False when nothing was heard from the endpoint. */
      readonly reached: boolean;
      readonly reason: string;
      readonly retryAfterMs: number | null;
    };

/** Exchanges codes at an OAuth token endpoint. Never throws. */
export type CodeExchange = { exchange(claim: CodeClaim): Promise<ExchangeAnswer> };

/** See {@link TokenClient} and {@link CodeExchange}. `clientId` is asked for each call: it is a setting. */
export function createTokenClient(deps: {
  clientId: () => string;
  request: ProviderRequest;
}): TokenClient & CodeExchange {
  const post = (url: string, fields: Record<string, string>): Promise<ProviderAnswer> =>
    deps.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'anthropic-beta': OAUTH_BETA },
      body: JSON.stringify({ ...fields, client_id: deps.clientId() }),
    });
  return {
    async refresh(tokenUrl, refreshToken) {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
      return refreshAnswer(await post(tokenUrl, fields), refreshToken);
    },
    async exchange(claim) {
      const { tokenUrl, code, state, redirectUri, verifier } = claim;
      const fields = { grant_type: 'authorization_code', code, state, redirect_uri: redirectUri };
      return exchangeAnswer(await post(tokenUrl, { ...fields, code_verifier: verifier }), claim);
    },
  };
}

function refreshAnswer(answer: ProviderAnswer, secret: string): TokenAnswer {
  if (answer.kind === 'timeout') return transient(TIMED_OUT, null);
  if (answer.kind === 'unreachable') return transient(NOT_REACHED, UNREACHED_RETRY_MS);
  if (answer.status === 200) {
    const tokens = readRefreshed(answer.body);
    return tokens === null ? transient(UNREADABLE, null) : { ok: true, ...tokens };
  }
  const refusal = readTokenRefusal(answer.status, answer.body, secret);
  return { ok: false, ...refusal, retryAfterMs: readRetryAfter(answer.headers.get('retry-after')) };
}

function exchangeAnswer(answer: ProviderAnswer, claim: CodeClaim): ExchangeAnswer {
  if (answer.kind !== 'answer') {
    const reason = answer.kind === 'timeout' ? TIMED_OUT : NOT_REACHED;
    return { ok: false, reached: false, reason, retryAfterMs: null };
  }
  const { status, body, headers } = answer;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'));
  const tokens = status === 200 ? readExchanged(body) : null;
  if (tokens !== null) return { ok: true, ...tokens };
  const secrets = [claim.code, claim.verifier, claim.state];
  const said = refusalSentence('The token endpoint', status, body, secrets);
  return { ok: false, reached: true, reason: status === 200 ? UNREADABLE : said, retryAfterMs };
}

function transient(reason: string, retryAfterMs: number | null): TokenAnswer {
  return { ok: false, definitive: false, reason, retryAfterMs };
}
