import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import type { CallHandlers } from '../../shared/thread-rpc.ts';
import { toErrorView } from '../core/errors.ts';
import type { Actor } from '../core/ports.ts';
import type { EngineCalls } from '../core/thread-contract.ts';
import { clipboardText } from './clipboard-text.ts';
import { accountCalls } from './engine-accounts.ts';
import { clientCalls } from './engine-clients.ts';
import { importCalls } from './engine-imports.ts';
import type { Rooms } from './engine-rooms.ts';
import type { Engine } from './engine-service.ts';
import { sessionCalls } from './engine-sessions.ts';
import { signInCalls } from './engine-sign-ins.ts';

/**
 * One line per call of the shell; what they mean lives in the rooms. `engine` throws `thread_down` while there is
 * none yet.
 */
export function engineCalls(engine: () => Engine): Omit<CallHandlers<EngineCalls>, 'start' | 'shutdown'> {
  const rooms = (): Rooms => engine().rooms;
  const clientKeys = (): Rooms['clientKeys'] => rooms().clientKeys;
  const done = (work: () => void): null => {
    work();
    return null;
  };
  return {
    state: () => engine().publisher.snapshot(),
    'proxy.setEnabled': async ({ enabled, actor }) => {
      await patch(engine(), { proxyEnabled: enabled }, actor);
      return null;
    },
    ...accountCalls(engine),
    ...sessionCalls(rooms),
    ...signInCalls(rooms),
    ...importCalls(rooms, (change, actor) => patch(engine(), change, actor)),
    ...clientCalls(() => engine().clients),
    'clientKeys.create': ({ name, actor }) => clientKeys().create(name, actor),
    'clientKeys.rename': ({ id, name, actor }) => done(() => clientKeys().rename(id, name, actor)),
    'clientKeys.setExhaustion': ({ id, exhaustion, actor }) =>
      done(() => clientKeys().setExhaustion(id, exhaustion, actor)),
    'clientKeys.revoke': async ({ id, actor }) => {
      clientKeys().revoke(id, actor);
      // Claude Code may have been set up with it, and would be refused from now on.
      const port = engine().listener.port();
      if (port !== null) await engine().clients.listening(port);
      return null;
    },
    'clipboard.text': (request) => {
      if (request.what === 'snippet') return engine().clients.snippetText(request.target, request.keyId);
      if (request.what === 'command') return engine().clients.commandText(request.findingId);
      return clipboardText(request, engine().listener.port(), (keyId) => clientKeys().reveal(keyId));
    },
    'settings.patch': ({ actor, ...change }) => patch(engine(), change, actor),
    'vault.unlock': ({ passphrase, actor }) =>
      openVault(engine(), 'vault.unlock', actor, (opener) => opener.unlock(passphrase)),
    'vault.choose': ({ actor, ...choice }) =>
      openVault(engine(), `vault.choose_${choice.mode}`, actor, (opener) => opener.choose(choice)),
    counters: () => ({
      queueDepth: rooms().recorder.depth(),
      queueLimit: rooms().recorder.limit,
      droppedRecords: rooms().recorder.dropped(),
      replayBytes: rooms().proxy.replayBytes(),
    }),
    'power.resumed': () =>
      done(() => {
        rooms().systemProxy.forget();
        rooms().proxy.dropPooledSockets();
        rooms().accounts.revalidate();
      }),
  };
}

/** Changes settings and carries out those that act at once. */
async function patch(engine: Engine, change: SettingsPatch, actor: Actor): Promise<Settings> {
  const { rooms, listener, publisher } = engine;
  const settings = rooms.settings.patch(change);
  const keys = Object.keys(change);
  rooms.audit.write({
    actor,
    action: 'settings.change',
    subject: keys.join(' '),
    outcome: 'ok',
    detail: null,
  });
  publisher.mark('settings');
  if (keys.includes('port') || keys.includes('proxyEnabled')) {
    await listener.apply({ restart: keys.includes('port') });
  }
  return settings;
}

/** Opens the vault in one of its ways, makes the secrets readable, and puts it on record, also when it fails. */
async function openVault(
  engine: Engine,
  action: string,
  actor: Actor,
  open: (opener: Engine['vaultOpener']) => Promise<void>,
): Promise<null> {
  const { audit } = engine.rooms;
  try {
    await open(engine.vaultOpener);
  } catch (error) {
    audit.write({ actor, action, subject: null, outcome: 'refused', detail: toErrorView(error).code });
    throw error;
  }
  audit.write({ actor, action, subject: null, outcome: 'ok', detail: null });
  engine.secretsReady();
  return null;
}
