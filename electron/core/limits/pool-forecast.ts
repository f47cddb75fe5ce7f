import type { Confidence, Forecast, PoolForecast } from '../../../shared/forecast.ts';
import { type Supply, workLasts } from './pool-supply.ts';

const HOUR_MS = 3_600_000;

/** A week that ends sooner than this and has less than this unused is nothing to act on. */
const EXPIRES_WITHIN_MS = 3 * 24 * HOUR_MS;
const WORTH_SAVING = 0.1;

/** An account as the pool's forecast sees it. */
export type PoolMember = {
  readonly accountId: string;
  readonly name: string;
  /** False when it cannot serve until the user acts: it is no supply. */
  readonly usable: boolean;
  /** Size of its plan compared with others; 1 where nobody knows. */
  readonly weight: number;
  readonly forecasts: readonly Forecast[];
  /** Use of its buckets now, 0..1. */
  readonly used: ReadonlyMap<string, number>;
};

/** Hours of work left at today's pace over all accounts, and the week that expires unused. Pure. */
export function forecastPool(members: readonly PoolMember[], now: number): PoolForecast {
  const expiring = expiringWeek(members, now);
  const usable = members.filter((member) => member.usable);
  const pace = { short: paceOf(members, '5h'), week: paceOf(members, '7d') };
  if (usable.length === 0 || (pace.short === null && pace.week === null)) {
    return { hoursLeft: null, confidence: 'none', words: 'Too few readings yet for a forecast.', expiring };
  }
  const confidence = weakest(members);
  if ((pace.short ?? 0) <= 0 && (pace.week ?? 0) <= 0) {
    return { hoursLeft: null, confidence, words: 'No use in the last while, so nothing runs out.', expiring };
  }
  const lasts = workLasts(
    usable.map((member) => supplyOf(member, now)),
    { short: pace.short ?? 0, week: pace.week ?? 0 },
  );
  return { hoursLeft: lasts, confidence, words: wordsOf(lasts, confidence), expiring };
}

function wordsOf(hours: number | null, confidence: Confidence): string {
  const grain = confidence === 'good' ? '' : ' The readings behind this are few.';
  if (hours === null) return `At today's pace the accounts last for the week ahead.${grain}`;
  if (hours < 1) return `At today's pace less than an hour of work is left.${grain}`;
  return `About ${Math.round(hours)} h of work left at today's pace.${grain}`;
}

/** Use per hour over all accounts, each in the size of its plan; null when no account can say. */
function paceOf(members: readonly PoolMember[], bucket: string): number | null {
  const rates = members.flatMap(({ forecasts, weight }) => {
    const rate = forecasts.find((forecast) => forecast.bucket === bucket)?.ratePerHour;
    return rate === null || rate === undefined ? [] : [rate * weight];
  });
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

function supplyOf({ weight, forecasts, used }: PoolMember, now: number): Supply {
  const resetOf = (bucket: string): number | null => {
    const resetAt = forecasts.find((forecast) => forecast.bucket === bucket)?.resetAt ?? null;
    return resetAt === null ? null : Math.max(0, (resetAt - now) / HOUR_MS);
  };
  const left = (bucket: string): number => weight * Math.max(0, 1 - (used.get(bucket) ?? 0));
  return {
    weight,
    short: { left: left('5h'), resetsInHours: resetOf('5h') },
    week: { left: left('7d'), resetsInHours: resetOf('7d') },
  };
}

const ORDER: readonly Confidence[] = ['none', 'low', 'fair', 'good'];

/** A sum is as weak as the weakest reading that moves; those that say nothing do not spoil it. */
function weakest(members: readonly PoolMember[]): Confidence {
  const said = members
    .flatMap(({ forecasts }) => forecasts)
    .filter(({ bucket, ratePerHour }) => (bucket === '5h' || bucket === '7d') && (ratePerHour ?? 0) > 0)
    .map(({ confidence }) => ORDER.indexOf(confidence));
  return ORDER[said.length === 0 ? 1 : Math.min(...said)] ?? 'low';
}

function expiringWeek(members: readonly PoolMember[], now: number): PoolForecast['expiring'] {
  let worst: PoolForecast['expiring'] = null;
  for (const { accountId, usable, forecasts, used } of members) {
    if (!usable) continue;
    for (const { bucket, resetAt, shareAtReset } of forecasts) {
      if (bucket !== '7d' || resetAt === null || resetAt <= now || resetAt - now > EXPIRES_WITHIN_MS)
        continue;
      const unusedShare = Math.max(0, 1 - (shareAtReset ?? used.get(bucket) ?? 0));
      if (unusedShare < WORTH_SAVING || unusedShare <= (worst?.unusedShare ?? 0)) continue;
      worst = { accountId, bucket, unusedShare, resetAt };
    }
  }
  return worst;
}
