import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import type { CallHandlers } from '../../shared/thread-rpc.ts';
import { createClientSetup } from '../core/clients/client-setup.ts';
import { AppError } from '../core/errors.ts';
import type { EngineCalls, EngineInit } from '../core/thread-contract.ts';
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
    ...computer(init, env),
    dataDir: init.dataDir,
    clock,
    log,
    audit,
    settings,
    events,
    port: deps.port,
    key: () => clientKeys.secretFor('claude-code', KEY_NAME),
    revealKey: (keyId) => clientKeys.reveal(keyId),
    isOwnKey: (secret) => clientKeys.keyring.identify(secret) !== null,
  });
}

/** A demo sees a home of its own: nobody's real client may end up at a simulator. */
function computer({ demo, dataDir }: EngineInit, env: NodeJS.ProcessEnv) {
  const { platform } = process;
  if (!demo) return { home: homedir(), platform, env };
  const { PATH, Path } = env;
  return { home: join(dataDir, 'home'), platform, env: { PATH, Path } };
}

/**
 * The same where the store cannot be opened: good for putting settings back, so that no client stays pointed at an
 * app that does not start. What was done to them is on record in files of its own, and an address of ours is known by
 * its key's beginning.
 */
export function createClientsWithoutStore(
  around: Pick<EngineSurroundings, 'init' | 'clock' | 'log' | 'env'>,
): ClientSetup {
  const noKey = (): never => {
    throw new AppError('thread_down', 'There are no client keys while the database cannot be opened.');
  };
  return createClientSetup({
    ...computer(around.init, around.env),
    dataDir: around.init.dataDir,
    clock: around.clock,
    log: around.log,
    audit: { write: () => undefined },
    settings: { current: () => DEFAULT_SETTINGS, onChange: () => () => undefined },
    events: { add: () => undefined },
    port: () => null,
    key: noKey,
    revealKey: noKey,
    isOwnKey: () => false,
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
    'clients.apply': async ({ actor, hints, fixes }) => {
      await clients().apply({ hints, fixes }, actor);
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
