import type { EngineState } from '../../shared/app-state.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/ports.ts';
import { applyProvision, readProvision } from '../core/provisioning/provision.ts';
import { createVaultOpener, type KeychainPort, type VaultOpener } from '../core/security/open-vault.ts';
import type { EngineInit } from '../core/thread-contract.ts';
import type { PriceTable } from '../core/usage/price-table.ts';
import { openEngineStore } from '../store/engine-store.ts';
import { type ClientSetup, createEngineClients } from './engine-clients.ts';
import { createHousekeeping, type Housekeeping } from './engine-housekeeping.ts';
import { createRooms, type Rooms } from './engine-rooms.ts';
import { createAccountViews } from './engine-views.ts';
import { createListener, type Listener } from './listener.ts';
import { createStatePublisher, type StatePublisher } from './state-publisher.ts';

/** What surrounds the engine: threads in the app, plain objects in tests and benches. */
export type EngineSurroundings = {
  init: EngineInit;
  prices: PriceTable;
  keychain: KeychainPort;
  clock: Clock;
  log: Logger;
  env: Record<string, string | undefined>;
  /** Changed slices, coalesced. */
  push: (slices: Partial<EngineState>) => void;
  onListening: (port: number) => void;
  /** Asks which proxy the system wants for an origin; the answer comes to `rooms.systemProxy`. */
  askForProxy: (origin: string) => void;
  /** Shutting down, a login is still being renewed: its tokens are awaited, at most `ms` more. */
  onRenewalAwaited: (ms: number) => void;
};

/** Longest wait for a renewal that runs, ms: the bound of the call to the token endpoint. */
const RENEWAL_MS = 30_000;

/** The engine's parts, put together. */
type Parts = {
  around: EngineSurroundings;
  rooms: Rooms;
  publisher: StatePublisher;
  vaultOpener: VaultOpener;
  listener: Listener;
  housekeeping: Housekeeping;
  clients: ClientSetup;
};

/**
 * Opens the store and puts the engine together. Nothing listens yet: `start` does that.
 * @throws AppError of the store: `database_newer`, `database_damaged`, `data_dir_unusable`
 */
export function createEngine(around: EngineSurroundings) {
  const parts = createParts(around);
  const { rooms, publisher, vaultOpener, listener, clients } = parts;
  return {
    rooms,
    clients,
    clock: parts.around.clock,
    publisher,
    vaultOpener,
    listener,
    /** The vault has opened: secrets can be read, and the first client key made. */
    secretsReady: () => secretsReady(parts),
    /** Answers when the proxy listens or is switched off. */
    start: () => start(parts),
    /**
     * Streams get `deadlineMs` to finish, records are handed over, the store is closed. Renewals of logins are awaited
     * beyond that: the provider may have given the old tokens up already.
     */
    shutdown: (deadlineMs: number) => shutdown(parts, deadlineMs),
  };
}

/** See {@link createEngine}. */
export type Engine = ReturnType<typeof createEngine>;

function createParts(around: EngineSurroundings): Parts {
  const { init, clock, log } = around;
  const publisher: StatePublisher = createStatePublisher({
    clock,
    push: around.push,
    read: {
      proxy: () => listener.state(),
      vault: () => vaultOpener.state(),
      pool: () => views.pool(),
      accounts: () => views.accounts(),
      clientKeys: () => rooms.clientKeys.views(),
      settings: () => rooms.settings.current(),
      events: () => rooms.events.list(),
      signIn: () => rooms.signIns.view(),
      environment: () => environmentOf(rooms.settings),
    },
  });
  const store = openEngineStore(init.dataDir);
  const rooms = createRooms({ ...around, store, mark: publisher.mark });
  const vaultOpener = createVaultOpener({
    dataDir: init.dataDir,
    vault: rooms.vault,
    keychain: around.keychain,
    passphrase: around.env.CCFLARE_PASSPHRASE ?? null,
    clock,
    log,
    onChange: () => publisher.mark('vault'),
  });
  const listener = createListener({
    proxy: rooms.proxy,
    settings: rooms.settings,
    clock,
    events: rooms.events,
    portOverride: init.portOverride,
    onChange: () => publisher.mark('proxy'),
    onListening(port) {
      around.onListening(port);
      void clients.listening(port);
    },
    beforeStop: () => clients.notListening(),
  });
  const clients = createEngineClients({ around, rooms, port: () => listener.port() });
  const views = createAccountViews(rooms, clock);
  const housekeeping = createHousekeeping(rooms, clock, publisher.mark);
  return { around, rooms, publisher, vaultOpener, listener, housekeeping, clients };
}

function secretsReady({ rooms, publisher, listener, clients }: Parts): void {
  rooms.accounts.load();
  rooms.clientKeys.ensureFirst();
  publisher.mark('accounts', 'pool', 'clientKeys');
  const port = listener.port();
  if (port !== null) void clients.listening(port);
}

async function start(parts: Parts): Promise<{ port: number | null }> {
  const { around, rooms, listener } = parts;
  if (around.init.task !== 'serve') return await lookAfterClients(parts);
  await parts.vaultOpener.open();
  rooms.accounts.load();
  if (around.init.provisionFile !== null) {
    const { accounts, clientKeys, settings, audit } = rooms;
    const provision = readProvision(around.init.provisionFile, around.env);
    applyProvision(provision, { accounts, clientKeys, settings, audit });
  }
  if (rooms.vault.ready()) secretsReady(parts);
  parts.housekeeping.start();
  parts.publisher.mark('vault', 'pool', 'accounts', 'clientKeys', 'settings', 'events', 'environment');
  try {
    await listener.apply({ restart: false });
  } finally {
    // A crash may have left clients pointed at a proxy that is off now, or at whoever has its port instead.
    if (listener.port() === null) await parts.clients.notListening();
  }
  return { port: listener.port() };
}

/** The clients get their settings back, and nothing else happens. */
async function lookAfterClients({ around, clients }: Parts): Promise<{ port: null }> {
  if (around.init.task === 'restore-clients') await clients.restore('app');
  else await clients.notListening();
  return { port: null };
}

async function shutdown(parts: Parts, deadlineMs: number): Promise<void> {
  const { around, rooms, listener, publisher } = parts;
  parts.housekeeping.stop();
  // First, so that no client that starts now comes to a door that is being closed.
  await parts.clients.close();
  rooms.signIns.close();
  const renewed = rooms.accounts.close();
  await Promise.race([listener.stop(), after(around.clock, deadlineMs)]);
  await rooms.proxy.close();
  if (rooms.accounts.renewing()) around.onRenewalAwaited(RENEWAL_MS);
  await Promise.race([renewed, after(around.clock, RENEWAL_MS)]);
  const { accounts, clientKeys, limits, balancer, spend, forecasts } = rooms;
  for (const room of [accounts, clientKeys, limits, balancer, spend, forecasts]) room.flush();
  await rooms.recorder.flush();
  rooms.recorder.attach(null);
  publisher.flush();
  rooms.store.close();
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

function environmentOf({ overridden, problems }: Rooms['settings']): EngineState['environment'] {
  return {
    overridden: [...overridden].map(([key, variable]) => ({ key, variable })),
    problems: [...problems],
  };
}
