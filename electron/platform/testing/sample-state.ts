import type { AccountView } from '../../../shared/account.ts';
import type { AppState } from '../../../shared/app-state.ts';
import { createAppState } from '../../ipc/app-state.ts';

/** State of a running app with no accounts, changed as a test needs it. */
export function sampleState(change: Partial<AppState> = {}): AppState {
  const about: AppState['about'] = {
    version: '1.2.3',
    platform: 'linux',
    electron: '33',
    node: '20',
    chrome: '130',
    dataDir: '/data',
    logFile: '/data/log',
    demo: false,
    tray: true,
  };
  const { settings, ...rest } = createAppState(about).current();
  const thread = { phase: 'running', restarts: 0, lastError: null } as const;
  return {
    ...rest,
    settings,
    proxy: { phase: 'listening', port: 8459, error: null, inFlight: 0, since: 0 },
    vault: { phase: 'ready', mode: 'keychain', backend: 'keychain', explanation: '' },
    threads: { engine: thread, archive: thread },
    ...change,
  };
}

/** An account that can serve, changed as a test needs it. */
export function sampleAccount(change: Partial<AccountView> = {}): AccountView {
  return {
    id: 'a1',
    name: 'work',
    kind: 'api-key',
    baseUrl: 'https://api.anthropic.com',
    priority: 0,
    paused: false,
    state: 'ready',
    reason: 'Ready.',
    until: null,
    credentialHint: 'abcd',
    token: null,
    email: null,
    organizationName: null,
    plan: null,
    consented: false,
    headerStyle: 'x-api-key',
    modelMap: {},
    usageCheck: null,
    cooldowns: [],
    readings: [],
    forecasts: [],
    sharesLimitsWith: [],
    spentThisMonthNanoUsd: 0,
    inFlight: 0,
    boundSessions: 0,
    organizationId: null,
    createdAt: 0,
    lastUsedAt: null,
    ...change,
  };
}

/** The pool of a state, changed as a test needs it. */
export function samplePool(change: Partial<AppState['pool']> = {}): AppState['pool'] {
  const forecast = { hoursLeft: null, confidence: 'none', words: '', expiring: null } as const;
  const pool = { total: 1, canServe: 1, nextAccountId: 'a1', backAt: null, forecast, held: 0 } as const;
  return { phase: 'serving', ...pool, summary: '1 of 1 accounts can serve.', ...change };
}
