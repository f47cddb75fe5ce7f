/** Furthest reset that is believed, ms ahead: a month and a bit, since spend limits end with the month. */
const MAX_AHEAD_MS = 40 * 24 * 3_600_000;

/** Numbers of at least this many are milliseconds already (the year 2001 in ms, 33658 in seconds). */
const MILLISECONDS_FROM = 1e12;

/** A plain non-negative decimal, or null. */
export function readNumber(text: string | undefined): number | null {
  if (text === undefined || text.length > 30 || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return null;
  return Number(text);
}

/**
 * A moment from a header: epoch seconds (unified windows), epoch ms, or a date such as RFC 3339 (API-key limits).
 * UTC ms; null when it is no moment or further ahead than any limit lasts.
 */
export function readMoment(text: string | undefined, now: number): number | null {
  if (text === undefined || text.length > 60) return null;
  const number = readNumber(text);
  const moment =
    number === null ? Date.parse(text) : number >= MILLISECONDS_FROM ? number : Math.round(number * 1000);
  return Number.isFinite(moment) && moment > 0 && moment - now <= MAX_AHEAD_MS ? moment : null;
}

/** Moment until which `retry-after-ms` or `retry-after` (seconds or HTTP date) asks to wait, UTC ms, or null. */
export function readRetryAfter(
  headers: { get(name: string): string | undefined },
  now: number,
): number | null {
  const exact = readNumber(headers.get('retry-after-ms'));
  if (exact !== null) return within(now + exact, now);
  const text = headers.get('retry-after');
  const seconds = readNumber(text);
  if (seconds !== null) return within(now + seconds * 1000, now);
  if (text === undefined || text.length > 60) return null;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : within(moment, now);
}

function within(moment: number, now: number): number | null {
  if (!Number.isFinite(moment) || moment < now) return null;
  return Math.ceil(Math.min(moment, now + MAX_AHEAD_MS));
}
