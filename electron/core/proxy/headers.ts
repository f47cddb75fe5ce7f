import type { HeaderLookup } from '../limit-ports.ts';
import type { Credential } from '../ports.ts';

/** Belong to one connection (RFC 9110 section 7.6.1) and are never passed on, either way. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const DROPPED_UPSTREAM = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect']);
/** What clients say to us: their key, the account they want, their project. */
const OURS = 'x-ccflare-';
const DROPPED_DOWNSTREAM = new Set(HOP_BY_HOP);

/** The user's wish to go on slowly when an account's limit is met, made for that account alone (Claude Code). */
const LIMIT_WISH = 'anthropic-usage-limit';

/** The headers that authenticate a client; an account's credential replaces both. */
const CREDENTIAL_HEADERS = new Set(['x-api-key', 'authorization']);

/** Codings that the usage tap can read; the client is content with any it offered itself. */
const READABLE_CODINGS = new Set(['gzip', 'br', 'deflate', 'identity']);

/** What the request upstream authenticates with. */
export type UpstreamAuth =
  | {
      readonly kind: 'account';
      readonly credential: Credential;
      readonly beta: string | null;
      /** Not the account that the client's session is on: wishes about that one's limits stay here. */
      readonly elsewhere: boolean;
    }
  /** The client's own, except the headers that hold a ccflare key. */
  | { readonly kind: 'own'; readonly strip: ReadonlySet<string> };

/**
 * The header pairs for upstream: the client's own in order, case and number, without those of the connection and
 * those meant for us, with exactly one credential and `accept-encoding` narrowed to what the tap reads.
 */
export function upstreamHeaders(raw: readonly string[], auth: UpstreamAuth): string[] {
  const named = connectionNamed(raw);
  const stripped = auth.kind === 'account' ? CREDENTIAL_HEADERS : auth.strip;
  const beta = auth.kind === 'account' ? auth.beta : null;
  const elsewhere = auth.kind === 'account' && auth.elsewhere;
  const out: string[] = [];
  let betaAt = -1;
  let codingsAt = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED_UPSTREAM.has(lower) || lower.startsWith(OURS)) continue;
    if (stripped.has(lower) || named?.has(lower) || (elsewhere && lower === LIMIT_WISH)) continue;
    if (lower === 'accept-encoding') {
      if (codingsAt !== -1) {
        out[codingsAt] += `, ${raw[i + 1]}`;
        continue;
      }
      codingsAt = out.length + 1;
    } else if (lower === 'anthropic-beta') {
      betaAt = out.length + 1;
    }
    out.push(name, raw[i + 1] ?? '');
  }
  if (codingsAt !== -1) out[codingsAt] = readableCodings(out[codingsAt] ?? '');
  if (beta !== null) addBeta(out, betaAt, beta);
  if (auth.kind === 'account') out.push(auth.credential.header, auth.credential.value);
  return out;
}

function readableCodings(value: string): string {
  const kept = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => READABLE_CODINGS.has((part.split(';', 1)[0] ?? '').trim().toLowerCase()));
  return kept.length === 0 ? 'identity' : kept.join(', ');
}

/** Adds a beta to the client's list, or a header of its own where the client sends none. */
function addBeta(out: string[], at: number, beta: string): void {
  if (at === -1) {
    out.push('anthropic-beta', beta);
    return;
  }
  const present = out.some(
    (value, i) => i % 2 === 1 && out[i - 1]?.toLowerCase() === 'anthropic-beta' && listHas(value, beta),
  );
  if (!present) out[at] = `${out[at]},${beta}`;
}

function listHas(list: string, item: string): boolean {
  return list.split(',').some((part) => part.trim() === item);
}

/** Names that `Connection` lists besides its own; null when there are none (nearly always). */
function connectionNamed(raw: readonly string[]): Set<string> | null {
  let named: Set<string> | null = null;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.length !== 10 || raw[i]?.toLowerCase() !== 'connection') continue;
    for (const part of (raw[i + 1] ?? '').split(',')) {
      const name = part.trim().toLowerCase();
      if (name === '' || name === 'keep-alive' || name === 'close') continue;
      named ??= new Set();
      named.add(name);
    }
  }
  return named;
}

/** The header pairs of an answer for the client: as upstream sent them, without those of the connection. */
export function downstreamHeaders(raw: readonly string[]): string[] {
  const named = connectionNamed(raw);
  const out: string[] = [];
  let length = -1;
  let chunked = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'transfer-encoding') chunked = true;
    if (DROPPED_DOWNSTREAM.has(lower) || named?.has(lower)) continue;
    if (lower === 'content-length') length = out.length;
    out.push(name, raw[i + 1] ?? '');
  }
  // A length beside a transfer coding is void (RFC 9112 section 6.3).
  if (chunked && length !== -1) out.splice(length, 2);
  return out;
}

/** What undici hands over: latin1 bytes, names and values in turn. */
export function decodeRawHeaders(raw: unknown): string[] {
  if (!Array.isArray(raw)) return [];
  const out = new Array<string>(raw.length);
  for (let i = 0; i < raw.length; i += 1) {
    const part: unknown = raw[i];
    out[i] = Buffer.isBuffer(part) ? part.toString('latin1') : String(part);
  }
  return out;
}

/** Look-up by lower-case name over parsed headers; repeated fields are joined as RFC 9110 says. */
export class ParsedHeaders implements HeaderLookup {
  readonly #fields: Readonly<Record<string, string | string[] | undefined>>;

  constructor(fields: Readonly<Record<string, string | string[] | undefined>>) {
    this.#fields = fields;
  }

  get(name: string): string | undefined {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Every header, so that limits of windows nobody has heard of are seen too. */
  *entries(): Iterable<[string, string]> {
    for (const name of Object.keys(this.#fields)) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
  }
}
