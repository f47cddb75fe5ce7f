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
import { createPricing, type PriceTable } from '../core/usage/pricing.ts';
import type { EngineSlice } from './state-publisher.ts';

/** What the rooms of the engine are made from. */
export type RoomsDeps = {
  store: EngineStore;
  prices: PriceTable;
  clock: Clock;
  log: Logger;
  env: Record<string, string | undefined>;
  /** A slice of the state may have changed. */
  mark: (...slices: EngineSlice[]) => void;
};

/** Makes every room once and shows it its neighbours. No logic lives here. */
export function createRooms(deps: RoomsDeps) {
  const { store, clock, log, mark } = deps;
  const events = createEventLog(clock, () => mark('events'));
  const audit = createAudit(store.audit, clock);
  const settings = createSettings({ store: store.settings, env: deps.env, log });
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
    tokens: createTokenClient({ clientId: deps.env.CLIENT_ID ?? DEFAULT_CLIENT_ID }),
    audit,
    events,
    onChange: () => mark('accounts', 'pool'),
  });
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
  const proxy = createProxy({
    settings,
    clock,
    log,
    accounts: accounts.pool,
    limits,
    balancer,
    classify,
    createTap: createUsageTap,
    price: createPricing(deps.prices),
    keyring: clientKeys.keyring,
    authLimiter: createRateLimiter(clock),
    clientLimiter: createRateLimiter(clock),
    recorder,
    events,
    audit,
    resources: store.resources,
  });
  limits.onChange(() => mark('accounts', 'pool'));
  proxy.onInFlightChange(() => mark('proxy', 'accounts'));
  return { store, events, audit, settings, vault, clientKeys, accounts, limits, balancer, recorder, proxy };
}

/** See {@link createRooms}. */
export type Rooms = ReturnType<typeof createRooms>;
