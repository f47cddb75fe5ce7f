import { type Dispatcher, request } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { RefreshError, refreshErrorOf } from './refresh-error.ts';
import { parseTokens, type Tokens } from './token-answer.ts';

/** Public client id of the provider's own command line, whose logins these are. `CLIENT_ID` overrides it. */
export const DEFAULT_CLIENT_ID = '9d1c250a-e61b-44d9-88ed-5944d1962f5e';

/** A refresh that takes longer is given up, ms. */
const TIMEOUT_MS = 30_000;

/** Larger than any token answer, bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Talks to OAuth token endpoints. */
export type TokenClient = {
  /**
   * Trades a refresh token for new tokens. The old one may be of no use from this moment on.
   * @throws RefreshError
   */
  refresh(tokenUrl: string, refreshToken: string): Promise<Tokens>;
};

/**
 * The refresh grant as the provider wants it: JSON, no redirects, bounded in time and size. Tokens appear in no
 * error. `dispatcher` answers what carries the request (a proxy, say); undici's own by default.
 */
export function createTokenClient(options: {
  clientId: string;
  clock?: Clock;
  dispatcher?: () => Dispatcher;
}): TokenClient {
  const { clientId, clock = systemClock, dispatcher } = options;
  return {
    async refresh(tokenUrl, refreshToken) {
      const cancel = new AbortController();
      const timer = clock.after(TIMEOUT_MS, () => cancel.abort());
      try {
        const answer = await request(tokenUrl, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            'user-agent': 'ccflare-desktop',
            'anthropic-beta': 'oauth-2025-04-20',
          },
          body: JSON.stringify({
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
            client_id: clientId,
          }),
          signal: cancel.signal,
          headersTimeout: 0,
          bodyTimeout: 0,
          ...(dispatcher === undefined ? {} : { dispatcher: dispatcher() }),
        });
        return tokensOf(answer.statusCode, answer.headers['retry-after'], await readText(answer.body));
      } catch (error) {
        throw explain(error, cancel.signal.aborted);
      } finally {
        timer.cancel();
      }
    },
  };
}

function tokensOf(status: number, retryAfter: string | string[] | undefined, text: string): Tokens {
  const wait = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
  if (status !== 200) throw refreshErrorOf(status, wait, text);
  const tokens = parseTokens(text);
  if (tokens !== null) return tokens;
  throw new RefreshError('The provider answered a renewal with something that holds no token.', false);
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_ANSWER_BYTES) {
      body.destroy();
      throw new RefreshError('The provider answered a renewal with far too many bytes.', false);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function explain(error: unknown, timedOut: boolean): RefreshError {
  if (error instanceof RefreshError) return error;
  if (timedOut) return new RefreshError('The provider did not answer a renewal within 30 seconds.', false);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no detail';
  return new RefreshError(
    `The provider could not be reached to renew the login (${code}).`,
    false,
    null,
    error,
  );
}
