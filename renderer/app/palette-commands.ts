import {
  ClipboardCopy,
  Contrast,
  FileText,
  Keyboard,
  type LucideIcon,
  Pause,
  Pin,
  PinOff,
  Play,
  PlugZap,
  Plus,
  Power,
  User,
} from 'lucide-react';
import type { AccountView } from '../../shared/account.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallArgument } from '../../shared/ipc/contract.ts';
import { stateWord } from '../components/state-mark.tsx';
import { ADD_WAYS } from '../features/accounts/add-ways.ts';
import { credentialSteps } from '../features/accounts/credential-steps.ts';
import { type DialogRequest, openDialog } from './dialog-slot.ts';
import { navigate, PAGES } from './routes.ts';

/** One line of the palette. */
export type Command = {
  id: string;
  group: 'Pages' | 'Accounts' | 'Actions';
  label: string;
  icon: LucideIcon;
  /** Secondary words at the end of the line. */
  note?: string;
  run: () => void;
};

/** Sends a call; errors become toasts. */
export type Act = <N extends CallName>(name: N, argument: CallArgument<N>, failure: string) => void;

/** Everything that can be done from the palette in this state. */
export function paletteCommands(state: AppState, act: Act): Command[] {
  return [
    ...pageCommands(),
    ...accountCommands(state, act),
    ...pinCommands(state, act),
    ...actionCommands(state, act),
  ];
}

/** Commands in which every word of the search occurs. */
export function searchCommands(commands: Command[], search: string): Command[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = `${command.group} ${command.label} ${command.note ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function pageCommands(): Command[] {
  return PAGES.map(({ page, label, icon }) => ({
    id: `page-${page}`,
    group: 'Pages',
    label,
    icon,
    run: () => navigate(page),
  }));
}

function accountCommands(state: AppState, act: Act): Command[] {
  return state.accounts.flatMap((account): Command[] => [
    ...credentialCommands(account),
    {
      id: `open-${account.id}`,
      group: 'Accounts',
      label: account.name,
      icon: User,
      note: stateWord(account.state),
      run: () => navigate('accounts', account.id),
    },
    {
      id: `pause-${account.id}`,
      group: 'Accounts',
      label: `${account.paused ? 'Resume' : 'Pause'} ${account.name}`,
      icon: account.paused ? Play : Pause,
      run: () =>
        act(
          'accounts.setPaused',
          { id: account.id, paused: !account.paused },
          `Could not ${account.paused ? 'resume' : 'pause'} ${account.name}`,
        ),
    },
  ]);
}

/** One account for everything, or the choice back to the strategy. What is so already is not offered. */
function pinCommands({ accounts, settings }: AppState, act: Act): Command[] {
  const pinned = accounts.find(({ id }) => id === settings.pinnedAccountId);
  const pin = (pinnedAccountId: string | null) => () =>
    act('settings.patch', { pinnedAccountId }, 'Could not change which account is used');
  const automatic: Command = {
    id: 'use-auto',
    group: 'Accounts',
    label: 'Use automatically',
    icon: PinOff,
    ...(pinned && { note: `now only ${pinned.name}` }),
    run: pin(null),
  };
  const others = accounts.filter((account) => account !== pinned);
  return [
    ...(pinned ? [automatic] : []),
    ...others.map(
      ({ id, name }): Command => ({
        id: `use-${id}`,
        group: 'Accounts',
        label: `Pin everything to ${name}`,
        icon: Pin,
        run: pin(id),
      }),
    ),
  ];
}

/** The ways back for an account whose key or login is refused. */
function credentialCommands(account: AccountView): Command[] {
  if (account.state !== 'sign-in-needed') return [];
  return credentialSteps(account).map(({ label, icon, request }) => ({
    id: `${request.kind}-${account.id}`,
    group: 'Accounts',
    label: `${label}: ${account.name}`,
    icon,
    run: () => openDialog(request),
  }));
}

function dialogCommand(
  kind: 'add-account' | 'create-key' | 'shortcuts',
  label: string,
  icon: LucideIcon,
): Command {
  const request: DialogRequest = { kind };
  return { id: kind, group: 'Actions', label, icon, run: () => openDialog(request) };
}

function addCommands(): Command[] {
  return ADD_WAYS.map(({ value: way, title }): Command => {
    const request: DialogRequest = way === 'import' ? { kind: 'import' } : { kind: 'add-account', way };
    const label = way === 'import' ? title : `Add account: ${title}`;
    return { id: `add-${way}`, group: 'Actions', label, icon: Plus, run: () => openDialog(request) };
  });
}

/** Which of the two has something to do, its dialog says: files change unseen. */
function claudeCodeCommands(): Command[] {
  const ask = (action: 'apply' | 'restore', label: string): Command => ({
    id: `claude-code-${action}`,
    group: 'Actions',
    label,
    icon: PlugZap,
    run: () => openDialog({ kind: 'claude-code', action }),
  });
  return [ask('apply', 'Set up Claude Code'), ask('restore', 'Put Claude Code back as it was')];
}

function actionCommands(state: AppState, act: Act): Command[] {
  const { proxyEnabled } = state.settings;
  const power: Command = {
    id: 'power',
    group: 'Actions',
    label: proxyEnabled ? 'Switch the proxy off' : 'Switch the proxy on',
    icon: Power,
    run: () => act('proxy.setEnabled', { enabled: !proxyEnabled }, 'Could not switch the proxy'),
  };
  return [
    dialogCommand('add-account', 'Add account', Plus),
    ...addCommands(),
    ...claudeCodeCommands(),
    ...pauseAllCommands(state, act),
    power,
    ...copyCommands(state, act),
    dialogCommand('create-key', 'Create client key', Plus),
    ...themeCommands(state, act),
    {
      id: 'log',
      group: 'Actions',
      label: 'Show log file',
      icon: FileText,
      run: () => act('app.showLogFile', undefined, 'Could not show the log file'),
    },
    dialogCommand('shortcuts', 'Keyboard shortcuts', Keyboard),
    {
      id: 'quit',
      group: 'Actions',
      label: 'Quit ccflare',
      icon: Power,
      run: () => act('app.quit', undefined, 'Could not quit'),
    },
  ];
}

function pauseAllCommands(state: AppState, act: Act): Command[] {
  const all = (paused: boolean, label: string, icon: LucideIcon): Command => ({
    id: paused ? 'pause-all' : 'resume-all',
    group: 'Actions',
    label,
    icon,
    run: () =>
      act('accounts.setAllPaused', { paused }, `Could not ${paused ? 'pause' : 'resume'} all accounts`),
  });
  const commands: Command[] = [];
  if (state.accounts.some((account) => !account.paused))
    commands.push(all(true, 'Pause all accounts', Pause));
  if (state.accounts.some((account) => account.paused))
    commands.push(all(false, 'Resume all accounts', Play));
  return commands;
}

function copyCommands(state: AppState, act: Act): Command[] {
  const copy = (label: string, argument: CallArgument<'clipboard.copy'>): Command => ({
    id: `copy-${argument.what}`,
    group: 'Actions',
    label,
    icon: ClipboardCopy,
    run: () => act('clipboard.copy', argument, 'Could not copy'),
  });
  const key = state.clientKeys.find((entry) => entry.revokedAt === null && entry.copyable);
  const address = copy('Copy address', { what: 'address' });
  if (!key) return [address];
  return [
    address,
    copy('Copy shell line for a client', { what: 'shell-export', keyId: key.id }),
    copy(`Copy client key ${key.name}`, { what: 'client-key', keyId: key.id }),
  ];
}

function themeCommands(state: AppState, act: Act): Command[] {
  const themes = ['system', 'light', 'dark'] as const;
  return themes
    .filter((theme) => theme !== state.settings.theme)
    .map((theme) => ({
      id: `theme-${theme}`,
      group: 'Actions',
      label: `Theme: ${theme === 'system' ? 'as the system' : theme}`,
      icon: Contrast,
      run: () => act('settings.patch', { theme }, 'Could not change the theme'),
    }));
}
