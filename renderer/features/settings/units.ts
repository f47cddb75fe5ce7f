/** A unit people type numbers in; `size` is how many of the stored unit one of it is. */
export type Unit = {
  label: string;
  size: number;
  /** Parts of one are allowed although it is stored as it is typed. */
  decimals?: boolean;
};

/** Units of the settings by name. Stored are bytes, ms and plain counts. */
export const UNITS = {
  kilobytes: { label: 'KB', size: 1024 },
  megabytes: { label: 'MB', size: 1024 * 1024 },
  milliseconds: { label: 'ms', size: 1 },
  seconds: { label: 'seconds', size: 1000 },
  minutes: { label: 'minutes', size: 60_000 },
  hours: { label: 'hours', size: 3_600_000 },
  days: { label: 'days', size: 1 },
  perMinute: { label: 'per minute', size: 1 },
  connections: { label: 'at once', size: 1 },
  tries: { label: 'retries', size: 1 },
  times: { label: 'times', size: 1, decimals: true },
  wholeSeconds: { label: 'seconds', size: 1 },
  percent: { label: '%', size: 0.01, decimals: true },
  dollars: { label: 'US$', size: 1, decimals: true },
  none: { label: '', size: 1 },
} as const satisfies Record<string, Unit>;

/** A stored number in its unit, without needless digits: 33554432 bytes in MB is "32". */
export function toUnit(stored: number, unit: Unit): string {
  return String(Number((stored / unit.size).toFixed(4)));
}

/**
 * What was typed, in stored units; NaN when it is not a number. A decimal comma is a decimal point. Bytes
 * and ms are whole, so the result of a conversion is rounded; plain counts are taken as typed, shares to a millionth.
 */
export function fromUnit(text: string, unit: Unit): number {
  const trimmed = text.trim().replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return Number.NaN;
  const value = Number(trimmed) * unit.size;
  if (unit.size < 1) return Number(value.toFixed(6));
  return unit.size === 1 ? value : Math.round(value);
}
