import type { EngineState } from '../../shared/app-state.ts';
import { standingOf } from '../core/balancing/standing.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/ports.ts';
import { applyProvision, readProvision } from '../core/provisioning/provision.ts';
import { createVaultOpener, type KeychainPort } from '../core/security/open-vault.ts';
import type { EngineInit } from '../core/thread-contract.ts';
import type { PriceTable } from '../core/usage/pricing.ts';
import { openEngineStore } from '../store/engine-store.ts';
import { poolStateOf } from './account-views.ts';
import { createHousekeeping } from './engine-housekeeping.ts';
import { createRooms, type Rooms } from './engine-rooms.ts';
import { createAccountViews } from './engine-views.ts';
import { createListener } from './listener.ts';
import { createStatePublisher } from './state-publisher.ts';

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
};

/**
 * Opens the store and puts the engine together. Nothing listens yet: `start` does that.
 * @throws AppError of the store: `database_newer`, `database_damaged`, `data_dir_unusable`
 */
export function createEngine(around: EngineSurroundings) {
  const { init, clock, log } = around;
  const store = openEngineStore(init.dataDir);
  const publisher = createStatePublisher({ clock, push: around.push, read: readers() });
  const rooms = createRooms({
    store,
    prices: around.prices,
    clock,
    log,
    env: around.env,
    mark: publisher.mark,
  });
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
    onListening: around.onListening,
  });
  const views = createAccountViews({
    pool: rooms.accounts.pool,
    limits: rooms.limits,
    balancer: rooms.balancer,
    clock,
    detail: rooms.accounts.detail,
    standing: (account, next, now) =>
      standingOf(account, { pool: rooms.accounts.pool, limits: rooms.limits }, next, now),
  });
  const housekeeping = createHousekeeping(rooms, clock, publisher.mark);

  function readers() {
    return {
      proxy: () => listener.state(),
      vault: () => vaultOpener.state(),
      pool: () => {
        const { accounts, nextAccountId } = views();
        return poolStateOf(accounts, nextAccountId);
      },
      accounts: () => views().accounts,
      clientKeys: () => rooms.clientKeys.views(),
      settings: () => rooms.settings.current(),
      events: () => rooms.events.list(),
    };
  }

  /** The vault has opened: secrets can be read, and the first client key made. */
  function secretsReady(): void {
    rooms.accounts.load();
    rooms.clientKeys.ensureFirst();
    publisher.mark('accounts', 'pool', 'clientKeys');
  }

  return {
    rooms,
    publisher,
    vaultOpener,
    listener,
    secretsReady,
    async start(): Promise<{ port: number | null }> {
      await vaultOpener.open();
      rooms.accounts.load();
      if (init.provisionFile !== null) provision(rooms, init.provisionFile, around.env);
      if (rooms.vault.ready()) secretsReady();
      housekeeping.start();
      await listener.apply({ restart: false });
      publisher.mark('proxy', 'vault', 'pool', 'accounts', 'clientKeys', 'settings', 'events');
      return { port: listener.port() };
    },
    async shutdown(deadlineMs: number): Promise<void> {
      housekeeping.stop();
      await Promise.race([listener.stop(), after(clock, deadlineMs)]);
      await rooms.proxy.close();
      for (const room of [rooms.accounts, rooms.clientKeys, rooms.limits, rooms.balancer]) room.flush();
      await rooms.recorder.flush();
      rooms.recorder.attach(null);
      publisher.flush();
      store.close();
    },
  };
}

/** See {@link createEngine}. */
export type Engine = ReturnType<typeof createEngine>;

function provision(rooms: Rooms, file: string, env: Record<string, string | undefined>): void {
  const { accounts, clientKeys, settings } = rooms;
  applyProvision(readProvision(file, env), { accounts, clientKeys, settings });
}

function after(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
