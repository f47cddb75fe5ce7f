import { createAdmissionGate } from '../core/balancing/admission-gate.ts';
import { createBalancer } from '../core/balancing/balancer.ts';
import { createSessionBoard } from '../core/balancing/session-board.ts';
import { createSessionPins } from '../core/balancing/session-pins.ts';
import { setAside } from '../core/balancing/set-aside.ts';
import type { Clock } from '../core/clock.ts';
import { createForecasts } from '../core/limits/forecasts.ts';
import { isOwnRefusal } from '../core/limits/inherit-limits.ts';
import { createLimitBook } from '../core/limits/limit-book.ts';
import { tryOverageAgain } from '../core/limits/overage-again.ts';
import { planWeight } from '../core/limits/plan-weight.ts';
import { shareLimits } from '../core/limits/shared-limits.ts';
import { createUsageChecks } from '../core/limits/usage-checks.ts';
import type { Account, Logger } from '../core/ports.ts';
import { isModelRefusal } from '../core/proxy/rest-account.ts';
import type { CooldownRow, EngineStore } from '../core/store-ports.ts';
import { createSpendBook } from '../core/usage/spend-book.ts';
import type { PriceUsage } from '../core/usage-ports.ts';
import type { BaseRooms } from './base-rooms.ts';
import type { EngineSlice } from './state-publisher.ts';

/** What the routing rooms are made from. */
export type RoutingDeps = BaseRooms & {
  store: EngineStore;
  clock: Clock;
  log: Logger;
  price: PriceUsage;
  mark: (...slices: EngineSlice[]) => void;
};

/** Limits, balancing, sessions, forecasts and money: everything that decides where a request goes. */
export function createRoutingRooms(deps: RoutingDeps) {
  const { store, clock, log, settings, accounts, clientKeys, price, mark } = deps;
  const keysFallBack = (): boolean => clientKeys.fallBack;
  const { pool } = accounts;
  const limits = shareLimits(createLimitBook({ store: store.limits, clock, log }), pool.sharing);
  const pins = createSessionPins({ store: store.pins, clock, log });
  const balancer = createBalancer({
    settings,
    accounts: pool,
    limits,
    bindings: store.bindings,
    pins,
    clock,
    keysFallBack,
  });
  const board = createSessionBoard({
    bindings: balancer.bindings,
    accounts: pool,
    pins,
    price,
    settings: () => settings.current(),
  });
  const spend = createSpendBook({ store: store.spend, clock, log });
  const forecasts = createForecasts({
    limits,
    store: store.readingHistory,
    clock,
    log,
    usable: ({ id, paused }: Account) =>
      !paused &&
      // It serves only when the others cannot, so it is none of their supply.
      setAside(settings.current(), keysFallBack) !== id &&
      pool.problem(id) === null &&
      !limits.needsAttention(id, clock.now()),
    keyOf: (id) => pool.sharing(id)[0] ?? id,
    weightOf: (id) => planWeight(accounts.detail(id).plan),
  });
  const usageChecks = createUsageChecks({
    accounts: pool,
    limits,
    request: deps.request,
    store: store.usageChecks,
    settings,
    clock,
    log,
    onChange: () => mark('accounts'),
  });
  tryOverageAgain({ settings, accounts: pool, limits, spend, now: () => clock.now() });
  const gate = createAdmissionGate(clock, earlierRests(store.limits.cooldowns(), pool.sharing));
  return { limits, pins, balancer, board, spend, forecasts, usageChecks, gate };
}

/**
 * Rests of an earlier run, by account: who had one, and who shares its limits, comes back one request first, too. Asked
 * for late, since who shares limits is known once the accounts are there.
 */
function earlierRests(
  rows: readonly CooldownRow[],
  sharing: (id: string) => readonly string[],
): (accountId: string) => readonly string[] {
  const rests = rows.filter(({ reasonCode }) => !isModelRefusal(reasonCode));
  const meets = (id: string, { accountId, reasonCode }: CooldownRow): boolean =>
    accountId === id || (!isOwnRefusal(reasonCode) && sharing(id).includes(accountId));
  return (id) => rests.filter((rest) => meets(id, rest)).map(({ bucket }) => bucket);
}
