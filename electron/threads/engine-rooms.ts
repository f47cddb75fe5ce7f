import type { Clock } from '../core/clock.ts';
import { classify } from '../core/limits/classify.ts';
import type { EventLog, Logger } from '../core/ports.ts';
import { createProxy } from '../core/proxy/server.ts';
import { createRecorder } from '../core/recording/recorder.ts';
import { createRateLimiter } from '../core/security/rate-limiter.ts';
import type { EngineStore } from '../core/store-ports.ts';
import { createUsageTap } from '../core/usage/create-usage-tap.ts';
import type { PriceTable } from '../core/usage/price-table.ts';
import { createPricing } from '../core/usage/pricing.ts';
import { createBaseRooms } from './base-rooms.ts';
import { createRoutingRooms } from './routing-rooms.ts';
import type { EngineSlice } from './state-publisher.ts';
import { createSystemProxy } from './system-proxy.ts';

/** What the rooms of the engine are made from. */
export type RoomsDeps = {
  store: EngineStore;
  prices: PriceTable;
  clock: Clock;
  log: Logger;
  env: Record<string, string | undefined>;
  /** A slice of the state may have changed. */
  mark: (...slices: EngineSlice[]) => void;
  askForProxy: (origin: string) => void;
};

/** Makes every room once and shows it its neighbours. No logic lives here. */
export function createRooms(deps: RoomsDeps) {
  const { store, clock, log, mark } = deps;
  const systemProxy = createSystemProxy({
    env: deps.env,
    ask: deps.askForProxy,
    onChange: () => proxy.dropPooledSockets(),
  });
  const base = createBaseRooms({
    ...deps,
    systemProxy: systemProxy.lookUp,
    onCredentialReplaced: (id) => {
      routing.limits.clear(id, '*');
      routing.usageChecks.forget(id);
    },
  });
  const price = createPricing(deps.prices);
  const routing = createRoutingRooms({ ...base, store, clock, log, price, mark });
  const recorder = createRecorder({ clock, log, onDropped: (dropped) => sayDropped(base.events, dropped) });
  const proxy = createProxy({
    ...base,
    ...routing,
    clock,
    log,
    accounts: base.accounts.pool,
    classify,
    createTap: createUsageTap,
    price,
    keyring: base.clientKeys.keyring,
    authLimiter: createRateLimiter(clock),
    clientLimiter: createRateLimiter(clock),
    recorder,
    resources: store.resources,
    systemProxy: systemProxy.lookUp,
  });
  routing.limits.onChange(() => mark('accounts', 'pool'));
  proxy.onInFlightChange(() => mark('proxy', 'accounts', 'pool'));
  return { store, log, ...base, ...routing, recorder, systemProxy, proxy };
}

/** See {@link createRooms}. */
export type Rooms = ReturnType<typeof createRooms>;

function sayDropped(events: EventLog, dropped: number): void {
  events.add({
    level: 'warn',
    code: 'records_dropped',
    message: `${dropped} request records could not be kept: the request log is behind or down.`,
  });
}
