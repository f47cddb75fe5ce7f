import type { LimitReading } from '../../../shared/account.ts';
import type { HeaderLookup } from '../limit-ports.ts';
import { bucketLabel } from './buckets.ts';
import { readMoment, readNumber, readRetryAfter } from './header-values.ts';

/** One field of one bucket, as a header name says. */
type FieldName = 'status' | 'utilization' | 'limit' | 'remaining' | 'reset' | 'offer' | 'retry-after';
type Place = { readonly bucket: string; readonly field: FieldName };
type Fields = Partial<Record<FieldName, string>>;

const UNIFIED = 'anthropic-ratelimit-unified-';
const PLAIN = 'anthropic-ratelimit-';
/** Pools with a name of their own (service tiers and fast-mode references). */
const POOLS = ['anthropic-priority-', 'anthropic-fast-'];
const FIELD = /^(.+)-(status|utilization|limit|remaining|reset|offer|retry-after)$/;

/** Buckets that are looked for where the headers cannot be listed. */
const KNOWN_UNIFIED = ['5h', '7d', '7d_opus', '7d_sonnet', '7d_oi', 'overage'];
const KNOWN_PLAIN = ['requests', 'tokens', 'input-tokens', 'output-tokens'];
const KNOWN_POOLS = ['input-tokens', 'output-tokens'];

/** Hints to the client, whose fields look alike. */
const NO_BUCKET = new Set(['fallback', 'upgrade']);

/** Most buckets read of one answer, and the longest name of one; a provider has about ten. */
const MAX_BUCKETS = 24;
const MAX_NAME = 40;

/** Header names recur on every answer, so each is taken apart once. */
const places = new Map<string, Place | null>();
const MAX_PLACES = 500;

/**
 * Every rate-limit reading of an answer, unknown windows under their own name. What the provider did not say is
 * null, never zero; an answer without such headers has none.
 */
export function readLimitHeaders(headers: HeaderLookup, now: number): LimitReading[] {
  const buckets = new Map<string, Fields>();
  for (const [name, value] of limitFields(headers)) {
    const place = placeOf(name);
    if (place === null) continue;
    const known = buckets.get(place.bucket);
    if (known !== undefined) known[place.field] = value;
    else if (buckets.size < MAX_BUCKETS) buckets.set(place.bucket, { [place.field]: value });
  }
  return [...buckets].map(([bucket, fields]) => readingOf(bucket, fields, now)).filter(saysSomething);
}

/** Values that cannot be read leave nothing, and nothing must not pass for fresh. */
function saysSomething({ utilisation, limit, remaining, status, resetAt }: LimitReading): boolean {
  return [utilisation, limit, remaining, status, resetAt].some((said) => said !== null);
}

/** The rate-limit headers of an answer, names in lower case. */
export function* limitFields(headers: HeaderLookup): Iterable<readonly [string, string]> {
  if (headers.entries !== undefined) {
    for (const entry of headers.entries()) if (isLimitName(entry[0])) yield entry;
    return;
  }
  for (const name of KNOWN_NAMES) {
    const value = headers.get(name);
    if (value !== undefined) yield [name, value];
  }
}

function isLimitName(name: string): boolean {
  return name.startsWith('anthropic-') && (name.startsWith(PLAIN) || POOLS.some((p) => name.startsWith(p)));
}

function placeOf(name: string): Place | null {
  const known = places.get(name);
  if (known !== undefined) return known;
  const place = takeApart(name);
  if (places.size >= MAX_PLACES) places.clear();
  places.set(name, place);
  return place;
}

function takeApart(name: string): Place | null {
  if (name.length > UNIFIED.length + MAX_NAME + 12) return null;
  const pool = POOLS.find((prefix) => name.startsWith(prefix));
  if (pool !== undefined) {
    const place = split(name.slice(pool.length));
    return place && { bucket: `${pool.slice('anthropic-'.length)}${place.bucket}`, field: place.field };
  }
  if (!name.startsWith(UNIFIED)) return name.startsWith(PLAIN) ? split(name.slice(PLAIN.length)) : null;
  const rest = name.slice(UNIFIED.length);
  // Status and reset without a window speak of the window that decides.
  if (rest === 'status' || rest === 'reset') return { bucket: 'unified', field: rest };
  return split(rest);
}

function split(text: string): Place | null {
  const match = FIELD.exec(text);
  const bucket = match?.[1];
  const field = match?.[2] as FieldName | undefined;
  if (bucket === undefined || field === undefined || bucket.length > MAX_NAME) return null;
  return NO_BUCKET.has(bucket) ? null : { bucket, field };
}

function readingOf(bucket: string, fields: Fields, now: number): LimitReading {
  const limit = readNumber(fields.limit);
  const remaining = readNumber(fields.remaining);
  return {
    bucket,
    label: bucketLabel(bucket),
    utilisation: readNumber(fields.utilization) ?? shareUsed(limit, remaining),
    limit,
    remaining,
    status: statusOf(fields),
    resetAt: readMoment(fields.reset, now) ?? momentAfter(fields['retry-after'], now),
    observedAt: now,
    source: 'header',
  };
}

/** The lane for patient requests may be offered before it has a status. */
function statusOf({ status, offer }: Fields): string | null {
  const said = status?.trim() || (offer === undefined || offer.trim() === '' ? '' : `offer: ${offer.trim()}`);
  return said.slice(0, MAX_NAME) || null;
}

function momentAfter(seconds: string | undefined, now: number): number | null {
  return readRetryAfter({ get: (name) => (name === 'retry-after' ? seconds : undefined) }, now);
}

function shareUsed(limit: number | null, remaining: number | null): number | null {
  if (limit === null || remaining === null || limit <= 0) return null;
  return Math.max(0, (limit - remaining) / limit);
}

const KNOWN_NAMES: readonly string[] = [
  `${UNIFIED}status`,
  `${UNIFIED}reset`,
  ...KNOWN_UNIFIED.flatMap((bucket) =>
    ['status', 'utilization', 'reset'].map((field) => `${UNIFIED}${bucket}-${field}`),
  ),
  ...['status', 'offer', 'retry-after'].map((field) => `${UNIFIED}slow-${field}`),
  ...KNOWN_PLAIN.flatMap((bucket) => plainNames(`${PLAIN}${bucket}`)),
  ...POOLS.flatMap((prefix) => KNOWN_POOLS.flatMap((bucket) => plainNames(`${prefix}${bucket}`))),
];

function plainNames(base: string): string[] {
  return ['limit', 'remaining', 'reset'].map((field) => `${base}-${field}`);
}
