import type { AppState, StorageState } from '../../shared/app-state.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { ExternalLink } from '../../shared/ipc/contract.ts';
import type { ThreadClient } from '../../shared/thread-rpc.ts';
import type { ArchiveCalls, ArchiveEvents, EngineCalls, EngineEvents } from '../core/thread-contract.ts';
import type { Handlers } from './answer-call.ts';

/** What the handlers call on. The clients are looked up at each call, since threads may have been restarted. */
export type HandlerDeps = {
  engine: () => ThreadClient<EngineCalls, EngineEvents>;
  archive: () => ThreadClient<ArchiveCalls, ArchiveEvents>;
  state: () => AppState;
  copyText: (text: string) => void;
  openExternal: (link: ExternalLink) => Promise<void>;
  showLogFile: () => void;
  quit: () => void;
};

/** Calls of the page that the engine answers as they are, with the page named as the one who asked. */
type Forwarded = Extract<
  CallName & keyof EngineCalls,
  `accounts.${string}` | `clientKeys.${string}` | 'proxy.setEnabled' | 'settings.patch' | `vault.${string}`
>;

/** One line per call. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const act =
    <N extends Forwarded>(name: N) =>
    (input: object): Promise<EngineCalls[N]['answer']> =>
      deps.engine().call(name, { ...input, actor: 'dashboard' } as EngineCalls[N]['argument']);
  return {
    'state.get': () => deps.state(),
    'proxy.setEnabled': act('proxy.setEnabled'),
    'accounts.add': act('accounts.add'),
    'accounts.rename': act('accounts.rename'),
    'accounts.setPaused': act('accounts.setPaused'),
    'accounts.setAllPaused': act('accounts.setAllPaused'),
    'accounts.setPriority': act('accounts.setPriority'),
    'accounts.setBaseUrl': act('accounts.setBaseUrl'),
    'accounts.replaceKey': act('accounts.replaceKey'),
    'accounts.clearCooldown': act('accounts.clearCooldown'),
    'accounts.remove': act('accounts.remove'),
    'clientKeys.create': act('clientKeys.create'),
    'clientKeys.rename': act('clientKeys.rename'),
    'clientKeys.revoke': act('clientKeys.revoke'),
    'clipboard.copy': async (input) => {
      deps.copyText(await deps.engine().call('clipboard.text', input));
      return null;
    },
    'requests.list': (input) => deps.archive().call('list', input),
    'requests.get': (input) => deps.archive().call('get', input),
    'requests.totals': (input) => deps.archive().call('totals', input),
    'requests.hourly': (input) => deps.archive().call('hourly', input),
    'settings.patch': act('settings.patch'),
    'storage.get': () => storageOf(deps),
    'vault.unlock': act('vault.unlock'),
    'vault.choose': act('vault.choose'),
    'app.openExternal': async ({ link }) => {
      await deps.openExternal(link);
      return null;
    },
    'app.showLogFile': () => {
      deps.showLogFile();
      return null;
    },
    'app.quit': () => {
      deps.quit();
      return null;
    },
  };
}

async function storageOf(deps: HandlerDeps): Promise<StorageState> {
  const [archive, counters] = await Promise.all([
    deps.archive().call('storage', undefined),
    deps.engine().call('counters', undefined),
  ]);
  return { ...archive, ...counters };
}
