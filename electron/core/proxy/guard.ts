import type { IncomingMessage } from 'node:http';
import type { ClientIdentity, ClientKeyring, RateLimiter } from '../ports.ts';
import type { ErrorDetail } from './own-answers.ts';
import type { OwnErrorCode } from './own-errors.ts';
import { parseTarget, type RequestTarget } from './request-target.ts';

/** Header fields a request may have. */
const MAX_FIELDS = 128;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

/** A refusal, with what its answer says beyond the catalogue. */
export type Refusal = { readonly code: OwnErrorCode; readonly detail?: ErrorDetail };

/** Names that lead to this listener, for Host and for finding loops. */
export type OwnAddress = { readonly hosts: ReadonlySet<string>; readonly origins: ReadonlySet<string> };

/** The names under which a listener on 127.0.0.1 is served. */
export function ownAddress(port: number): OwnAddress {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const hosts = names.map((name) => `${name}:${port}`);
  if (port === 80) hosts.push(...names);
  return {
    hosts: new Set(hosts),
    origins: new Set(names.map((name) => new URL(`http://${name}:${port}`).origin)),
  };
}

type Check = (req: IncomingMessage, own: OwnAddress) => OwnErrorCode | null;

/**
 * What a request must be before anything else is looked at, in this order. Node's parser has already refused
 * what is not HTTP, a length beside a transfer coding, conflicting lengths and heads over the bound.
 */
const CHECKS: readonly Check[] = [
  (req) => (req.httpVersion === '1.1' ? null : 'http_version'),
  (req) => (req.rawHeaders.length / 2 > MAX_FIELDS ? 'too_many_headers' : null),
  clearFraming,
  (req, own) => (own.hosts.has(req.headers.host?.toLowerCase() ?? '') ? null : 'foreign_host'),
  fromNoWebPage,
  (req) => (METHODS.has(req.method ?? '') ? null : 'method_not_allowed'),
];

/** Fields that may occur once: two of them would be read differently by different servers. */
const SINGLE = ['host', 'content-length', 'transfer-encoding', 'authorization', 'x-api-key', 'x-ccflare-key'];

/** Smuggling needs two readings of one request: repeated fields, a length beside a coding, or a strange coding. */
function clearFraming(req: IncomingMessage): OwnErrorCode | null {
  let seen = 0;
  const { rawHeaders } = req;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const at = SINGLE.indexOf((rawHeaders[i] ?? '').toLowerCase());
    if (at === -1) continue;
    const bit = 1 << at;
    if ((seen & bit) !== 0) return 'bad_framing';
    seen |= bit;
  }
  const coding = req.headers['transfer-encoding'];
  if (coding === undefined) return null;
  return coding.toLowerCase() === 'chunked' && req.headers['content-length'] === undefined
    ? null
    : 'bad_framing';
}

/** Browsers name the page a request comes from; no program that we serve does. */
function fromNoWebPage(req: IncomingMessage): OwnErrorCode | null {
  const site = req.headers['sec-fetch-site'];
  const page = req.headers.origin !== undefined || (site !== undefined && site !== 'none');
  return page ? 'browser_request' : null;
}

/** Form, address and method of a request: why not, or its target. */
export function inspect(
  req: IncomingMessage,
  own: OwnAddress,
): { refusal: Refusal } | { target: RequestTarget } {
  for (const check of CHECKS) {
    const code = check(req, own);
    if (code !== null) return { refusal: { code } };
  }
  const target = parseTarget(req.url ?? '');
  return typeof target === 'string' ? { refusal: { code: target } } : { target };
}

/** A client let in. */
export type Admission = {
  /** Null when no key is required and none was recognised. */
  readonly identity: ClientIdentity | null;
  /** Lower-case names of headers that hold a client key and therefore never leave. */
  readonly keyHeaders: ReadonlySet<string>;
  /** Whether the client carries a credential of its own besides. */
  readonly ownCredential: boolean;
};

/** What {@link admit} asks. */
export type Gate = {
  readonly keyring: ClientKeyring;
  readonly authLimiter: RateLimiter;
  readonly clientLimiter: RateLimiter;
  readonly limits: {
    readonly requireClientKey: boolean;
    readonly failedAuthPerMinute: number;
    readonly clientRequestsPerMinute: number;
  };
};

const NO_HEADERS: ReadonlySet<string> = new Set();

/** Index: 1 for x-api-key, plus 2 for authorization. */
const KEY_HEADERS: readonly ReadonlySet<string>[] = [
  NO_HEADERS,
  new Set(['x-api-key']),
  new Set(['authorization']),
  new Set(['x-api-key', 'authorization']),
];

/** Finds the client key in path or headers and applies the limits. */
export function admit(req: IncomingMessage, target: RequestTarget, gate: Gate): Admission | Refusal {
  const apiKey = single(req.headers['x-api-key']);
  const bearer = bearerOf(req.headers.authorization);
  const found = findKey(gate.keyring, target.key ?? single(req.headers['x-ccflare-key']), apiKey, bearer);
  if (found.identity === null && gate.limits.requireClientKey) return failedAuth(gate, found.presented);
  const limited = overLimit(gate, found.identity);
  if (limited !== null) return limited;
  const { keyHeaders } = found;
  return {
    identity: found.identity,
    keyHeaders,
    ownCredential:
      (apiKey !== undefined && !keyHeaders.has('x-api-key')) ||
      (req.headers.authorization !== undefined && !keyHeaders.has('authorization')),
  };
}

type Found = { identity: ClientIdentity | null; keyHeaders: ReadonlySet<string>; presented: boolean };

/**
 * The forms made for our key decide alone; the credential headers count only where neither is used. Whatever
 * header holds one of our keys is named, so that it never goes upstream as the client's own credential.
 */
function findKey(
  keyring: ClientKeyring,
  dedicated: string | undefined,
  apiKey: string | undefined,
  bearer: string | undefined,
): Found {
  const byApiKey = apiKey === undefined ? null : keyring.identify(apiKey);
  const byBearer = bearer === undefined ? null : bearer === apiKey ? byApiKey : keyring.identify(bearer);
  const inApiKey = byApiKey !== null || (apiKey !== undefined && apiKey === dedicated);
  const inBearer = byBearer !== null || (bearer !== undefined && bearer === dedicated);
  return {
    identity: dedicated === undefined ? (byApiKey ?? byBearer) : keyring.identify(dedicated),
    keyHeaders: KEY_HEADERS[(inApiKey ? 1 : 0) + (inBearer ? 2 : 0)] ?? NO_HEADERS,
    presented: dedicated !== undefined || apiKey !== undefined || bearer !== undefined,
  };
}

function failedAuth(gate: Gate, presented: boolean): Refusal {
  const { ok, retryAfterMs } = gate.authLimiter.allow('failed-auth', gate.limits.failedAuthPerMinute);
  if (!ok) return { code: 'too_many_failures', detail: { retryAfterMs } };
  return { code: presented ? 'wrong_key' : 'missing_key' };
}

function overLimit(gate: Gate, identity: ClientIdentity | null): Refusal | null {
  const perMinute = gate.limits.clientRequestsPerMinute;
  if (perMinute === 0) return null;
  const { ok, retryAfterMs } = gate.clientLimiter.allow(identity?.keyId ?? 'no-key', perMinute);
  return ok ? null : { code: 'client_rate_limited', detail: { retryAfterMs } };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function bearerOf(value: string | undefined): string | undefined {
  return value !== undefined && /^bearer /i.test(value) ? value.slice('bearer '.length).trim() : undefined;
}
