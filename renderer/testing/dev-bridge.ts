import '../api/zod-without-eval.ts';
import type { AppState } from '../../shared/app-state.ts';
import { createFakeBridge, type FakeOptions } from './fake-bridge.ts';
import { HOUR, MINUTE, makeAccount, makeEmptyState, makeState, NOW } from './fixtures.ts';
import { makeRows } from './request-fixtures.ts';

/** Named situations to look at, for screenshots and for working on the page without the app. */
const full = (): FakeOptions => ({ state: makeState(), rows: makeRows(420) });

const SCENARIOS: Record<string, () => FakeOptions> = {
  full,
  empty: () => ({ state: makeEmptyState(), rows: [] }),
  'one-account': () => ({
    state: makeState({
      accounts: [
        makeAccount({ readings: [], inFlight: 0, boundSessions: 0, lastUsedAt: null, state: 'ready' }),
      ],
    }),
    rows: [],
  }),
  cooling: () => ({ state: coolingState(), rows: makeRows(60) }),
  locked: () => ({
    state: makeState({
      vault: {
        phase: 'locked',
        mode: 'passphrase',
        backend: null,
        explanation: 'Account keys are encrypted with your passphrase.',
      },
    }),
    rows: makeRows(60),
  }),
  choice: () => ({
    state: makeState({
      ...makeEmptyState(),
      vault: {
        phase: 'choice-needed',
        mode: null,
        backend: null,
        explanation:
          'This desktop has no keychain the app can use, and keys are never stored in plain text. Choose one of two ways.',
      },
    }),
    rows: [],
  }),
  failed: () => ({
    state: makeState({
      proxy: {
        phase: 'failed',
        port: 8459,
        error: { code: 'port_in_use', message: 'Port 8459 is used by another program.' },
        inFlight: 0,
        since: null,
      },
      threads: {
        engine: { phase: 'running', restarts: 0, lastError: null },
        archive: { phase: 'restarting', restarts: 2, lastError: null },
      },
      about: { ...makeState().about, demo: true },
    }),
    rows: makeRows(60),
  }),
};

function coolingState(): AppState {
  const until = NOW + 132 * MINUTE;
  const state = makeState();
  return {
    ...state,
    accounts: state.accounts.slice(2, 5),
    pool: {
      phase: 'cooling',
      total: 3,
      canServe: 0,
      nextAccountId: null,
      backAt: until,
      summary: 'No account can serve now. private comes back first, when its 5-hour window resets.',
    },
    proxy: { ...state.proxy, inFlight: 0, since: NOW - 3 * HOUR },
  };
}

/** Puts a fake main process behind the page; the scenario is chosen by the address (`?scenario=cooling`). */
const name = new URLSearchParams(window.location.search).get('scenario') ?? 'full';
const options = (SCENARIOS[name] ?? full)();
Object.defineProperty(window, 'ccflare', { value: createFakeBridge(options) });
