import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { OAUTH_BETA } from './provider-request.ts';
import { readTokenRefusal } from './token-errors.ts';

/** Public client id under which subscription logins are issued; tokens can be refreshed only with the same one. */
export const DEFAULT_CLIENT_ID = '9d1c250a-e61b-44d9-88ed-5944d1962f5e';

const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 64 * 1024;

/** After a call that reached nobody (no network yet, as after waking up) the next try may come soon. */
const UNREACHED_RETRY_MS = 5_000;

/** Longest pause a `retry-after` can ask for. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** A refresh's result. `reason` is a sentence for people and never holds a token. */
export type TokenAnswer =
  | {
      readonly ok: true;
      readonly accessToken: string;
      /** Null when the provider kept the old one valid. */
      readonly refreshToken: string | null;
      readonly expiresInSeconds: number;
    }
  | {
      readonly ok: false;
      /** True when this refresh token can never work again. */
      readonly definitive: boolean;
      readonly reason: string;
      /** What the endpoint asked for, or a short pause when it was not reached; null = the caller's choice. */
      readonly retryAfterMs: number | null;
    };

/** Talks to an OAuth token endpoint. Never throws. */
export type TokenClient = { refresh(tokenUrl: string, refreshToken: string): Promise<TokenAnswer> };

const headerToken = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e]+$/);

const grantSchema = z.object({
  access_token: headerToken,
  refresh_token: headerToken.nullish(),
  expires_in: z
    .number()
    .positive()
    .max(10 * 365 * 86_400),
});

/** See {@link TokenClient}. `timeoutMs` bounds the whole call, body included; 30 s unless given. */
export function createTokenClient(deps: { clientId: string; timeoutMs?: number }): TokenClient {
  const timeoutMs = deps.timeoutMs ?? TIMEOUT_MS;
  return {
    async refresh(tokenUrl, refreshToken) {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: deps.clientId };
      try {
        const response = await post(tokenUrl, JSON.stringify(fields), timeoutMs);
        const text = await boundedText(response.body);
        return readAnswer(response, text, refreshToken);
      } catch (error) {
        return unreached(error);
      }
    },
  };
}

function post(url: string, body: string, timeoutMs: number): Promise<Dispatcher.ResponseData> {
  return request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'anthropic-beta': OAUTH_BETA,
      'user-agent': 'ccflare-desktop',
    },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** Null when the body is larger than any honest answer. */
async function boundedText(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) {
      body.destroy();
      return null;
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(response: Dispatcher.ResponseData, text: string | null, secret: string): TokenAnswer {
  const { statusCode: status, headers } = response;
  const body = text === null ? undefined : parseJson(text);
  if (status === 200) return readGrant(body);
  const retryAfterMs = readRetryAfter(headers['retry-after']);
  return { ok: false, ...readTokenRefusal(status, body, secret), retryAfterMs };
}

function readGrant(body: unknown): TokenAnswer {
  const parsed = grantSchema.safeParse(body);
  if (!parsed.success) return transient('The token endpoint sent an answer that could not be read.', null);
  const {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresInSeconds,
  } = parsed.data;
  return { ok: true, accessToken, refreshToken: refreshToken ?? null, expiresInSeconds };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), ms. */
function readRetryAfter(value: string | string[] | undefined): number | null {
  const text = Array.isArray(value) ? value[0] : value;
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** The error's own text is left out: it is about sockets, and may hold an address with a name in it. */
function unreached(error: unknown): TokenAnswer {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return transient('The token endpoint did not answer in time.', null);
  }
  return transient('The token endpoint could not be reached.', UNREACHED_RETRY_MS);
}

function transient(reason: string, retryAfterMs: number | null): TokenAnswer {
  return { ok: false, definitive: false, reason, retryAfterMs };
}
