/**
 * Numbers and times in the app's own words, for the window, the tray and notifications alike. Pure: the
 * clock is always passed in. Times are UTC milliseconds and shown in the user's local zone.
 */

/** What stands where a price is not known; never "0". */
const UNPRICED = 'unpriced';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NANO_PER_USD = 1_000_000_000;

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exactFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Drops a trailing `.0`, so that 3.0 reads 3. */
const oneDecimal = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

/** Token or request counts: 812, 12.4k, 1.3M, 2.1B. */
export function formatTokens(count: number): string {
  if (!Number.isFinite(count)) return '–';
  const size = Math.abs(count);
  if (size < 1000) return String(Math.round(count));
  if (size < 999_500) return `${size < 99_950 ? oneDecimal(count / 1000) : Math.round(count / 1000)}k`;
  if (size < 999_500_000) return `${oneDecimal(count / 1_000_000)}M`;
  return `${oneDecimal(count / 1_000_000_000)}B`;
}

/**
 * Billionths of a US dollar: under one cent with three significant digits and at least four decimals
 * ($0.0042, $0.000123), from one cent to one dollar four decimals where they say something ($0.0123), above
 * that cents ($1.23). null is "unpriced", never zero.
 */
export function formatMoney(nanoUsd: number | null): string {
  if (nanoUsd === null || !Number.isFinite(nanoUsd)) return UNPRICED;
  const usd = nanoUsd / NANO_PER_USD;
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (size === 0) return '$0.00';
  if (size >= 0.1) return `${sign}$${groupThousands(size.toFixed(2))}`;
  if (size >= 0.001) return `${sign}$${size.toFixed(4)}`;
  if (size < 0.000001) return `${sign}<$0.000001`;
  return `${sign}$${size.toFixed(6)}`;
}

function groupThousands(amount: string): string {
  return amount.replace(/\B(?=(\d{3})+\.)/g, ',');
}

/** A span in ms: 840 ms, 3.2 s, 4 min 10 s, 2 h 12 min, 3 d 4 h. Negative spans read as zero. */
export function formatDuration(ms: number): string {
  const span = Math.max(0, Number.isFinite(ms) ? ms : 0);
  if (span < 999.5) return `${Math.round(span)} ms`;
  if (span < 59_950) return `${oneDecimal(span / SECOND)} s`;
  if (span < 10 * MINUTE) return twoUnits(Math.round(span / SECOND), 60, 'min', 's');
  if (span < 59.5 * MINUTE) return `${Math.round(span / MINUTE)} min`;
  if (span < DAY - MINUTE / 2) return twoUnits(Math.round(span / MINUTE), 60, 'h', 'min');
  return twoUnits(Math.round(span / HOUR), 24, 'd', 'h');
}

function twoUnits(total: number, perLarge: number, large: string, small: string): string {
  const rest = total % perLarge;
  const head = `${Math.floor(total / perLarge)} ${large}`;
  return rest === 0 ? head : `${head} ${rest} ${small}`;
}

/** Binary sizes as the settings bound them: 512 B, 12 KB, 32 MB, 1.5 GB. */
export function formatBytes(bytes: number): string {
  const size = Math.max(0, Number.isFinite(bytes) ? bytes : 0);
  if (size < 1024) return `${Math.round(size)} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = size / 1024;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 99.95 ? oneDecimal(value) : Math.round(value)} ${units[unit]}`;
}

/** A share 0..1 as whole percent; tiny but non-zero shares read "<1 %". May exceed 100 %. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.01) return '<1 %';
  if (share > 0.99 && share < 1) return '99 %';
  return `${Math.round(share * 100)} %`;
}

/** Distance from now: "just now", "42 s ago", "3 min ago", "in 2 h 12 min", "4 d ago". */
export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < 5 * SECOND) return distance > SECOND ? 'in a moment' : 'just now';
  const words = distance < 0 ? agoWords(size) : aheadWords(size);
  return distance < 0 ? `${words} ago` : `in ${words}`;
}

/** The past needs one unit only; a minute that has begun counts when it is over. */
function agoWords(size: number): string {
  if (size < MINUTE) return `${Math.floor(size / SECOND)} s`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} d`;
}

/** The future is what people plan by, so it carries two units; rounded up, never back too early. */
function aheadWords(size: number): string {
  if (size < MINUTE) return `${Math.ceil(size / SECOND)} s`;
  if (size < DAY) return formatDuration(Math.ceil(size / MINUTE) * MINUTE);
  return formatDuration(size);
}

/** A point in time as short as it stays clear: "18:00" today, "Thu 18:00" within six days, "3 Mar 18:00" else. */
export function formatClock(at: number, now: number): string {
  const clock = clockFormat.format(at);
  const days = localDayNumber(at) - localDayNumber(now);
  if (days === 0) return clock;
  if (Math.abs(days) <= 6) return `${weekdayFormat.format(at)} ${clock}`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return `${(sameYear ? dayFormat : yearFormat).format(at)} ${clock}`;
}

/** Counts local calendar days, whatever daylight saving does to their length. */
function localDayNumber(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY;
}

/** The full local time for hovers and screen readers: "Thu, 5 Mar 2026, 18:00:07". */
export function formatExact(at: number): string {
  return exactFormat.format(at);
}
