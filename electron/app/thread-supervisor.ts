import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { ThreadState } from '../../shared/app-state.ts';
import type { Logger } from '../core/thread-contract.ts';

/** Waits before a start after the first, second... death in a row, ms. The first comes back at once. */
const BACK_OFF_MS = [0, 200, 1000, 5000];

/** More deaths than this within a minute, and the thread stays down. */
const MAX_DEATHS_PER_MINUTE = 6;

/** What to start, and who wants to know. */
export type SupervisorDeps = {
  name: string;
  file: URL;
  /** Asked anew at each start. */
  options: () => WorkerOptions;
  log: Logger;
  onState: (state: ThreadState) => void;
  /** A worker runs; `restart` is false for the first one. */
  onUp: (worker: Worker, restart: boolean) => void;
  /** The worker has died; `again` says whether another follows. */
  onDown: (again: boolean) => void;
};

/** A worker thread that is started again when it dies. */
export type Supervisor = {
  start(): void;
  state(): ThreadState;
  /** Ends it for good. */
  stop(): Promise<void>;
  /** Ends the worker as a crash would; for tests. */
  kill(): void;
};

/** See {@link Supervisor}. */
export function superviseThread(deps: SupervisorDeps): Supervisor {
  let worker: Worker | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopping = false;
  const deaths: number[] = [];
  let state: ThreadState = { phase: 'starting', restarts: 0, lastError: null };

  const set = (change: Partial<ThreadState>): void => {
    state = { ...state, ...change };
    deps.onState(state);
  };

  function start(restart: boolean): void {
    const started = new Worker(deps.file, { ...deps.options(), stdout: true, stderr: true });
    worker = started;
    started.stdout.on('data', (text) =>
      deps.log.info(`${deps.name}_stdout`, { text: String(text).slice(0, 500) }),
    );
    started.stderr.on('data', (text) =>
      deps.log.warn(`${deps.name}_stderr`, { text: String(text).slice(0, 500) }),
    );
    started.on('error', (error) => deps.log.error(`${deps.name}_thread_error`, { message: error.message }));
    started.once('online', () => set({ phase: 'running' }));
    started.once('exit', (code) => died(code));
    deps.onUp(started, restart);
  }

  function died(code: number): void {
    worker = null;
    if (!stopping) crashed(code);
  }

  function crashed(code: number): void {
    const now = Date.now();
    deaths.push(now);
    while ((deaths[0] ?? now) < now - 60_000) deaths.shift();
    deps.log.error(`${deps.name}_thread_died`, { code, deaths: deaths.length });
    const again = deaths.length <= MAX_DEATHS_PER_MINUTE;
    deps.onDown(again);
    const lastError = { code: 'thread_down' as const, message: `The ${deps.name} thread stopped.` };
    if (!again) {
      set({ phase: 'failed', lastError });
      return;
    }
    set({ phase: 'restarting', restarts: state.restarts + 1, lastError });
    const wait = BACK_OFF_MS[Math.min(deaths.length, BACK_OFF_MS.length) - 1] ?? 0;
    timer = setTimeout(() => start(true), wait);
  }

  return {
    start: () => start(false),
    state: () => state,
    async stop() {
      stopping = true;
      if (timer) clearTimeout(timer);
      await worker?.terminate();
      set({ phase: 'stopped' });
    },
    kill() {
      void worker?.terminate();
    },
  };
}
