import type { AccountState, AccountView } from '../../../shared/account.ts';
import type { AppState } from '../../../shared/app-state.ts';
import { formatClock, formatRelative } from '../../../shared/format.ts';
import { windowWords } from './window-words.ts';

/** One line of the tray menu; the controller turns it into a native item. */
export type TrayItem = {
  id: string;
  label: string;
  type?: 'separator' | 'checkbox';
  checked?: boolean;
  enabled?: boolean;
  submenu?: TrayItem[];
};

const STATE_WORDS: Record<AccountState, string> = {
  serving: 'serving',
  ready: 'ready',
  cooling: 'cooling',
  spent: 'spent',
  'sign-in-needed': 'sign-in needed',
  attention: 'needs attention',
  paused: 'paused',
};

/** Longest account list a menu shows; the window has the rest. */
const MAX_ACCOUNTS = 12;

/** Native menus take `&` for a mnemonic. */
const escapeLabel = (text: string): string => text.replaceAll('&', '&&');

/** The tray menu for a state. Pure. */
export function trayMenu(state: AppState, now: number): TrayItem[] {
  const listening = state.proxy.phase === 'listening';
  const allPaused = state.accounts.length > 0 && state.accounts.every((account) => account.paused);
  return [
    { id: 'state', label: escapeLabel(stateLine(state, now)), enabled: false },
    {
      id: 'proxy',
      label: 'Proxy on',
      type: 'checkbox',
      checked: state.settings.proxyEnabled,
      enabled: state.threads.engine.phase === 'running',
    },
    { id: 'separator-accounts', label: '', type: 'separator' },
    ...accountItems(state.accounts, now),
    ...pinItems(state),
    { id: 'separator-actions', label: '', type: 'separator' },
    { id: 'copy-address', label: 'Copy address', enabled: listening },
    { id: 'open', label: 'Open dashboard' },
    {
      id: allPaused ? 'resume-all' : 'pause-all',
      label: allPaused ? 'Resume all accounts' : 'Pause all accounts',
      enabled: state.accounts.length > 0,
    },
    { id: 'settings', label: 'Settings' },
    { id: 'separator-quit', label: '', type: 'separator' },
    { id: 'quit', label: 'Quit ccflare' },
  ];
}

/** First line of menu and tooltip: can work go on? */
export function stateLine(state: AppState, now: number): string {
  if (state.threads.engine.phase === 'failed') return 'The proxy stopped and could not be started again';
  if (state.proxy.phase === 'failed') return state.proxy.error?.message ?? 'The proxy could not start';
  if (state.proxy.phase !== 'listening') return 'Proxy off';
  if (state.vault.phase === 'locked' || state.vault.phase === 'choice-needed') return 'The vault needs you';
  const { backAt } = state.pool;
  if (backAt === null) return state.pool.summary;
  return `${state.pool.summary} Back at ${formatClock(backAt, now)} (${formatRelative(backAt, now)}).`;
}

function accountItems(accounts: readonly AccountView[], now: number): TrayItem[] {
  if (accounts.length === 0) return [{ id: 'no-accounts', label: 'No accounts yet', enabled: false }];
  const shown = accounts.slice(0, MAX_ACCOUNTS).flatMap((account) => [
    {
      id: `account:${account.id}`,
      label: escapeLabel(`${account.name}: ${accountWords(account, now)}`),
    },
    ...signInItem(account),
  ]);
  const more = accounts.length - MAX_ACCOUNTS;
  return more > 0 ? [...shown, { id: 'open-accounts', label: `and ${more} more` }] : shown;
}

/** A login that was refused can be renewed from here; a key has to be typed, so its line leads to the window. */
function signInItem({ id, name, kind, state }: AccountView): TrayItem[] {
  if (state !== 'sign-in-needed' || kind !== 'oauth') return [];
  return [{ id: `sign-in:${id}`, label: escapeLabel(`Sign ${name} in again`) }];
}

/** Everything to one account, or as the strategy chooses. A wish for an account that is gone counts for nothing. */
function pinItems({ accounts, settings }: AppState): TrayItem[] {
  if (accounts.length === 0) return [];
  const only = accounts.find(({ id }) => id === settings.pinnedAccountId);
  const listed = accounts.slice(0, MAX_ACCOUNTS);
  const shown = only === undefined || listed.includes(only) ? listed : [...listed, only];
  return [
    { id: 'separator-use', label: '', type: 'separator' },
    { id: 'use:auto', label: 'Use automatically', type: 'checkbox', checked: only === undefined },
    {
      id: 'use-only',
      label: escapeLabel(only === undefined ? 'Use only' : `Use only: ${only.name}`),
      // Of radio items the system ticks one, also where none of them is meant.
      submenu: shown.map((account) => ({
        id: `use:${account.id}`,
        label: escapeLabel(account.name),
        type: 'checkbox',
        checked: account === only,
      })),
    },
  ];
}

function accountWords(account: AccountView, now: number): string {
  const words = STATE_WORDS[account.state];
  if (account.until !== null) return `${words}, back at ${formatClock(account.until, now)}`;
  const window = windowWords(account, now);
  return window === null ? words : `${words}, ${window}`;
}
