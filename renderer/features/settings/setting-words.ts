import type { SettingKey, Settings } from '../../../shared/settings.ts';
import { UNITS, type Unit } from './units.ts';

/**
 * Settings that have no row on the page, and why. A setting belongs into one of the tables below or into this
 * list: the page does not compile otherwise.
 */
export const WITHOUT_ROW = {
  onboarding: 'belongs to the first start on the overview',
  overloadHop: 'belongs to routing',
  pinnedAccountId: 'belongs to routing',
  modelRoutes: 'belongs to routing',
  leaveAtUtilisation: 'belongs to routing',
  drainExpiring: 'belongs to routing',
  accountBoundModels: 'belongs to routing',
  allowOverage: 'belongs to routing',
  overageCapUsd: 'belongs to routing',
  exhaustion: 'belongs to routing',
  holdSeconds: 'belongs to routing',
  fallbackAccountId: 'belongs to routing',
  fallbackCapUsd: 'belongs to routing',
  fallbackConsent: 'belongs to routing',
} as const satisfies Record<string, string>;

/** Keys with a row. */
type RowKey = Exclude<SettingKey, keyof typeof WITHOUT_ROW>;
/** Settings of one type, so that words and inputs fit together. */
type KeysOf<T> = { [K in RowKey]: Settings[K] extends T ? K : never }[RowKey];

/** Keys with a number. */
export type NumberKey = KeysOf<number>;
/** Keys with a text that is typed: those that may be any string. */
export type TextKey = { [K in RowKey]: string extends Settings[K] ? K : never }[RowKey];
/** Keys with a choice of words. */
export type ChoiceKey = Exclude<KeysOf<string>, TextKey>;
/** Keys that are on or off. */
export type SwitchKey = KeysOf<boolean>;

type Words = { label: string; description: string };

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
  strategy: {
    label: 'Strategy',
    description: 'A session keeps its account until that cannot serve, so its prompt cache stays warm.',
    options: [{ value: 'session', label: 'Keep sessions together' }],
  },
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

const URL_RULE =
  'Use an https address (http only for this computer) without user name, question mark or fragment.';
const SCOPES_RULE = 'Use scope names with single spaces between them, such as user:profile user:inference.';

/** Free text; `rule` is what is said when it does not fit. */
export const TEXTS: Record<TextKey, Words & { rule: string }> = {
  oauthClientId: {
    label: 'Client id',
    description: 'Public id under which logins are issued. Tokens can be renewed only with the same one.',
    rule: 'Enter an id of at most 200 characters.',
  },
  oauthAuthorizeUrl: {
    label: 'Sign-in page, subscriptions',
    description: 'Where a person with a plan such as Pro or Max signs in.',
    rule: URL_RULE,
  },
  oauthConsoleAuthorizeUrl: {
    label: 'Sign-in page, console',
    description: 'Where a member of an API organisation signs in.',
    rule: URL_RULE,
  },
  oauthTokenUrl: {
    label: 'Token address',
    description: 'Where codes become tokens and tokens are renewed.',
    rule: URL_RULE,
  },
  oauthRedirectUrl: {
    label: 'Redirect page',
    description: 'Where the provider sends the browser afterwards; the sign-in window stops there.',
    rule: URL_RULE,
  },
  oauthApiUrl: {
    label: 'Profile and usage address',
    description: 'Where the profile and the usage are read, and keys are made.',
    rule: URL_RULE,
  },
  oauthScopes: {
    label: 'Scopes, subscriptions',
    description: 'What a subscription login is asked for.',
    rule: SCOPES_RULE,
  },
  oauthConsoleScopes: {
    label: 'Scopes, console',
    description: 'What a console login is asked for.',
    rule: SCOPES_RULE,
  },
};

/** Numbers with the unit they are typed in; `zero` says what 0 means where it is special. */
export const NUMBERS: Record<NumberKey, Words & { unit: Unit; zero?: string }> = {
  port: {
    label: 'Port',
    description: 'Clients are set up with this port. 0 takes any free one at each start.',
    unit: UNITS.none,
    zero: 'any free port',
  },
  drainDeadlineMs: {
    label: 'Time to finish',
    description: 'Running answers get this long when the proxy is switched off or the app quits.',
    unit: UNITS.seconds,
  },
  sessionDurationMs: {
    label: 'Session length',
    description: 'A session stays on its account for this long after its last request.',
    unit: UNITS.hours,
  },
  refreshLeadMs: {
    label: 'Renew logins early',
    description: 'A login’s token is renewed this long before it ends.',
    unit: UNITS.minutes,
  },
  retryAttempts: {
    label: 'Retries on the same account',
    description: 'After a server error or a lost connection, before the next account is tried.',
    unit: UNITS.tries,
    zero: 'never',
  },
  retryDelayMs: {
    label: 'Wait before a retry',
    description: 'The real wait is drawn between half of it and all of it.',
    unit: UNITS.seconds,
  },
  retryBackoff: {
    label: 'Growth of the wait',
    description: 'Each further wait is this many times longer.',
    unit: UNITS.times,
  },
  connectTimeoutMs: {
    label: 'Connect to the provider',
    description: 'Time to open a connection.',
    unit: UNITS.seconds,
  },
  responseHeadTimeoutMs: {
    label: 'Wait for an answer to begin',
    description: 'Long answers legitimately take minutes to start.',
    unit: UNITS.minutes,
  },
  responseIdleTimeoutMs: {
    label: 'Silence inside an answer',
    description: 'Streams carry signs of life, so a longer silence means a dead line.',
    unit: UNITS.minutes,
  },
  clientHeadTimeoutMs: {
    label: 'Client sends its headers',
    description: 'A client that is slower is cut off.',
    unit: UNITS.seconds,
  },
  clientBodyIdleTimeoutMs: {
    label: 'Client pauses in its body',
    description: 'Longest pause while a client is sending.',
    unit: UNITS.seconds,
  },
  maxMessageBodyBytes: {
    label: 'Message size',
    description: 'Largest message request. The provider’s own limit is 32 MB.',
    unit: UNITS.megabytes,
  },
  maxUploadBodyBytes: {
    label: 'Upload size',
    description: 'Largest batch or file upload. The provider’s own limits are 256 MB and 500 MB.',
    unit: UNITS.megabytes,
  },
  replayBufferBytes: {
    label: 'Kept for fail-over, per request',
    description: 'Larger requests are passed straight through and cannot be moved to another account.',
    unit: UNITS.megabytes,
    zero: 'no fail-over',
  },
  replayTotalBytes: {
    label: 'Kept for fail-over, all together',
    description: 'Memory for all running requests. Above it new ones go without fail-over.',
    unit: UNITS.megabytes,
  },
  maxHeaderBytes: {
    label: 'Header size',
    description: 'Request line and headers of a client.',
    unit: UNITS.kilobytes,
  },
  maxConnections: {
    label: 'Connections',
    description: 'Client connections that may be open.',
    unit: UNITS.connections,
  },
  clientRequestsPerMinute: {
    label: 'Requests per key',
    description: 'More from one client key are answered 429. 0 switches the limit off.',
    unit: UNITS.perMinute,
    zero: 'no limit',
  },
  failedAuthPerMinute: {
    label: 'Wrong keys',
    description: 'After this many wrong keys further tries are answered 429.',
    unit: UNITS.perMinute,
  },
  requestRetentionDays: {
    label: 'Keep requests',
    description: 'Older rows are removed from the log.',
    unit: UNITS.days,
  },
  maxArchiveBytes: {
    label: 'Largest request log',
    description: 'Above it the oldest rows are removed before their time.',
    unit: UNITS.megabytes,
  },
  auditRetentionDays: {
    label: 'Keep audit entries',
    description: 'Who changed what in this app.',
    unit: UNITS.days,
  },
};

/** Name of a setting for people; the key itself where there is none. */
export function settingLabel(key: string): string {
  const words: Record<string, Words> = { ...SWITCHES, ...CHOICES, ...NUMBERS, ...TEXTS };
  return words[key]?.label ?? key;
}
