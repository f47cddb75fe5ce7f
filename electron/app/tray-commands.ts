import type { AppState } from '../../shared/app-state.ts';
import type { PushPayload } from '../../shared/ipc/contract.ts';
import type { Logger } from '../core/thread-contract.ts';
import type { SignInFlow } from './sign-in-flow.ts';
import type { EngineClient } from './threads.ts';

/** What the tray's commands act on. */
export type TrayCommandDeps = {
  engine: () => EngineClient;
  state: () => AppState;
  show: (target?: PushPayload<'navigate'>) => void;
  signIn: Pick<SignInFlow, 'start'>;
  copyText: (text: string) => void;
  quit: () => void;
  log: Logger;
};

/** Carries out a command of the tray menu by its id. */
export function createTrayCommands(deps: TrayCommandDeps): (id: string) => void {
  const actor = 'tray' as const;
  const setAllPaused = (paused: boolean) => deps.engine().call('accounts.setAllPaused', { paused, actor });
  const commands: Record<string, () => unknown> = {
    open: () => deps.show(),
    settings: () => deps.show({ page: 'settings' }),
    'open-accounts': () => deps.show({ page: 'accounts' }),
    proxy: () =>
      deps.engine().call('proxy.setEnabled', { enabled: !deps.state().settings.proxyEnabled, actor }),
    'pause-all': () => setAllPaused(true),
    'resume-all': () => setAllPaused(false),
    'copy-address': () => deps.engine().call('clipboard.text', { what: 'address' }).then(deps.copyText),
    quit: () => deps.quit(),
  };
  return (id) => {
    const [group, accountId] = id.split(':', 2);
    if (accountId !== undefined) {
      if (group === 'sign-in') void signInAgain(deps, accountId);
      else if (group === 'use') attempt(deps, id, () => pinTo(deps, accountId));
      else deps.show({ page: 'accounts', id: accountId });
      return;
    }
    if (Object.hasOwn(commands, id)) attempt(deps, id, () => commands[id]?.());
  };
}

function attempt({ log }: TrayCommandDeps, id: string, run: () => unknown): void {
  Promise.resolve(run()).catch(() => log.warn('tray_command_failed', { id }));
}

/** Sends everything to one account while it can serve; `auto` leaves the choice to the strategy again. */
function pinTo({ engine, state }: TrayCommandDeps, choice: string): unknown {
  const pinnedAccountId = choice === 'auto' ? null : choice;
  if (state().settings.pinnedAccountId === pinnedAccountId) return undefined;
  return engine().call('settings.patch', { pinnedAccountId, actor: 'tray' });
}

/** In a window of its own for a login; whatever that cannot do (keys, the notice) is done on the accounts page. */
async function signInAgain(deps: TrayCommandDeps, accountId: string): Promise<void> {
  const account = deps.state().accounts.find(({ id }) => id === accountId);
  try {
    if (account?.kind !== 'oauth') throw new Error('not a login');
    const { consented: consent } = account;
    await deps.signIn.start({ mode: 'subscription', way: 'window', accountId, consent }, 'tray');
  } catch {
    deps.show({ page: 'accounts', id: accountId });
  }
}
