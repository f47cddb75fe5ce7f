import type { Settings } from '../../../shared/settings.ts';
import { NUMBERS } from './number-words.ts';
import type { ChoiceKey, OwnKey, SwitchKey, Words } from './setting-keys.ts';
import { TEXTS } from './text-words.ts';

/** On or off. */
export const SWITCHES: Record<SwitchKey, Words> = {
  proxyEnabled: {
    label: 'Proxy',
    description: 'Listen for clients. The same switch as at the top and in the tray.',
  },
  requireClientKey: {
    label: 'Ask clients for a key',
    description:
      'Refuse requests without a valid client key. Switch off only if you alone use this computer.',
  },
  forwardClientCredentials: {
    label: 'Fall back to the client’s own login',
    description:
      'When no account can serve, pass the request on with what the client sent instead of an error.',
  },
  drainExpiring: {
    label: 'Use up the week that ends first',
    description:
      'New sessions may take the account whose week ends first to 100 %: what is left of it would expire.',
  },
  overloadHop: {
    label: 'Try one other account on overload',
    description:
      'After the retries of a server error the request goes to one other account, without holding it against the first.',
  },
  allowOverage: {
    label: 'Go on with paid overage',
    description:
      'Some plans go on after their limit and bill what comes after it. Off: such an account is left as if it were spent.',
  },
  restoreClientsOnQuit: {
    label: 'Put Claude Code back when ccflare stops',
    description:
      'When the app quits or the proxy is switched off, Claude Code goes to the provider by itself. It is set up again at the next start.',
  },
  startAtLogin: { label: 'Start at login', description: 'Start ccflare when you log in to this computer.' },
  openWindowAtStart: {
    label: 'Open this window at start',
    description: 'Otherwise ccflare starts in the tray only.',
  },
};

/** One of a few. */
export const CHOICES: {
  [K in ChoiceKey]: Words & { options: readonly { value: Settings[K]; label: string }[] };
} = {
  theme: {
    label: 'Theme',
    description: 'Colours of this window.',
    options: [
      { value: 'system', label: 'As the system' },
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
  },
  logLevel: {
    label: 'Log detail',
    description: 'Detail of the app’s own log file. It never contains keys or prompts.',
    options: [
      { value: 'error', label: 'Errors' },
      { value: 'warn', label: 'Warnings' },
      { value: 'info', label: 'Normal' },
      { value: 'debug', label: 'Everything' },
    ],
  },
};

/** Those with a control of their own. */
export const OWN: Record<OwnKey, Words> = {
  strategy: {
    label: 'Strategy',
    description:
      'How a new session gets its account. In all of them a session stays where it is while it can.',
  },
  pinnedAccountId: {
    label: 'Use only',
    description: 'Everything goes to this account while it can serve. The same choice as in the tray.',
  },
  modelRoutes: {
    label: 'Models that go to a certain account',
    description:
      'The first row that fits a model counts; * stands for any characters. When that account cannot serve, the others do.',
  },
  accountBoundModels: {
    label: 'Models with account-bound thinking',
    description:
      'Their thinking works only on the account that made it, so a move in mid-session loses it and is marked. * stands for any characters.',
  },
  exhaustion: {
    label: 'What a request gets',
    description: 'While no account can serve. A client key may have its own answer.',
  },
  fallbackAccountId: {
    label: 'Fallback account',
    description:
      'An account with an API key. Once you have agreed below it is set aside: it gets no other requests.',
  },
  fallbackConsent: {
    label: 'Consent to the fallback',
    description: 'Requests through it are billed by the provider at API prices.',
  },
};

/** Name of a setting for people; the key itself where there is none. */
export function settingLabel(key: string): string {
  const words: Record<string, Words> = { ...SWITCHES, ...CHOICES, ...NUMBERS, ...TEXTS, ...OWN };
  return words[key]?.label ?? key;
}
