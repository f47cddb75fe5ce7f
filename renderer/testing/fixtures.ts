import type { AccountView, LimitReading } from '../../shared/account.ts';
import type { AppEvent, AppState, PoolState } from '../../shared/app-state.ts';
import type { ClientKeyView } from '../../shared/client-key.ts';
import type { Forecast } from '../../shared/forecast.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import type { Identity, SignInView } from '../../shared/sign-in.ts';

/** The moment all fixtures are built around: 5 March 2026, 15:00:00 local time. */
export const NOW = new Date(2026, 2, 5, 15, 0, 0).getTime();

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A reading of a usage window. */
export function makeReading(
  bucket: string,
  label: string,
  utilisation: number,
  resetAt: number,
): LimitReading {
  return {
    bucket,
    label,
    utilisation,
    limit: null,
    remaining: null,
    status: utilisation >= 1 ? 'rejected' : 'allowed',
    resetAt,
    observedAt: NOW - 20_000,
    source: 'header',
  };
}

/** A forecast from many readings: it lasts, unless told otherwise. */
export function makeForecast(overrides: Partial<Forecast> = {}): Forecast {
  return {
    bucket: '5h',
    label: '5-hour window',
    ratePerHour: 0.1,
    emptyAt: null,
    resetAt: NOW + 132 * MINUTE,
    shareAtReset: 0.64,
    confidence: 'good',
    ...overrides,
  };
}

export function makeAccount(overrides: Partial<AccountView> = {}): AccountView {
  return {
    id: 'acc-work',
    name: 'work',
    kind: 'oauth',
    baseUrl: 'https://api.anthropic.com',
    priority: 0,
    paused: false,
    state: 'serving',
    reason: 'Serving: 3 sessions are bound to it and its windows have room.',
    until: null,
    credentialHint: null,
    token: { expiresAt: NOW + 5 * HOUR, lastRefreshAt: NOW - HOUR, lastRefreshError: null, renewable: true },
    email: 'sam@example.com',
    organizationName: 'Example',
    plan: 'Max 5x',
    consented: true,
    headerStyle: 'x-api-key',
    modelMap: {},
    usageCheck: null,
    forecasts: [],
    sharesLimitsWith: [],
    spentThisMonthNanoUsd: 0,
    cooldowns: [],
    readings: [
      makeReading('5h', '5-hour window', 0.42, NOW + 132 * MINUTE),
      makeReading('7d', 'Week', 0.61, NOW + 3 * DAY + 4 * HOUR),
      makeReading('7d_opus', 'Opus week', 0.83, NOW + 3 * DAY + 4 * HOUR),
    ],
    inFlight: 2,
    boundSessions: 3,
    organizationId: 'org-1',
    createdAt: NOW - 30 * DAY,
    lastUsedAt: NOW - 4000,
    ...overrides,
  };
}

/** What an account that is only an API key does not have. */
const WITHOUT_LOGIN = { token: null, email: null, organizationName: null, plan: null };

/** Six accounts, one in each state that looks different. */
function makeAccounts(): AccountView[] {
  return [
    makeAccount(),
    makeAccount({
      id: 'acc-api',
      name: 'api-team',
      kind: 'api-key',
      ...WITHOUT_LOGIN,
      credentialHint: 'x7Qa',
      priority: 10,
      state: 'ready',
      reason: 'Ready: next in line after work.',
      readings: [
        {
          ...makeReading('requests', 'Requests/min', 0, NOW + 20_000),
          utilisation: null,
          limit: 1000,
          remaining: 982,
        },
        {
          ...makeReading('tokens', 'Tokens/min', 0, NOW + 20_000),
          utilisation: null,
          limit: 400_000,
          remaining: 312_000,
        },
      ],
      inFlight: 0,
      boundSessions: 0,
      lastUsedAt: NOW - 26 * MINUTE,
    }),
    makeAccount({
      id: 'acc-private',
      name: 'private',
      state: 'spent',
      priority: 1,
      reason: 'Its 5-hour window is spent.',
      until: NOW + 132 * MINUTE,
      readings: [
        makeReading('5h', '5-hour window', 1.02, NOW + 132 * MINUTE),
        {
          ...makeReading('7d', 'Week', 0.35, NOW + 5 * DAY),
          observedAt: NOW - 40 * MINUTE,
          source: 'usage-endpoint',
        },
      ],
      cooldowns: [
        {
          bucket: '5h',
          reasonCode: 'quota_rejected',
          reason: 'The provider rejected a request because this window is used up.',
          startedAt: NOW - 18 * MINUTE,
          until: NOW + 132 * MINUTE,
          probing: false,
          evidence: [
            'status 429',
            'anthropic-ratelimit-unified-status: rejected',
            'anthropic-ratelimit-unified-5h-utilization: 1.02',
          ],
        },
      ],
      inFlight: 0,
      boundSessions: 1,
      lastUsedAt: NOW - 18 * MINUTE,
    }),
    makeAccount({
      id: 'acc-lab',
      name: 'lab',
      kind: 'api-key',
      ...WITHOUT_LOGIN,
      credentialHint: 'm2Kd',
      priority: 20,
      state: 'cooling',
      reason: 'Overloaded a moment ago.',
      until: NOW + 42_000,
      readings: [],
      cooldowns: [
        {
          bucket: '*',
          reasonCode: 'overloaded',
          reason: 'The provider answered 529 twice in a row.',
          startedAt: NOW - 12_000,
          until: NOW + 42_000,
          probing: false,
          evidence: ['status 529', 'retry-after: 54'],
        },
      ],
      inFlight: 0,
      boundSessions: 0,
      lastUsedAt: NOW - 12_000,
    }),
    makeAccount({
      id: 'acc-old',
      name: 'old-key',
      kind: 'api-key',
      ...WITHOUT_LOGIN,
      credentialHint: null,
      priority: 30,
      state: 'sign-in-needed',
      reason: 'The provider refused its key (401). Replace the key to use it again.',
      readings: [],
      inFlight: 0,
      boundSessions: 0,
      lastUsedAt: NOW - 9 * DAY,
    }),
    makeAccount({
      id: 'acc-spare',
      name: 'spare',
      kind: 'api-key',
      ...WITHOUT_LOGIN,
      credentialHint: 'p0Lz',
      priority: 40,
      paused: true,
      state: 'paused',
      reason: 'Paused by you.',
      readings: [],
      inFlight: 0,
      boundSessions: 0,
      lastUsedAt: null,
    }),
  ];
}

export function makeClientKey(overrides: Partial<ClientKeyView> = {}): ClientKeyView {
  return {
    id: 'key-default',
    name: 'default',
    hint: 'k9Xw',
    copyable: true,
    createdAt: NOW - 30 * DAY,
    lastUsedAt: NOW - 4000,
    revokedAt: null,
    exhaustion: null,
    ...overrides,
  };
}

/** Whose login a sign-in turned out to be. */
export function makeIdentity(overrides: Partial<Identity> = {}): Identity {
  return {
    accountId: 'person-1',
    email: 'sam@example.com',
    organizationId: 'org-7',
    organizationName: 'Example',
    plan: 'Max 5x',
    ...overrides,
  };
}

/** A sign-in in the app's own window that has just begun. */
export function makeSignIn(overrides: Partial<SignInView> = {}): SignInView {
  return {
    id: 'sign-in-subscription-window',
    mode: 'subscription',
    way: 'window',
    phase: 'waiting',
    accountId: null,
    startedAt: NOW,
    expiresAt: NOW + 10 * MINUTE,
    identity: null,
    suggestedName: null,
    duplicateOf: null,
    error: null,
    ...overrides,
  };
}

function makeEvents(): AppEvent[] {
  const event = (id: string, ago: number, level: AppEvent['level'], message: string): AppEvent => ({
    id,
    at: NOW - ago,
    level,
    code: 'account_cooldown',
    message,
    accountId: null,
  });
  return [
    event('e1', 12_000, 'warn', 'lab: overloaded, back in 54 s.'),
    event('e2', 18 * MINUTE, 'bad', 'private: 5-hour window spent. Back at 17:12.'),
    event('e3', 18 * MINUTE + 2000, 'info', 'Session 7f3a moved from private to work.'),
    event('e4', 2 * HOUR, 'good', 'work: 5-hour window was reset.'),
    event('e5', 3 * HOUR, 'info', 'Listening on 127.0.0.1:8459.'),
  ];
}

/** A pool of which too little was seen to say where it is heading. */
const NO_FORECAST: PoolState['forecast'] = {
  hoursLeft: null,
  confidence: 'none',
  words: 'Too few readings to say how long the accounts will last.',
  expiring: null,
};

/** An app in full use. */
export function makeState(overrides: Partial<AppState> = {}): AppState {
  return {
    about: {
      version: '0.1.0',
      platform: 'linux',
      electron: '45.4.1',
      node: '24.3.0',
      chrome: '150.0.1',
      dataDir: '/home/sam/.config/ccflare',
      logFile: '/home/sam/.config/ccflare/logs/main.log',
      demo: false,
      tray: true,
    },
    proxy: { phase: 'listening', port: 8459, error: null, inFlight: 2, since: NOW - 3 * HOUR },
    vault: {
      phase: 'ready',
      mode: 'keychain',
      backend: 'gnome_libsecret',
      explanation:
        'Keys are encrypted, and the key to them is in your login keychain. Other users and stolen disks cannot read them; programs you run yourself could ask the keychain.',
    },
    pool: {
      phase: 'serving',
      total: 6,
      canServe: 2,
      nextAccountId: 'acc-work',
      backAt: null,
      summary: '2 of 6 accounts can serve.',
      forecast: NO_FORECAST,
      held: 0,
    },
    accounts: makeAccounts(),
    clientKeys: [
      makeClientKey(),
      makeClientKey({ id: 'key-editor', name: 'editor', hint: 'Qq2a', lastUsedAt: NOW - DAY }),
      makeClientKey({ id: 'key-gone', name: 'laptop', hint: 'zz01', revokedAt: NOW - 2 * DAY }),
    ],
    settings: DEFAULT_SETTINGS,
    events: makeEvents(),
    threads: {
      engine: { phase: 'running', restarts: 0, lastError: null },
      archive: { phase: 'running', restarts: 0, lastError: null },
    },
    storage: {
      archiveBytes: 84 * 1024 * 1024,
      requestRows: 48_210,
      oldestRequestAt: NOW - 41 * DAY,
      queueDepth: 3,
      queueLimit: 10_000,
      droppedRecords: 0,
      replayBytes: 3 * 1024 * 1024,
    },
    environment: { overridden: [], problems: [] },
    signIn: null,
    import: null,
    ...overrides,
  };
}

/** Right after the first start: nothing but a client key. */
export function makeEmptyState(): AppState {
  const state = makeState();
  return {
    ...state,
    pool: {
      phase: 'empty',
      total: 0,
      canServe: 0,
      nextAccountId: null,
      backAt: null,
      summary: 'No accounts yet. Add one to start.',
      forecast: NO_FORECAST,
      held: 0,
    },
    accounts: [],
    clientKeys: [makeClientKey({ lastUsedAt: null })],
    events: [],
    storage: { ...state.storage, requestRows: 0, archiveBytes: 40_960, oldestRequestAt: null },
  };
}
