import type { AccountView } from '../../shared/account.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { ClientsReport } from '../../shared/clients.ts';
import type { LimitHistory } from '../../shared/forecast.ts';
import type { CallName, CcflareBridge, PushName } from '../../shared/ipc/channels.ts';
import { type CallInput, calls, type PushPayload } from '../../shared/ipc/contract.ts';
import { fail, ok } from '../../shared/ipc/envelope.ts';
import type { RequestRow, TotalsReport } from '../../shared/request-record.ts';
import type { SessionView } from '../../shared/session.ts';
import { matchesFilter } from '../api/matches-filter.ts';
import { clientHandlers } from './fake-clients.ts';
import { importHandlers } from './fake-import.ts';
import { routingHandlers } from './fake-routing.ts';
import { signInHandlers } from './fake-sign-in.ts';
import { BridgeFailure, type Handlers, type World } from './fake-world.ts';
import { makeAccount, makeClientKey, NOW } from './fixtures.ts';
import { makeRecord, makeTotals } from './request-fixtures.ts';

export { BridgeFailure };

/** What the fake main process starts with. */
export type FakeOptions = {
  state: AppState;
  /** The log, newest first. */
  rows?: RequestRow[];
  totals?: TotalsReport;
  /** What the page about clients starts with. */
  clients?: ClientsReport;
  /** The board of sessions, and readings over time for the charts. */
  sessions?: SessionView[];
  history?: LimitHistory;
  handlers?: Partial<Handlers>;
};

/** A main process in memory: it changes its state as the real one would and pushes what changed. */
export type FakeBridge = CcflareBridge & {
  readonly log: { name: CallName; argument: unknown }[];
  state(): AppState;
  /** Arguments of all calls of one name. */
  argumentsOf(name: CallName): unknown[];
  push<N extends PushName>(name: N, payload: PushPayload<N>): void;
  /** Changes slices and pushes them; `skipRevs` pretends that pushes were lost. */
  change(slices: Partial<AppState>, skipRevs?: number): void;
  /** Changes the state without a push. */
  changeSilently(slices: Partial<AppState>): void;
  record(rows: RequestRow[]): void;
};

export function createFakeBridge(options: FakeOptions): FakeBridge {
  let { state } = options;
  let rows = options.rows ?? [];
  let rev = 0;
  const log: FakeBridge['log'] = [];
  const listeners = new Map<PushName, Set<(payload: unknown) => void>>();
  const push: FakeBridge['push'] = (name, payload) => {
    for (const listener of listeners.get(name) ?? []) listener(structuredClone(payload));
  };
  const change: FakeBridge['change'] = (slices, skipRevs = 0) => {
    state = { ...state, ...slices };
    rev += 1 + skipRevs;
    push('state.changed', { rev, slices });
  };
  const world: World = { state: () => state, rows: () => rows, change };
  const handlers: Handlers = {
    ...stateHandlers(world),
    ...accountHandlers(world),
    ...keyHandlers(world),
    ...routingHandlers(world, options.sessions ?? [], options.history ?? { series: [] }),
    ...signInHandlers(world),
    ...importHandlers(world),
    ...clientHandlers(options.clients),
    ...requestHandlers(world, options.totals ?? makeTotals()),
    ...options.handlers,
  };
  return {
    log,
    state: () => state,
    argumentsOf: (name) => log.filter((entry) => entry.name === name).map((entry) => entry.argument),
    push,
    change,
    changeSilently: (slices) => {
      state = { ...state, ...slices };
    },
    record: (newest) => {
      rows = [...newest, ...rows];
      push('requests.recorded', { rows: [...newest].reverse() });
    },
    call: async (name, argument) => {
      log.push({ name, argument });
      return await answer(handlers, name, argument);
    },
    subscribe: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
}

async function answer<N extends CallName>(handlers: Handlers, name: N, argument: unknown): Promise<unknown> {
  const input = calls[name].argument.safeParse(argument);
  if (!input.success) return fail({ code: 'invalid_input', message: 'That is not valid.' });
  const handler: (argument: CallInput<N>) => unknown = handlers[name];
  try {
    // The schema of this very call has just parsed it.
    return structuredClone(ok(await handler(input.data as CallInput<N>)));
  } catch (error) {
    if (error instanceof BridgeFailure) return fail(error.view);
    throw error;
  }
}

function stateHandlers({ state, change }: World) {
  return {
    'state.get': () => state(),
    'proxy.setEnabled': ({ enabled }) => {
      const phase = enabled ? 'listening' : 'stopped';
      change({
        settings: { ...state().settings, proxyEnabled: enabled },
        proxy: { ...state().proxy, phase, error: null, inFlight: 0 },
      });
      return null;
    },
    'settings.patch': (patch) => {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const settings = { ...state().settings, ...given };
      change({ settings });
      return settings;
    },
    'storage.get': () => state().storage,
    'clipboard.copy': () => null,
    'vault.unlock': () => {
      change({ vault: { ...state().vault, phase: 'ready' } });
      return null;
    },
    'vault.choose': ({ mode }) => {
      change({ vault: { ...state().vault, phase: 'ready', mode } });
      return null;
    },
    'app.openExternal': () => null,
    'app.showLogFile': () => null,
    'app.quit': () => null,
  } satisfies Partial<Handlers>;
}

function accountHandlers({ state, change }: World) {
  const edit = (id: string, changes: Partial<AccountView>) => {
    change({
      accounts: state().accounts.map((account) => (account.id === id ? { ...account, ...changes } : account)),
    });
    return null;
  };
  return {
    'accounts.add': ({ name }) => {
      if (state().accounts.some((account) => account.name === name)) {
        throw new BridgeFailure('name_taken', 'An account has that name already. Choose another.');
      }
      return { id: 'acc-new' };
    },
    'accounts.rename': ({ id, name }) => edit(id, { name }),
    'accounts.setPaused': ({ id, paused }) => edit(id, { paused, state: paused ? 'paused' : 'ready' }),
    'accounts.setAllPaused': ({ paused }) => {
      change({ accounts: state().accounts.map((account) => ({ ...account, paused })) });
      return null;
    },
    'accounts.setPriority': ({ id, priority }) => edit(id, { priority }),
    'accounts.addSetupToken': ({ name, accountId }) => {
      if (accountId !== undefined) {
        edit(accountId, { state: 'ready', reason: 'Ready: signed in again.' });
        return { id: accountId };
      }
      if (state().accounts.some((account) => account.name === name)) {
        throw new BridgeFailure('name_taken', 'An account has that name already. Choose another.');
      }
      const token = { expiresAt: null, lastRefreshAt: null, lastRefreshError: null, renewable: false };
      const account = makeAccount({ id: 'acc-new', name, state: 'ready', token, readings: [] });
      change({ accounts: [...state().accounts, account] });
      return { id: account.id };
    },
    'accounts.setEndpoint': ({ id, ...endpoint }) => edit(id, endpoint),
    'accounts.checkUsage': ({ id }) =>
      edit(id, { usageCheck: { checkedAt: NOW, nextAt: NOW + 600_000, error: null } }),
    'accounts.replaceKey': ({ id, apiKey }) => edit(id, { credentialHint: apiKey.slice(-4) }),
    'accounts.clearCooldown': ({ id }) => edit(id, { cooldowns: [], state: 'ready', until: null }),
    'accounts.remove': ({ id }) => {
      change({ accounts: state().accounts.filter((account) => account.id !== id) });
      return null;
    },
  } satisfies Partial<Handlers>;
}

function keyHandlers({ state, change }: World) {
  return {
    'clientKeys.create': ({ name }) => {
      const key = makeClientKey({ id: `key-${name}`, name, lastUsedAt: null });
      change({ clientKeys: [...state().clientKeys, key] });
      return key;
    },
    'clientKeys.rename': ({ id, name }) => {
      change({ clientKeys: state().clientKeys.map((key) => (key.id === id ? { ...key, name } : key)) });
      return null;
    },
    'clientKeys.revoke': ({ id }) => {
      const revokedAt = NOW;
      change({ clientKeys: state().clientKeys.map((key) => (key.id === id ? { ...key, revokedAt } : key)) });
      return null;
    },
  } satisfies Partial<Handlers>;
}

function requestHandlers({ rows }: World, totals: TotalsReport) {
  return {
    'requests.list': ({ filter, cursor, limit }) => {
      const matching = rows().filter((row) => matchesFilter(row, filter));
      const from = cursor ? matching.findIndex((row) => row.id === cursor.id) + 1 : 0;
      const page = matching.slice(from, from + limit);
      const last = page.at(-1);
      const more = from + limit < matching.length;
      return { rows: page, next: more && last ? { startedAt: last.startedAt, id: last.id } : null };
    },
    'requests.get': ({ id }) => {
      const row = rows().find((entry) => entry.id === id);
      return row ? makeRecord(row) : null;
    },
    'requests.totals': () => totals,
    'requests.hourly': ({ to }) => ({ hours: [{ start: to - 5 * 3_600_000, totals: totals.all }] }),
  } satisfies Partial<Handlers>;
}
