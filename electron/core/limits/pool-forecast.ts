import type { AccountKind } from '../../../shared/account.ts';
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
  readonly kind: AccountKind;
  /** False when it cannot serve until the user acts: it is no supply. */
  readonly usable: boolean;
  /** Size of its plan compared with others; 1 where nobody knows. */
  readonly weight: number;
  readonly forecasts: readonly Forecast[];
  /** Use of its buckets now, 0..1; a bucket that nobody knows is absent. */
  readonly used: ReadonlyMap<string, number>;
};

/** Hours of work left at today's pace over all accounts, and the week that expires unused. Pure. */
export function forecastPool(members: readonly PoolMember[], now: number): PoolForecast {
  return { ...outlook(members, now), expiring: expiringWeek(members, now) };
}

function outlook(members: readonly PoolMember[], now: number): Omit<PoolForecast, 'expiring'> {
  const pace = { short: paceOf(members, '5h'), week: paceOf(members, '7d') };
  const usable = members.filter((member) => member.usable);
  const plans = usable.filter(hasPlan);
  if (usable.length > 0 && plans.length === 0) {
    return nothing('API keys are paid per token and have no plan windows that run out.');
  }
  const counted = plans.filter((member) => isKnown(member, pace));
  const left = { unknown: plans.length - counted.length, keys: usable.length - plans.length };
  if (counted.length > 0 && counted.every(isSpent)) return allSpent(left);
  if (usable.length === 0 || (pace.short === null && pace.week === null)) {
    return nothing('Too few readings yet for a forecast.');
  }
  const measured = weakest(members);
  if ((pace.short ?? 0) <= 0 && (pace.week ?? 0) <= 0) {
    return {
      hoursLeft: null,
      confidence: measured,
      words: 'No use in the last while, so nothing runs out.',
    };
  }
  if (counted.length === 0) return nothing('The windows of the accounts that can serve are not known yet.');
  const hoursLeft = workLasts(
    counted.map((member) => supplyOf(member, now)),
    { short: pace.short ?? 0, week: pace.week ?? 0 },
  );
  return {
    hoursLeft,
    confidence: left.unknown > 0 ? 'low' : measured,
    words: wordsOf(hoursLeft, measured, left),
    ...(left.unknown + left.keys > 0 ? { atLeast: true } : {}),
  };
}

/** How many accounts that can serve are not in the hours. */
type LeftOut = { readonly unknown: number; readonly keys: number };

function nothing(words: string): Omit<PoolForecast, 'expiring'> {
  return { hoursLeft: null, confidence: 'none', words };
}

/** A key has none, unless its endpoint tells of windows. */
function hasPlan({ kind, used }: PoolMember): boolean {
  return kind !== 'api-key' || used.has('5h') || used.has('7d');
}

/** Whether it is known what a member has left of the windows that the work draws on. Unknown is not empty. */
function isKnown(
  { used }: PoolMember,
  { short, week }: { short: number | null; week: number | null },
): boolean {
  const drawsOn = [...((short ?? 0) > 0 ? ['5h'] : []), ...((week ?? 0) > 0 ? ['7d'] : [])];
  return drawsOn.length === 0
    ? used.has('5h') || used.has('7d')
    : drawsOn.every((bucket) => used.has(bucket));
}

function isSpent({ used }: PoolMember): boolean {
  return (used.get('5h') ?? 0) >= 1 || (used.get('7d') ?? 0) >= 1;
}

function allSpent(left: LeftOut): Omit<PoolForecast, 'expiring'> {
  if (left.unknown > 0) return nothing(`All that is known is spent${notCounting(left)}.`);
  const words = `Nothing of the plans is left until a window starts anew${notCounting(left)}.`;
  return { hoursLeft: 0, confidence: 'good', words, ...(left.keys > 0 ? { atLeast: true } : {}) };
}

function wordsOf(hours: number | null, confidence: Confidence, left: LeftOut): string {
  const grain = confidence === 'good' ? '' : ' The readings behind this are few.';
  const beside = notCounting(left);
  if (hours === null) return `At today's pace the accounts last for the week ahead${beside}.${grain}`;
  if (hours < 1) return `At today's pace less than an hour of work is left${beside}.${grain}`;
  return `About ${Math.round(hours)} h of work left at today's pace${beside}.${grain}`;
}

function notCounting({ unknown, keys }: LeftOut): string {
  const parts: string[] = [];
  if (unknown === 1) parts.push('1 account whose windows are not known yet');
  if (unknown > 1) parts.push(`${unknown} accounts whose windows are not known yet`);
  if (keys === 1) parts.push('1 API key, which is paid per token');
  if (keys > 1) parts.push(`${keys} API keys, which are paid per token`);
  return parts.length === 0 ? '' : `, not counting ${parts.join(' and ')}`;
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
