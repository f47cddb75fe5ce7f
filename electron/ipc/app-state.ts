import type {
  About,
  AppEvent,
  AppState,
  EngineState,
  ProxyState,
  StorageState,
  ThreadState,
} from '../../shared/app-state.ts';
import type { ImportState } from '../../shared/import.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';

/** Events kept for the window, the engine's and the shell's together. */
const MAX_EVENTS = 100;

/** Slices that changed together. */
export type ChangedSlices = Partial<AppState>;

/** The state as window and tray see it: the engine's slices and the shell's own, in one place. */
export type AppStateHolder = {
  current(): AppState;
  /** Takes changed slices of the engine. */
  fromEngine(slices: Partial<EngineState>): void;
  setThread(name: 'engine' | 'archive', state: ThreadState): void;
  setStorage(storage: StorageState): void;
  /** The import that runs, or how the last one ended; null when there is none to show. */
  setImport(state: ImportState | null): void;
  /** Whether the desktop shows a tray icon, known a moment after the start. */
  setTray(shown: boolean): void;
  /** Something that happened in the shell. */
  addEvent(event: Omit<AppEvent, 'id' | 'at' | 'accountId'>): void;
  onChange(listener: (slices: ChangedSlices) => void): void;
};

/** See {@link AppStateHolder}. */
export function createAppState(about: About): AppStateHolder {
  const state = initialState(about);
  const listeners: ((slices: ChangedSlices) => void)[] = [];
  const own: AppEvent[] = [];
  let engineEvents: readonly AppEvent[] = [];
  let count = 0;

  const change = (slices: ChangedSlices): void => {
    Object.assign(state, slices);
    for (const listener of listeners) listener(slices);
  };
  const mergedEvents = (): AppEvent[] =>
    [...own, ...engineEvents].sort((a, b) => b.at - a.at).slice(0, MAX_EVENTS);

  return {
    current: () => state,
    fromEngine(slices) {
      if (slices.events) engineEvents = slices.events;
      change(slices.events ? { ...slices, events: mergedEvents() } : slices);
    },
    setThread(name, thread) {
      const threads = { ...state.threads, [name]: thread };
      const gone = name === 'engine' && thread.phase !== 'running';
      change(gone ? { threads, proxy: withoutEngine(state.proxy, thread) } : { threads });
    },
    setStorage: (storage) => change({ storage }),
    setImport: (running) => change({ import: running }),
    setTray: (tray) => change({ about: { ...state.about, tray } }),
    addEvent(event) {
      count += 1;
      own.unshift({ ...event, id: `shell-${count}`, at: Date.now(), accountId: null });
      own.length = Math.min(own.length, MAX_EVENTS);
      change({ events: mergedEvents() });
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The proxy while its thread is down: nothing is in progress, and it comes back or it does not. */
function withoutEngine(proxy: ProxyState, { phase, lastError }: ThreadState): ProxyState {
  if (phase === 'failed') return { ...proxy, phase, error: lastError, inFlight: 0, since: null };
  return { ...proxy, phase: phase === 'stopped' ? phase : 'starting', inFlight: 0, since: null };
}

/** Before the threads have answered. */
function initialState(about: About): AppState {
  const thread: ThreadState = { phase: 'starting', restarts: 0, lastError: null };
  return {
    about,
    proxy: { phase: 'starting', port: null, error: null, inFlight: 0, since: null },
    vault: { phase: 'opening', mode: null, backend: null, explanation: 'The vault is being opened.' },
    pool: {
      phase: 'empty',
      total: 0,
      canServe: 0,
      nextAccountId: null,
      backAt: null,
      summary: 'Starting.',
      forecast: { hoursLeft: null, confidence: 'none', words: 'Nothing is known yet.', expiring: null },
      held: 0,
    },
    accounts: [],
    clientKeys: [],
    settings: DEFAULT_SETTINGS,
    events: [],
    threads: { engine: thread, archive: thread },
    storage: {
      archiveBytes: 0,
      requestRows: 0,
      oldestRequestAt: null,
      queueDepth: 0,
      queueLimit: 0,
      droppedRecords: 0,
      replayBytes: 0,
    },
    environment: { overridden: [], problems: [] },
    signIn: null,
    import: null,
  };
}
