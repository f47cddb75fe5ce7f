import { buildConnector, Client, type Dispatcher } from 'undici';
import type { HeaderLookup } from '../limit-ports.ts';
import { tunnelThrough } from '../proxy/proxy-tunnel.ts';
import { trustedCertificates } from '../proxy/trusted-certificates.ts';

/** The beta header that the token endpoint and the API expect with OAuth. */
export const OAUTH_BETA = 'oauth-2025-04-20';

/** Bounds a whole call, ms: look-up, connection, answer and body. */
const TIMEOUT_MS = 30_000;

/** Bounds the opening of the connection, ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Larger than any honest answer, bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** Longest pause a `retry-after` can ask for, ms. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** One small call to the provider in the app's own name. */
export type ProviderCall = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In place of the usual bound of the whole call. */
  readonly timeoutMs?: number;
};

/** What came of it. `body` is parsed JSON; undefined when it was none, or larger than 64 KiB. */
export type ProviderAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Pick<HeaderLookup, 'get'>;
      readonly body: unknown;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable' };

/** Never throws; redirects are not followed, so a secret in a call goes to its address and nowhere else. */
export type ProviderRequest = (call: ProviderCall) => Promise<ProviderAnswer>;

/**
 * Calls to the provider, each on a connection of its own: they are minutes to hours apart, so there is nothing that
 * sleep, a changed network or a changed proxy could leave stale. `systemProxy` answers the proxy for an https
 * origin, as an http(s) address, or null. `timeoutMs` bounds a whole call; 30 s unless given.
 */
export function createProviderRequest(
  deps: { systemProxy?: (origin: string) => string | null; timeoutMs?: number } = {},
): ProviderRequest {
  const proxyFor = ({ protocol, origin }: URL): string | null =>
    protocol === 'https:' ? (deps.systemProxy?.(origin) ?? null) : null;
  return async (call) => {
    const signal = AbortSignal.timeout(call.timeoutMs ?? deps.timeoutMs ?? TIMEOUT_MS);
    try {
      const url = new URL(call.url);
      const proxy = proxyFor(url);
      const answer = await callOver(proxy, url, call, signal);
      if (answer !== 'not-connected') return answer;
      // The system tells its proxy a moment after it is asked first, which may be after the connection was tried.
      const known = signal.aborted ? proxy : proxyFor(url);
      const second = known === proxy ? answer : await callOver(known, url, call, signal);
      return second === 'not-connected' ? ended(signal) : second;
    } catch {
      return ended(signal);
    }
  };
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3) as ms from now, between 0 and an hour; null when absent. */
export function readRetryAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** The failure's own text is left out: it is about sockets, and may hold an address with a name in it. */
function ended(signal: AbortSignal): ProviderAnswer {
  return { kind: signal.aborted ? 'timeout' : 'unreachable' };
}

async function callOver(
  proxy: string | null,
  url: URL,
  call: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderAnswer | 'not-connected'> {
  let connected = false;
  const client = new Client(url.origin, {
    connect: noting(connector(url, proxy), () => {
      connected = true;
    }),
  });
  const giveUp = (): void => void client.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await readAnswer(await client.request(dispatchOptions(url, call)));
  } catch (error) {
    if (!connected) return 'not-connected';
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    void client.destroy();
  }
}

function connector(url: URL, proxy: string | null): buildConnector.connector {
  const secure = url.protocol === 'https:';
  const direct = buildConnector({ timeout: CONNECT_TIMEOUT_MS, ...(secure ? trustedCertificates() : {}) });
  return proxy === null ? direct : tunnelThrough(proxy, direct, CONNECT_TIMEOUT_MS);
}

const noting =
  (connect: buildConnector.connector, onConnected: () => void): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...result) => {
      if (result[0] === null) onConnected();
      callback(...result);
    });

function dispatchOptions(url: URL, call: ProviderCall): Dispatcher.RequestOptions {
  return {
    path: url.pathname + url.search,
    method: call.method,
    headers: { accept: 'application/json', ...call.headers, 'user-agent': 'ccflare-desktop' },
    ...(call.body === undefined ? {} : { body: call.body }),
  };
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<ProviderAnswer> {
  const fields = new Map(Object.entries(headers));
  const get = (name: string): string | undefined => {
    const value = fields.get(name.toLowerCase());
    return Array.isArray(value) ? value[0] : value;
  };
  const text = await boundedText(body);
  return { kind: 'answer', status: statusCode, headers: { get }, body: parseJson(text) };
}

/** Empty when the body is larger than any honest answer. */
async function boundedText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return '';
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
