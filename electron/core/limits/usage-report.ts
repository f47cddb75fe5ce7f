import type { LimitReading } from '../../../shared/account.ts';
import { bucketCovers, bucketLabel, bucketOfClaim } from './buckets.ts';
import { readMoment } from './header-values.ts';

/** Most buckets read of one page, and the longest name of one; the provider has about eight. */
const MAX_BUCKETS = 24;
const MAX_NAME = 40;

/** Members of the page that are no windows of their own. */
const NO_WINDOW = new Set(['limits', 'spend', 'extra_usage']);

/** Weeks that count one family of models, by the bucket that the headers use for them. */
const MODEL_WEEKS = ['7d_opus', '7d_sonnet', '7d_oi'];

/** Above this many times the limit a number is no share any more. */
const MAX_SHARE = 100;

type Fields = { readonly [name: string]: unknown };
type Found = Map<string, LimitReading>;

/**
 * Readings of the body of `GET /api/oauth/usage`, in its shape of 2025 (windows as members, 0..100) and of 2026 (a list
 * of limits besides, which then holds). Windows nobody has heard of come under their own name; whatever is not
 * understood is left out. Pure; never throws. `now`: UTC ms at which the page was read.
 */
export function readUsageReport(body: unknown, now: number): LimitReading[] {
  const page = fieldsOf(body);
  const found: Found = new Map();
  if (page === null) return [];
  if (Array.isArray(page.limits)) for (const limit of page.limits) noteLimit(found, fieldsOf(limit), now);
  noteSpend(found, fieldsOf(page.spend), now);
  noteExtraUsage(found, fieldsOf(page.extra_usage), now);
  for (const [name, value] of Object.entries(page)) {
    const window = NO_WINDOW.has(name) ? null : fieldsOf(value);
    if (window !== null) note(found, bucketOf(name), share(window.utilization), window.resets_at, now);
  }
  return [...found.values()];
}

function noteLimit(found: Found, limit: Fields | null, now: number): void {
  if (limit === null) return;
  note(found, bucketOfLimit(limit), share(limit.percent), limit.resets_at, now);
}

/** Bucket of an entry of `limits`: its kind, and for a scoped one the model or surface that it counts. */
function bucketOfLimit({ kind, scope }: Fields): string | null {
  const scoped = fieldsOf(scope);
  const model = fieldsOf(scoped?.model);
  const subject = textOf(model?.display_name) ?? textOf(model?.id) ?? textOf(scoped?.surface);
  const base =
    kind === 'session' ? '5h' : kind === 'weekly_all' || kind === 'weekly_scoped' ? '7d' : named(kind);
  if (base === null || subject === null) return kind === 'weekly_scoped' ? null : base;
  const week = base === '7d' ? MODEL_WEEKS.find((bucket) => bucketCovers(bucket, subject)) : undefined;
  const suffix = named(subject);
  return week ?? (suffix === null ? null : `${base}_${suffix}`.slice(0, MAX_NAME));
}

/** Paid overage as the page of 2026 tells it; one that is off and unused is nothing to show. */
function noteSpend(found: Found, spend: Fields | null, now: number): void {
  if (spend !== null) noteOverage(found, share(spend.percent), spend.enabled, spend.resets_at, now);
}

/** The same in the shape of 2025. */
function noteExtraUsage(found: Found, extra: Fields | null, now: number): void {
  if (extra === null) return;
  const used = share(extra.utilization) ?? ratio(extra.used_credits, extra.monthly_limit);
  noteOverage(found, used, extra.is_enabled, extra.resets_at, now);
}

function noteOverage(found: Found, used: number | null, on: unknown, resetsAt: unknown, now: number): void {
  if (on !== true && (used ?? 0) === 0) return;
  note(found, 'overage', used, resetsAt, now, on === false ? 'rejected' : null);
}

/** Adds a reading unless the page already gave one for the bucket, or says neither use nor end of it. */
function note(
  found: Found,
  bucket: string | null,
  utilisation: number | null,
  resetsAt: unknown,
  now: number,
  status: string | null = null,
): void {
  if (bucket === null || found.has(bucket) || found.size >= MAX_BUCKETS) return;
  const resetAt = momentOf(resetsAt, now);
  if (utilisation === null && resetAt === null && status === null) return;
  found.set(bucket, {
    bucket,
    label: bucketLabel(bucket),
    utilisation,
    limit: null,
    remaining: null,
    status,
    resetAt,
    observedAt: now,
    source: 'usage-endpoint',
  });
}

/** Bucket of a window that is a member of the page: `seven_day_opus` is what the headers call `7d_opus`. */
function bucketOf(name: string): string | null {
  const known = bucketOfClaim(name);
  if (known !== name) return known;
  return named(name.replace(/^seven_day_/, '7d_').replace(/^five_hour_/, '5h_'));
}

/** A name of the provider's as a bucket: lower case, words joined by underscores; null when nothing is left. */
function named(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const words =
    text
      .slice(0, 200)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.length === 0 ? null : words.join('_').slice(0, MAX_NAME);
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** Percent as a fraction, or null where it is none. */
function share(percent: unknown): number | null {
  return ratio(percent, 100);
}

function ratio(used: unknown, whole: unknown): number | null {
  if (typeof used !== 'number' || typeof whole !== 'number' || !(whole > 0)) return null;
  const value = used / whole;
  return value >= 0 && value <= MAX_SHARE ? value : null;
}

function momentOf(value: unknown, now: number): number | null {
  return typeof value === 'string' || typeof value === 'number' ? readMoment(String(value), now) : null;
}
