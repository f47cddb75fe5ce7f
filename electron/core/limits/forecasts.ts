import type { LimitReading } from '../../../shared/account.ts';
import type { Clock, Timer } from '../clock.ts';
import type { LimitBook } from '../limit-ports.ts';
import type { Account, Logger } from '../ports.ts';
import type { Forecasts } from '../routing-ports.ts';
import type { ReadingHistoryStore, ReadingSample } from '../store-ports.ts';
import { bucketLabel } from './buckets.ts';
import { forecastBucket, isForecastable, usedNow } from './forecast.ts';
import { forecastPool } from './pool-forecast.ts';
import { createReadingLog } from './reading-log.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Samples are kept so long, and at most so many per account and bucket. */
const KEEP_MS = 8 * DAY_MS;
const KEEP_PER_BUCKET = 1500;

/** New samples go to disk together after this, ms. */
const WRITE_EVERY_MS = 60_000;

/** What the forecasts rest on. */
export type ForecastsDeps = {
  limits: Pick<LimitBook, 'readings' | 'onChange'>;
  store: ReadingHistoryStore;
  clock: Clock;
  log: Logger;
  /** Whether an account can serve, now or after a rest that ends by itself. */
  usable: (account: Account) => boolean;
  /** Id under which the book keeps an account's limits: that of the first of those that share them. */
  keyOf: (accountId: string) => string;
  /** Size of an account's plan compared with others (1 where nobody knows). */
  weightOf: (accountId: string) => number;
};

/** See {@link Forecasts}. Listens to the limit book and keeps samples of what it says. */
export function createForecasts(deps: ForecastsDeps): Forecasts {
  const { limits, store, clock, log } = deps;
  const samples = createReadingLog(KEEP_PER_BUCKET);
  let unsaved: ReadingSample[] = [];
  let timer: Timer | null = null;

  const guarded = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      log.warn('reading_history_failed');
      return otherwise;
    }
  };
  for (const sample of guarded(() => store.list(clock.now() - KEEP_MS), [])) samples.restore(sample);

  function flush(): void {
    timer?.cancel();
    timer = null;
    const batch = unsaved;
    unsaved = [];
    if (batch.length === 0) return;
    guarded(() => {
      store.append(batch);
      store.prune(clock.now() - KEEP_MS, KEEP_PER_BUCKET);
    }, undefined);
  }

  limits.onChange((accountId) => {
    const now = clock.now();
    for (const reading of limits.readings(accountId)) {
      if (!isForecastable(reading)) continue;
      const sample = samples.note(accountId, reading, now);
      if (sample === null) continue;
      unsaved.push(sample);
      timer ??= clock.after(WRITE_EVERY_MS, flush);
    }
  });

  const forecastsOf = (accountId: string, now: number) =>
    limits
      .readings(accountId)
      .filter(isForecastable)
      .map((reading) => forecastBucket(reading, samples.of(deps.keyOf(accountId), reading.bucket), now));

  return {
    ofAccount: forecastsOf,
    ofPool(accounts, now) {
      const members = oncePerLimits(accounts, deps).map((account) => ({
        accountId: account.id,
        name: account.name,
        kind: account.kind,
        usable: deps.usable(account),
        weight: deps.weightOf(account.id),
        forecasts: forecastsOf(account.id, now),
        used: useOf(limits.readings(account.id), now),
      }));
      return forecastPool(members, now);
    },
    history: (accountId, from, to) => ({
      series: samples.buckets(deps.keyOf(accountId)).map((bucket) => ({
        bucket,
        label: bucketLabel(bucket),
        points: samples
          .of(deps.keyOf(accountId), bucket)
          .filter(({ at }) => at >= from && at < to)
          .map(({ at, utilisation, resetAt }) => ({ at, utilisation, resetAt })),
      })),
    }),
    forget(accountId) {
      samples.forget(accountId);
      unsaved = unsaved.filter((sample) => sample.accountId !== accountId);
      guarded(() => store.removeAccount(accountId), undefined);
    },
    flush,
  };
}

/** Of accounts that draw from the same limits one stands for all: one that can serve, if there is one. */
function oncePerLimits(
  accounts: readonly Account[],
  { keyOf, usable }: Pick<ForecastsDeps, 'keyOf' | 'usable'>,
): Account[] {
  const chosen = new Map<string, Account>();
  for (const account of accounts) {
    const key = keyOf(account.id);
    const before = chosen.get(key);
    if (before === undefined || (!usable(before) && usable(account))) chosen.set(key, account);
  }
  return [...chosen.values()];
}

/** What is known of the use of each bucket; a bucket that nobody knows is absent, not empty. */
function useOf(readings: readonly LimitReading[], now: number): ReadonlyMap<string, number> {
  return new Map(
    readings.flatMap((reading) => {
      const used = usedNow(reading, now);
      return used === null ? [] : [[reading.bucket, used] as const];
    }),
  );
}
