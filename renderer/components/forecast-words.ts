import type { LimitReading } from '../../shared/account.ts';
import type { Confidence, Forecast } from '../../shared/forecast.ts';
import { formatClock } from '../../shared/format.ts';
import { hasReset, limitLevel } from './limit-reading.ts';

/** Where a bucket is heading, in a few words; null where there is nothing to say beyond its share. */
export function forecastWords(reading: LimitReading, forecast: Forecast, now: number): string | null {
  if (hasReset(reading, now) || limitLevel(reading) === 'full') return null;
  const { emptyAt, resetAt, confidence } = forecast;
  if (confidence === 'none') return 'too few readings to say how long it lasts';
  if (emptyAt === null) return resetAt === null ? 'not running out at this pace' : 'lasts until its reset';
  const empty = emptyAt <= now ? 'about empty by now' : `empty at ${formatClock(emptyAt, now)}`;
  return resetAt === null ? empty : `${empty}, resets ${formatClock(resetAt, now)}`;
}

const CONFIDENCE_WORDS: Record<Exclude<Confidence, 'none'>, string> = {
  low: 'from few readings, so it may be far off',
  fair: 'from a fair number of readings',
  good: 'from many readings',
};

/** How far a forecast can be trusted, as the end of a sentence; null where there is none. */
export function confidenceWords(confidence: Confidence): string | null {
  return confidence === 'none' ? null : CONFIDENCE_WORDS[confidence];
}

/** The bucket that runs out first, if any does before its reset. */
export function firstEmpty(forecasts: readonly Forecast[]): (Forecast & { emptyAt: number }) | null {
  let first: (Forecast & { emptyAt: number }) | null = null;
  for (const forecast of forecasts) {
    const { emptyAt } = forecast;
    if (emptyAt !== null && (first === null || emptyAt < first.emptyAt)) first = { ...forecast, emptyAt };
  }
  return first;
}
