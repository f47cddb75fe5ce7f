/** Numbers below this are seconds: as ms they would lie in early 1973. */
const SECONDS_BELOW = 1e11;

/** Times outside these years are not times, UTC ms. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Largest count that is believed. */
const MAX_COUNT = 1e12;

/** Billionths in one US dollar, and the largest price of one request that is believed, US dollars. */
const NANO = 1e9;
const MAX_USD = 1e6;

/** Characters that would disturb a list or a log: controls and invisible marks. */
const INVISIBLE = /[\p{Cc}\p{Cf}]+/gu;

/** Text of a column, trimmed and cut; null where there is none. Old tools wrote '' for "nothing". */
export function textOf(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(INVISIBLE, ' ').trim().slice(0, maxLength).trim();
  return text === '' ? null : text;
}

/** A number, also when it was written as text; null for everything else. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A time as UTC ms, from ms or seconds; null when it is none between the years 2000 and 2100. */
export function timeOf(value: unknown): number | null {
  const number = numberOf(value);
  if (number === null) return null;
  const ms = Math.round(number < SECONDS_BELOW ? number * 1000 : number);
  return ms >= EARLIEST && ms < LATEST ? ms : null;
}

/** A whole count of zero or more; null when it is none. */
export function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && number >= 0 && number <= MAX_COUNT ? Math.round(number) : null;
}

/** SQLite has no booleans: 0 and 1, as number or text; null when it is neither. */
export function flagOf(value: unknown): boolean | null {
  const number = numberOf(value);
  if (number === 1) return true;
  return number === 0 ? false : null;
}

/** US dollars as billionths; null when it is no price. */
export function nanoUsdOf(value: unknown): number | null {
  const usd = numberOf(value);
  return usd !== null && usd >= 0 && usd <= MAX_USD ? Math.round(usd * NANO) : null;
}
