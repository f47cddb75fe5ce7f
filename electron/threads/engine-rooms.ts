import { createAccounts } from '../core/accounts/accounts.ts';
import { createBalancer } from '../core/balancing/balancer.ts';
import type { Clock } from '../core/clock.ts';
import { classify } from '../core/limits/classify.ts';
import { createLimitBook } from '../core/limits/limit-book.ts';
import { createTokenClient, DEFAULT_CLIENT_ID } from '../core/oauth/token-client.ts';
import type { Logger } from '../core/ports.ts';
import { createProxy } from '../core/proxy/server.ts';
import { createRecorder } from '../core/recording/recorder.ts';
import { createAudit } from '../core/security/audit.ts';
import { createClientKeys } from '../core/security/client-keys.ts';
import { createEventLog } from '../core/security/event-log.ts';
import { createRateLimiter } from '../core/security/rate-limiter.ts';
import { createVault } from '../core/security/vault.ts';
import { createSettings } from '../core/settings/settings.ts';
import type { EngineStore } from '../core/store-ports.ts';
import { createUsageTap } from '../core/usage/create-usage-tap.ts';
import type { PriceTable } from '../core/usage/price-table.ts';
import { createPricing } from '../core/usage/pricing.ts';
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
  const base = createBaseRooms(deps);
  const { store, clock, log, mark } = deps;
  const { settings, accounts, events } = base;
  const limits = createLimitBook({ store: store.limits, clock, log });
  const balancer = createBalancer({
    settings,
    accounts: accounts.pool,
    limits,
    bindings: store.bindings,
    clock,
  });
  const recorder = createRecorder({
    clock,
    log,
    onDropped: (dropped) =>
      events.add({
        level: 'warn',
        code: 'records_dropped',
        message: `${dropped} request records could not be kept: the request log is behind or down.`,
      }),
  });
  const systemProxy = createSystemProxy({
    env: deps.env,
    ask: deps.askForProxy,
    onChange: () => proxy.dropPooledSockets(),
  });
  const proxy = createProxy({
    ...base,
    clock,
    log,
    accounts: accounts.pool,
    limits,
    balancer,
    classify,
    createTap: createUsageTap,
    price: createPricing(deps.prices),
    keyring: base.clientKeys.keyring,
    authLimiter: createRateLimiter(clock),
    clientLimiter: createRateLimiter(clock),
    recorder,
    resources: store.resources,
    systemProxy: systemProxy.lookUp,
  });
  limits.onChange(() => mark('accounts', 'pool'));
  proxy.onInFlightChange(() => mark('proxy', 'accounts'));
  return { store, ...base, limits, balancer, recorder, systemProxy, proxy };
}

/** See {@link createRooms}. */
export type Rooms = ReturnType<typeof createRooms>;

/** Settings, secrets and accounts: what the rooms of the request path rest on. */
function createBaseRooms({ store, clock, log, env, mark }: RoomsDeps) {
  const events = createEventLog(clock, () => mark('events'));
  const audit = createAudit(store.audit, clock);
  const settings = createSettings({ store: store.settings, env, log });
  const vault = createVault();
  const clientKeys = createClientKeys({
    store: store.clientKeys,
    vault,
    audit,
    clock,
    onChange: () => mark('clientKeys'),
  });
  const accounts = createAccounts({
    store: store.accounts,
    vault,
    clock,
    log,
    tokens: createTokenClient({ clientId: env.CLIENT_ID ?? DEFAULT_CLIENT_ID }),
    audit,
    events,
    onChange: () => mark('accounts', 'pool'),
  });
  return { events, audit, settings, vault, clientKeys, accounts };
}
