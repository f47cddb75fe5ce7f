import type { AccountView } from '../../shared/account.ts';
import type { PoolState } from '../../shared/app-state.ts';
import { standingOf } from '../core/balancing/standing.ts';
import type { Clock } from '../core/clock.ts';
import type { Account } from '../core/ports.ts';
import { poolStateOf } from './account-views.ts';
import type { Rooms } from './engine-rooms.ts';

/** How long the pool's forecast holds, ms: it looks a week ahead, and views are made four times a second. */
const FORECAST_HOLDS_MS = 5000;

/** The rooms that each know a part of an account. */
type Known = Pick<
  Rooms,
  'accounts' | 'limits' | 'balancer' | 'forecasts' | 'spend' | 'usageChecks' | 'proxy'
>;

/** Puts together what window and tray show of the accounts, from the rooms that each know a part. */
export function createAccountViews(
  rooms: Known,
  clock: Clock,
): { accounts(): AccountView[]; pool(): PoolState } {
  let forecast: PoolState['forecast'] | null = null;
  let forecastAt = Number.NEGATIVE_INFINITY;

  const all = (now: number) => {
    const nextAccountId = rooms.balancer.nextAccount(now)?.id ?? null;
    const accounts = rooms.accounts.pool.all().map((account) => viewOf(rooms, account, nextAccountId, now));
    return { accounts, nextAccountId };
  };
  const poolForecast = (now: number): PoolState['forecast'] => {
    const steady = clock.monotonic();
    if (forecast === null || steady - forecastAt >= FORECAST_HOLDS_MS) {
      forecast = rooms.forecasts.ofPool(rooms.accounts.pool.all(), now);
      forecastAt = steady;
    }
    return forecast;
  };
  return {
    accounts: () => all(clock.now()).accounts,
    pool: () => {
      const now = clock.now();
      return { ...poolStateOf(all(now)), forecast: poolForecast(now), held: rooms.proxy.held() };
    },
  };
}

function viewOf(rooms: Known, account: Account, nextAccountId: string | null, now: number): AccountView {
  const { accounts, limits, balancer } = rooms;
  const { pool } = accounts;
  const { id, name, kind, baseUrl, priority, paused } = account;
  const neighbours = { pool: { ...pool, problem: accounts.shownProblem }, limits, balancer };
  return {
    ...{ id, name, kind, baseUrl, priority, paused },
    ...standingOf(account, neighbours, nextAccountId, now),
    ...accounts.detail(id),
    usageCheck: rooms.usageChecks.view(id),
    cooldowns: [...limits.cooldowns(id, now)],
    readings: [...limits.readings(id)],
    forecasts: rooms.forecasts.ofAccount(id, now),
    sharesLimitsWith: pool.sharing(id).filter((other) => other !== id),
    spentThisMonthNanoUsd: rooms.spend.spent(id, now),
    inFlight: pool.inFlight(id),
    boundSessions: balancer.boundSessions(id),
  };
}
