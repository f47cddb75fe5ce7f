import type { AppState } from '../../shared/app-state.ts';
import type { PushPayload } from '../../shared/ipc/contract.ts';
import type { Logger } from '../core/thread-contract.ts';
import type { EngineClient } from './threads.ts';

/** What the tray's commands act on. */
export type TrayCommandDeps = {
  engine: () => EngineClient;
  state: () => AppState;
  show: (target?: PushPayload<'navigate'>) => void;
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
    if (id.startsWith('account:')) {
      deps.show({ page: 'accounts', id: id.slice('account:'.length) });
      return;
    }
    const command = Object.hasOwn(commands, id) ? commands[id] : undefined;
    Promise.resolve(command?.()).catch(() => deps.log.warn('tray_command_failed', { id }));
  };
}
