import { homedir } from 'node:os';
import type { CallHandlers } from '../../shared/thread-rpc.ts';
import { createClientSetup } from '../core/clients/client-setup.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import type { Rooms } from './engine-rooms.ts';
import type { EngineSurroundings } from './engine-service.ts';

/** Name of the client key that Claude Code's settings get; made when it is first needed. */
const KEY_NAME = 'Claude Code';

/** The set-up of clients on this computer, with the engine's keys and port. */
export function createEngineClients(deps: {
  around: Pick<EngineSurroundings, 'init' | 'clock' | 'log' | 'env'>;
  rooms: Pick<Rooms, 'audit' | 'settings' | 'events' | 'clientKeys'>;
  /** Null while the proxy does not listen. */
  port: () => number | null;
}) {
  const { init, clock, log, env } = deps.around;
  const { audit, settings, events, clientKeys } = deps.rooms;
  return createClientSetup({
    home: homedir(),
    platform: process.platform,
    env,
    dataDir: init.dataDir,
    clock,
    log,
    audit,
    settings,
    events,
    port: deps.port,
    key: () => clientKeys.secretNamed(KEY_NAME),
    revealKey: (keyId) => clientKeys.reveal(keyId),
    isOwnKey: (secret) => clientKeys.keyring.identify(secret) !== null,
  });
}

/** See {@link createEngineClients}. */
export type ClientSetup = ReturnType<typeof createEngineClients>;

type ClientCalls = Extract<keyof EngineCalls, `clients.${string}`>;

/** What a user can do with the clients on this computer. */
export function clientCalls(clients: () => ClientSetup): Pick<CallHandlers<EngineCalls>, ClientCalls> {
  return {
    'clients.report': () => clients().report(),
    'clients.preview': (input) => clients().preview(input),
    'clients.apply': async ({ actor, hints }) => {
      await clients().apply({ hints }, actor);
      return null;
    },
    'clients.restore': async ({ actor }) => {
      await clients().restore(actor);
      return null;
    },
    'clients.fix': async ({ actor, findingId }) => {
      await clients().fix({ findingId }, actor);
      return null;
    },
    'clients.test': () => clients().test(),
  };
}
